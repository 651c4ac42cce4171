// Posts that go, files we leave alone, and sums that follow.
#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "daemon/store/store.hpp"
#include "tests/unit/support.hpp"

using namespace campaignd;
using namespace campaignd::test;
using namespace std::chrono_literals;

namespace {

const sys_ms morning = utc("2025-06-20T08:00:00Z");

/// A post its home server showed, due to be measured.
store::Fact due_fact(const std::string& name = "1") {
  auto fact = make_fact(name, "ala", morning);
  fact.counters.likes = 5;
  fact.measurable = true;
  return fact;
}

/// A measurement in which the only post was missing.
void miss(World& world, sys_ms now, const std::string& observer = "home.example", std::int64_t post = 1) {
  auto page = make_page({}, now, "measure:" + observer, observer);
  page.poll.outcome = "ok";
  world.books.finish(page.poll, "mastodon", page.poll.host, {post}, {post});
}

/// A measurement that read the post again.
void read_again(World& world, sys_ms now, std::int64_t likes) {
  auto fact = due_fact();
  fact.counters.likes = likes;
  auto page = make_page({}, now, "measure:home.example");
  page.measured.push_back(fact);
  page.measured_posts.push_back(1);
  world.books.save(page, now);
}

std::int64_t posts(const World& world) { return world.ask("SELECT count(*) FROM post"); }

}  // namespace

TEST_CASE("a post is removed after two signs an hour apart at its home server", "[removal]") {
  World world;
  world.see({due_fact()}, morning);
  miss(world, morning + 15min);
  CHECK(posts(world) == 1);
  miss(world, morning + 74min);
  CHECK(posts(world) == 1);
  miss(world, morning + 75min);
  CHECK(posts(world) == 0);
  CHECK(world.ask("SELECT count(*) FROM reading") == 0);
  CHECK(world.ask("SELECT count(*) FROM observation") == 0);
  CHECK(world.ask("SELECT count(*) FROM sighting") == 0);
  CHECK(world.ask("SELECT count(*) FROM alias") == 0);
  CHECK(world.ask("SELECT sum(n) FROM removal") == 1);
}

TEST_CASE("a post that is missing once is asked for again an hour later", "[removal]") {
  World world;
  world.see({due_fact()}, morning);
  miss(world, morning + 15min);
  CHECK(world.books.due_posts("mastodon", "home.example", morning + 74min, 20).empty());
  CHECK(world.books.due_posts("mastodon", "home.example", morning + 75min, 20).size() == 1U);
}

TEST_CASE("a post that was read between two signs is there", "[removal]") {
  World world;
  world.see({due_fact()}, morning);
  miss(world, morning + 15min);
  read_again(world, morning + 30min, 6);
  miss(world, morning + 90min);
  CHECK(posts(world) == 1);
  CHECK(world.ask("SELECT likes FROM reading") == 6);
}

TEST_CASE("a post that is gone at another server only is no longer asked for there, and stays", "[removal]") {
  World world;
  world.see({due_fact()}, morning, "one", "other.example");
  miss(world, morning + 15min, "other.example");
  miss(world, morning + 3h, "other.example");
  miss(world, morning + 5h, "other.example");
  CHECK(posts(world) == 1);
  CHECK(world.ask("SELECT count(*) FROM recheck") == 0);
}

TEST_CASE("what was asked and not read is not first in line for ever", "[removal]") {
  World world;
  world.see({due_fact()}, morning);
  auto page = make_page({}, morning + 15min, "measure:home.example");
  page.poll.outcome = "malformed";
  world.books.finish(page.poll, "mastodon", page.poll.host, {1}, {});
  CHECK(world.books.due_posts("mastodon", "home.example", morning + 74min, 20).empty());
  CHECK(world.books.due_posts("mastodon", "home.example", morning + 75min, 20).size() == 1U);
}

TEST_CASE("a post whose author opts out later goes, with all its names", "[removal]") {
  World world;
  world.see({due_fact()}, morning);
  auto page = make_page({}, morning + 1h);
  page.withdrawn.push_back(due_fact().keys);
  world.books.save(page, morning + 1h);
  CHECK(posts(world) == 0);
  CHECK(world.see({due_fact()}, morning + 2h).fresh == 0);
}

TEST_CASE("a removed post is not brought back by a late poll, until the tombstone is gone", "[removal]") {
  World world;
  world.see({due_fact()}, morning);
  miss(world, morning + 15min);
  miss(world, morning + 2h);
  REQUIRE(posts(world) == 0);
  CHECK(world.see({due_fact()}, morning + 3h, "two", "other.example").fresh == 0);
  CHECK(posts(world) == 0);
  CHECK(world.see({due_fact()}, morning + 2h + std::chrono::days(30) + 1min).fresh == 1);
}

namespace {

/// A server with posts 1 to n, each shown and due.
struct Server {
  World world;
  std::int64_t asked_for = 0;  ///< posts, all in all
  explicit Server(int n) {
    std::vector<store::Fact> facts;
    for (int i = 1; i <= n; ++i) facts.push_back(due_fact(std::to_string(i)));
    world.see(std::move(facts), morning);
  }

  /// Asks for what is due, `batch` at a time, until nothing is; posts in `gone` are missing. How many were held back.
  std::int64_t ask(sys_ms now, std::size_t batch, const std::set<std::int64_t>& gone) {
    std::int64_t held = 0;
    for (int rounds = 0; rounds < 1000; ++rounds) {
      auto due = world.books.due_posts("mastodon", "home.example", now, batch);
      if (due.empty()) return held;
      asked_for += std::ssize(due);
      auto page = make_page({}, now, "measure:home.example");
      std::vector<std::int64_t> asked, missing;
      for (const auto& each : due) {
        asked.push_back(each.post);
        if (gone.contains(each.post))
          missing.push_back(each.post);
        else
          page.measured.push_back(due_fact(std::to_string(each.post))), page.measured_posts.push_back(each.post);
      }
      page.poll.outcome = "ok";
      world.books.save(page, now);
      held += world.books.finish(page.poll, "mastodon", "home.example", asked, missing);
    }
    FAIL("it is never done");
    return held;
  }
  std::int64_t posts() const { return world.ask("SELECT count(*) FROM post"); }
};

std::set<std::int64_t> first(std::int64_t n) {
  std::set<std::int64_t> out;
  for (std::int64_t i = 1; i <= n; ++i) out.insert(i);
  return out;
}

}  // namespace

TEST_CASE("P-06 a server that misses 30 % of its posts is in trouble: none is removed, and that is told", "[removal]") {
  for (std::size_t batch : {1U, 20U}) {
    Server server(100);
    std::int64_t held = 0;
    for (auto now = morning + 1h; now < morning + 48h; now += 1h) held += server.ask(now, batch, first(30));
    CHECK(server.posts() == 100);
    CHECK(held >= 30);
  }
}

TEST_CASE("P-06 a server that lost everything removes nothing, however few posts are asked for at a time",
          "[removal]") {
  for (std::size_t batch : {1U, 20U}) {
    Server server(40);
    for (auto now = morning + 1h; now < morning + 48h; now += 1h) server.ask(now, batch, first(40));
    CHECK(server.posts() == 40);
    for (auto now = morning + 48h; now < morning + 96h; now += 1h) server.ask(now, batch, {});  // it is back
    CHECK(server.posts() == 40);
    CHECK(server.world.ask("SELECT count(*) FROM recheck WHERE missing_utc IS NOT NULL") == 0);
  }
}

TEST_CASE("a quiet server's first post that is missing brings others up, and not all of them", "[removal]") {
  for (std::size_t batch : {1U, 20U}) {
    Server server(400);
    server.ask(morning + 1h, 20, {});
    server.world.run("UPDATE recheck SET due_utc = due_utc + 8640000000 WHERE post > 1");
    server.asked_for = 0;
    server.ask(morning + 24h, batch, first(400));
    CHECK(server.asked_for > 20);
    CHECK(server.asked_for <= 130);
    for (auto now = morning + 25h; now < morning + 72h; now += 30min) server.ask(now, batch, first(400));
    CHECK(server.posts() == 400);
  }
}

TEST_CASE("what a server has said for two weeks is believed: somebody took three posts away, and there were no more",
          "[removal]") {
  Server server(3);
  server.ask(morning + 1h, 20, {});
  for (auto now = morning + 2h; now < morning + 13 * 24h; now += 6h) server.ask(now, 1, first(3));
  CHECK(server.posts() == 3);
  for (auto now = morning + 13 * 24h; now < morning + 17 * 24h; now += 6h) server.ask(now, 1, first(3));
  CHECK(server.posts() == 0);
}

TEST_CASE("what authors delete goes within two hours, where their server shows the others", "[removal]") {
  for (std::size_t batch : {1U, 20U}) {
    Server server(100);
    server.ask(morning + 1h, batch, {});
    server.ask(morning + 24h, batch, first(5));
    server.ask(morning + 25h + 1min, batch, first(5));
    CHECK(server.posts() == 95);
    CHECK(server.world.ask("SELECT sum(n) FROM removal") == 5);
  }
}

TEST_CASE("a post is measured at its home server where that showed it, else at all that did", "[removal]") {
  World world;
  world.see({due_fact()}, morning, "one", "a.example");
  world.see({due_fact()}, morning, "two", "b.example");
  CHECK(world.ask("SELECT count(*) FROM recheck") == 2);
  world.see({due_fact()}, morning, "three", "home.example");
  CHECK(world.ask("SELECT count(*) FROM recheck") == 1);
  world.see({due_fact()}, morning, "one", "a.example");
  CHECK(world.ask("SELECT count(*) FROM recheck") == 1);
  auto due = world.books.due();
  REQUIRE(due.size() == 1U);
  CHECK(due[0].host == "home.example");
  CHECK(shown(due[0].at) == "2025-06-20T08:10:00.000Z");
}

TEST_CASE("a home that never showed a post to us cannot say that it is gone", "[removal]") {
  World world;
  auto fact = due_fact();
  fact.home_id = "99";
  world.see({fact}, morning, "two", "away.example");
  REQUIRE(world.ask("SELECT count(*) FROM recheck") == 2);
  for (auto later : {15min, 80min, 150min}) miss(world, morning + later);
  CHECK(posts(world) == 1);
  auto page = make_page({}, morning + 4h, "measure:home.example");
  page.counted.emplace_back(1, Counters{});  // shown, though without a number
  world.books.save(page, morning + 4h);
  miss(world, morning + 8h);
  miss(world, morning + 10h);
  CHECK(posts(world) == 0);
}

TEST_CASE("what the home server does not count stays as others count it, as a lower bound", "[removal]") {
  World world;
  auto fact = due_fact();
  fact.home_id = "99";
  fact.counters = {12, 5, 1, 3, std::nullopt};
  world.see({fact}, morning, "two", "away.example");
  auto page = make_page({}, morning + 1min, "measure:home.example");
  Counters replies_alone;
  replies_alone.replies = 4;
  page.counted.emplace_back(1, replies_alone);
  world.books.save(page, morning + 1min);
  CHECK(world.ask("SELECT likes * 1000 + reposts * 100 + replies * 10 + lower_bound FROM reading") == 12541);
  CHECK(world.ask("SELECT quotes IS NULL FROM reading") == 1);
  CHECK(world.ask("SELECT count(*) FROM recheck") == 2);
  auto all = make_page({}, morning + 2min, "measure:home.example");
  all.counted.emplace_back(1, Counters{20, 6, 0, 4, std::nullopt});
  world.books.save(all, morning + 2min);
  CHECK(world.ask("SELECT likes * 1000 + reposts * 100 + replies * 10 + lower_bound FROM reading") == 20640);
  CHECK(world.ask("SELECT count(*) FROM recheck") == 1);
}

TEST_CASE("slices equal a count by hand, also after a removal", "[removal]") {
  World world;
  using Sums = std::map<std::pair<std::int64_t, std::string>, std::int64_t>;
  Sums mentions, likes;
  for (int i = 0; i < 60; ++i) {
    auto fact =
        make_fact(std::to_string(i), "author" + std::to_string(i % 7), morning + std::chrono::minutes(i * 37 % 300));
    fact.platform = i % 3 == 0 ? "bluesky" : "mastodon";
    fact.counters.likes = i;
    fact.measurable = true;
    if (i % 5 == 0) fact.match = Match{"word", MatchClass::plain};
    world.see({fact}, morning + 6h);
    if (i % 5 == 0) continue;
    auto hour = std::chrono::floor<std::chrono::hours>(*fact.published).time_since_epoch();
    std::pair<std::int64_t, std::string> key{std::chrono::milliseconds(hour).count(), fact.platform};
    ++mentions[key];
    likes[key] += i;
  }
  auto slices = [&](const char* metric) {
    Sums out;
    store::Database db(world.file, store::Access::read);
    store::Query query(db, "SELECT hour_utc, key, value FROM slice WHERE metric = ? AND breakdown = 'platform'",
                       metric);
    while (query.next()) out[{query.integer(0), query.text(1)}] = query.integer(2);
    return out;
  };
  while (world.books.aggregate(2)) {}
  CHECK(slices("M-01") == mentions);
  CHECK(slices("M-07") == likes);
  CHECK(world.ask("SELECT count(*) FROM dirty") == 0);

  miss(world, morning + 8h, "home.example", 2);  // the second row: name "1", mastodon
  miss(world, morning + 10h, "home.example", 2);
  std::pair<std::int64_t, std::string> gone{morning.time_since_epoch().count(), "mastodon"};
  --mentions[gone];
  likes[gone] -= 1;
  while (world.books.aggregate(100)) {}
  CHECK(slices("M-01") == mentions);
  CHECK(slices("M-07") == likes);
}

TEST_CASE("a database of a newer program is refused untouched", "[store]") {
  TempDir dir;
  auto file = dir.path() / "campaign.db";
  { store::Store books(file); }
  {
    store::Database db(file, store::Access::write);
    db.run("PRAGMA user_version = 99");
  }
  auto before = read_file(file);
  CHECK_THROWS_AS(store::Store(file), store::Unusable);
  bool untouched = read_file(file) == before;
  CHECK(untouched);
}

// Opening it for writing made it a WAL database before its header was looked at.
TEST_CASE("a database of another program is refused untouched", "[store]") {
  TempDir dir;
  auto file = dir.path() / "other.db";
  {
    store::Database db(file, store::Access::write);
    db.run("CREATE TABLE theirs(x); INSERT INTO theirs VALUES (1);");
    db.run("PRAGMA journal_mode = DELETE");
  }
  auto before = read_file(file);
  CHECK_THROWS_AS(store::Store(file), store::Unusable);
  bool untouched = read_file(file) == before;
  CHECK(untouched);
}

TEST_CASE("a file that is no database is refused untouched", "[store]") {
  TempDir dir;
  auto file = dir.write("notes.txt", std::string(5000, 'n'));
  CHECK_THROWS_AS(store::Store(file), store::Unusable);
  CHECK(read_file(file) == std::string(5000, 'n'));
}

TEST_CASE("a database opened again keeps what it held", "[store]") {
  TempDir dir;
  auto file = dir.path() / "campaign.db";
  {
    store::Store books(file);
    auto page = make_page({due_fact()}, morning);
    books.save(page, morning);
  }
  store::Store again(file);
  auto page = make_page({due_fact()}, morning + 1h);
  again.save(page, morning + 1h);
  CHECK(page.poll.fresh == 0);
}

TEST_CASE("M-16 counts every way in which a post may be taken away by others, and none of ours", "[removal]") {
  World world;
  std::vector<store::Fact> facts;
  for (const char* name : {"1", "2", "3", "4", "5"}) {
    facts.push_back(due_fact(name));
    facts.back().author.pseudonym = digest(std::string("author of ") + name);
  }
  world.see(facts, morning);
  miss(world, morning + 15min);
  miss(world, morning + 2h);
  auto page = make_page({}, morning + 3h);
  page.deleted = {digest("2")};
  page.accounts = {{"mastodon", {digest("author of 3")}, true}};
  page.withdrawn.push_back(facts[3].keys);
  world.books.save(page, morning + 3h);
  store::Account account;
  account.names.push_back({"2025", "mastodon", digest("author of 5")});
  world.books.forget(
      account, [](const store::Digest& each) { return each; }, morning + 4h);
  REQUIRE(posts(world) == 0);
  store::Database db(world.file, store::Access::read);
  store::MetricRunner runner(db);
  runner.choose("2025", {{edition_2025().from, edition_2025().until, ""}}, store::Breakdown::none);
  CHECK(runner.run(store::metric("M-16")).at({"", ""}).value == 4.0);
  CHECK(world.ask("SELECT count(*) FROM removal") == 5);
}
