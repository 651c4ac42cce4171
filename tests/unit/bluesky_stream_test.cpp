#include <fmt/format.h>

#include "tests/unit/bluesky_talk.hpp"

using namespace campaignd;
using namespace campaignd::test;
using namespace std::chrono_literals;

namespace {

const sys_ms now = utc("2025-06-20T12:00:00Z");

SourceSettings stream_settings() {
  SourceSettings out;
  out.engine = "jetstream";
  out.tags = {"AllIn"};
  out.words = {"AllIn", "All In for Integration", "ΝΙΕΜ", "АllInForIntegration"};
  out.floor = utc("2025-01-01T00:00:00Z");
  return out;
}

std::int64_t us(sys_ms at) { return at.time_since_epoch().count() * 1000; }

std::string event(sys_ms at, const std::string& operation, const std::string& key, const std::string& text = "",
                  const std::string& more = "") {
  auto record = text.empty() && more.empty()
                    ? std::string()
                    : R"(,"record":{"$type":"app.bsky.feed.post","createdAt":"2025-06-20T11:59:00.000Z","text":")" +
                          text + "\"" + more + "}";
  return fmt::format(R"({{"did":"did:plc:ola","time_us":{},"kind":"commit","commit":{{"rev":"r","operation":"{}",)"
                     R"("collection":"app.bsky.feed.post","rkey":"{}"{}}}}})",
                     us(at), operation, key, record) +
         "\n";
}
std::string account(sys_ms at, const std::string& what) {
  return fmt::format(R"({{"did":"did:plc:ola","time_us":{},"kind":"account","account":{{"active":{}}}}})", us(at),
                     what) +
         "\n";
}

Talk streaming(const std::string& position = "") {
  Cursor cursor;
  cursor.position = position;
  return {make_bluesky(stream_settings())->discover(cursor), now};
}

std::string where(std::int64_t cursor) {
  return fmt::format(
      "https://jetstream2.us-east.bsky.network/"
      "subscribe?wantedCollections=app.bsky.feed.post&maxMessageSizeBytes=262144&cursor={}",
      cursor);
}

}  // namespace

TEST_CASE("a stream begins as far back as it is told, and goes on a little before the last event", "[jetstream]") {
  auto first = streaming();
  CHECK(first.ask() == where(us(now - 36h)));
  CHECK(first.asked().stream == StreamKind::websocket);
  CHECK(first.asked().bucket == "jetstream");
  CHECK(streaming(fmt::format("time_us={}", us(now - 1h))).ask() == where(us(now - 1h - 5s)));
  CHECK(streaming(fmt::format("time_us={}", us(now - 48h))).ask() == where(us(now - 36h)));
  auto settings = stream_settings();
  settings.floor = now - 1h;
  Talk young(make_bluesky(settings)->discover({}), now);
  CHECK(young.ask() == where(us(now - 1h)));
}

TEST_CASE("what holds a tag or a word of the campaign is read, in any case, the rest passes", "[jetstream]") {
  auto talk = streaming();
  talk.ask();
  auto page =
      talk.page(101, event(now, "create", "1", "Lunch #allin") + event(now, "create", "2", "Lunch") +
                         event(now, "create", "3", "ALL IN FOR INTEGRATION") + event(now, "create", "4", "ΝΙΕΜ") +
                         event(now, "create", "5", "\\uff23", R"(,"tags":["ALLIN"])") +
                         event(now, "create", "6", "\xEF\xBC\xA1\xEF\xBD\x8C\xEF\xBD\x8C\xEF\xBC\xA9\xEF\xBD\x8E") +
                         event(now, "create", "7", "All in\\nfor\xC2\xA0Integration"));
  std::vector<std::string> keys;
  for (const auto& each : page.found) keys.push_back(each.post.uri.substr(each.post.uri.rfind('/') + 1));
  CHECK(keys == std::vector<std::string>{"1", "3", "4", "5", "6", "7"});
  CHECK(page.refused.empty());
  CHECK(page.more);
  const auto& post = page.found[0].post;
  CHECK(post.author.key == "did:plc:ola");
  CHECK(post.uri == "at://did:plc:ola/app.bsky.feed.post/1");
  CHECK(page.found[0].counters == Counters{});
  CHECK(shown(post.published) == "2025-06-20T11:59:00.000Z");
}

TEST_CASE("a deletion names the post, an account that goes its author", "[jetstream]") {
  auto talk = streaming();
  talk.ask();
  auto page = talk.page(101, event(now, "delete", "9") + account(now, R"(false,"status":"deleted")") +
                                 account(now, R"(false,"status":"suspended")") + account(now, "true"));
  REQUIRE(page.gone.size() == 1U);
  CHECK(page.gone[0].of.post == 0);
  CHECK(page.gone[0].of.uri == "at://did:plc:ola/app.bsky.feed.post/9");
  REQUIRE(page.accounts.size() == 2U);
  CHECK(page.accounts[0].for_good);
  CHECK_FALSE(page.accounts[1].for_good);
}

TEST_CASE("an update is read whatever it says: the tag may have been taken out", "[jetstream]") {
  auto talk = streaming();
  talk.ask();
  CHECK(talk.page(101, event(now, "update", "1", "Lunch")).found.size() == 1U);
}

TEST_CASE("a date in the future is when the event was", "[jetstream]") {
  auto talk = streaming();
  talk.ask();
  auto page = talk.page(101, event(now - 5min, "create", "1", "#AllIn"));
  REQUIRE(page.found.size() == 1U);
  CHECK(shown(page.found[0].post.published) == shown(now - 5min));
}

TEST_CASE("nothing is covered before the stream has caught up, then all of it is", "[jetstream]") {
  auto talk = streaming(fmt::format("time_us={}", us(now - 10h)));
  talk.ask();
  auto behind = talk.page(101, event(now - 9h, "create", "1", "x"));
  CHECK_FALSE(behind.since);
  CHECK_FALSE(behind.joins_last);
  auto live = talk.page(101, event(now - 10s, "create", "2", "x"));
  CHECK(shown(live.since) == shown(now - 10h - 5s));
  auto silent = talk.page(101, "");
  CHECK_FALSE(silent.joins_last);
  CHECK_FALSE(silent.since);
  auto next = talk.page(101, event(now, "create", "3", "x"));
  CHECK(next.joins_last);
  CHECK_FALSE(next.since);
}

TEST_CASE("a stream that broke off while catching up covers from where it began, not from where it broke",
          "[jetstream]") {
  auto first = streaming(fmt::format("time_us={}", us(now - 10h)));
  first.ask();
  auto behind = first.page(101, event(now - 9h, "create", "1", "x"));
  auto second = streaming(behind.cursor.position);
  CHECK(second.ask() == where(us(now - 9h - 5s)));
  CHECK_FALSE(second.page(101, "").since);
  CHECK(shown(second.page(101, event(now, "create", "2", "x")).since) == shown(now - 10h - 5s));
}

TEST_CASE("events that cannot be read cost themselves alone, and the cursor moves on", "[jetstream]") {
  auto talk = streaming();
  talk.ask();
  auto page = talk.page(101, "{\"account\" broken\n" + event(now - 1min, "create", "1", "#AllIn") +
                                 event(now, "create", "", "#AllIn") + "[]\n\"allin\"\n");
  CHECK(page.found.size() == 1U);
  CHECK(page.refused.size() == 2U);
  CHECK(page.cursor.position.starts_with(fmt::format("time_us={}&", us(now))));
}

TEST_CASE("a server that declines is a failure with its remedy", "[jetstream]") {
  auto failure = [](int status, const Headers& headers = {}) {
    auto talk = streaming();
    talk.ask();
    auto result = talk.hear(status, "", headers);
    REQUIRE_FALSE(result.has_value());
    return result.error().code;
  };
  CHECK(failure(400) == Failure::refused);
  CHECK(failure(429) == Failure::throttled);
  CHECK(failure(503) == Failure::unavailable);
}
