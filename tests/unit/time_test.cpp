#include "connectors/reading/dates/time.hpp"

#include <catch2/catch.hpp>

#include "connectors/http.hpp"
#include "tests/unit/support.hpp"

using namespace campaignd;
using namespace campaignd::test;

namespace {

std::string as_3339(std::string_view text) { return shown(read_rfc3339(text)); }
std::string as_822(std::string_view text) { return shown(read_rfc822(text)); }
const sys_ms morning = utc("2025-06-20T08:00:00Z");

std::optional<std::int64_t> retry_seconds(const std::string& value) {
  Headers headers;
  headers.emplace_back("retry-after", value);
  auto wait = read_retry_after(headers, morning);
  return wait ? std::optional<std::int64_t>(wait->count()) : std::nullopt;
}

std::optional<std::int64_t> age_seconds(const std::string& value) {
  Headers headers;
  headers.emplace_back("cache-control", value);
  auto age = read_max_age(headers);
  return age ? std::optional<std::int64_t>(age->count()) : std::nullopt;
}

Quota quota_of(const std::string& prefix, const std::string& limit, const std::string& remaining,
               const std::string& reset) {
  Headers headers;
  headers.emplace_back(prefix + "limit", limit);
  headers.emplace_back(prefix + "remaining", remaining);
  headers.emplace_back(prefix + "reset", reset);
  return read_quota(headers, morning);
}

}  // namespace

TEST_CASE("an RFC 3339 instant counts milliseconds since 1970", "[time]") {
  auto time = read_rfc3339("1970-01-02T00:00:01.5Z");
  REQUIRE(time.has_value());
  CHECK(time->time_since_epoch().count() == 86'401'500);
}

TEST_CASE("RFC 3339 is read in the shapes feeds and servers write", "[time]") {
  CHECK(as_3339("2025-06-20T08:00:00Z") == "2025-06-20T08:00:00.000Z");
  CHECK(as_3339("2025-06-20t08:00:00z") == "2025-06-20T08:00:00.000Z");
  CHECK(as_3339("2025-06-20T08:00:00.1239999Z") == "2025-06-20T08:00:00.123Z");
  CHECK(as_3339("2025-06-20T08:00:00,5Z") == "2025-06-20T08:00:00.500Z");
  CHECK(as_3339(" 2025-06-20 08:00:00 +0200") == "2025-06-20T06:00:00.000Z");
  CHECK(as_3339("2025-06-20T08:00") == "2025-06-20T08:00:00.000Z");
  CHECK(as_3339("2025-06-20") == "2025-06-20T00:00:00.000Z");
  CHECK(as_3339("2025-06") == "2025-06-01T00:00:00.000Z");
}

TEST_CASE("an offset is taken off the local time", "[time]") {
  CHECK(as_3339("2025-06-20T08:00:00+02:00") == "2025-06-20T06:00:00.000Z");
  CHECK(as_3339("2025-06-20T23:00:00-03:30") == "2025-06-21T02:30:00.000Z");
  CHECK(as_3339("2025-06-20T08:00:00+14:00") == "2025-06-19T18:00:00.000Z");
  CHECK(as_3339("2025-06-20T08:00:00-0030") == "2025-06-20T08:30:00.000Z");
}

TEST_CASE("an offset no place on Earth has is read as UTC", "[time]") {
  CHECK(as_3339("2025-06-20T08:00:00+15:00") == "2025-06-20T08:00:00.000Z");
  CHECK(as_3339("2025-06-20T08:00:00+01:99") == "2025-06-20T08:00:00.000Z");
}

TEST_CASE("a leap second is the second before it, and 24:00 the next midnight", "[time]") {
  CHECK(as_3339("2016-12-31T23:59:60Z") == "2016-12-31T23:59:59.000Z");
  CHECK(as_3339("2025-06-20T24:00:00Z") == "2025-06-21T00:00:00.000Z");
}

TEST_CASE("days and times that do not exist are not said", "[time]") {
  for (const char* text : {"", "soon", "2025-02-30", "2023-02-29T00:00:00Z", "2025-13-01", "2025-06-31T00:00:00Z",
                           "2025-00-10", "2025-06-20T25:00:00Z", "2025-06-20T08:60:00Z", "2025-06-20T24:00:01Z",
                           "2025-06-20T08:00:61Z", "2025-06-20T08", "25-06-20"}) {
    INFO(text);
    CHECK(as_3339(text) == "none");
  }
  CHECK(as_3339("2024-02-29T00:00:00Z") == "2024-02-29T00:00:00.000Z");
}

TEST_CASE("RFC 822 dates are read with and without weekday, seconds and zone", "[time]") {
  CHECK(as_822("Fri, 20 Jun 2025 10:00:00 +0200") == "2025-06-20T08:00:00.000Z");
  CHECK(as_822("20 Jun 2025 08:00 GMT") == "2025-06-20T08:00:00.000Z");
  CHECK(as_822("20 June 2025") == "2025-06-20T00:00:00.000Z");
  CHECK(as_822("Friday, 20-Jun-25 08:00:30 GMT") == "2025-06-20T08:00:30.000Z");
  CHECK(as_822("June 20, 2025 08:00:00") == "2025-06-20T08:00:00.000Z");
  CHECK(as_822("Fri, 20 Jun 2025 10:00:00 GMT+0200") == "2025-06-20T08:00:00.000Z");
  CHECK(as_822("Sat, 31 Dec 2016 23:59:60 +0000") == "2016-12-31T23:59:59.000Z");
}

TEST_CASE("two-digit years below 70 are of this century", "[time]") {
  CHECK(as_822("20 Jun 25 08:00 GMT") == "2025-06-20T08:00:00.000Z");
  CHECK(as_822("20 Jun 69 08:00 GMT") == "2069-06-20T08:00:00.000Z");
  CHECK(as_822("20 Jun 70 08:00 GMT") == "1970-06-20T08:00:00.000Z");
  CHECK(as_822("20 Jun 202 08:00 GMT") == "none");
}

TEST_CASE("Europe's zone names are known beside those of RFC 822", "[time]") {
  const std::pair<std::string, std::string> zones[] = {
      {"UT", "12"},   {"GMT", "12"}, {"Z", "12"},    {"WET", "12"}, {"WEST", "11"}, {"BST", "11"}, {"CET", "11"},
      {"CEST", "10"}, {"EET", "10"}, {"EEST", "09"}, {"MSK", "09"}, {"EST", "17"},  {"PDT", "19"}, {"nowhere", "12"}};
  for (const auto& [zone, hour] : zones) {
    INFO(zone);
    CHECK(as_822("Fri, 20 Jun 2025 12:00:00 " + zone) == "2025-06-20T" + hour + ":00:00.000Z");
  }
}

TEST_CASE("what is no RFC 822 date is not said", "[time]") {
  for (const char* text :
       {"", "Fri Jun 20 08:00:00 2025", "31 Feb 2025 08:00 GMT", "20 Foo 2025", "Fri, Jun", "1.5", "-5"}) {
    INFO(text);
    CHECK(as_822(text) == "none");
  }
}

TEST_CASE("read_date takes either kind", "[time]") {
  CHECK(shown(read_date("2025-06-20T08:00:00Z")) == "2025-06-20T08:00:00.000Z");
  CHECK(shown(read_date("Fri, 20 Jun 2025 08:00:00 GMT")) == "2025-06-20T08:00:00.000Z");
}

TEST_CASE("instants before 1970 are written as they are read", "[time]") {
  CHECK(as_3339("1969-12-31T23:59:59.999Z") == "1969-12-31T23:59:59.999Z");
}

TEST_CASE("an instant is read back from either standard, and white space after it means nothing", "[time]") {
  const char* names[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  for (std::int64_t second = -62'000'000'000; second < 253'000'000'000; second += 1'234'567'891) {
    sys_ms time{std::chrono::seconds(second)};
    auto iso = format_utc(time);
    INFO(iso);
    CHECK(read_date(iso) == time);
    CHECK(read_date(iso + " \r\n\t") == time);
    CHECK(read_rfc3339(iso) == time);
    auto month = names[std::stoi(iso.substr(5, 2)) - 1];
    auto mail = iso.substr(8, 2) + " " + month + " " + iso.substr(0, 4) + " " + iso.substr(11, 8) + " GMT";
    CHECK(read_date(mail) == time);
    CHECK(read_date(mail + "\n ") == time);
    CHECK(read_rfc822(mail) == time);
  }
}

TEST_CASE("Retry-After is seconds or a date, never negative, never more than a day", "[time]") {
  CHECK(retry_seconds("120") == 120);
  CHECK(retry_seconds(" 0 ") == 0);
  CHECK(retry_seconds("Fri, 20 Jun 2025 08:02:00 GMT") == 120);
  CHECK(retry_seconds("Fri, 20 Jun 2025 07:00:00 GMT") == 0);
  CHECK(retry_seconds("Fri, 20 Jun 2026 08:00:00 GMT") == 86400);
  CHECK(retry_seconds("172800") == 86400);
  CHECK(retry_seconds("99999999999999999999999") == 86400);
  CHECK(retry_seconds("Fri, 31 Dec 9999 23:59:59 GMT") == 86400);
}

TEST_CASE("a Retry-After that is negative or garbage was not said", "[time]") {
  for (const char* value : {"", "-5", "soon", "1.5", "12 monkeys"}) {
    INFO(value);
    CHECK_FALSE(retry_seconds(value).has_value());
  }
  CHECK_FALSE(read_retry_after({}, morning).has_value());
}

TEST_CASE("a rate limit is read from every family of headers", "[time]") {
  for (const char* prefix : {"x-ratelimit-", "ratelimit-", "x-rate-limit-"}) {
    auto quota = quota_of(prefix, "300", "7", "60");
    CHECK(quota.limit == 300);
    CHECK(quota.remaining == 7);
    CHECK(shown(quota.reset) == "2025-06-20T08:01:00.000Z");
  }
  CHECK_FALSE(read_quota({}, morning).remaining.has_value());
}

TEST_CASE("a rate limit's reset is an instant, epoch seconds or seconds from now", "[time]") {
  CHECK(shown(quota_of("x-ratelimit-", "300", "0", "2025-06-20T08:05:00.123456Z").reset) == "2025-06-20T08:05:00.123Z");
  CHECK(shown(quota_of("ratelimit-", "300", "0", "1750406700").reset) == "2025-06-20T08:05:00.000Z");
  CHECK(shown(quota_of("ratelimit-", "300", "0", "300").reset) == "2025-06-20T08:05:00.000Z");
  CHECK(shown(quota_of("ratelimit-", "300", "0", "-1").reset) == "none");
  CHECK(shown(quota_of("ratelimit-", "300", "0", "99999999999999").reset) == "none");
  CHECK(shown(quota_of("ratelimit-", "300", "0", "later").reset) == "none");
}

TEST_CASE("a rate limit that is counted in fractions has its whole part left", "[time]") {
  CHECK(quota_of("x-ratelimit-", "", "596.0", "258").remaining == 596);
  CHECK(quota_of("x-ratelimit-", "", "0.9", "258").remaining == 0);
  CHECK(shown(quota_of("x-ratelimit-", "", "3.0", "258.0").reset) == "2025-06-20T08:04:18.000Z");
  for (const char* value : {".", "5.", ".5", "5.x", "5.5.5", "-"}) {
    INFO(value);
    CHECK_FALSE(quota_of("x-ratelimit-", "", value, "258").remaining.has_value());
  }
}

TEST_CASE("max-age is read among other directives and bounded to a day", "[time]") {
  CHECK(age_seconds("max-age=300") == 300);
  CHECK(age_seconds("public, max-age=600, must-revalidate") == 600);
  CHECK(age_seconds("s-maxage=10, max-age=20") == 20);
  CHECK(age_seconds("max-age=99999999") == 86400);
  CHECK_FALSE(age_seconds("max-age=").has_value());
  CHECK_FALSE(age_seconds("no-cache").has_value());
}

TEST_CASE("a directive of Cache-Control has no case (RFC 9111 5.2)", "[time]") {
  CHECK(age_seconds("Max-Age=300") == 300);
}
