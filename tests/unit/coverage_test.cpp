// What was read when, and days and hours as people live them.
#include <catch2/catch.hpp>

#include "daemon/report/figures.hpp"
#include "daemon/store/as_of.hpp"
#include "tests/unit/support.hpp"

using namespace campaignd;
using namespace campaignd::test;
using namespace std::chrono_literals;
using report::Figures;
using report::Window;

namespace {

/// A source watched on 20 June 2025, a day of Warsaw.
struct Watched : World {
  Edition edition = edition_2025();
  sys_ms day = edition.day_from;
  Watched() { books.configure({make_source("one", "v1")}, edition.id, edition.from); }
  /// A poll that got no answer.
  void fail(sys_ms at) {
    auto page = make_page({}, at);
    page.poll.outcome = "unreachable";
    books.finish(page.poll, store::SourceState{}, "it does not answer");
  }
  /// An hourly poll at the end of each hour, some of them in vain.
  void poll_hourly(int first_missed, int last_missed, bool pages_back) {
    auto covered_until = day;
    for (int hour = 0; hour < 24; ++hour) {
      auto end = day + std::chrono::hours(hour + 1);
      if (hour >= first_missed && hour <= last_missed) {
        fail(end);
        continue;
      }
      cover(pages_back ? covered_until : end - 1h, end);
      covered_until = end;
    }
  }
  report::Figure figure(std::string_view metric, sys_ms now) const {
    store::Database db(file, store::Access::read);
    Figures figures(db, small_campaign(), edition, {edition.day_from, edition.day_until, ""}, now);
    return metric == "M-14" ? figures.coverage() : figures.of(metric);
  }
};

}  // namespace

TEST_CASE("T-18 two of 24 hours nobody read make a day incomplete", "[coverage]") {
  Watched world;
  world.poll_hourly(10, 11, false);
  auto coverage = world.figure("M-14", world.edition.day_until);
  REQUIRE(coverage.value.has_value());
  CHECK(*coverage.value == Approx(22.0 / 24.0));
  CHECK(coverage.refilled == 0.0);
  CHECK(coverage.longest_gap_s == 2 * 3600);
  CHECK(coverage.status == "incomplete");
  CHECK(coverage.reason.find("91.7 %") != std::string::npos);
  auto mentions = world.figure("M-01", world.edition.day_until);
  CHECK(mentions.status == "incomplete");
  CHECK(mentions.value == 0.0);
}

TEST_CASE("T-18 pages that reach back to the last success fill the gap, and it is marked as refilled", "[coverage]") {
  Watched world;
  world.poll_hourly(10, 11, true);
  auto coverage = world.figure("M-14", world.edition.day_until);
  REQUIRE(coverage.value.has_value());
  CHECK(*coverage.value == Approx(1.0));
  REQUIRE(coverage.refilled.has_value());
  CHECK(*coverage.refilled == Approx(3.0 / 24.0));  // what the 13th poll brought was due since the 10th
  CHECK(coverage.longest_gap_s == 0);
  CHECK(coverage.status == "ok");
  CHECK(world.figure("M-01", world.edition.day_until).refilled == coverage.refilled);
}

TEST_CASE("the longest gap of a source is told, also one at the end", "[coverage]") {
  Watched world;
  world.poll_hourly(10, 11, false);
  store::Database db(world.file, store::Access::read);
  Figures figures(db, small_campaign(), world.edition, {world.edition.day_from, world.edition.day_until, ""},
                  world.edition.day_until);
  CHECK(figures.coverage_by_source().at("one").longest_gap.count() == std::chrono::milliseconds(2h).count());
  Watched ended;
  ended.poll_hourly(20, 23, false);
  store::Database other(ended.file, store::Access::read);
  Figures late(other, small_campaign(), ended.edition, {ended.edition.day_from, ended.edition.day_until, ""},
               ended.edition.day_until);
  CHECK(late.coverage_by_source().at("one").longest_gap.count() == std::chrono::milliseconds(4h).count());
}

TEST_CASE("time that has not come is not planned", "[coverage]") {
  Watched world;
  world.cover(world.day, world.day + 6h);
  auto coverage = world.figure("M-14", world.day + 6h);
  REQUIRE(coverage.value.has_value());
  CHECK(*coverage.value == Approx(1.0));
}

TEST_CASE("covered time is a union, in whatever order polls tell it", "[coverage]") {
  Watched world;
  world.cover(world.day + 4h, world.day + 6h);
  world.cover(world.day, world.day + 2h);
  world.cover(world.day + 1h, world.day + 5h);
  world.cover(world.day + 2h, world.day + 3h);
  CHECK(world.ask("SELECT count(*) FROM covered") == 1);
  CHECK(world.ask("SELECT until_utc - from_utc FROM covered") == std::chrono::milliseconds(6h).count());
}

TEST_CASE("with no source read nothing is 0, and a post that was found is told as incomplete", "[coverage]") {
  Watched world;
  auto nothing = world.figure("M-01", world.day + 6h);
  CHECK_FALSE(nothing.value.has_value());
  CHECK(nothing.status == "unknown");
  world.see({make_fact("1", "A", world.day + 1h)}, world.day + 2h);
  auto found = world.figure("M-01", world.day + 6h);
  CHECK(found.value == 1.0);
  CHECK(found.status == "incomplete");
}

TEST_CASE("a poll that comes long after it was due refills the pause, one a little late does not", "[coverage]") {
  Watched world;
  auto poll = [&](sys_ms from, sys_ms at, sys_ms next) {
    auto page = make_page({}, at);
    page.poll.outcome = "ok";
    page.poll.covered_from = from;
    store::SourceState state;
    state.next_poll = next;
    world.books.finish(page.poll, state, "");
  };
  poll(world.day, world.day + 1h, world.day + 2h);
  poll(world.day + 1h, world.day + 2h + 9min, world.day + 3h);
  CHECK(world.ask("SELECT count(*) FROM poll WHERE next_utc > end_utc") == 2);
  CHECK(world.ask("SELECT count(*) FROM refilled") == 0);
  poll(world.day + 2h + 9min, world.day + 7h, world.day + 8h);
  CHECK(world.ask("SELECT count(*) FROM refilled") == 1);
  CHECK(world.ask("SELECT until_utc - from_utc FROM refilled") == std::chrono::milliseconds(5h - 9min).count());
}

TEST_CASE("what is read again under other terms is covered once, also as of then", "[coverage]") {
  Watched world;
  world.cover(world.day, world.day + 4h);
  world.books.configure({make_source("one", "v2", {"tag", "word"})}, "2025", world.day + 4h);
  world.cover(world.day + 2h, world.day + 6h);
  CHECK(world.ask("SELECT count(*) FROM covered") == 2);
  auto coverage = world.figure("M-14", world.day + 8h);
  REQUIRE(coverage.value.has_value());
  CHECK(*coverage.value == Approx(6.0 / 8.0));
  CHECK(coverage.longest_gap_s == 2 * 3600);
  store::Database db(world.file, store::Access::read);
  store::AsOf past(db, "2025", world.day + 5h);
  Figures figures(db, small_campaign(), world.edition, {world.day, world.edition.day_until, ""}, world.day + 5h);
  CHECK(figures.coverage().value.value_or(0) == Approx(4.0 / 5.0));
}

TEST_CASE("coverage is of the terms a figure rests on, until the time before is read again", "[coverage]") {
  Watched world;
  auto campaign = small_campaign();
  for (auto [id, match_class] : {std::pair("tag", MatchClass::hashtag), std::pair("word", MatchClass::plain),
                                 std::pair("nobody-watches", MatchClass::plain)}) {
    campaign.terms.emplace_back();
    campaign.terms.back().id = id;
    campaign.terms.back().match_class = match_class;
  }
  auto share = [&](std::string_view metric) {
    store::Database db(world.file, store::Access::read);
    Figures figures(db, campaign, world.edition, {world.day, world.edition.day_until, ""}, world.edition.day_until);
    return figures.of(metric).coverage.value_or(-1);
  };
  world.cover(world.day, world.day + 12h);
  world.books.configure({make_source("one", "v2", {"tag", "word"})}, "2025", world.day + 12h);
  world.cover(world.day + 12h, world.edition.day_until);
  CHECK(share("M-01") == Approx(1.0));
  CHECK(share("M-01-plain") == Approx(0.5));
  CHECK(share("M-01-link") == Approx(1.0));  // the campaign has no such term
  CHECK(share("M-01-owned") == Approx(1.0));
  world.cover(world.day, world.edition.day_until + 1h);
  CHECK(share("M-01-plain") == Approx(1.0));
}

TEST_CASE("a term that was taken away and came back is not covered in between, nor as of then", "[coverage]") {
  Watched world;
  auto campaign = small_campaign();
  campaign.terms.push_back({.id = "tag"});
  campaign.terms.push_back({.id = "word", .match_class = MatchClass::plain});
  auto share = [&](const std::string& term, sys_ms now) {
    store::Database db(world.file, store::Access::read);
    Figures figures(db, campaign, world.edition, {world.day, world.edition.day_until, ""}, now);
    return figures.coverage_of_term(term).value_or(-1);
  };
  auto watch = [&](const std::string& version, const std::vector<std::string>& terms, sys_ms at) {
    world.books.configure({make_source("one", version, terms)}, "2025", at);
  };
  watch("v2", {"tag", "word"}, world.day);
  for (int hour = 0; hour < 24; ++hour) {
    if (hour == 6) watch("v3", {"tag"}, world.day + 6h);
    if (hour == 18) watch("v4", {"tag", "word"}, world.day + 18h);
    world.cover(world.day + hour * 1h, world.day + hour * 1h + 59min + 59s);
  }
  auto check = [&] {
    CHECK(share("tag", world.edition.day_until) == Approx(1.0).epsilon(0.001));
    CHECK(share("word", world.edition.day_until) == Approx(0.5).epsilon(0.001));
    store::Database db(world.file, store::Access::read);
    store::AsOf past(db, "2025", world.day + 12h);
    Figures figures(db, campaign, world.edition, {world.day, world.edition.day_until, ""}, world.day + 12h);
    CHECK(figures.coverage_of_term("word").value_or(-1) == Approx(0.5).epsilon(0.001));
  };
  check();
  // An older program told them apart otherwise.
  world.run(
      "UPDATE OR REPLACE covered SET since_utc = (SELECT min(since_utc) FROM covered); "
      "DROP INDEX poll_that_covers_nothing; DROP TABLE former; DROP INDEX recheck_missing; PRAGMA user_version = 8");
  store::Store again(world.file);
  check();
}

TEST_CASE("a term with another text is another term, and what was watched before does not cover it", "[coverage]") {
  Watched world;
  auto campaign = small_campaign();
  campaign.terms.push_back({.id = "tag"});
  auto share = [&] {
    store::Database db(world.file, store::Access::read);
    Figures figures(db, campaign, world.edition, {world.day, world.edition.day_until, ""}, world.edition.day_until);
    return figures.of("M-01").coverage.value_or(-1);
  };
  auto watch = [&](const std::string& looked_for, const std::string& version, sys_ms at) {
    auto source = make_source("one", version);
    source.terms = {{"tag", looked_for}};
    world.books.configure({source}, "2025", at);
  };
  world.cover(world.day, world.day + 12h);
  watch("text", "v1", world.day + 6h);  // as it was
  CHECK(share() == Approx(0.5));
  watch("another", "v2", world.day + 12h);
  world.cover(world.day + 12h, world.day + 18h);
  CHECK(share() == Approx(0.25));
  watch("text", "v3", world.day + 18h);
  CHECK(share() == Approx(0.5));
  CHECK(world.ask("SELECT count(*) FROM watch WHERE until_utc IS NULL") == 1);
}

TEST_CASE("an hour in which a source and its control tag are silent is not covered", "[coverage]") {
  const auto asked = [](Watched& world, sys_ms at, std::int64_t found, std::optional<sys_ms> newest,
                        const std::string& outcome = "ok") {
    auto row = make_page({}, at, "control:one").poll;
    row.outcome = outcome;
    world.books.note_control(row, "one", found, newest);
  };
  auto share = [](const Watched& world, sys_ms now) { return world.figure("M-14", now).value.value_or(-1); };
  SECTION("silent") {
    Watched world;
    world.cover(world.day, world.day + 8h);
    asked(world, world.day + 5h + 30min, 0, {});
    asked(world, world.day + 6h + 30min, 40, world.day + 2h);
    CHECK(share(world, world.day + 8h) == Approx(6.0 / 8.0));
    CHECK(world.figure("M-14", world.day + 8h).longest_gap_s == 2 * 3600);
  }
  SECTION("heard") {
    Watched world;
    world.cover(world.day, world.day + 8h);
    asked(world, world.day + 5h + 30min, 40, world.day + 5h);
    CHECK(share(world, world.day + 8h) == Approx(1.0));
  }
  SECTION("silent, but the source showed something new") {
    Watched world;
    world.cover(world.day, world.day + 8h);
    world.see({make_fact("1", "A", world.day + 5h)}, world.day + 5h + 10min);
    asked(world, world.day + 5h + 30min, 0, {});
    CHECK(share(world, world.day + 8h) == Approx(1.0));
  }
  SECTION("not answered") {
    Watched world;
    world.cover(world.day, world.day + 8h);
    asked(world, world.day + 5h + 30min, 0, {}, "unreachable");
    CHECK(world.ask("SELECT count(*) FROM control") == 0);
    CHECK(share(world, world.day + 8h) == Approx(1.0));
  }
  SECTION("not known yet") {
    Watched world;
    world.cover(world.day, world.day + 5h + 10min);
    asked(world, world.day + 5h + 30min, 0, {});
    store::Database db(world.file, store::Access::read);
    store::AsOf past(db, "2025", world.day + 5h + 10min);
    Figures figures(db, small_campaign(), world.edition, {world.day, world.edition.day_until, ""},
                    world.day + 5h + 10min);
    CHECK(figures.coverage().value.value_or(0) == Approx(1.0));
  }
}

// GROUP BY took the end of any of a source's terms: one taken away at noon ended the plan of all.
TEST_CASE("a term taken away does not shorten what a source was planned for", "[coverage]") {
  Watched world;
  world.books.configure({make_source("one", "v2", {"tag", "word"})}, "2025", world.day);
  world.books.configure({make_source("one", "v3", {"tag"})}, "2025", world.day + 12h);
  world.cover(world.day, world.day + 12h);
  auto coverage = world.figure("M-14", world.edition.day_until);
  REQUIRE(coverage.value.has_value());
  CHECK(*coverage.value == Approx(0.5));
}

TEST_CASE("T-15 the day the clocks go back has 25 hours, and an hour label twice", "[coverage]") {
  const Window window{*day_start("Europe/Warsaw", 2027, 10, 31), *day_start("Europe/Warsaw", 2027, 11, 1), ""};
  auto days = report::days_of("Europe/Warsaw", window, window.until);
  REQUIRE(days.size() == 1U);
  CHECK(days[0].label == "2027-10-31");
  CHECK((days[0].end - days[0].start).count() == std::chrono::milliseconds(25h).count());
  auto hours = report::hours_of("Europe/Warsaw", window, window.until);
  REQUIRE(hours.size() == 25U);
  CHECK(hours[2].label == "31 Oct 02:00");
  CHECK(hours[3].label == "31 Oct 02:00");
  CHECK(shown(hours[2].start) == "2027-10-31T00:00:00.000Z");
  CHECK(shown(hours[3].start) == "2027-10-31T01:00:00.000Z");
}

TEST_CASE("T-15 posts of both hours called 02:30 are two of that day, one in each hour", "[coverage]") {
  World world;
  std::vector<store::Fact> facts{make_fact("1", "A", utc("2027-10-31T00:30:00Z")),
                                 make_fact("2", "A", utc("2027-10-31T01:30:00Z"))};
  for (auto& fact : facts) fact.edition = "2027";
  const auto now = utc("2027-11-02T00:00:00Z");
  world.see(facts, now);
  const Window window{*day_start("Europe/Warsaw", 2027, 10, 31), *day_start("Europe/Warsaw", 2027, 11, 1), ""};
  store::Database db(world.file, store::Access::read);
  store::MetricRunner runner(db);
  runner.choose("2027", report::days_of("Europe/Warsaw", window, now), store::Breakdown::none);
  CHECK(runner.run(store::metric("M-01")).at({"2027-10-31", ""}).value == 2.0);
  auto hours = report::hours_of("Europe/Warsaw", window, now);
  for (auto& hour : hours) hour.label = shown(hour.start);
  runner.choose("2027", hours, store::Breakdown::none);
  auto rows = runner.run(store::metric("M-01"));
  CHECK(rows.at({"2027-10-31T00:00:00.000Z", ""}).value == 1.0);
  CHECK(rows.at({"2027-10-31T01:00:00.000Z", ""}).value == 1.0);
}

TEST_CASE("the day the clocks go forward has 23 hours", "[coverage]") {
  const Window window{*day_start("Europe/Warsaw", 2027, 3, 28), *day_start("Europe/Warsaw", 2027, 3, 29), ""};
  auto days = report::days_of("Europe/Warsaw", window, window.until);
  REQUIRE(days.size() == 1U);
  CHECK((days[0].end - days[0].start).count() == std::chrono::milliseconds(23h).count());
  CHECK(report::hours_of("Europe/Warsaw", window, window.until).size() == 23U);
}

TEST_CASE("days and hours end with the window and with now", "[coverage]") {
  auto edition = edition_2025();
  const Window window{edition.from, edition.until, ""};
  CHECK(report::days_of("Europe/Warsaw", window, edition.until).size() == 365U);
  CHECK(report::days_of("Europe/Warsaw", window, edition.from + 24h).size() == 1U);
  CHECK(report::days_of("Europe/Warsaw", window, edition.from).empty());
  CHECK(report::hours_of("Europe/Warsaw", window, edition.from + 90min).size() == 2U);
}

TEST_CASE("the campaign day is shown while it lasts, else the edition", "[coverage]") {
  auto edition = edition_2025();
  CHECK(shown(report::window_to_show(edition, edition.day_from).from) == shown(edition.day_from));
  CHECK(shown(report::window_to_show(edition, edition.day_until).from) == shown(edition.from));
  CHECK(report::window_to_show(edition, edition.until).label.find("complete") != std::string::npos);
}

TEST_CASE("every metric file has its header, and its id but once", "[figures]") {
  std::string last;
  CHECK(store::metrics().size() >= 9U);
  for (const auto& metric : store::metrics()) {
    INFO(metric.id);
    CHECK(last < metric.id);
    CHECK_FALSE(metric.name.empty());
    CHECK_FALSE(metric.formula.empty());
    CHECK_FALSE(metric.caveat.empty());
    CHECK_FALSE(metric.match_class.empty());
    last = metric.id;
  }
}

TEST_CASE("T-12 plain, phrase and link matches are counted apart, owned posts nowhere", "[figures]") {
  Watched world;
  std::vector<store::Fact> facts;
  for (auto each : {MatchClass::hashtag, MatchClass::plain, MatchClass::phrase, MatchClass::link, MatchClass::owned}) {
    facts.push_back(make_fact(std::string(name_of(each)), "A", world.day));
    facts.back().match = Match{"t", each};
  }
  world.see(facts, world.day);
  for (const char* metric : {"M-01", "M-01-plain", "M-01-phrase", "M-01-link"}) {
    INFO(metric);
    CHECK(world.figure(metric, world.day + 1h).value == 1.0);
  }
}
