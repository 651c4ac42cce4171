// Reddit: refusals, limits, measurements and what is gone.
#include "tests/unit/reddit_talk.hpp"

using namespace campaignd;
using namespace campaignd::test;
using namespace campaignd::test::reddit;

TEST_CASE("Reddit: each of its refusals says what to do", "[reddit]") {
  struct Case {
    int status;
    const char* body;
    Failure::Code code;
    const char* words;
  };
  for (const auto& each : {
           Case{400,
                R"({"fields":["id"],"explanation":"that user doesn't exist","message":"Bad Request",)"
                R"("reason":"USER_DOESNT_EXIST"})",
                Failure::gone, "that user doesn't exist"},
           Case{400, R"({"message":"Bad Request","error":400})", Failure::refused, "Bad Request"},
           Case{401, R"({"message":"Unauthorized","error":401})", Failure::refused, "still approved"},
           Case{403, R"({"message":"Forbidden","error":403})", Failure::refused, "not approved"},
           Case{403, R"({"reason":"private","message":"Forbidden","error":403})", Failure::refused, "private"},
           Case{403, R"({"reason":"quarantined","message":"Forbidden","error":403})", Failure::refused, "quarantined"},
           Case{403, R"({"reason":"banned","message":"Forbidden","error":403})", Failure::refused, "banned"},
           Case{404, R"({"message":"Not Found","error":404})", Failure::gone, "404"},
           Case{301, "", Failure::refused, "elsewhere"},
           Case{302, "", Failure::refused, "elsewhere"},
           Case{500, "<html>", Failure::unavailable, "500"},
           Case{502, "<html>", Failure::unavailable, "502"},
           Case{503, "<html>", Failure::unavailable, "503"},
           Case{504, "<html>", Failure::unavailable, "504"},
           Case{200, "[]", Failure::malformed, "listing"},
           Case{200, R"({"kind":"Listing","data":{}})", Failure::malformed, "listing"},
       }) {
    INFO(each.status << each.body);
    auto failure = failure_of(each.status, each.body);
    CHECK(failure.code == each.code);
    CHECK(failure.message.find(each.words) != std::string::npos);
  }
}

TEST_CASE("Reddit: a page that shuts us out means six hours of rest, whatever its status", "[reddit]") {
  for (auto [status, body, headers] :
       {std::tuple(403, "<!doctype html>whoa there, pardner!", html),
        std::tuple(403, "<body>You've been blocked by network security.</body>", Headers{}),
        std::tuple(200, "<html>Prove your humanity</html>", Headers{}), std::tuple(200, "", html)}) {
    INFO(status << body);
    auto failure = failure_of(status, body, headers);
    CHECK(failure.code == Failure::refused);
    CHECK(failure.retry_after == 6h);
  }
  auto patient = html;
  patient.emplace_back("retry-after", "43200");
  CHECK(failure_of(403, "<html>", patient).retry_after == 12h);
}

TEST_CASE("Reddit: too many requests wait as told, by either header, or a minute", "[reddit]") {
  const std::string body = R"({"message": "Too Many Requests", "error": 429})";
  CHECK(failure_of(429, body, {{"retry-after", "90"}}).retry_after == 90s);
  CHECK(failure_of(429, body, {{"x-ratelimit-remaining", "0.0"}, {"x-ratelimit-reset", "258"}}).retry_after == 258s);
  CHECK(failure_of(429, "<html>Too Many Requests</html>", html).retry_after == 60s);
  CHECK(failure_of(429, body).code == Failure::throttled);
}

TEST_CASE("Reddit: a batch is measured with one request", "[reddit]") {
  auto talk = measurement({"t3_a", "t3_b"});
  CHECK(talk.ask() == "https://oauth.reddit.com/api/info?id=t3_a,t3_b&raw_json=1");
  auto page = talk.page(200, listing({make_post("t3_b", R"(,"score":5)"), make_post("t3_a", R"(,"score":3)")}));
  CHECK_FALSE(page.more);
  REQUIRE(page.readings.size() == 2);
  CHECK(page.readings[0].of.post == 1);
  CHECK(page.readings[0].counters.likes == 3);
  CHECK(page.readings[0].now->local_id == "t3_a");
  CHECK(page.readings[1].of.post == 2);
  CHECK(page.gone.empty());
}

TEST_CASE("Reddit: what its author or a moderator took away is gone, and so is what is not shown", "[reddit]") {
  auto talk = measurement({"t3_a", "t3_b", "t3_c", "t3_d"});
  talk.ask();
  auto page = talk.page(200, listing({make_post("t3_a", R"(,"removed_by_category":"deleted")"),
                                      make_post("t3_b", R"(,"removed_by_category":"moderator")"), make_post("t3_d")}));
  REQUIRE(page.gone.size() == 3);
  CHECK(page.gone[0].of.post == 1);
  CHECK(page.gone[0].why == "deleted by its author");
  CHECK(page.gone[1].why == "removed (moderator)");
  CHECK(page.gone[2].of.local_id == "t3_c");
  CHECK(page.readings.size() == 1);
}

TEST_CASE("Reddit: an empty answer proves nothing, nor does one with an item nobody can name", "[reddit]") {
  for (const auto& names : {std::vector<std::string>{"t3_a", "t3_b"}, std::vector<std::string>{"t3_a"}}) {
    auto empty = measurement(names);
    empty.ask();
    auto nothing = empty.page(200, listing({}));
    CHECK(nothing.gone.empty());
    REQUIRE(nothing.refused.size() == names.size());
    CHECK(nothing.refused[0].id == "t3_a");
    CHECK(nothing.refused[0].why == "Reddit showed nothing at all");
  }

  auto broken = measurement({"t3_a", "t3_b"});
  broken.ask();
  auto page = broken.page(200, listing({make_post("t3_b"), R"({"kind":"t3","data":{"name":"\ud800"}})"}));
  CHECK(page.gone.empty());
  CHECK(page.readings.size() == 1);
  CHECK(page.refused.size() == 1);
}

TEST_CASE("Reddit: a post that is there but cannot be read is not gone", "[reddit]") {
  auto talk = measurement({"t3_a", "no-name"});
  CHECK(talk.ask() == "https://oauth.reddit.com/api/info?id=t3_a&raw_json=1");
  auto page = talk.page(200, listing({R"({"kind":"t3","data":{"name":"t3_a","created_utc":1750410000}})"}));
  CHECK(page.gone.empty());
  CHECK(page.refused.size() == 2);
}

TEST_CASE("Reddit: a measurement renews its token as a poll does", "[reddit]") {
  auto talk = measurement({"t3_a"}, a_session(false));
  CHECK(talk.ask().find("access_token") != std::string::npos);
  CHECK(talk.page(200, token_answer).more);
  talk.ask();
  CHECK(talk.hear(403, "<html>", html).error().retry_after == 6h);
}

TEST_CASE("Reddit: rows are kept for two days, and deletions looked for as soon", "[reddit]") {
  CHECK(reddit_contract.keep_at_most == std::chrono::days(2));
  CHECK(reddit_contract.recheck_within == 24h);
  CHECK(reddit_contract.access == Access::review);
  CHECK(reddit_contract.credential.required);
}

TEST_CASE("Reddit: a file may be a listing, or a post with its comments", "[reddit]") {
  auto one = parse_reddit(listing({make_post("t3_a")}), {});
  REQUIRE(one.has_value());
  CHECK(one->find("comments/a") != std::string::npos);
  auto pair = parse_reddit("[" + listing({make_post("t3_b")}) + "," + listing({}) + "]", {});
  REQUIRE(pair.has_value());
  CHECK(pair->find("comments/b") != std::string::npos);
  CHECK(parse_reddit("{}", {}).has_error());
  CHECK(parse_reddit("[1]", {}).has_error());
}
