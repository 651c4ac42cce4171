#include "daemon/collect/pace.hpp"

#include <algorithm>

namespace campaignd::collect {

using namespace std::chrono_literals;

namespace {

constexpr milliseconds a_day = 24h;

milliseconds doubling(milliseconds first, int failures, milliseconds most) {
  auto wait = first;
  for (int i = 1; i < failures && wait < most; ++i) wait *= 2;
  return std::clamp(wait, std::min(first, most), most);
}

milliseconds scaled(milliseconds time, double factor) {
  return milliseconds(static_cast<std::int64_t>(static_cast<double>(time.count()) * factor));
}

milliseconds wait_after_failure(const Pace& pace, milliseconds interval, const Outcome& outcome) {
  const Failure& failure = *outcome.failure;
  auto asked_for = milliseconds(failure.retry_after.value_or(0s));
  auto times = [&](milliseconds step) { return std::min(step * std::clamp(outcome.failures, 1, 1000), a_day); };
  switch (failure.code) {
    case Failure::exhausted: return std::max(asked_for, interval);
    case Failure::throttled:
    case Failure::malformed:
    case Failure::too_large: return std::max(asked_for, times(interval));
    case Failure::gone: return outcome.failures <= 1 ? milliseconds(1h) : std::max(asked_for, times(1h));
    case Failure::refused:
    case Failure::blocked_address: return std::max(asked_for, doubling(1h, outcome.failures, a_day));
    default: return std::max(asked_for, doubling(std::min<milliseconds>(pace.fastest, 1min), outcome.failures, 15min));
  }
}

milliseconds wait_after_success(const Pace& pace, milliseconds interval, const Outcome& outcome, double dice) {
  auto fresh = std::min<milliseconds>(outcome.fresh_for, pace.longest_fresh);
  auto rest = std::min<milliseconds>(outcome.rest, pace.slowest);
  return std::max({scaled(interval, 0.9 + 0.2 * dice), fresh, rest});
}

}  // namespace

milliseconds next_interval(const Pace& pace, milliseconds current, const Outcome& outcome) {
  if (outcome.failure) return std::clamp(current, pace.fastest, pace.slowest);
  if (outcome.fresh > 0) return pace.fastest;
  return std::clamp(current + current / 2, pace.fastest, pace.slowest);
}

sys_ms next_poll(const Pace& pace, milliseconds interval, const Outcome& outcome, sys_ms now, double dice) {
  auto not_before = now + outcome.pause;
  if (!outcome.failure) return std::max(not_before, now + wait_after_success(pace, interval, outcome, dice));
  // Never earlier than asked: jitter only adds.
  auto wait =
      std::min(scaled(wait_after_failure(pace, interval, outcome), 1.0 + 0.1 * dice), scaled(a_day, 1.0 + 0.04 * dice));
  return std::max(not_before, now + wait);
}

}  // namespace campaignd::collect
