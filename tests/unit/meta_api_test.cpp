#include "connectors/platforms/meta_api.hpp"

#include <array>

#include "connectors/reading/hmac.hpp"
#include "connectors/reading/text.hpp"
#include "tests/unit/meta_talk.hpp"

using namespace campaignd;
using namespace campaignd::test;
using namespace std::chrono_literals;

namespace {

Failure failure_of(int status, const std::string& body, const Headers& headers = {}, const Session* session = nullptr) {
  Request asked("https://graph.facebook.com/v25.0/me?appsecret_proof=abcdef");
  auto failure = meta::failure_of(reply(asked, status, body, meta_now, headers), {"Facebook", session, "a review"});
  CHECK(failure.message.find("appsecret_proof") == std::string::npos);
  return failure;
}

}  // namespace

TEST_CASE("a proof is the HMAC of RFC 4231", "[meta]") {
  CHECK(hmac_sha256_hex("Jefe", "what do ya want for nothing?") ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  CHECK(hmac_sha256_hex("", "") == "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

TEST_CASE("each error of Meta is told for its remedy", "[meta]") {
  struct Case {
    int code;
    Failure::Code failure;
    const char* says;
  };
  constexpr std::array cases{Case{1, Failure::unavailable, "later"},      Case{2, Failure::unavailable, "later"},
                             Case{3, Failure::refused, "permission"},     Case{4, Failure::throttled, "waiting"},
                             Case{10, Failure::refused, "a review"},      Case{17, Failure::throttled, "waiting"},
                             Case{24, Failure::gone, "nothing"},          Case{32, Failure::throttled, "waiting"},
                             Case{100, Failure::refused, "error 100"},    Case{102, Failure::refused, "new one"},
                             Case{110, Failure::gone, "no account"},      Case{190, Failure::refused, "new one"},
                             Case{200, Failure::refused, "permission"},   Case{299, Failure::refused, "permission"},
                             Case{341, Failure::throttled, "waiting"},    Case{368, Failure::refused, "blocked"},
                             Case{613, Failure::throttled, "waiting"},    Case{803, Failure::gone, "nothing"},
                             Case{80001, Failure::throttled, "waiting"},  Case{80014, Failure::throttled, "waiting"},
                             Case{12345, Failure::refused, "error 12345"}};
  for (const auto& each : cases) {
    auto failure = failure_of(400, graph_error(each.code, "what Meta says"));
    INFO(each.code << ": " << failure.message);
    CHECK(failure.code == each.failure);
    CHECK(failure.message.find(each.says) != std::string::npos);
    CHECK(failure.message.find("\"what Meta says\"") != std::string::npos);
    CHECK(failure.retry_after.has_value() == (each.failure == Failure::throttled));
  }
  CHECK(failure_of(500, graph_error(12345, "x", 0, true)).code == Failure::unavailable);
  CHECK(failure_of(503, "<html>").code == Failure::unavailable);
  CHECK(failure_of(400, "{}").code == Failure::malformed);
}

TEST_CASE("what happened to a token is said", "[meta]") {
  CHECK(failure_of(400, graph_error(190, "x", 463)).message.find("expired") != std::string::npos);
  CHECK(failure_of(400, graph_error(190, "x", 460)).message.find("password") != std::string::npos);
  CHECK(failure_of(400, graph_error(190, "x", 458)).message.find("removed the app") != std::string::npos);
}

TEST_CASE("a limit is waited for as long as Meta says, or an hour", "[meta]") {
  CHECK(failure_of(400, graph_error(4)).retry_after == 3600s);
  CHECK(failure_of(400, graph_error(80002), business_usage(100, 19)).retry_after == 19min);
  CHECK(failure_of(400, graph_error(80002), business_usage(100, 100'000)).retry_after == 24h);
}

TEST_CASE("an error that quotes a token is told without it", "[meta]") {
  Session session;
  session.credential = "short-tok:app-secret";
  auto said =
      failure_of(400, graph_error(190, "Malformed access token short-tok and app-secret"), {}, &session).message;
  CHECK(said.find("short-tok") == std::string::npos);
  CHECK(said.find("app-secret") == std::string::npos);
  CHECK(said.find("Malformed access token") != std::string::npos);
  auto other = failure_of(400, graph_error(190, "Malformed access token EAABwzLixnjYBAOZBZCqZAe0FZCabcdefghij"));
  CHECK(other.message.find("EAABwz") == std::string::npos);
  CHECK(is_valid_utf8(other.message));
}

TEST_CASE("usage is the highest of all percentages, and garbage is none", "[meta]") {
  CHECK(meta::read_usage({}).percent == 0);
  CHECK(meta::read_usage(app_usage(28)).percent == 28);
  auto both = app_usage(28);
  both.push_back(business_usage(91, 5).front());
  CHECK(meta::read_usage(both).percent == 91);
  CHECK(meta::read_usage(both).regain == 5min);
  for (const char* garbage : {"{", "[]", "7", R"({"call_count":"x"})", R"({"call_count":-5})", R"({"1":[[],3]})"}) {
    Headers headers;
    headers.emplace_back("x-app-usage", garbage);
    headers.emplace_back("x-business-use-case-usage", garbage);
    CHECK(meta::read_usage(headers).percent == 0);
  }
}

TEST_CASE("from 75 percent on a source rests, from 95 percent on its poll ends and claims nothing", "[meta]") {
  auto heed = [](const Headers& headers, bool more) {
    Page page;
    page.more = more;
    page.joins_last = true;
    page.since = meta_now;
    meta::heed_limits(reply(Request("https://x.example/"), 200, "", meta_now, headers), {"Threads"}, page);
    return page;
  };
  CHECK_FALSE(heed(app_usage(74), true).pause);
  auto slow = heed(app_usage(75), true);
  CHECK(slow.pause == 30min);
  CHECK(slow.more);
  CHECK(slow.joins_last);
  auto cut = heed(app_usage(95), true);
  CHECK(cut.pause == 1h);
  CHECK_FALSE(cut.more);
  CHECK_FALSE(cut.joins_last);
  CHECK_FALSE(cut.since);
  REQUIRE(cut.refused.size() == 1U);
  CHECK(cut.refused.front().id.empty());
  auto done = heed(business_usage(99, 120), false);
  CHECK(done.pause == 2h);
  CHECK(done.joins_last);
  CHECK(done.refused.empty());
}

TEST_CASE("dates of Meta have an offset without a colon", "[meta]") {
  auto time_of = [](const std::string& text) {
    std::optional<sys_ms> time;
    REQUIRE(read_json("{\"t\":\"" + text + "\"}", [&](Json item) { time = meta::read_time(item, "t"); }).has_value());
    return shown(time);
  };
  CHECK(time_of("2019-08-12T03:45:11+0000") == "2019-08-12T03:45:11.000Z");
  CHECK(time_of("2019-08-12T03:45:11-0730") == "2019-08-12T11:15:11.000Z");
  CHECK(time_of("soon") == "none");
}
