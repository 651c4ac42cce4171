#pragma once
/// When to ask next. Pure: the caller brings the time and the dice.
#include "connectors/failure.hpp"
#include "connectors/post.hpp"

namespace campaignd::collect {

using std::chrono::milliseconds;

/// How often a source may and must be asked.
struct Pace {
  milliseconds fastest = std::chrono::minutes(5);
  milliseconds slowest = std::chrono::minutes(30);
};

/// What a poll came to.
struct Outcome {
  std::optional<Failure> failure;  ///< none: it went well
  std::int64_t fresh = 0;          ///< posts seen for the first time
  int failures = 0;                ///< in a row, this one included
};

/// The adaptive interval: something new makes it the fastest, nothing new half as long again, up to the slowest.
milliseconds next_interval(const Pace& pace, milliseconds current, const Outcome& outcome);

/// When to poll again. Success: an interval with ±10 % jitter. Throttled: what the server asked for, never less than
/// an interval. Trouble: doubling from a minute to 15, so that after five failures every poll is a single probing
/// request. Refused or gone: from an hour, doubling to a day. `dice` lies in [0, 1).
sys_ms next_poll(const Pace& pace, milliseconds interval, const Outcome& outcome, sys_ms now, double dice);

/// The longest a stored next poll may lie ahead: a clock that jumped must not silence a source.
constexpr milliseconds longest_wait = std::chrono::hours(25);

}  // namespace campaignd::collect
