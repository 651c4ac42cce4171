// What the store does for itself: slices of another definition, the lesson that is due; and the tally of opt-outs.
#include <catch2/catch.hpp>

#include "daemon/report/overview.hpp"
#include "tests/unit/support.hpp"

using namespace campaignd;
using namespace campaignd::test;
using namespace std::chrono_literals;

namespace {

const sys_ms morning = utc("2025-06-20T08:00:00Z");

std::optional<double> mentions(const World& world) {
  store::Database db(world.file, store::Access::read);
  store::MetricRunner runner(db);
  runner.choose("2025", {{morning, morning + 1h, "hour"}}, store::Breakdown::none);
  return runner.run(store::metric("M-01")).at({"hour", ""}).value;
}

void run(const World& world, const char* sql) {
  store::Database db(world.file, store::Access::write);
  db.run(sql);
}

}  // namespace

TEST_CASE("slices that another text of a definition made are made again", "[store]") {
  World world;
  world.see({make_fact("1", "ala", morning)}, morning);
  while (world.books.aggregate(100)) {}
  run(world, "UPDATE slice SET value = 99");
  { store::Store again(world.file); }
  CHECK(mentions(world) == 99.0);
  run(world, "UPDATE sliced SET sha256 = 'of before' WHERE metric = 'M-01'");
  store::Store later(world.file);
  CHECK(mentions(world) == 1.0);
  CHECK(world.ask("SELECT count(*) FROM dirty") == 1);
  while (later.aggregate(100)) {}
  CHECK(mentions(world) == 1.0);
}

TEST_CASE("readings that another text made are made again, of each edition", "[store]") {
  World world;
  auto fact = make_fact("1", "ala", morning), other = make_fact("2", "ola", morning);
  fact.counters.likes = 4;
  other.counters.likes = 5;
  other.edition = "2026";
  world.see({fact, other}, morning);
  run(world, "UPDATE reading SET likes = 99, actions = NULL");
  { store::Store again(world.file); }
  CHECK(world.ask("SELECT sum(likes) FROM reading") == 2 * 99);
  run(world, "UPDATE sliced SET sha256 = 'of before' WHERE metric = 'reading.sql'");
  store::Store later(world.file);
  CHECK(world.ask("SELECT sum(likes) FROM reading") == 9);
  CHECK(world.ask("SELECT sum(actions) FROM reading") == 9);
  CHECK(world.ask("SELECT count(*) FROM dirty") == 2);
}

TEST_CASE("a figure that follows from who asks is unknown once posts of it had to go", "[privacy]") {
  World world;
  auto fact = make_fact("1", "ala", morning);
  fact.platform = "reddit";
  fact.counters.likes = 4;
  world.see({fact, make_fact("2", "ola", morning)}, morning);
  store::Overdue overdue;
  overdue.confirmed_before["reddit"] = morning + 1h;
  auto edition = edition_2025();
  store::Periods periods{{"2025", {{edition.from, edition.until, "edition"}}}};
  for (bool more = world.books.begin_expiry(overdue, periods, morning + 49h); more;)
    more = world.books.go_on_expiring(morning + 49h);
  CHECK(world.ask("SELECT count(*) FROM settled WHERE metric IN ('M-07-growth', 'M-15') AND (value IS NOT NULL OR "
                  "until_utc - from_utc > 3600000)") == 0);
  CHECK(world.ask("SELECT count(*) FROM settled WHERE metric = 'M-07-growth' AND breakdown = 'platform'") == 1);
  store::Database db(world.file, store::Access::read);
  store::MetricRunner runner(db);
  runner.at(morning + 50h);
  runner.choose("2025", {{edition.from, edition.until, "edition"}}, store::Breakdown::none);
  auto growth = runner.run(store::metric("M-07-growth")).at({"edition", ""});
  CHECK_FALSE(growth.value.has_value());
  CHECK(growth.expired);
}

TEST_CASE("who asked to be left alone is counted once in a network, and added up over networks", "[privacy]") {
  World world;
  auto campaign = small_campaign();
  for (auto [id, connector] : {std::pair{"two", "mastodon"}, std::pair{"sky", "bluesky"}}) {
    auto source = campaign.sources.front();
    source.id = id;
    source.connector = connector;
    campaign.sources.push_back(source);
  }
  for (auto [source, left_out] : {std::pair{"one", 3}, std::pair{"two", 5}, std::pair{"sky", 2}}) {
    auto page = make_page({}, morning, source);
    page.poll.opted_out = left_out;
    world.books.save(page, morning);
  }
  store::Database db(world.file, store::Access::read);
  report::Figure coverage;
  coverage.value = 1;
  auto edition = edition_2025();
  auto figure = report::opted_out(db, campaign, {edition.from, edition.until, ""}, morning + 1h, coverage);
  CHECK(figure.value == 7.0);
}

TEST_CASE("a lesson is read again when other posts have closed, though no more than before", "[planning]") {
  World world;
  auto live = [&](const std::string& name, sys_ms born) {
    for (auto age : {1h, 24h, 30 * 24h}) {
      auto fact = make_fact(name, "ala", born);
      fact.counters.likes = 10 + age / 1h;
      world.see({fact}, born + age);
    }
  };
  for (int i = 0; i < 30; ++i) live("early " + std::to_string(i), morning);
  CHECK_FALSE(world.books.last_lesson().has_value());
  auto first = morning + 31 * 24h;
  CHECK(world.books.learn(first) == 1);
  CHECK(world.books.last_lesson() == first);
  for (int i = 0; i < 30; ++i) live("late " + std::to_string(i), morning + 10 * 24h);
  run(world, "DELETE FROM post WHERE uri LIKE '%early%'");
  CHECK(world.books.learn(first + 1 * 24h) == 0);
  CHECK(world.books.learn(first + 10 * 24h) == 1);
}
