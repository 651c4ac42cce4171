#include "daemon/collect/pace.hpp"

#include <catch2/catch.hpp>

#include "daemon/collect/collector.hpp"
#include "tests/unit/support.hpp"

using namespace campaignd;
using namespace campaignd::test;
using namespace std::chrono_literals;
using collect::Outcome;
using collect::Pace;

namespace {

const sys_ms noon = utc("2025-06-20T12:00:00Z");
const Pace pace{5min, 30min};

Outcome failed(Failure::Code code, int in_a_row = 1, std::optional<std::chrono::seconds> retry_after = {}) {
  Outcome out;
  out.failure = Failure{code, "no", retry_after};
  out.failures = in_a_row;
  return out;
}

Outcome fresh(std::int64_t posts) {
  Outcome out;
  out.fresh = posts;
  return out;
}

/// Milliseconds until the next poll.
std::int64_t wait_ms(const Outcome& outcome, std::chrono::milliseconds interval = 5min, double dice = 0.0) {
  return (collect::next_poll(pace, interval, outcome, noon, dice) - noon).count();
}

std::int64_t ms(std::chrono::milliseconds time) { return time.count(); }

}  // namespace

TEST_CASE("something new makes the interval the fastest, nothing new half as long again", "[pace]") {
  CHECK(ms(collect::next_interval(pace, 20min, fresh(1))) == ms(5min));
  CHECK(ms(collect::next_interval(pace, 10min, fresh(0))) == ms(15min));
  CHECK(ms(collect::next_interval(pace, 25min, fresh(0))) == ms(30min));
  CHECK(ms(collect::next_interval(pace, 0ms, fresh(0))) == ms(5min));
}

TEST_CASE("a failure leaves the interval, within the pace", "[pace]") {
  CHECK(ms(collect::next_interval(pace, 10min, failed(Failure::unavailable))) == ms(10min));
  CHECK(ms(collect::next_interval(pace, 2h, failed(Failure::unavailable))) == ms(30min));
  CHECK(ms(collect::next_interval(pace, 0ms, failed(Failure::unavailable))) == ms(5min));
}

TEST_CASE("a success waits an interval, a tenth more or less", "[pace]") {
  for (double dice : {0.0, 0.25, 0.5, 0.999}) {
    auto wait = wait_ms(fresh(0), 10min, dice);
    CHECK(wait >= ms(9min));
    CHECK(wait <= ms(11min));
  }
  CHECK(wait_ms(fresh(0), 10min, 0.0) < wait_ms(fresh(0), 10min, 0.999));
}

TEST_CASE("a 429 waits for Retry-After even when the interval is shorter", "[pace]") {
  CHECK(wait_ms(failed(Failure::throttled, 1, 90s), 60s) == ms(90s));
  CHECK(wait_ms(failed(Failure::throttled, 1, 6h), 5min) == ms(6h));
}

TEST_CASE("a 429 waits an interval even when Retry-After is shorter or missing", "[pace]") {
  CHECK(wait_ms(failed(Failure::throttled, 1, 1s), 5min) == ms(5min));
  CHECK(wait_ms(failed(Failure::throttled), 5min) == ms(5min));
  CHECK(wait_ms(failed(Failure::exhausted), 5min) == ms(5min));
}

TEST_CASE("trouble doubles from a minute to fifteen", "[pace]") {
  const std::pair<int, std::chrono::minutes> steps[] = {{1, 1min},  {2, 2min},   {3, 4min},         {4, 8min},
                                                        {5, 15min}, {50, 15min}, {1'000'000, 15min}};
  for (const auto& [in_a_row, wait] : steps) {
    INFO(in_a_row);
    CHECK(wait_ms(failed(Failure::unavailable, in_a_row)) == ms(wait));
    CHECK(wait_ms(failed(Failure::unreachable, in_a_row)) == ms(wait));
    CHECK(wait_ms(failed(Failure::malformed, in_a_row)) == ms(wait));
  }
}

TEST_CASE("trouble never asks a fast source more slowly than it is polled", "[pace]") {
  const Pace quick{10s, 60s};
  auto next = collect::next_poll(quick, 10s, failed(Failure::unavailable), noon, 0.0);
  CHECK((next - noon).count() == ms(10s));
}

TEST_CASE("a 503 with Retry-After waits for it", "[pace]") {
  CHECK(wait_ms(failed(Failure::unavailable, 1, 1h)) == ms(1h));
}

TEST_CASE("refused and gone double from an hour to a day", "[pace]") {
  for (auto code : {Failure::refused, Failure::gone, Failure::blocked_address}) {
    CHECK(wait_ms(failed(code, 1)) == ms(1h));
    CHECK(wait_ms(failed(code, 2)) == ms(2h));
    CHECK(wait_ms(failed(code, 5)) == ms(16h));
    CHECK(wait_ms(failed(code, 6)) == ms(24h));
    CHECK(wait_ms(failed(code, 100)) == ms(24h));
  }
}

TEST_CASE("after a failure jitter only adds, and nothing waits beyond the longest wait", "[pace]") {
  for (auto code : {Failure::throttled, Failure::unavailable, Failure::refused})
    for (double dice : {0.0, 0.5, 0.999}) {
      auto wait = wait_ms(failed(code, 6, std::chrono::hours(24)), 5min, dice);
      CHECK(wait >= ms(24h));
      CHECK(wait < ms(collect::longest_wait));
    }
}

TEST_CASE("a post is measured at the next step after its publication, and no more after the last", "[pace]") {
  auto after = [](std::chrono::milliseconds age) {
    auto next = store::next_measure(noon, noon + age);
    return next ? (*next - noon).count() : -1;
  };
  CHECK(after(0ms) == ms(15min));
  CHECK(after(15min) == ms(1h));
  CHECK(after(59min) == ms(1h));
  CHECK(after(1h) == ms(3h));
  CHECK(after(25h) == ms(72h));
  CHECK(after(29 * 24h) == ms(30 * 24h));
  CHECK(after(30 * 24h) == -1);
}

TEST_CASE("a server that misses many posts at once is in trouble, and removes none", "[removal]") {
  auto gone = [](int n) {
    std::vector<Gone> out;
    for (int i = 0; i < n; ++i) {
      Gone each;
      each.of.post = i + 1;
      out.push_back(each);
    }
    return out;
  };
  CHECK(collect::missing_of(gone(1), 20, true).size() == 1U);
  CHECK(collect::missing_of(gone(4), 20, true).size() == 4U);
  CHECK(collect::missing_of(gone(5), 20, true).empty());
  CHECK(collect::missing_of(gone(20), 20, true).empty());
  CHECK(collect::missing_of(gone(1), 1, true).size() == 1U);
  CHECK(collect::missing_of(gone(1), 1, false).empty());  // nothing it answered shows that it works
}
