// The worked examples of the methodology, through the same store, metric files and figures the page uses.
#include "daemon/report/figures.hpp"

#include <catch2/catch.hpp>

#include "tests/unit/support.hpp"

using namespace campaignd;
using namespace campaignd::test;
using namespace std::chrono_literals;
using report::Figure;
using report::Figures;
using report::Window;

namespace {

const sys_ms morning = utc("2025-06-20T08:00:00Z");
const sys_ms later = utc("2025-06-21T12:00:00Z");

/// A store whose one source has been read from the edition's start until `later`.
struct Campaigning : World {
  Edition edition = edition_2025();
  Campaigning() {
    books.configure({make_source("one", "v1")}, edition.id, edition.from);
    cover(edition.from, later);
  }
  Window window() const { return {edition.from, edition.until, "edition"}; }
  Figure figure(std::string_view metric, sys_ms now = later) const {
    store::Database db(file, store::Access::read);
    Figures figures(db, small_campaign(), edition, window(), now);
    return figures.of(metric);
  }
  std::map<std::string, Figure> by(std::string_view metric, store::Breakdown breakdown) const {
    store::Database db(file, store::Access::read);
    Figures figures(db, small_campaign(), edition, window(), later);
    return figures.by(metric, breakdown);
  }
};

store::Fact post_of(const std::string& name, const std::string& author, std::optional<std::int64_t> followers) {
  auto fact = make_fact(name, author, morning);
  fact.author.followers = followers;
  return fact;
}

store::Fact bluesky(store::Fact fact) {
  fact.platform = "bluesky";
  fact.network = "bluesky";
  fact.host = "bsky.example";
  return fact;
}

std::vector<store::Fact> three_authors(std::optional<std::int64_t> third) {
  return {post_of("1", "A", 1000), post_of("2", "A", 1000), post_of("3", "B", 400), post_of("4", "C", third)};
}

store::Fact liked(std::int64_t likes) {
  auto fact = make_fact("1", "A", morning);
  fact.counters.likes = likes;
  return fact;
}

}  // namespace

TEST_CASE("T-01 an author with two posts is one audience", "[figures]") {
  Campaigning world;
  world.see(three_authors(250), morning);
  CHECK(world.figure("M-01").value == 4.0);
  CHECK(world.figure("M-02").value == 3.0);
  auto audience = world.figure("M-04");
  CHECK(audience.high == 1650.0);
  CHECK(audience.low == 1000.0);
  CHECK_FALSE(audience.value.has_value());
  CHECK(audience.is_bound);
  CHECK(audience.status == "ok");
}

TEST_CASE("T-02 the lower bound adds over networks, the upper over authors", "[figures]") {
  Campaigning world;
  world.see(three_authors(250), morning);
  world.see({bluesky(post_of("5", "D", 300)), bluesky(post_of("6", "E", 120))}, morning);
  auto audience = world.figure("M-04");
  CHECK(audience.low == 1300.0);
  CHECK(audience.high == 2070.0);
}

TEST_CASE("T-03 with an author of unknown audience there is no upper bound", "[figures]") {
  Campaigning world;
  world.see(three_authors(std::nullopt), morning);
  auto audience = world.figure("M-04");
  CHECK_FALSE(audience.high.has_value());
  CHECK(audience.high_known == 1400.0);
  CHECK(audience.low == 1000.0);
  CHECK(audience.n == 2);
  CHECK(audience.status == "incomplete");
  CHECK_FALSE(audience.reason.empty());
}

TEST_CASE("T-03 with nobody's audience known the bounds are unknown, not 0", "[figures]") {
  Campaigning world;
  world.see({post_of("1", "A", std::nullopt)}, morning);
  auto audience = world.figure("M-04");
  CHECK_FALSE(audience.low.has_value());
  CHECK_FALSE(audience.high.has_value());
  CHECK(audience.status == "unknown");
}

TEST_CASE("T-04 a post has the followers of its time, whatever its author has today", "[figures]") {
  Campaigning world;
  world.see({post_of("1", "A", 1000)}, morning);
  world.see({post_of("1", "A", 5000)}, morning + std::chrono::days(150));
  CHECK(world.figure("M-04").low == 1000.0);
  CHECK(world.ask("SELECT followers_late FROM reading") == 0);
}

TEST_CASE("T-04 followers first read days after the post are marked late", "[figures]") {
  Campaigning world;
  world.see({post_of("1", "A", 700)}, morning + std::chrono::days(3));
  CHECK(world.ask("SELECT followers FROM reading") == 700);
  CHECK(world.ask("SELECT followers_late FROM reading") == 1);
}

TEST_CASE("T-06 the latest reading stands, also when it is lower", "[figures]") {
  Campaigning world;
  world.see({liked(5)}, morning + 2h);
  world.see({liked(9)}, morning + 3h);
  world.see({liked(7)}, morning + 4h);
  CHECK(world.figure("M-07").value == 7.0);
  CHECK(world.ask("SELECT count(*) FROM observation") == 3);
}

TEST_CASE("T-07 a post of the evening before is of the campaign day where the day has begun", "[figures]") {
  Campaigning world;
  world.see({make_fact("1", "A", utc("2025-06-19T22:30:00Z"))}, later);
  auto day_in = [&](const std::string& zone) {
    store::Database db(world.file, store::Access::read);
    store::MetricRunner runner(db);
    runner.choose("2025", report::days_of(zone, {utc("2025-06-18T12:00:00Z"), later, ""}, later),
                  store::Breakdown::none);
    auto rows = runner.run(store::metric("M-01"));
    REQUIRE(rows.size() == 1U);
    return rows.begin()->first.first;
  };
  CHECK(day_in("Europe/Warsaw") == "2025-06-20");
  CHECK(day_in("Europe/Sofia") == "2025-06-20");
  CHECK(day_in("Europe/Lisbon") == "2025-06-19");
}

TEST_CASE("T-08 a day is half-open: its last midnight is the next day's", "[figures]") {
  Campaigning world;
  world.see({make_fact("1", "A", utc("2025-06-20T22:00:00Z")), make_fact("2", "A", utc("2025-06-20T21:59:59.999Z"))},
            later);
  store::Database db(world.file, store::Access::read);
  auto count = [&](sys_ms from, sys_ms until) {
    Figures figures(db, small_campaign(), world.edition, {from, until, ""}, later);
    return figures.of("M-01").value;
  };
  CHECK(count(world.edition.day_from, world.edition.day_until) == 1.0);
  CHECK(count(world.edition.day_until, world.edition.day_until + 24h) == 1.0);
  CHECK(count(utc("2025-06-19T23:00:00Z"), utc("2025-06-20T23:00:00Z")) == 2.0);
}

TEST_CASE("T-09 the home server's count stands, and never a sum over servers", "[figures]") {
  Campaigning world;
  world.see({liked(12)}, morning, "one", "a.example");
  world.see({liked(3)}, morning, "two", "b.example");
  world.see({liked(0)}, morning, "three", "c.example");
  auto away = world.figure("M-07");
  CHECK(away.value == 12.0);
  CHECK(away.low == 12.0);
  world.see({liked(11)}, morning + 1h, "four", "home.example");
  auto home = world.figure("M-07");
  CHECK(home.value == 11.0);
  CHECK_FALSE(home.low.has_value());
}

TEST_CASE("T-10 the same text on two platforms is two mentions", "[figures]") {
  Campaigning world;
  world.see({make_fact("1", "A", morning), bluesky(make_fact("2", "A", morning + 5min))}, morning + 10min);
  CHECK(world.figure("M-01").value == 2.0);
  CHECK(world.figure("M-02").value == 2.0);
}

TEST_CASE("T-14 a post dated in the future belongs to when it was first seen", "[figures]") {
  Campaigning world;
  world.see({make_fact("1", "A", morning + 3h)}, morning);
  CHECK(world.ask("SELECT at_utc FROM reading") == morning.time_since_epoch().count());
  world.see({make_fact("1", "A", morning + 3h)}, morning + 4h);
  CHECK(world.ask("SELECT at_utc FROM reading") == morning.time_since_epoch().count());
}

TEST_CASE("T-16 a counter that was not said is not 0, and reactions come from the others", "[figures]") {
  Campaigning world;
  auto fact = make_fact("1", "A", morning);
  fact.counters.likes = 10;
  fact.counters.reposts = 2;
  fact.counters.replies = 1;
  world.see({fact, make_fact("2", "B", morning)}, morning);
  CHECK(world.ask("SELECT quotes IS NULL AND views IS NULL FROM reading WHERE likes = 10") == 1);
  auto actions = world.figure("M-07");
  CHECK(actions.value == 13.0);
  CHECK(actions.n == 1);
  CHECK_FALSE(world.figure("M-06").value.has_value());
}

TEST_CASE("T-20 no posts at all are 0 where sources were read, and unknown where a reading is needed", "[figures]") {
  Campaigning world;
  auto mentions = world.figure("M-01");
  CHECK(mentions.value == 0.0);
  CHECK(mentions.n == 0);
  CHECK(mentions.status == "ok");
  for (const char* metric : {"M-04", "M-06"}) {
    INFO(metric);
    auto figure = world.figure(metric);
    CHECK_FALSE(figure.value.has_value());
    CHECK_FALSE(figure.low.has_value());
    CHECK(figure.status == "unknown");
    CHECK_FALSE(figure.reason.empty());
  }
}

TEST_CASE("T-22 the rows of a breakdown add up to the total", "[figures]") {
  Campaigning world;
  for (int i = 0; i < 30; ++i) {
    auto fact = make_fact(std::to_string(i), "author" + std::to_string(i % 4), morning + std::chrono::minutes(i));
    if (i % 3 == 0) fact = bluesky(fact);
    if (i % 4 == 0) fact.author.partner = "ngo";
    fact.counters.likes = i;
    world.see({fact}, later);
  }
  for (const char* metric : {"M-01", "M-07"})
    for (auto breakdown : {store::Breakdown::platform, store::Breakdown::partner}) {
      double sum = 0;
      for (const auto& [key, figure] : world.by(metric, breakdown)) sum += figure.value.value_or(0);
      INFO(metric);
      CHECK(world.figure(metric).value == sum);
    }
  CHECK(world.by("M-01", store::Breakdown::platform).at("bluesky").value == 10.0);
}
