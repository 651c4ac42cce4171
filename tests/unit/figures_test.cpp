// The worked examples of the methodology, through the same store, metric files and figures the page uses.
#include "daemon/report/figures.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "tests/unit/roster.hpp"

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
  CHECK(audience.range == "bound");
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
  CHECK(audience.numerator == 2.0);
  CHECK(audience.denominator == 3.0);
  CHECK(audience.status == "incomplete");
  CHECK(audience.reason == "1,400 or more: of 2 of 3 accounts the followers are known");
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
  CHECK(away.range.empty());  // at least: its home says nothing
  CHECK(world.ask("SELECT lower_bound FROM reading") == 1);
  world.see({liked(12)}, morning + 1h, "four", "home.example");
  auto home = world.figure("M-07");
  CHECK(home.value == 12.0);
  CHECK(home.range == "interval90");  // no bound: what may have come since
  CHECK(world.ask("SELECT lower_bound FROM reading") == 0);
  world.see({liked(11)}, morning + 2h, "four", "home.example");
  CHECK(world.figure("M-07").value == 11.0);  // also where it says less than others saw
}

TEST_CASE("T-11 a boost of a known post is a sighting of it: amplification moves when its counter does", "[figures]") {
  Campaigning world;
  auto fact = make_fact("1", "A", morning);
  fact.counters.reposts = 2;
  world.see({fact}, morning);
  auto boosted = fact;  // as a server shows it that has read the boost before the new count
  world.see({boosted}, morning + 1h, "two", "b.example");
  CHECK(world.figure("M-01").value == 1.0);
  CHECK(world.ask("SELECT count(*) FROM post") == 1);
  CHECK(world.ask("SELECT count(*) FROM sighting") == 2);
  CHECK(world.figure("M-09-amplification").value == 2.0);
  fact.counters.reposts = 3;
  world.see({fact}, morning + 2h);
  CHECK(world.figure("M-01").value == 1.0);
  CHECK(world.figure("M-09-amplification").value == 3.0);
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

// The flag `future_dated` follows from two columns: what was said, and when it was first seen.
TEST_CASE("T-14 what a post said of its time is kept beside when it was first seen", "[figures]") {
  Campaigning world;
  world.see({make_fact("1", "A", morning + 3h), make_fact("2", "A", morning + 5min)}, morning);
  CHECK(world.ask("SELECT count(*) FROM post WHERE published_utc > first_seen_utc + 600000") == 1);
  CHECK(world.ask("SELECT max(published_utc) - max(first_seen_utc) FROM post") ==
        std::chrono::milliseconds(3h).count());
  CHECK(world.figure("M-01").value == 2.0);
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

namespace {

/// No cell holds what a division by zero leaves.
void check_finite(const report::Sheet& sheet) {
  for (const auto& row : sheet.rows) {
    REQUIRE(row.size() == sheet.columns.size());
    for (std::size_t i = 0; i < row.size(); ++i) {
      INFO(sheet.name << " " << sheet.columns[i]);
      if (const auto* number = std::get_if<double>(&row[i])) CHECK(std::isfinite(*number));
    }
  }
  for (const auto& text :
       {report::to_csv(sheet), report::to_json_text(sheet), report::to_table(sheet, report::Cells::whole)}) {
    INFO(sheet.name << ": " << text);
    CHECK(text.find("nan") == std::string::npos);
    CHECK(text.find("inf") == std::string::npos);
  }
}

}  // namespace

TEST_CASE("T-20 every sheet of a campaign that was read and found nothing says 0, or nothing", "[figures]") {
  Roster world;
  world.read_all();
  for (auto name : report::sheet_names()) check_finite(world.sheet(name));
  using report::Cell;
  const Cell zero = std::int64_t{0};
  auto summary = world.sheet("summary");
  for (const char* metric : {"M-01", "M-02", "M-07", "M-13", "M-01-owned"}) {
    INFO(metric);
    CHECK(cell_of(summary, metric, "value") == zero);
    CHECK(cell_of(summary, metric, "status") == Cell("ok"));
  }
  for (const char* metric : {"M-04", "M-06"}) {
    INFO(metric);
    for (const char* column : {"value", "value_low", "value_high", "n"})
      CHECK(cell_of(summary, metric, column) == Cell());
    CHECK(cell_of(summary, metric, "note") != Cell());
  }
  auto platforms = world.sheet("by_platform");
  CHECK(cell_of(platforms, "mastodon", "posts") == zero);
  CHECK(cell_of(platforms, "mastodon", "audience_upper") == Cell());
  CHECK(cell_of(platforms, "feed", "articles") == zero);
  for (const auto& row : world.sheet("by_day").rows) {
    bool is_feed = row.at(1) == Cell("feed");
    CHECK(row.at(2) == (is_feed ? Cell() : zero));  // articles are no mentions
    CHECK(row.at(9) == (is_feed ? zero : Cell()));
  }
  CHECK(cell_of(world.sheet("terms"), "tag", "posts") == zero);
  CHECK(cell_of(world.sheet("partners"), "silent", "posts") == zero);
  for (const char* empty : {"media", "media_countries", "changes"}) CHECK(world.sheet(empty).rows.empty());
}

TEST_CASE("T-20 every sheet of a campaign nobody has read yet is empty where a number would be", "[figures]") {
  Roster world;
  for (auto name : report::sheet_names()) check_finite(world.sheet(name));
  CHECK(cell_of(world.sheet("summary"), "M-01", "value") == report::Cell());
  CHECK(cell_of(world.sheet("by_platform"), "mastodon", "posts") == report::Cell());
  CHECK(cell_of(world.sheet("by_day"), "2025-06-20", "mentions") == report::Cell());
  CHECK(cell_of(world.sheet("terms"), "tag", "posts") == report::Cell());
  Roster nobody("");
  CHECK(nobody.sheet("partners").rows.empty());
  auto before = nobody.edition().from - 1h;
  for (auto name : report::sheet_names()) check_finite(nobody.sheet(name, before));
}

TEST_CASE("T-22 partners, platforms and outlets' countries add up to the total, unknown among them", "[figures]") {
  Roster world(R"([[partner]]
id = "ngo"
name = "N"
accounts = ["mastodon:ngo@social.example"]
sites = ["https://ngo.example/"]
[[outlet]]
domain = "onet.pl"
name = "Onet"
country = "PL"
[[outlet]]
domain = "wire.example"
name = "Wire"
role = "distribution"
)");
  world.read_all();
  for (const char* author : {"ngo@social.example", "ngo@social.example", "ala@home.example", "ola@home.example"})
    world.post(author, "#AllIn");
  for (const char* url : {"https://onet.pl/1", "https://onet.pl/2", "https://nobody.example/1", "https://ngo.example/1",
                          "https://wire.example/1"})
    world.article(url, "#AllIn");
  world.article("https://ngo.example/2", "Nothing of the campaign");
  for (auto [metric, total] :
       {std::pair("M-01", 4.0), std::pair("M-07", 12.0), std::pair("M-13", 3.0), std::pair("M-13-owned", 1.0),
        std::pair("M-13-distribution", 1.0), std::pair("M-13-outlets", 2.0), std::pair("M-01-owned", 0.0),
        std::pair("M-13-untagged", 1.0)}) {
    CHECK(world.total(metric) == total);
    for (auto breakdown : {store::Breakdown::partner, store::Breakdown::platform, store::Breakdown::outlet_country}) {
      INFO(metric << " " << static_cast<int>(breakdown));
      double sum = 0;
      for (const auto& [key, figure] : world.by(metric, breakdown)) sum += figure.value.value_or(0);
      CHECK(sum == total);
    }
  }
  auto partners = world.by("M-01", store::Breakdown::partner);
  CHECK(partners.at("ngo").value == 2.0);
  CHECK(partners.at("").value == 2.0);
  auto countries = world.by("M-13", store::Breakdown::outlet_country);
  CHECK(countries.at("PL").value == 2.0);
  CHECK(countries.at("unknown").value == 1.0);
  CHECK(world.by("M-13", store::Breakdown::platform).at("feed").value == 3.0);
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
