#pragma once
/// Searches by time whose answers are capped and in no order: which time is asked for next, and what has been read.
#include <chrono>
#include <string>

#include "connectors/connector.hpp"

namespace campaignd {

/// Reads what came since the last poll, the oldest first, then back to the floor, the newest first. A time with more
/// posts than an answer holds is halved; one that cannot be halved is a hole, and coverage says so. What was begun is
/// in the position after every page, so a poll that broke off is taken up where it stopped.
class TimeWindows {
 public:
  struct Limits {
    std::size_t full;                   ///< an answer with so many posts may have left some out
    std::chrono::milliseconds slot;     ///< the shortest time searched; boundaries within a poll lie on its multiples
    std::chrono::milliseconds widest;   ///< the longest asked for at once
    std::chrono::milliseconds memory;   ///< nothing older is found
    std::chrono::milliseconds overlap;  ///< what is published is found so much later
    int most_requests;                  ///< in one poll; the next one goes on
  };

  TimeWindows(sys_ms floor, const std::string& position, const Limits& limits);

  void begin(sys_ms now);  ///< before every request
  sys_ms from() const { return from_; }
  sys_ms to() const { return to_; }
  bool reaches_now() const { return to_ == now_; }

  /// Says of the page of the time that was asked for what it covers and whether another follows; `items` are all the
  /// answer's, readable or not.
  void read(Page& page, std::size_t items);

  std::string position() const;  ///< "newest=…&oldest=…&unread=…", the fields of a cursor's position

 private:
  enum class Step { start, catching_up, going_back };

  void start(sys_ms now);
  void choose();
  void catch_up(Page& page, bool is_cut);
  void go_back(Page& page, bool is_cut);
  std::string too_wide() const;

  const sys_ms floor_;
  const Limits limits_;
  sys_ms newest_, oldest_;  ///< all between them is read; no `oldest_`: there is nothing more to read below
  sys_ms unread_;           ///< before this something was left out since the last poll that came to its end
  sys_ms now_{}, start_{};  ///< of this poll; as far back as it goes
  sys_ms at_{};             ///< catching up: read to here
  sys_ms from_{}, to_{};    ///< asked for
  std::chrono::milliseconds width_{};
  Step step_ = Step::start;
  int requests_ = 0;
};

}  // namespace campaignd
