// One post under several names, in several networks; and several posts that tell one story.
#include <catch2/catch.hpp>

#include "connectors/reading/story.hpp"
#include "daemon/store/store.hpp"
#include "tests/unit/support.hpp"

using namespace campaignd;
using namespace campaignd::test;
using namespace std::chrono_literals;

namespace {

const sys_ms morning = utc("2025-06-20T08:00:00Z");
const std::string bridge = "copied by Bridgy Fed";

/// A post of Bluesky as Bluesky shows it.
store::Fact native(std::int64_t likes = 7) {
  auto fact = make_fact("at://did:plc:ola/app.bsky.feed.post/1", "did:plc:ola", morning);
  fact.platform = fact.network = "bluesky";
  fact.host = "bsky.app";
  fact.counters.likes = likes;
  fact.measurable = true;
  return fact;
}

/// The same as a Mastodon server shows what the bridge made of it.
store::Fact copy(std::int64_t likes = 2) {
  auto fact = native(likes);
  fact.keys.push_back({digest("https://bsky.brid.gy/convert/1"), bridge});
  fact.seen_as = digest("https://bsky.brid.gy/convert/1");
  fact.local_id = "4711";
  fact.home_id = "at://did:plc:ola/app.bsky.feed.post/1";
  return fact;
}

void see(World& world, store::Fact fact, sys_ms now, const std::string& source, const std::string& platform,
         const std::string& host) {
  auto page = make_page({std::move(fact)}, now, source, host);
  page.platform = platform;
  world.books.save(page, now);
}
void see_native(World& world, sys_ms now, std::int64_t likes = 7) {
  see(world, native(likes), now, "bsky", "bluesky", "bsky.app");
}
void see_copy(World& world, sys_ms now, std::int64_t likes = 2) {
  see(world, copy(likes), now, "masto", "mastodon", "social.example");
}
void configure(World& world) {
  auto bsky = make_source("bsky", "v1"), masto = make_source("masto", "v1");
  bsky.host = "bsky.app";
  masto.host = "social.example";
  world.books.configure({bsky, masto}, "2025", morning);
}

/// A post of an organisation on one of its accounts.
store::Fact told(const std::string& name, const std::string& account, sys_ms at, const std::string& text,
                 const std::string& platform = "mastodon") {
  auto fact = make_fact(name, account, at);
  fact.platform = platform;
  fact.author.partner = "ngo";
  fact.text_key = digest(text);
  return fact;
}
std::int64_t stories(const World& world) {
  return world.ask("SELECT count(DISTINCT coalesce(story, post)) FROM reading");
}

}  // namespace

TEST_CASE("a bridge's copy and its original are one post, whichever was read first", "[identity]") {
  for (bool copy_first : {false, true}) {
    World world;
    configure(world);
    if (copy_first) see_copy(world, morning);
    see_native(world, morning + 1min);
    if (!copy_first) see_copy(world, morning + 2min);
    INFO(copy_first);
    CHECK(world.ask("SELECT count(*) FROM post") == 1);
    CHECK(world.ask("SELECT count(*) FROM sighting") == 2);
    CHECK(world.ask("SELECT count(*) FROM post WHERE platform = 'bluesky' AND host = 'bsky.app'") == 1);
    CHECK(world.ask("SELECT likes FROM reading") == 7);  // of its home, never the sum
    CHECK(world.ask("SELECT lower_bound FROM reading") == 0);
    CHECK(world.ask("SELECT count(*) FROM alias WHERE why = 'copied by Bridgy Fed'") == 1);
  }
}

TEST_CASE("a copy alone gives a lower bound, and its original is asked at once", "[identity]") {
  World world;
  configure(world);
  see_copy(world, morning);
  CHECK(world.ask("SELECT likes FROM reading") == 2);
  CHECK(world.ask("SELECT lower_bound FROM reading") == 1);
  auto due = world.books.due_posts("bluesky", "bsky.app", morning, 10);
  REQUIRE(due.size() == 1U);
  CHECK(due[0].local_id == "at://did:plc:ola/app.bsky.feed.post/1");
}

TEST_CASE("a post that turns out to be a copy when it is measured becomes its original", "[identity]") {
  for (bool original_known : {false, true}) {
    World world;
    configure(world);
    auto original = make_fact("https://home.example/1", "ala@home.example", morning);
    if (original_known) world.see({original}, morning);
    see_native(world, morning + 1min);  // a stream says nothing of who carried it
    auto id = world.ask("SELECT id FROM post WHERE platform = 'bluesky'");
    auto fact = original;
    fact.keys.push_back({digest("at://did:plc:ola/app.bsky.feed.post/1"), bridge});
    fact.seen_as = fact.keys.back().key;
    fact.counters.likes = 7;
    auto page = make_page({}, morning + 5min, "measure:bsky.app", "bsky.app");
    page.platform = "bluesky";
    page.measured.push_back(fact);
    page.measured_posts.push_back(id);
    world.books.save(page, morning + 5min);
    INFO(original_known);
    CHECK(world.ask("SELECT count(*) FROM post") == 1);
    CHECK(world.ask("SELECT count(*) FROM post WHERE platform = 'mastodon' AND host = 'home.example'") == 1);
    CHECK(world.ask("SELECT count(*) FROM reading WHERE platform = 'mastodon'") == 1);
    CHECK(world.ask("SELECT count(*) FROM change WHERE what IN ('link', 'merge')") == 1);
  }
}

TEST_CASE("a link is undone with its sightings and numbers, and stays undone", "[identity]") {
  World world;
  configure(world);
  see_native(world, morning);
  see_copy(world, morning + 1min);
  auto name = digest("https://bsky.brid.gy/convert/1");
  CHECK(world.books.unlink(name, "https://bsky.brid.gy/convert/1", morning + 2min) == store::Unlinked::done);
  CHECK(world.books.unlink(name, "https://bsky.brid.gy/convert/1", morning + 2min) == store::Unlinked::already);
  see_native(world, morning + 3min, 8);
  see_copy(world, morning + 4min, 3);
  CHECK(world.ask("SELECT count(*) FROM post") == 2);
  CHECK(world.ask("SELECT count(*) FROM reading") == 2);
  CHECK(world.ask("SELECT count(*) FROM sighting WHERE source = 'bsky' AND post = 1") == 1);
  CHECK(world.ask("SELECT count(*) FROM sighting WHERE source = 'masto' AND post <> 1") == 1);
  CHECK(world.ask("SELECT likes FROM reading WHERE post = 1") == 8);
  CHECK(world.ask("SELECT likes FROM reading WHERE post <> 1") == 3);
  CHECK(world.ask("SELECT count(*) FROM change WHERE what = 'unlink'") == 1);
}

// Profile strict keeps no link to a private post; undoing one stored the address that was given.
TEST_CASE("undoing a link keeps no address where none was kept", "[identity]") {
  World world;
  configure(world);
  for (auto fact : {native(), copy()}) {
    fact.uri.clear();
    fact.url.clear();
    bool is_copy = fact.seen_as.has_value();
    see(world, fact, morning, is_copy ? "masto" : "bsky", is_copy ? "mastodon" : "bluesky",
        is_copy ? "social.example" : "bsky.app");
  }
  auto name = digest("https://bsky.brid.gy/convert/1");
  CHECK(world.books.unlink(name, "https://bsky.brid.gy/convert/1", morning) == store::Unlinked::done);
  CHECK(world.ask("SELECT count(*) FROM post") == 2);
  CHECK(world.ask("SELECT count(*) FROM post WHERE coalesce(uri, '') <> '' OR coalesce(url, '') <> ''") == 0);
}

TEST_CASE("a post's own name is no link to undo, and neither is a name nobody has", "[identity]") {
  World world;
  configure(world);
  see_native(world, morning);
  auto unlink = [&](const std::string& name) { return world.books.unlink(digest(name), name, morning); };
  CHECK(unlink("at://did:plc:ola/app.bsky.feed.post/1") == store::Unlinked::its_own);
  CHECK(unlink("https://nobody.example/1") == store::Unlinked::unknown);
  // The page a person opens is another of its names, and no copy.
  auto own = make_fact("2", "ala", morning);
  own.keys.push_back({digest("https://home.example/@ala/2"), "alias"});
  world.see({own}, morning, "one", "a.example");
  world.see({own}, morning, "two", "b.example");
  CHECK(unlink("https://home.example/@ala/2") == store::Unlinked::its_own);
  CHECK(world.ask("SELECT count(*) FROM post") == 2);
  see_copy(world, morning);
  World alone;
  configure(alone);
  see_copy(alone, morning);
  CHECK(alone.books.unlink(digest("https://bsky.brid.gy/convert/1"), "x", morning) == store::Unlinked::its_own);
}

TEST_CASE("the end of a copy is not the end of its original", "[identity]") {
  World world;
  configure(world);
  see_native(world, morning);
  see_copy(world, morning);
  auto page = make_page({}, morning + 1min, "bsky", "bsky.app");
  page.deleted = {digest("https://bsky.brid.gy/convert/1")};
  world.books.save(page, morning + 1min);
  CHECK(world.ask("SELECT count(*) FROM post") == 1);
  page = make_page({}, morning + 2min, "bsky", "bsky.app");
  page.deleted = {digest("at://did:plc:ola/app.bsky.feed.post/1"), digest("never seen")};
  world.books.save(page, morning + 2min);
  CHECK(world.ask("SELECT count(*) FROM post") == 0);
  CHECK(world.ask("SELECT sum(n) FROM removal") == 1);
  see_native(world, morning + 3min);  // P-04: a late poll does not bring it back
  CHECK(world.ask("SELECT count(*) FROM post") == 0);
}

TEST_CASE("an account that was deleted takes its posts with it, a suspended one has them asked for", "[identity]") {
  World world;
  configure(world);
  see_native(world, morning);
  auto gone = [&](bool for_good, sys_ms now) {
    auto page = make_page({}, now, "bsky", "bsky.app");
    page.accounts = {{"bluesky", {digest("author did:plc:ola")}, for_good}};
    world.books.save(page, now);
  };
  CHECK(world.books.due_posts("bluesky", "bsky.app", morning + 1min, 10).empty());
  gone(false, morning + 1min);
  CHECK(world.ask("SELECT count(*) FROM post") == 1);
  CHECK(world.books.due_posts("bluesky", "bsky.app", morning + 1min, 10).size() == 1U);
  gone(true, morning + 2min);
  CHECK(world.ask("SELECT count(*) FROM post") == 0);
}

TEST_CASE("a post whose numbers nobody said is measured at once, and then as the others", "[identity]") {
  World world;
  configure(world);
  auto fact = native();
  fact.counters = {};
  see(world, fact, morning, "bsky", "bluesky", "bsky.app");
  CHECK(world.books.due_posts("bluesky", "bsky.app", morning, 10).size() == 1U);
  see(world, fact, morning + 1min, "bsky", "bluesky", "bsky.app");
  CHECK(world.books.due_posts("bluesky", "bsky.app", morning + 2min, 10).empty());
}

TEST_CASE("a server that is not the home of a post is asked until its home has answered", "[identity]") {
  World world;
  auto fact = make_fact("1", "ala", morning);
  fact.measurable = true;
  fact.home_id = "99";
  fact.counters.likes = 3;
  world.see({fact}, morning, "two", "other.example");
  CHECK(world.ask("SELECT count(*) FROM recheck") == 2);
  auto at_home = fact;
  at_home.local_id = "99";
  at_home.home_id.clear();
  at_home.counters.likes = 12;
  auto page = make_page({}, morning + 1min, "measure:home.example");
  page.measured.push_back(at_home);
  page.measured_posts.push_back(1);
  world.books.save(page, morning + 1min);
  CHECK(world.ask("SELECT count(*) FROM recheck") == 1);
  CHECK(world.ask("SELECT likes FROM reading") == 12);
  world.see({fact}, morning + 2min, "two", "other.example");
  CHECK(world.ask("SELECT count(*) FROM recheck JOIN observer ON observer.id = observer WHERE host = 'home.example'") ==
        1);
  CHECK(world.ask("SELECT count(*) FROM recheck") == 1);
}

TEST_CASE("T-10: one text by one organisation on two platforms within minutes is two mentions and one story",
          "[identity]") {
  World world;
  world.see({told("1", "ngo@home.example", morning, "Join us")}, morning);
  see(world, told("2", "did:plc:ngo", morning + 5min, "Join us", "bluesky"), morning + 5min, "bsky", "bluesky",
      "bsky.app");
  CHECK(world.ask("SELECT count(*) FROM reading") == 2);
  CHECK(stories(world) == 1);
}

TEST_CASE("the same text a day later, by another, or another text are stories of their own", "[identity]") {
  World world;
  world.see({told("1", "ngo@home.example", morning, "Join us"), told("2", "ngo@home.example", morning + 25h, "Join us"),
             told("3", "ngo@home.example", morning, "Lunch")},
            morning + 26h);
  auto stranger = make_fact("4", "ala", morning);
  stranger.text_key = digest("Join us");
  world.see({stranger}, morning + 26h);
  CHECK(stories(world) == 4);
  // What lies between joins them, whenever it is read.
  world.see({told("5", "ngo@home.example", morning + 13h, "Join us")}, morning + 27h);
  CHECK(stories(world) == 3);
  // And an edit takes it out again.
  auto edited = told("5", "ngo@home.example", morning + 13h, "Join us tomorrow");
  edited.edited = morning + 28h;
  world.see({edited}, morning + 28h);
  CHECK(stories(world) == 5);
}

TEST_CASE("what platforms write differently is no difference between two texts", "[identity]") {
  auto words = [](std::string_view text) {
    Post post;
    post.text = text;
    return story_text(post);
  };
  auto same = words("Join us! #AllInForIntegration https://ngo.example/party?utm=1 @eu@social.example");
  CHECK(same == "joinusallinforintegration");
  CHECK(words("join us  #AllInForIntegration\nngo.example/party… @eu.example") == same);
  CHECK(words("Join us tomorrow #AllInForIntegration") != same);
  CHECK(words("Zażółć GĘŚLĄ") == words("zażółć gęślą"));
  CHECK(words("https://ngo.example @eu").empty());
}

// A stream names accounts by their ids alone; the organisation's is configured by its handle.
TEST_CASE("an organisation's post that was first seen without its handle is the organisation's once that is read",
          "[identity]") {
  World world;
  configure(world);
  auto unknown = native();
  see(world, unknown, morning, "bsky", "bluesky", "bsky.app");
  CHECK(world.ask("SELECT count(*) FROM reading WHERE partner = 'ngo'") == 0);
  auto known = native();
  known.author.handle = digest("ngo.example");
  known.author.partner = "ngo";
  see(world, known, morning + 1min, "bsky", "bluesky", "bsky.app");
  CHECK(world.ask("SELECT count(*) FROM reading WHERE partner = 'ngo'") == 1);
  see(world, unknown, morning + 2min, "bsky", "bluesky", "bsky.app");  // and stays so
  CHECK(world.ask("SELECT count(*) FROM reading WHERE partner = 'ngo'") == 1);
}

TEST_CASE("an organisation's post without the tag stays when a stream shows it without saying whose it is",
          "[identity]") {
  World world;
  configure(world);
  auto owned = native();
  owned.author.partner = "ngo";
  owned.match = Match{"", MatchClass::owned};
  see(world, owned, morning, "bsky", "bluesky", "bsky.app");
  auto streamed = native();
  streamed.match.reset();
  see(world, streamed, morning + 1min, "bsky", "bluesky", "bsky.app");
  CHECK(world.ask("SELECT count(*) FROM match WHERE until_utc IS NULL") == 1);
}
