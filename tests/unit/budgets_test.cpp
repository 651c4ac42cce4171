#include "daemon/fetch/budgets.hpp"

#include <catch2/catch.hpp>

#include "daemon/fetch/address.hpp"
#include "tests/unit/support.hpp"

using namespace campaignd;
using namespace campaignd::test;
using namespace std::chrono_literals;
using fetch::Budgets;

namespace {

const sys_ms noon = utc("2025-06-20T12:00:00Z");
const std::string host = "social.example";

Budget budget(int requests, std::chrono::seconds per, std::chrono::milliseconds gap) {
  return {"b", requests, per, gap};
}

Request asking(int cost, std::optional<int> allowance = {}) {
  Request out("https://social.example/");
  out.bucket = "b";
  out.cost = cost;
  out.allowance = allowance;
  return out;
}

/// Everything a caller who always has something to ask may send within `time`.
std::vector<sys_ms> send_for(Budgets& budgets, std::chrono::seconds time, int cost = 1) {
  std::vector<sys_ms> sent;
  for (auto now = noon;;) {
    auto at = budgets.earliest(asking(cost), host, now);
    if (at >= noon + time) return sent;
    REQUIRE(at >= now);
    budgets.spend("b", host, cost, at);
    for (int i = 0; i < cost; ++i) sent.push_back(at);
    now = at;
  }
}

std::int64_t wait_ms(const Budgets& budgets, sys_ms now, const std::string& where = host) {
  return (budgets.earliest(asking(1), where, now) - now).count();
}

Answer answered(int status, const Headers& headers) {
  return reply(Request("https://social.example/"), status, "", noon, headers);
}

Headers one_header(const std::string& name, const std::string& value) {
  Headers out;
  out.emplace_back(name, value);
  return out;
}

Headers quota(const std::string& remaining, const std::string& reset) {
  Headers out = one_header("x-ratelimit-limit", "300");
  out.emplace_back("x-ratelimit-remaining", remaining);
  out.emplace_back("x-ratelimit-reset", reset);
  return out;
}

}  // namespace

TEST_CASE("no window of an hour holds more requests than the budget, and all of it can be used", "[budgets]") {
  Budgets budgets({budget(5, 60s, 1000ms)});
  auto sent = send_for(budgets, 3600s);
  CHECK(sent.size() == 300U);
  for (std::size_t i = 5; i < sent.size(); ++i) CHECK((sent[i] - sent[i - 5]).count() >= 60'000);
}

TEST_CASE("a request that costs more counts as many", "[budgets]") {
  Budgets budgets({budget(5, 60s, 0ms)});
  auto sent = send_for(budgets, 3600s, 2);
  CHECK(sent.size() >= 200U);
  for (std::size_t i = 5; i < sent.size(); ++i) CHECK((sent[i] - sent[i - 5]).count() >= 60'000);
}

TEST_CASE("a request dearer than the budget waits for an empty window, not for ever", "[budgets]") {
  Budgets budgets({budget(5, 60s, 0ms)});
  budgets.spend("b", host, 1, noon);
  auto at = budgets.earliest(asking(50), host, noon);
  CHECK((at - noon).count() == 60'000);
}

TEST_CASE("two requests keep the gap", "[budgets]") {
  Budgets budgets({budget(1000, 60s, 2500ms)});
  auto sent = send_for(budgets, 60s);
  REQUIRE(sent.size() > 2U);
  for (std::size_t i = 1; i < sent.size(); ++i) CHECK((sent[i] - sent[i - 1]).count() >= 2500);
}

TEST_CASE("the first request goes at once, and hosts do not wait for each other", "[budgets]") {
  Budgets budgets({budget(1, 3600s, 1000ms)});
  CHECK(wait_ms(budgets, noon) == 0);
  budgets.spend("b", host, 1, noon);
  CHECK(wait_ms(budgets, noon) == 3'600'000);
  CHECK(wait_ms(budgets, noon, "other.example") == 0);
}

TEST_CASE("two feeds of one server share its budget, whatever they call it", "[budgets]") {
  CHECK(fetch::site_of("www.paper.example") == "paper.example");
  CHECK(fetch::site_of("paper.example.") == "paper.example");
  CHECK(fetch::site_of("news.paper.example") == "news.paper.example");
  Budgets budgets({budget(2, 60s, 2000ms)});
  budgets.spend("b", "paper.example", 1, noon);
  CHECK(wait_ms(budgets, noon, "www.paper.example") == 2000);
  budgets.spend("b", "www.paper.example", 1, noon + 2s);
  CHECK(wait_ms(budgets, noon + 4s, "paper.example") == 56'000);
  budgets.heed("www.paper.example", answered(429, one_header("retry-after", "120")));
  CHECK(wait_ms(budgets, noon, "paper.example") == 120'000);
}

TEST_CASE("the scheme and the port make no other server", "[budgets]") {
  for (const char* url :
       {"https://Paper.example/a.xml", "http://paper.example/b.xml", "https://paper.example:8443/c"}) {
    auto target = fetch::check_url(url, {8443});
    REQUIRE(target.has_value());
    CHECK(target->host == "paper.example");
  }
}

TEST_CASE("a bucket no contract knows gets a careful budget", "[budgets]") {
  Budgets budgets({});
  budgets.spend("b", host, 1, noon);
  CHECK(wait_ms(budgets, noon) >= 1000);
}

TEST_CASE("what was spent before a restart counts, in whatever order it is told", "[budgets]") {
  Budgets budgets({budget(2, 60s, 0ms)});
  budgets.spend("b", host, 1, noon - 10s);
  budgets.spend("b", host, 1, noon - 50s);
  CHECK(wait_ms(budgets, noon) == 10'000);
}

TEST_CASE("Retry-After on 429 and 503 closes the host until then", "[budgets]") {
  for (int status : {429, 503}) {
    Budgets budgets({budget(100, 60s, 0ms)});
    budgets.heed(host, answered(status, one_header("retry-after", "120")));
    CHECK(shown(budgets.closed_until(host, noon)) == "2025-06-20T12:02:00.000Z");
    CHECK(wait_ms(budgets, noon) == 120'000);
    CHECK(wait_ms(budgets, noon + 30s) == 90'000);
    CHECK(wait_ms(budgets, noon + 120s) == 0);
    CHECK_FALSE(budgets.closed_until(host, noon + 120s).has_value());
    CHECK(wait_ms(budgets, noon, "other.example") == 0);
  }
}

TEST_CASE("Retry-After on a success, or a broken one, closes nothing", "[budgets]") {
  Budgets budgets({budget(100, 60s, 0ms)});
  budgets.heed(host, answered(200, one_header("retry-after", "120")));
  budgets.heed(host, answered(429, one_header("retry-after", "-5")));
  budgets.heed(host, answered(429, {}));
  CHECK_FALSE(budgets.closed_until(host, noon).has_value());
}

TEST_CASE("a rate limit with nothing remaining closes the host until its reset", "[budgets]") {
  Budgets budgets({budget(100, 60s, 0ms)});
  budgets.heed(host, answered(200, quota("1", "2025-06-20T12:05:00Z")));
  CHECK(wait_ms(budgets, noon) == 0);
  budgets.heed(host, answered(200, quota("0", "2025-06-20T12:05:00Z")));
  CHECK(wait_ms(budgets, noon) == 300'000);
}

TEST_CASE("a shorter word of the host does not take back a longer one", "[budgets]") {
  Budgets budgets({budget(100, 60s, 0ms)});
  budgets.heed(host, answered(429, one_header("retry-after", "600")));
  budgets.heed(host, answered(429, one_header("retry-after", "10")));
  CHECK(wait_ms(budgets, noon) == 600'000);
}

TEST_CASE("no host can close itself for more than a day", "[budgets]") {
  Budgets budgets({budget(100, 60s, 0ms)});
  budgets.heed(host, answered(429, one_header("retry-after", "99999999")));
  budgets.heed(host, answered(200, quota("0", "2030-01-01T00:00:00Z")));
  CHECK(wait_ms(budgets, noon) == 86'400'000);
}

TEST_CASE("a budget that is given back with the month is spent from its first to its last day", "[budgets]") {
  Budgets budgets({Budget{"b", 100, std::chrono::days(31), 0ms, Reset::utc_month, "cents"}});
  auto last = utc("2025-05-31T23:59:59Z"), first = utc("2025-06-01T00:00:00Z");
  budgets.spend("b", host, 100, last);
  CHECK(shown(budgets.earliest(asking(1), host, last)) == shown(first));
  CHECK(shown(budgets.earliest(asking(1), host, first)) == shown(first));
  budgets.spend("b", host, 60, first);
  CHECK(shown(budgets.earliest(asking(40), host, noon)) == shown(noon));
  CHECK(shown(budgets.earliest(asking(41), host, noon)) == "2025-07-01T00:00:00.000Z");
}

TEST_CASE("a day in California ends when its clocks say so", "[budgets]") {
  Budget day{"b", 1, std::chrono::hours(24), 0ms, Reset::pacific_midnight, "searches"};
  auto until = [&](std::string_view now) { return shown(fetch::period_of(day, utc(now)).until); };
  CHECK(until("2025-06-20T06:59:59Z") == "2025-06-20T07:00:00.000Z");
  CHECK(until("2025-06-20T07:00:00Z") == "2025-06-21T07:00:00.000Z");
  CHECK(until("2025-12-20T12:00:00Z") == "2025-12-21T08:00:00.000Z");
  CHECK(until("2025-03-09T12:00:00Z") == "2025-03-10T07:00:00.000Z");  // a day of 23 hours
}

TEST_CASE("the operator's own limit stands below the contract's", "[budgets]") {
  Budgets budgets({Budget{"b", 1000, std::chrono::days(31), 0ms, Reset::utc_month, "cents"}});
  budgets.spend("b", host, 60, noon);
  CHECK(shown(budgets.earliest(asking(40, 100), host, noon)) == shown(noon));
  CHECK(shown(budgets.earliest(asking(41, 100), host, noon)) == "2025-07-01T00:00:00.000Z");
  CHECK(shown(budgets.earliest(asking(1, 0), host, noon)) == "2025-07-01T00:00:00.000Z");
}

TEST_CASE("what an answer came to takes the place of what was reserved", "[budgets]") {
  Budgets budgets({Budget{"b", 100, std::chrono::days(31), 0ms, Reset::utc_month, "cents"}});
  budgets.spend("b", host, 100, noon);
  CHECK(budgets.earliest(asking(1), host, noon) > noon);
  budgets.settle("b", host, -95);
  CHECK(shown(budgets.earliest(asking(95), host, noon)) == shown(noon));
  CHECK(budgets.earliest(asking(96), host, noon) > noon);
}
