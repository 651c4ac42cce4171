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
  milliseconds longest_fresh = std::chrono::hours(24);  ///< for so long a server may call its answer unchanged
};

/// What a poll came to.
struct Outcome {
  std::optional<Failure> failure;     ///< none: it went well
  std::int64_t fresh = 0;             ///< posts seen for the first time
  int failures = 0;                   ///< in a row, this one included
  std::chrono::seconds fresh_for{0};  ///< how long the answer stays the same, as its server says
  std::chrono::seconds rest{0};       ///< how long the document asks to be left alone
  std::chrono::seconds pause{0};      ///< how long the platform's limits ask for that
};

/// The adaptive interval: something new makes it the fastest, nothing new half as long again, up to the slowest.
milliseconds next_interval(const Pace& pace, milliseconds current, const Outcome& outcome);

/// When to poll again. `dice` lies in [0, 1).
///
/// After a success: an interval with ±10 % jitter. Not before the answer is stale, up to a day, and on the campaign day
/// up to the slowest pace: hosts that serve many sites say "a day" of everything. And not before what the document
/// itself asks for (ttl, sy:, skipHours), up to the slowest pace: newsrooms set it once and forget it, and on the
/// campaign day, when the slowest pace is the fastest, a ttl of a day must not blind us. A wish never makes us ask more
/// often than the interval. A pause is no wish: it is kept in full, whatever the day, and after a failure too.
///
/// After a failure: never sooner than the server asked for, never later than a day, and jitter only adds.
///   unreachable, unavailable         a minute, doubling to 15: one probing request tells that the server is back
///   throttled, malformed, too_large  as many intervals as failures in a row: it answers, and is asked ever more slowly
///   exhausted                        an interval: the fault is ours
///   gone                             an hour, whatever it says, as it may be a slip; then an hour more each time
///   refused, blocked_address         an hour, doubling to a day
/// The interval itself does not suffer: no source is dropped for a bad week, and one success restores its pace.
sys_ms next_poll(const Pace& pace, milliseconds interval, const Outcome& outcome, sys_ms now, double dice);

/// The longest a stored next poll may lie ahead: a clock that jumped must not silence a source.
constexpr milliseconds longest_wait = std::chrono::hours(25);

}  // namespace campaignd::collect
