// YouTube's Data API: every error it is known to give, by its remedy.
#include "tests/unit/youtube_api_talk.hpp"

using namespace campaignd;
using namespace campaignd::test;
using namespace campaignd::test::youtube_api;

TEST_CASE("YouTube: a day's quota that is used up waits for midnight in California", "[youtube]") {
  const std::string words =
      "Quota exceeded for quota metric 'Search Queries' and limit 'Search Queries per day' of service "
      "'youtube.googleapis.com' for consumer 'project_number:1234'.";
  auto limit = R"("quota_limit":"defaultSearchListPerDayPerProject","quota_limit_value":"100")";
  auto status = GENERATE(403, 429);
  for (const auto& body :
       {old_error(status, "quotaExceeded"), old_error(status, "dailyLimitExceeded"),
        old_error(status, "rateLimitExceeded", words), new_error(status, "RATE_LIMIT_EXCEEDED", "x", limit)}) {
    auto failure = first_failure(status, body);
    CHECK(failure.code == Failure::throttled);
    CHECK(failure.retry_after == 19h);  // from noon to 07:00 UTC
    CHECK(holds(failure.message, "searches"));
    CHECK(holds(failure.message, "07:00 UTC"));
    CHECK_FALSE(holds(failure.message, "1234"));
  }
  auto units = uploads();
  units.ask();
  CHECK(holds(failure_of(units, 403, old_error(403, "quotaExceeded")).message, "requests"));
}

TEST_CASE("YouTube: too many requests in a minute wait for a little while", "[youtube]") {
  auto limit = R"("quota_limit":"defaultPerMinutePerProject","quota_limit_value":"1800000")";
  CHECK(first_failure(403, old_error(403, "userRateLimitExceeded")).retry_after == 5min);
  CHECK(first_failure(403, old_error(403, "rateLimitExceeded")).code == Failure::throttled);
  CHECK(first_failure(429, new_error(429, "RATE_LIMIT_EXCEEDED", "x", limit)).retry_after == 5min);
  CHECK(first_failure(429, "", {{"retry-after", "90"}}).retry_after == 90s);
  CHECK(first_failure(429, "<html>Sorry</html>").code == Failure::throttled);
}

TEST_CASE("YouTube: a project without any quota is told so, instead of waiting for ever", "[youtube]") {
  auto limit = R"("quota_limit":"defaultPerDayPerProject","quota_limit_value":"0")";
  auto failure = first_failure(429, new_error(429, "RATE_LIMIT_EXCEEDED", "x", limit));
  CHECK(failure.code == Failure::refused);
  CHECK(holds(failure.message, "quota of nothing"));
}

TEST_CASE("YouTube: what is wrong with a key is told with what to do about it", "[youtube]") {
  auto failure = [](int status, const std::string& body, std::string_view part) {
    auto told = first_failure(status, body);
    CHECK(told.code == Failure::refused);
    INFO(told.message);
    CHECK(holds(told.message, part));
  };
  failure(400, old_error(400, "keyInvalid", "Bad Request"), "does not accept the API key");
  failure(400, old_error(400, "keyExpired", "Bad Request"), "does not accept the API key");
  failure(400, old_error(400, "badRequest", "API key not valid. Please pass a valid API key."),
          "does not accept the API key");
  failure(400, new_error(400, "API_KEY_INVALID", "API key expired. Please renew the API key."),
          "does not accept the API key");
  failure(403, old_error(403, "forbidden", "Method doesn't allow unregistered callers. Please use API Key."),
          "does not accept the API key");
  failure(403, old_error(403, "dailyLimitExceededUnreg"), "does not accept the API key");
  failure(401, "", "does not accept the API key");
  failure(403, old_error(403, "accessNotConfigured"), "not switched on");
  failure(403, new_error(403, "SERVICE_DISABLED"), "not switched on");
  failure(403, old_error(403, "ipRefererBlocked"), "restrictions");
  failure(403, old_error(403, "forbidden", "Requests from referer <empty> are blocked."), "restrictions");
  for (const char* reason : {"API_KEY_IP_ADDRESS_BLOCKED", "API_KEY_HTTP_REFERRER_BLOCKED", "API_KEY_SERVICE_BLOCKED"})
    failure(403, new_error(403, reason), "restrictions");
}

// Google's own sentence holds the key.
TEST_CASE("YouTube: a suspended key is told without it", "[youtube]") {
  auto body =
      new_error(403, "CONSUMER_SUSPENDED", "Permission denied: Consumer 'api_key:" + key + "' has been suspended.");
  CHECK(holds(first_failure(403, body).message, "suspended"));
  CHECK(first_failure(403, old_error(403, key, key)).code == Failure::refused);
  CHECK(first_failure(418, old_error(418, key, key)).code == Failure::malformed);
}

TEST_CASE("YouTube: other errors are told by their reason, or their status", "[youtube]") {
  auto question = first_failure(400, old_error(400, "invalidSearchFilter"));
  CHECK(question.code == Failure::refused);
  CHECK(holds(question.message, "(invalidSearchFilter)"));
  CHECK(first_failure(403, old_error(403, "forbidden")).code == Failure::refused);
  CHECK(first_failure(404, old_error(404, "notFound")).code == Failure::gone);
  CHECK(first_failure(500, old_error(500, "backendError")).code == Failure::unavailable);
  CHECK(first_failure(503, "", {{"retry-after", "60"}}).retry_after == 60s);
  CHECK(first_failure(302, "", {{"location", "https://elsewhere.example/"}}).code == Failure::malformed);
  for (const char* body : {"{\"error\":3}", "{\"error\":{\"errors\":{},\"details\":[1,null]}}", "[]", "x"})
    CHECK(first_failure(403, body).code == Failure::refused);
}

TEST_CASE("YouTube: a list of videos in a file is read as the API's", "[youtube]") {
  auto read = parse_youtube(videos({video("a0000000001")}), {});
  REQUIRE(read.has_value());
  CHECK(holds(*read, "\"a0000000001\""));
  CHECK(parse_youtube("{}", {}).has_error());
}
