#include "connectors/reading/feeds/manners.hpp"

#include <catch2/catch.hpp>

#include "tests/unit/support.hpp"

using namespace campaignd;
using namespace campaignd::test;
using namespace std::chrono_literals;

namespace {

const sys_ms noon = utc("2025-06-20T12:00:00Z");  // a Friday

std::int64_t fresh(const Headers& headers) { return fresh_for(headers, noon).count(); }

FeedManners refreshed(std::chrono::minutes every) {
  FeedManners out;
  out.refresh = every;
  return out;
}

std::int64_t rest(const FeedManners& manners, sys_ms now = noon) { return rest_asked_by(manners, now).count(); }

}  // namespace

TEST_CASE("an answer is fresh for its max-age less its age", "[manners]") {
  CHECK(fresh({}) == 0);
  CHECK(fresh({{"cache-control", "public, max-age=600"}}) == 600);
  CHECK(fresh({{"cache-control", "max-age=600"}, {"age", "100"}}) == 500);
  CHECK(fresh({{"cache-control", "max-age=600"}, {"age", "1000"}}) == 0);
  CHECK(fresh({{"cache-control", "max-age=600"}, {"age", "-5"}}) == 600);
  CHECK(fresh({{"cache-control", "max-age=31536000"}}) == 86'400);
  CHECK(fresh({{"cache-control", "No-Cache, max-age=600"}}) == 0);
  CHECK(fresh({{"cache-control", "no-store"}, {"expires", "Fri, 20 Jun 2025 13:00:00 GMT"}}) == 0);
}

TEST_CASE("Expires counts from the server's own clock, and where max-age is silent", "[manners]") {
  const std::string at_one = "Fri, 20 Jun 2025 13:00:00 GMT";
  CHECK(fresh({{"expires", at_one}}) == 3600);
  CHECK(fresh({{"expires", at_one}, {"date", "Fri, 20 Jun 2025 12:50:00 GMT"}}) == 600);
  CHECK(fresh({{"expires", at_one}, {"cache-control", "max-age=60"}}) == 60);
  CHECK(fresh({{"expires", "Fri, 20 Jun 2031 13:00:00 GMT"}}) == 86'400);
  for (const char* past : {"0", "-1", "Thu, 19 Nov 1981 08:52:00 GMT", "never", ""})
    CHECK(fresh({{"expires", past}}) == 0);
}

TEST_CASE("a feed is left alone as long as it asks, up to a day", "[manners]") {
  CHECK(rest({}) == 0);
  CHECK(rest(refreshed(90min)) == 5400);
  CHECK(rest(refreshed(-5min)) == 0);
  CHECK(rest(refreshed(std::chrono::minutes::max())) == 86'400);
  FeedManners expired;
  expired.expired = true;
  CHECK(rest(expired) == 86'400);
}

TEST_CASE("hours and days to skip are UTC, and lengthen the rest to their end", "[manners]") {
  auto manners = refreshed(30min);
  manners.skip_hours.set(12).set(13);
  CHECK(rest(manners) == 7200);
  CHECK(rest(manners, utc("2025-06-20T11:45:00Z")) == 8100);
  CHECK(rest(manners, utc("2025-06-20T14:00:00Z")) == 1800);
  FeedManners weekend;
  weekend.skip_days.set(6).set(0);
  CHECK(rest(weekend) == 0);
  CHECK(rest(weekend, utc("2025-06-22T18:30:00Z")) == 19'800);
  CHECK(rest(weekend, utc("2025-06-21T00:00:00Z")) == 86'400);
  FeedManners never;
  never.skip_hours.set();
  CHECK(rest(never) == 86'400);
}

TEST_CASE("a minute of difference between clocks makes no validator suspect", "[manners]") {
  Cursor cursor;
  cursor.last_modified = "Fri, 20 Jun 2025 12:00:30 GMT";
  drop_untrusted(cursor, reply(Request("https://a.example/"), 200, "", noon));
  CHECK_FALSE(cursor.last_modified.empty());
  drop_untrusted(cursor, reply(Request("https://a.example/"), 200, "", noon - 1h));
  CHECK(cursor.last_modified.empty());
}

TEST_CASE("a date nobody can read is still the server's own word", "[manners]") {
  Cursor cursor;
  cursor.last_modified = "yesterday";
  drop_untrusted(cursor, reply(Request("https://a.example/"), 200, "", noon));
  CHECK(cursor.last_modified == "yesterday");
}
