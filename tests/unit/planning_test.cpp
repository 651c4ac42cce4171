// When posts are measured again: where a reading takes most away, within what contracts and manners allow.
#include <catch2/catch.hpp>

#include "daemon/collect/sparing.hpp"
#include "daemon/store/growth_store.hpp"
#include "tests/unit/support.hpp"

using namespace campaignd;
using namespace campaignd::test;
using namespace std::chrono_literals;

namespace {

const sys_ms morning = utc("2025-06-20T08:00:00Z");

store::Fact post(const std::string& name, std::int64_t likes, const std::string& platform = "mastodon") {
  auto fact = make_fact(name, "ala", morning);
  fact.platform = platform;
  fact.counters.likes = likes;
  fact.measurable = true;
  return fact;
}

/// A poll at that platform that shows these.
void see(World& world, std::vector<store::Fact> facts, sys_ms now) {
  auto page = make_page(std::move(facts), now);
  page.platform = page.found.front().platform;
  world.books.save(page, now);
}

std::vector<std::int64_t> due(World& world, sys_ms now, std::size_t most = 20, const char* platform = "mastodon") {
  std::vector<std::int64_t> out;
  for (const auto& each : world.books.due_posts(platform, "home.example", now, most)) out.push_back(each.post);
  return out;
}

}  // namespace

TEST_CASE("a post is due within minutes of its first reading, and less often as it ages", "[planning]") {
  World world;
  see(world, {post("1", 5)}, morning + 5min);
  CHECK(due(world, morning + 14min).empty());
  CHECK(due(world, morning + 45min).size() == 1U);
  see(world, {post("1", 5)}, morning + 5 * 24h);
  CHECK(due(world, morning + 5 * 24h + 2h).empty());
  CHECK(due(world, morning + 30 * 24h).size() == 1U);
}

TEST_CASE("after its last reading at thirty days a post is asked for every week, as it may be deleted", "[planning]") {
  World world;
  see(world, {post("1", 5)}, morning);
  auto closed = morning + 30 * 24h + 1min;
  see(world, {post("1", 5)}, closed);
  CHECK(due(world, closed + 7 * 24h - 1min).empty());
  CHECK(due(world, closed + 7 * 24h).size() == 1U);
}

TEST_CASE("one that grows is read before one that may be deleted, until that is a week late", "[planning]") {
  World world;
  see(world, {post("1", 5)}, morning + 40 * 24h);
  auto young = post("2", 50);
  young.published = morning + 46 * 24h;
  see(world, {young}, morning + 47 * 24h + 1h);
  CHECK(due(world, morning + 48 * 24h, 1) == std::vector<std::int64_t>{2});
  see(world, {young}, morning + 53 * 24h);
  CHECK(due(world, morning + 54 * 24h, 1) == std::vector<std::int64_t>{1});
}

TEST_CASE("a batch is filled with what is due next, not with what was just read", "[planning]") {
  World world;
  see(world, {post("1", 5), post("2", 5), post("3", 5)}, morning);
  world.run("UPDATE recheck SET due_utc = read_utc + 3600000 * post");
  auto filled = [&](sys_ms now, std::size_t most) {
    return world.books.due_posts("mastodon", "home.example", now, most, true).size();
  };
  CHECK(filled(morning + 59min, 20) == 0U);  // nothing is due: nothing is asked
  CHECK(filled(morning + 60min, 20) == 2U);  // and the third has two hours to go
  CHECK(filled(morning + 90min, 20) == 3U);
  CHECK(filled(morning + 90min, 2) == 2U);
}

TEST_CASE("where there is no time for all, the post that grows most is read first", "[planning]") {
  World world;
  see(world, {post("1", 0), post("2", 40), post("3", 2)}, morning + 30min);
  CHECK(due(world, morning + 6h, 1) == std::vector<std::int64_t>{2});
  CHECK(due(world, morning + 6h, 2) == std::vector<std::int64_t>{2, 3});
  CHECK(due(world, morning + 6h).size() == 3U);
}

TEST_CASE("a post that was just read waits behind quieter ones that were not", "[planning]") {
  World world;
  see(world, {post("1", 3), post("2", 40)}, morning + 30min);
  see(world, {post("2", 60)}, morning + 12h);
  CHECK(due(world, morning + 12h + 40min, 1) == std::vector<std::int64_t>{1});
}

TEST_CASE("a post of which nobody said a number is first", "[planning]") {
  World world;
  auto silent = post("1", 0);
  silent.counters = {};
  see(world, {silent, post("2", 1)}, morning + 1min);
  CHECK(due(world, morning + 1min) == std::vector<std::int64_t>{1});
}

TEST_CASE("a contract that wants posts looked after daily has its way, also when they are old", "[planning]") {
  World world;
  see(world, {post("1", 0, "x")}, morning + 20 * 24h);
  CHECK(due(world, morning + 21 * 24h - 1min, 20, "x").empty());
  CHECK(due(world, morning + 21 * 24h, 20, "x").size() == 1U);
  see(world, {post("1", 0, "x")}, morning + 40 * 24h);
  CHECK(due(world, morning + 41 * 24h, 20, "x").size() == 1U);
}

TEST_CASE("what may be gone is asked for before what may have grown", "[planning]") {
  World world;
  see(world, {post("1", 0), post("2", 90)}, morning);
  auto page = make_page({}, morning + 30min, "measure:home.example");
  page.poll.outcome = "ok";
  world.books.finish(page.poll, "mastodon", "home.example", {1}, {1});
  CHECK(due(world, morning + 2h, 1) == std::vector<std::int64_t>{1});
}

TEST_CASE("the longer a post could not be read, the more rarely it is tried", "[planning]") {
  World world;
  see(world, {post("1", 5)}, morning);
  auto fail = [&](sys_ms at) {
    auto page = make_page({}, at, "measure:home.example");
    page.poll.outcome = "malformed";
    world.books.finish(page.poll, "mastodon", "home.example", {1}, {});
  };
  fail(morning + 1h);
  CHECK(due(world, morning + 2h).size() == 1U);
  fail(morning + 10h);
  CHECK(due(world, morning + 14h).empty());
  CHECK(due(world, morning + 15h).size() == 1U);
  fail(morning + 31 * 24h);
  CHECK(due(world, morning + 32 * 24h - 1min).empty());
  CHECK(due(world, morning + 32 * 24h).size() == 1U);
}

TEST_CASE("the store learns from closed posts, and again only when there are notably more", "[planning]") {
  World world;
  for (int i = 0; i < 30; ++i)
    for (auto age : {1h, 24h, 30 * 24h}) see(world, {post(std::to_string(i), 10 + age / 1h)}, morning + age);
  CHECK(world.books.learn(morning + 20 * 24h) == 0);
  CHECK(world.books.learn(morning + 31 * 24h) == 1);
  CHECK(world.books.learn(morning + 32 * 24h) == 0);
  store::Database db(world.file, store::Access::read);
  auto before = store::known_growth(db, "mastodon", morning + 30 * 24h);
  auto after = store::known_growth(db, "mastodon", morning + 31 * 24h);
  CHECK(before.shares == store::growth_before_learning("mastodon").shares);
  CHECK(after.share(24h) < before.share(24h));
}

TEST_CASE("what posts gain once they are closed does not change how they are thought to grow", "[planning]") {
  World world, looked;
  for (auto* each : {&world, &looked})
    for (int i = 0; i < 30; ++i)
      for (auto age : {1h, 24h, 30 * 24h}) see(*each, {post(std::to_string(i), 10 + age / 1h)}, morning + age);
  for (int i = 0; i < 30; ++i)
    for (auto weeks : {5, 8, 20}) see(looked, {post(std::to_string(i), 1000 * weeks)}, morning + weeks * 7 * 24h);
  auto learnt = [&](World& each) {
    each.books.learn(morning + 200 * 24h);
    store::Database db(each.file, store::Access::read);
    return store::known_growth(db, "mastodon", morning + 201 * 24h);
  };
  auto as_it_was = learnt(world), after = learnt(looked);
  CHECK(as_it_was.shares == after.shares);
  CHECK(as_it_was.dispersion == after.dispersion);
  CHECK(after.share(30 * 24h) == Approx(1.0));
}

TEST_CASE("measuring leaves finding a third of a moving window", "[planning]") {
  Budget window{"w", 300, 15min, 1s};
  CHECK(collect::allowance_of_measuring(window, 300, morning, {}) == 200);
  CHECK(collect::allowance_of_measuring(window, 30, morning, {}) == 20);
  CHECK(collect::allowance_of_measuring(window, 1, morning, {}) == 1);
}

TEST_CASE("what a month gives is measured with evenly, and the campaign day is kept its part", "[planning]") {
  Budget month{"m", 3000, 31 * 24h, 1s, Reset::utc_month};
  auto allowance = [&](std::string_view at, const std::vector<Edition>& editions) {
    return collect::allowance_of_measuring(month, 3000, utc(at), editions);
  };
  CHECK(allowance("2025-06-01T00:00:00Z", {}) == 0);
  CHECK(allowance("2025-06-16T00:00:00Z", {}) == 1000);
  CHECK(allowance("2025-06-30T23:59:59Z", {}) >= 1999);
  auto with_day = std::vector{edition_2025()};
  auto before = allowance("2025-06-19T22:00:00Z", with_day), after = allowance("2025-06-20T22:00:00Z", with_day);
  CHECK(before < allowance("2025-06-19T22:00:00Z", {}));
  CHECK(after - before > 450);
  CHECK(allowance("2025-06-30T23:59:59Z", with_day) >= 1999);
  // And so is another day that was declared to be as busy.
  auto with_peak = with_day;
  with_peak[0].peaks = {{utc("2025-06-25T22:00:00Z"), utc("2025-06-26T22:00:00Z")}};
  auto of_peak = allowance("2025-06-26T22:00:00Z", with_peak) - allowance("2025-06-25T22:00:00Z", with_peak);
  auto of_day = allowance("2025-06-20T22:00:00Z", with_peak) - allowance("2025-06-19T22:00:00Z", with_peak);
  CHECK(std::abs(of_peak - of_day) <= 1);
  CHECK(of_peak > 400);
}

TEST_CASE("what may be kept for a time only is asked for again well before it has to go", "[planning]") {
  int limited = 0;
  for (const auto& platform : platforms())
    if (const auto& contract = platform.contract; contract.keep_at_most) {
      INFO(contract.name);
      REQUIRE(contract.recheck_within.has_value());
      CHECK(*contract.recheck_within * 4 <= *contract.keep_at_most * 3);
      ++limited;
    }
  CHECK(limited == 2);
}
