#include "connectors/reading/dates/pacific.hpp"

#include <catch2/catch.hpp>

#include "tests/unit/support.hpp"

using namespace campaignd;
using namespace campaignd::test;

namespace {
std::string midnight_after(std::string_view now) { return shown(next_pacific_midnight(utc(now))); }
}  // namespace

TEST_CASE("midnight in California is eight hours behind UTC in winter and seven in summer", "[time]") {
  CHECK(midnight_after("2026-01-15T12:00:00Z") == "2026-01-16T08:00:00.000Z");
  CHECK(midnight_after("2026-06-20T12:00:00Z") == "2026-06-21T07:00:00.000Z");
  CHECK(midnight_after("2026-06-20T03:00:00Z") == "2026-06-20T07:00:00.000Z");
}

TEST_CASE("at midnight itself the next one is a day away", "[time]") {
  CHECK(midnight_after("2026-01-16T07:59:59.999Z") == "2026-01-16T08:00:00.000Z");
  CHECK(midnight_after("2026-01-16T08:00:00Z") == "2026-01-17T08:00:00.000Z");
  CHECK(midnight_after("2026-06-21T06:59:59.999Z") == "2026-06-21T07:00:00.000Z");
  CHECK(midnight_after("2026-06-21T07:00:00Z") == "2026-06-22T07:00:00.000Z");
}

TEST_CASE("the day the clocks go forward has 23 hours, the day they go back 25", "[time]") {
  CHECK(midnight_after("2026-03-08T07:59:00Z") == "2026-03-08T08:00:00.000Z");  // the second Sunday of March
  CHECK(midnight_after("2026-03-08T08:00:00Z") == "2026-03-09T07:00:00.000Z");
  CHECK(midnight_after("2026-11-01T06:59:00Z") == "2026-11-01T07:00:00.000Z");  // the first Sunday of November
  CHECK(midnight_after("2026-11-01T07:00:00Z") == "2026-11-02T08:00:00.000Z");
}

TEST_CASE("the clocks are changed on other days every year", "[time]") {
  CHECK(midnight_after("2020-03-08T12:00:00Z") == "2020-03-09T07:00:00.000Z");
  CHECK(midnight_after("2027-03-13T12:00:00Z") == "2027-03-14T08:00:00.000Z");
  CHECK(midnight_after("2027-03-14T12:00:00Z") == "2027-03-15T07:00:00.000Z");
  CHECK(midnight_after("2027-11-07T12:00:00Z") == "2027-11-08T08:00:00.000Z");
  CHECK(midnight_after("2026-12-31T12:00:00Z") == "2027-01-01T08:00:00.000Z");
}

TEST_CASE("no two midnights are further apart than 25 hours or nearer than 23", "[time]") {
  auto at = utc("2025-01-01T08:00:00Z");
  for (int i = 0; i < 3 * 365; ++i) {
    auto next = next_pacific_midnight(at);
    bool is_a_day = next - at >= std::chrono::hours(23) && next - at <= std::chrono::hours(25);
    CHECK(is_a_day);
    at = next;
  }
  CHECK(shown(at) == "2028-01-01T08:00:00.000Z");
}
