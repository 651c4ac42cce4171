#include "daemon/store/store.hpp"

#include <catch2/catch.hpp>

#include "tests/unit/support.hpp"

using namespace campaignd;
using namespace campaignd::test;
using namespace std::chrono_literals;

namespace {

store::PageOwner no_partner(const std::string&, const std::string&) { return {}; }

const sys_ms morning = utc("2025-06-20T08:00:00Z");

store::SourceState polled_at(sys_ms next) {
  store::SourceState state;
  state.next_poll = next;
  state.interval = 5min;
  return state;
}

/// Everything a page may leave behind.
std::vector<std::int64_t> rows(const World& world) {
  return {world.ask("SELECT count(*) FROM post"),     world.ask("SELECT count(*) FROM alias"),
          world.ask("SELECT count(*) FROM author"),   world.ask("SELECT count(*) FROM sighting"),
          world.ask("SELECT count(*) FROM match"),    world.ask("SELECT count(*) FROM observation"),
          world.ask("SELECT count(*) FROM audience"), world.ask("SELECT count(*) FROM reading"),
          world.ask("SELECT count(*) FROM poll")};
}

store::Fact counted(const std::string& name, std::int64_t likes) {
  auto fact = make_fact(name, "ala", morning);
  fact.author.followers = 100;
  fact.counters.likes = likes;
  return fact;
}

}  // namespace

TEST_CASE("page, ledger row and cursor are kept together", "[store]") {
  World world;
  world.books.configure({make_source("one", "v1")}, "2025", morning);
  auto page = make_page({counted("1", 5)}, morning);
  page.cursor = Cursor{"newest=1", "\"e\"", "yesterday"};
  world.books.save(page, morning);
  CHECK(page.poll.id > 0);
  CHECK(page.poll.fresh == 1);
  CHECK(rows(world) == std::vector<std::int64_t>{1, 1, 1, 1, 1, 1, 1, 1, 1});
  CHECK(world.books.source("one").cursor == Cursor{"newest=1", "\"e\"", "yesterday"});
  CHECK(world.ask("SELECT count(*) FROM poll WHERE outcome = 'interrupted'") == 1);
}

TEST_CASE("when one of page, ledger row and cursor cannot be kept, none is", "[store]") {
  World world;
  world.books.configure({make_source("one", "v1")}, "2025", morning);
  {
    store::Database other(world.file, store::Access::write);
    other.run("CREATE TRIGGER broken BEFORE UPDATE OF position ON source BEGIN SELECT RAISE(ABORT, 'broken'); END");
  }
  auto before = rows(world);
  auto page = make_page({counted("1", 5)}, morning);
  page.cursor = Cursor{"newest=1", "", ""};
  CHECK_THROWS(world.books.save(page, morning));
  CHECK(page.poll.id == 0);
  CHECK(rows(world) == before);
  {
    store::Database other(world.file, store::Access::write);
    other.run("DROP TRIGGER broken");
  }
  world.books.save(page, morning);
  CHECK(rows(world) == std::vector<std::int64_t>{1, 1, 1, 1, 1, 1, 1, 1, 1});
}

TEST_CASE("the same page twice adds nothing but its ledger row", "[store]") {
  World world;
  CHECK(world.see({counted("1", 5), counted("2", 0)}, morning).fresh == 2);
  auto before = rows(world);
  CHECK(world.see({counted("1", 5), counted("2", 0)}, morning + 5min).fresh == 0);
  ++before.back();
  CHECK(rows(world) == before);
  CHECK(world.ask("SELECT min(confirmed_utc) FROM post") == (morning + 5min).time_since_epoch().count());
  CHECK(world.ask("SELECT max(first_seen_utc) FROM post") == morning.time_since_epoch().count());
}

TEST_CASE("an observation is kept only when a number changed", "[store]") {
  World world;
  world.see({counted("1", 5)}, morning);
  world.see({counted("1", 5)}, morning + 5min);
  world.see({counted("1", 6)}, morning + 10min);
  CHECK(world.ask("SELECT count(*) FROM observation") == 2);
  CHECK(world.ask("SELECT likes FROM reading") == 6);
}

TEST_CASE("one post two servers show is one post and two sightings", "[store]") {
  World world;
  world.see({counted("1", 5)}, morning, "one", "a.example");
  CHECK(world.see({counted("1", 5)}, morning + 1min, "two", "b.example").fresh == 0);
  CHECK(world.ask("SELECT count(*) FROM post") == 1);
  CHECK(world.ask("SELECT count(*) FROM sighting") == 2);
  CHECK(world.ask("SELECT count(DISTINCT observer) FROM observation") == 2);
}

TEST_CASE("an unknown post without a match is not kept", "[store]") {
  World world;
  auto fact = counted("1", 5);
  fact.match.reset();
  CHECK(world.see({fact}, morning).fresh == 0);
  CHECK(world.ask("SELECT count(*) FROM post") == 0);
  CHECK(world.ask("SELECT count(*) FROM author") == 0);
}

TEST_CASE("a lost tag closes the match, and the tag typed again opens another", "[store]") {
  World world;
  world.see({counted("1", 5)}, morning);
  auto edited = counted("1", 5);
  edited.match.reset();
  world.see({edited}, morning + 1h);
  CHECK(world.ask("SELECT count(*) FROM match WHERE until_utc IS NULL") == 0);
  CHECK(world.ask("SELECT until_utc FROM match") == (morning + 1h).time_since_epoch().count());
  CHECK(world.ask("SELECT count(*) FROM reading") == 0);
  CHECK(world.ask("SELECT count(*) FROM post") == 1);
  world.see({counted("1", 5)}, morning + 2h);
  CHECK(world.ask("SELECT count(*) FROM match WHERE until_utc IS NULL") == 1);
  CHECK(world.ask("SELECT count(*) FROM reading") == 1);
}

TEST_CASE("a post whose class changed counts in one class only", "[store]") {
  World world;
  world.see({counted("1", 5)}, morning);
  auto edited = counted("1", 5);
  edited.match = Match{"word", MatchClass::plain};
  world.see({edited}, morning + 1h);
  CHECK(world.ask("SELECT count(*) FROM match") == 2);
  CHECK(world.ask("SELECT count(*) FROM reading WHERE class = 'plain'") == 1);
  CHECK(world.ask("SELECT count(*) FROM reading") == 1);
}

TEST_CASE("two rows that turn out to be one post are merged, with their facts", "[store]") {
  World world;
  world.see({counted("1", 5)}, morning, "one", "a.example");
  auto second = counted("2", 7);
  world.see({second}, morning + 1min, "two", "b.example");
  REQUIRE(world.ask("SELECT count(*) FROM post") == 2);
  auto both = counted("1", 5);
  both.keys.push_back({digest("2"), "alias"});
  CHECK(world.see({both}, morning + 2min, "one", "a.example").fresh == 0);
  CHECK(world.ask("SELECT count(*) FROM post") == 1);
  CHECK(world.ask("SELECT count(*) FROM alias") == 2);
  CHECK(world.ask("SELECT count(*) FROM sighting") == 2);
  CHECK(world.ask("SELECT count(*) FROM observation") == 2);
  CHECK(world.ask("SELECT count(*) FROM reading") == 1);
  CHECK(world.ask("SELECT likes FROM reading") == 7);
  CHECK(world.ask("SELECT count(*) FROM change WHERE what = 'merge'") == 1);
  CHECK(world.see({second}, morning + 3min, "two", "b.example").fresh == 0);
}

// The row kept was the one found first, and with it the later of two first sights.
TEST_CASE("a merged post was first seen when either row was", "[store]") {
  World world;
  auto late = counted("1", 5);
  auto early = counted("2", 5);
  late.published.reset();
  early.published.reset();
  world.see({early}, morning);
  world.see({late}, morning + 2h);
  auto both = late;
  both.keys.push_back({digest("2"), "alias"});
  world.see({both}, morning + 3h);
  CHECK(world.ask("SELECT first_seen_utc FROM post") == morning.time_since_epoch().count());
  CHECK(world.ask("SELECT first_utc FROM sighting") == morning.time_since_epoch().count());
  CHECK(world.ask("SELECT last_utc FROM sighting") == (morning + 3h).time_since_epoch().count());
  CHECK(world.ask("SELECT at_utc FROM reading") == morning.time_since_epoch().count());
}

TEST_CASE("a changed digest voids the cursor, an equal one keeps it", "[store]") {
  World world;
  world.books.configure({make_source("one", "v1")}, "2025", morning);
  auto page = make_page({}, morning);
  page.cursor = Cursor{"newest=1", "\"e\"", "yesterday"};
  world.books.save(page, morning);
  world.books.finish(page.poll, polled_at(morning + 5min), "");
  world.books.configure({make_source("one", "v1")}, "2025", morning + 1min);
  CHECK(world.books.source("one").cursor.position == "newest=1");
  CHECK(shown(world.books.source("one").next_poll) == "2025-06-20T08:05:00.000Z");
  world.books.configure({make_source("one", "v2")}, "2025", morning + 2min);
  CHECK(world.books.source("one").cursor == Cursor{});
  CHECK(world.books.source("one").next_poll.time_since_epoch().count() == 0);
}

TEST_CASE("a source that is configured no more is forgotten", "[store]") {
  World world;
  world.books.configure({make_source("one", "v1"), make_source("two", "v1")}, "2025", morning);
  world.books.configure({make_source("two", "v1")}, "2025", morning + 1min);
  CHECK(world.ask("SELECT count(*) FROM source") == 1);
}

TEST_CASE("watch rows open with a term and close without it", "[store]") {
  World world;
  world.books.configure({make_source("one", "v1", {"tag", "word"})}, "2025", morning);
  world.books.configure({make_source("one", "v1", {"tag", "word"})}, "2025", morning + 1min);
  CHECK(world.ask("SELECT count(*) FROM watch") == 2);
  world.books.configure({make_source("one", "v2", {"tag"})}, "2025", morning + 1h);
  CHECK(world.ask("SELECT count(*) FROM watch WHERE until_utc IS NULL") == 1);
  CHECK(world.ask("SELECT until_utc FROM watch WHERE term = 'word'") == (morning + 1h).time_since_epoch().count());
  world.books.configure({make_source("one", "v3", {"tag", "word"})}, "2025", morning + 2h);
  CHECK(world.ask("SELECT count(*) FROM watch WHERE term = 'word'") == 2);
  world.books.configure({make_source("one", "v3", {"tag", "word"})}, "2026", morning + 3h);
  CHECK(world.ask("SELECT count(*) FROM watch WHERE edition = '2025' AND until_utc IS NULL") == 0);
  CHECK(world.ask("SELECT count(*) FROM watch WHERE edition = '2026'") == 2);
}

TEST_CASE("an organisation is attributed by today's configuration", "[store]") {
  World world;
  world.see({make_fact("1", "ngo", morning)}, morning);
  store::PartnerAccount account{"2025", "mastodon", digest("author ngo"), "ngo", "An Organisation"};
  world.books.attribute({account}, no_partner);
  CHECK(world.ask("SELECT count(*) FROM reading WHERE partner = 'ngo'") == 1);
  CHECK(world.ask("SELECT count(*) FROM author WHERE name = 'An Organisation'") == 1);
  world.books.attribute({}, no_partner);
  CHECK(world.ask("SELECT count(*) FROM reading WHERE partner IS NULL") == 1);
}

// It lost its attribution and kept its name in clear.
TEST_CASE("an account that is no organisation any more loses its name", "[store]") {
  World world;
  world.see({make_fact("1", "ngo", morning)}, morning);
  world.books.attribute({{"2025", "mastodon", digest("author ngo"), "ngo", "An Organisation"}}, no_partner);
  world.books.attribute({}, no_partner);
  CHECK(world.ask("SELECT count(*) FROM author WHERE name IS NOT NULL") == 0);
}

TEST_CASE("what was spent survives and is told from then on", "[store]") {
  World world;
  world.see({}, morning);
  world.see({}, morning + 10min);
  auto spent = world.books.spent(morning + 5min, "mastodon");
  REQUIRE(spent.size() == 1U);
  CHECK(spent[0].bucket == "mastodon");
  CHECK(spent[0].host == "home.example");
  CHECK(spent[0].cost == 1);
  CHECK(shown(spent[0].at) == "2025-06-20T08:10:00.000Z");
}

TEST_CASE("a probe leaves nothing behind", "[store]") {
  World world;
  world.books.probe();
  CHECK(world.ask("SELECT count(*) FROM change") == 0);
}
