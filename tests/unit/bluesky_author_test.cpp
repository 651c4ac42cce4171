#include "tests/unit/bluesky_talk.hpp"

using namespace campaignd;
using namespace campaignd::test;

namespace {

const sys_ms now = utc("2025-06-20T12:00:00Z");
const std::string feed = "https://public.api.bsky.app/xrpc/app.bsky.feed.getAuthorFeed?actor=";
const std::string rest = "&filter=posts_with_replies&limit=100";
const std::string by_did = feed + "did%3Aplc%3Aola" + rest;

SourceSettings account(const std::string& name = "ola.example") {
  SourceSettings out;
  out.account = name;
  out.floor = utc("2025-01-01T00:00:00Z");
  return out;
}

Talk polling(const SourceSettings& settings, const Cursor& cursor = {}) {
  return {make_bluesky(settings)->discover(cursor), now};
}

Cursor left_at(const std::string& newest, const std::string& back = "") {
  auto time = std::to_string(utc(newest).time_since_epoch().count());
  return {"newest=" + time + "&back=" + back + "&pages=1&did=did:plc:ola", "", ""};
}

std::string day(const std::string& date) { return date + "T08:00:00.000Z"; }

Failure failure_of(int status, const std::string& body) {
  auto talk = polling(account());
  talk.ask();
  auto result = talk.hear(status, body);
  REQUIRE_FALSE(result.has_value());
  return result.error();
}

}  // namespace

TEST_CASE("the first poll of an account reads back to the floor", "[bluesky][account]") {
  auto talk = polling(account("@Ola.Example"));
  CHECK(talk.ask() == feed + "ola.example" + rest);
  CHECK(talk.asked().bucket == "bluesky");
  auto newest = talk.page(200, feed_of({make_post("9", day("2025-06-19")), make_post("8", day("2025-06-01"))}, "c1"));
  CHECK(newest.more);
  CHECK_FALSE(newest.joins_last);
  CHECK_FALSE(newest.since);
  CHECK(talk.ask() == by_did + "&cursor=c1");
  CHECK(talk.page(200, feed_of({make_post("7", day("2025-02-01"))}, "c 2")).more);
  CHECK(talk.ask() == by_did + "&cursor=c%202");
  auto last = talk.page(200, feed_of({make_post("6", day("2024-12-01"))}, "c3"));
  CHECK_FALSE(last.more);
  CHECK_FALSE(last.joins_last);
  CHECK(shown(last.since) == "2025-01-01T00:00:00.000Z");
}

TEST_CASE("the end of a feed is the end of the first poll", "[bluesky][account]") {
  auto talk = polling(account());
  talk.ask();
  auto page = talk.page(200, feed_of({make_post("9", day("2025-06-19"))}));
  CHECK_FALSE(page.more);
  CHECK(shown(page.since) == "2025-01-01T00:00:00.000Z");
  auto silent = polling(account());
  silent.ask();
  CHECK(shown(silent.page(200, feed_of({})).since) == "2025-01-01T00:00:00.000Z");
}

TEST_CASE("a later poll stops at the newest post known", "[bluesky][account]") {
  auto talk = polling(account(), left_at(day("2025-06-10")));
  CHECK(talk.ask() == by_did);
  CHECK(talk.page(200, feed_of({make_post("9", day("2025-06-19"))}, "c1")).more);
  CHECK(talk.ask() == by_did + "&cursor=c1");
  auto last = talk.page(200, feed_of({make_post("8", day("2025-06-12")), make_post("7", day("2025-06-10"))}, "c2"));
  CHECK_FALSE(last.more);
  CHECK(last.joins_last);
  CHECK_FALSE(last.since);

  auto next = polling(account(), last.cursor);
  next.ask();
  auto quiet = next.page(200, feed_of({make_post("9", day("2025-06-19"))}, "c1"));
  CHECK(quiet.joins_last);
  CHECK(quiet.cursor == last.cursor);
}

TEST_CASE("the newest post known may have been deleted", "[bluesky][account]") {
  auto talk = polling(account(), left_at(day("2025-06-10")));
  talk.ask();
  auto page = talk.page(200, feed_of({make_post("9", day("2025-06-19")), make_post("5", day("2025-06-09"))}, "c1"));
  CHECK_FALSE(page.more);
  CHECK(page.joins_last);
}

TEST_CASE("a poll that breaks off is not the one the next joins", "[bluesky][account]") {
  auto talk = polling(account(), left_at(day("2025-06-10")));
  talk.ask();
  auto page = talk.page(200, feed_of({make_post("9", day("2025-06-19"))}, "c1"));
  CHECK(page.more);
  auto next = polling(account(), page.cursor);
  CHECK(next.ask() == by_did);
  CHECK(next.page(200, feed_of({make_post("9", day("2025-06-19"))}, "c1")).more);
}

TEST_CASE("a first poll that broke off catches up, then reads on towards the floor", "[bluesky][account]") {
  auto talk = polling(account(), left_at(day("2025-06-10"), "c7"));
  CHECK(talk.ask() == by_did);
  auto joined = talk.page(200, feed_of({make_post("9", day("2025-06-19")), make_post("7", day("2025-06-10"))}, "c1"));
  CHECK(joined.joins_last);
  CHECK(joined.more);
  CHECK(talk.ask() == by_did + "&cursor=c7");
  auto last = talk.page(200, feed_of({make_post("1", day("2025-02-01"))}));
  CHECK_FALSE(last.more);
  CHECK(shown(last.since) == "2025-01-01T00:00:00.000Z");
  CHECK(polling(account(), last.cursor).ask() == by_did);
}

TEST_CASE("a cursor that is not accepted any more starts from the newest post, once", "[bluesky][account]") {
  auto talk = polling(account(), left_at(day("2025-06-10"), "c7"));
  talk.ask();
  talk.page(200, feed_of({make_post("7", day("2025-06-10"))}, "c1"));
  talk.ask();
  CHECK(talk.page(400, error_of("InvalidRequest", "Malformed cursor")).more);
  CHECK(talk.ask() == by_did);
  CHECK(talk.page(200, feed_of({make_post("7", day("2025-06-10"))}, "d1")).more);
  CHECK(talk.ask() == by_did + "&cursor=d1");
  CHECK_FALSE(talk.hear(400, error_of("InvalidRequest", "Malformed cursor")).has_value());
}

TEST_CASE("caps on pages are said in the coverage of an account", "[bluesky][account]") {
  auto settings = account();
  settings.backfill_pages = 2;
  auto talk = polling(settings);
  talk.ask();
  CHECK(talk.page(200, feed_of({make_post("9", day("2025-06-19"))}, "c1")).more);
  talk.ask();
  auto capped = talk.page(200, feed_of({make_post("8", day("2025-06-01"))}, "c2"));
  CHECK_FALSE(capped.more);
  CHECK(shown(capped.since) == day("2025-06-01"));

  auto later = polling(settings, left_at(day("2025-03-01"), "c7"));
  later.ask();
  CHECK(later.page(200, feed_of({make_post("9", day("2025-06-19"))}, "c1")).more);
  later.ask();
  auto gap = later.page(200, feed_of({make_post("8", day("2025-06-02"))}, "c2"));
  CHECK_FALSE(gap.more);
  CHECK_FALSE(gap.joins_last);
  CHECK(shown(gap.since) == day("2025-06-02"));
  CHECK(gap.cursor.position.find("back=&") != std::string::npos);  // a walk below the gap would claim to cover it
}

TEST_CASE("an AppView that repeats its cursor is not asked for ever", "[bluesky][account]") {
  auto first = polling(account());
  first.ask();
  CHECK(first.page(200, feed_of({make_post("9", day("2025-06-19"))}, "same")).more);
  first.ask();
  CHECK_FALSE(first.page(200, feed_of({make_post("9", day("2025-06-19"))}, "same")).more);

  auto later = polling(account(), left_at(day("2025-03-01")));
  later.ask();
  CHECK(later.page(200, feed_of({make_post("9", day("2025-06-19"))}, "same")).more);
  later.ask();
  CHECK_FALSE(later.page(200, feed_of({make_post("9", day("2025-06-19"))}, "same")).more);
}

TEST_CASE("reposts are no posts and no measure of time; a pinned post stands once", "[bluesky][account]") {
  auto repost = R"({"post":)" + make_post("1", day("2020-01-01"), "", "", "did:plc:b", "b.example") +
                R"(,"reason":{"$type":"app.bsky.feed.defs#reasonRepost","indexedAt":"2025-06-19T00:00:00Z"}})";
  auto pin =
      R"({"post":)" + make_post("9", day("2025-06-19")) + R"(,"reason":{"$type":"app.bsky.feed.defs#reasonPin"}})";
  auto talk = polling(account());
  talk.ask();
  auto page = talk.page(200, feed_of({make_post("9", day("2025-06-19"))}, "c1", {pin, repost, "7"}));
  CHECK(page.found.size() == 1U);
  CHECK(page.refused.size() == 1U);
  CHECK(page.more);

  auto only = polling(account(), left_at(day("2025-06-10")));
  only.ask();
  CHECK(only.page(200, feed_of({}, "c1", {repost})).more);
}

TEST_CASE("an account is read on under its new handle, as the one configured, and says so", "[bluesky][account]") {
  auto talk = polling(account(), left_at(day("2025-06-10")));
  talk.ask();
  auto renamed = make_post("9", day("2025-06-09"), "", "", ola, "new.example");
  auto page = talk.page(200, feed_of({renamed}));
  CHECK(page.found.front().post.author.handle == "ola.example");
  REQUIRE(page.refused.size() == 1U);
  CHECK(page.refused.front().id.empty());
  CHECK(page.refused.front().why ==
        "ola.example is now called new.example: write bluesky:new.example into the configuration");

  auto lost = polling(account());
  lost.ask();
  auto unnamed = lost.page(200, feed_of({make_post("9", day("2025-06-19"), "", "", ola, "handle.invalid")}));
  CHECK(unnamed.found.front().post.author.handle == "ola.example");
  CHECK(unnamed.refused.empty());
}

TEST_CASE("an account may be configured by its DID", "[bluesky][account]") {
  auto talk = polling(account("did:plc:ola"));
  CHECK(talk.ask() == by_did);
  auto page = talk.page(200, feed_of({make_post("9", day("2025-06-19"))}));
  CHECK(page.found.front().post.author.handle == "ola.example");
  CHECK(page.refused.empty());
}

TEST_CASE("an account that is not shown is told for its reason", "[bluesky][account]") {
  auto unknown = failure_of(400, error_of("InvalidRequest", "Profile not found"));
  CHECK(unknown.code == Failure::gone);
  CHECK(unknown.message.find("ola.example") != std::string::npos);
  CHECK(failure_of(400, error_of("AccountDeactivated", "Account is deactivated")).code == Failure::gone);
  CHECK(failure_of(400, error_of("AccountTakedown", "Account has been suspended")).code == Failure::gone);
  CHECK(failure_of(400, error_of("BlockedByActor", "Requester is blocked by actor")).code == Failure::refused);
  CHECK(failure_of(400, error_of("BlockedActor", "Requester has blocked actor")).code == Failure::refused);
  CHECK(failure_of(400, error_of("InvalidRequest", "Error: actor must be a valid did or a handle")).code ==
        Failure::refused);
  CHECK(failure_of(400, "<html>").code == Failure::refused);
  auto shut = failure_of(403, "<html>");
  CHECK(shut.code == Failure::refused);
  CHECK(shut.message.starts_with("public.api.bsky.app answered 403"));
  CHECK(failure_of(404, "").code == Failure::gone);
  CHECK(failure_of(429, "").code == Failure::throttled);
  CHECK(failure_of(503, "").code == Failure::unavailable);
  CHECK(failure_of(200, "<html>").code == Failure::malformed);
  CHECK(failure_of(200, "{}").code == Failure::malformed);
}
