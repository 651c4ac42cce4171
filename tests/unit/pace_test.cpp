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

TEST_CASE("who answers, but not with what we need, is asked ever more slowly", "[pace]") {
  for (auto code : {Failure::malformed, Failure::too_large, Failure::throttled}) {
    CHECK(wait_ms(failed(code, 1), 30min) == ms(30min));
    CHECK(wait_ms(failed(code, 2), 30min) == ms(60min));
    CHECK(wait_ms(failed(code, 10), 30min) == ms(5h));
    CHECK(wait_ms(failed(code, 2), 10min) == ms(20min));
    CHECK(wait_ms(failed(code, 2, 2h), 10min) == ms(2h));
  }
}

TEST_CASE("our own empty budget is nobody's failure", "[pace]") {
  CHECK(wait_ms(failed(Failure::exhausted, 10), 30min) == ms(30min));
}

TEST_CASE("what is gone is asked again within an hour, as it may be a slip; then ever more rarely", "[pace]") {
  CHECK(wait_ms(failed(Failure::gone, 1)) == ms(1h));
  CHECK(wait_ms(failed(Failure::gone, 2)) == ms(2h));
  CHECK(wait_ms(failed(Failure::gone, 5)) == ms(5h));
  CHECK(wait_ms(failed(Failure::gone, 100)) == ms(24h));
  CHECK(wait_ms(failed(Failure::gone, 1, 24h)) == ms(1h));
  CHECK(wait_ms(failed(Failure::gone, 2, 24h)) == ms(24h));
}

TEST_CASE("after a bad week every source is asked again within a day, and one success restores its pace", "[pace]") {
  const std::pair<Failure::Code, std::chrono::milliseconds> longest[] = {
      {Failure::unreachable, 15min}, {Failure::unavailable, 15min},
      {Failure::throttled, 24h},     {Failure::refused, 24h},
      {Failure::gone, 24h},          {Failure::malformed, 24h},
      {Failure::too_large, 24h},     {Failure::blocked_address, 24h},
      {Failure::exhausted, 30min}};
  for (const auto& [code, most] : longest) {
    INFO(name_of(code));
    auto now = noon;
    for (int in_a_row = 1; now < noon + 7 * 24h; ++in_a_row) {
      auto next = collect::next_poll(pace, pace.slowest, failed(code, in_a_row), now, 0.0);
      CHECK(next > now);
      CHECK((next - now).count() <= ms(most));
      now = next;
    }
    auto interval = collect::next_interval(pace, pace.slowest, failed(code, 1000));
    CHECK(ms(interval) == ms(30min));
    CHECK(ms(collect::next_interval(pace, interval, fresh(1))) == ms(5min));
  }
}

TEST_CASE("a success waits until the answer is stale, up to a day", "[pace]") {
  auto out = fresh(1);
  out.fresh_for = 2h;
  CHECK(wait_ms(out, 5min) == ms(2h));
  out.fresh_for = 1min;
  CHECK(wait_ms(out, 10min) == ms(9min));
  out.fresh_for = 1000h;
  CHECK(wait_ms(out, 5min) == ms(24h));
}

TEST_CASE("on the campaign day no cache keeps us from asking", "[pace]") {
  collect::Outcome fresh;
  fresh.fresh_for = 24h;
  collect::Pace busy{5min, 5min, 5min};
  CHECK(collect::next_poll(busy, 5min, fresh, noon, 0.5) == noon + 5min);
}

TEST_CASE("what a document asks for is heeded up to the slowest pace", "[pace]") {
  auto out = fresh(1);
  out.rest = 20min;
  CHECK(wait_ms(out, 5min) == ms(20min));
  out.rest = 1min;
  CHECK(wait_ms(out, 10min) == ms(9min));
  out.rest = 24h;
  CHECK(wait_ms(out, 5min) == ms(30min));
  const Pace campaign_day{5min, 5min};
  CHECK((collect::next_poll(campaign_day, 5min, out, noon, 0.0) - noon).count() == ms(5min));
}

TEST_CASE("what a platform's limits ask for is kept in full, on the campaign day too", "[pace]") {
  auto out = fresh(1);
  out.pause = 150min;
  CHECK(wait_ms(out, 5min) == ms(150min));
  const Pace campaign_day{5min, 5min, 5min};
  CHECK((collect::next_poll(campaign_day, 5min, out, noon, 0.0) - noon).count() == ms(150min));
  out.pause = 1min;
  CHECK(wait_ms(out, 10min) == ms(9min));
  auto trouble = failed(Failure::unavailable);
  trouble.pause = 1h;
  CHECK(wait_ms(trouble) == ms(1h));
}

TEST_CASE("refused doubles from an hour to a day", "[pace]") {
  for (auto code : {Failure::refused, Failure::blocked_address}) {
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

TEST_CASE("what a measurement near its limit did not read stays due", "[pace]") {
  collect::Walked walked;
  CHECK_FALSE(collect::stays_due(walked, 0));
  walked.pause = 1h;
  CHECK(collect::stays_due(walked, 0));
  auto after = [&](Failure::Code code, int failures) {
    walked.failure = Failure{code, "no"};
    return collect::stays_due(walked, failures);
  };
  CHECK(after(Failure::throttled, 9));
  CHECK(after(Failure::exhausted, 9));
  CHECK(after(Failure::unreachable, 4));
  CHECK_FALSE(after(Failure::unreachable, 5));
  CHECK_FALSE(after(Failure::malformed, 0));  // it must not be first for ever
  CHECK_FALSE(after(Failure::refused, 0));
}
