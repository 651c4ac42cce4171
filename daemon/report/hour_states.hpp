#pragma once
/// What was the matter with a source in an hour: whether it was read, and if not, why.
#include "daemon/report/figures.hpp"

namespace campaignd::report {

enum class HourState : std::uint8_t { seen, empty, refused, failed, throttled, paused, blind, not_planned };
constexpr std::size_t hour_states_there_are = 8;
std::string_view name_of(HourState state);  ///< "seen" … "not planned"
std::string_view words_of(HourState state);

struct Hour {
  HourState state = HourState::not_planned;
  bool refilled = false;  ///< covered only by a poll that paged back over a gap
  bool operator==(const Hour&) const = default;
};
char letter_of(Hour hour);  ///< the state's: S E R F T P B and -; a small letter: refilled

/// What is known of a source and an hour.
struct HourFacts {
  store::Coverage coverage{};
  bool has_posts = false;  ///< it showed posts that were published then
  std::string outcome{};   ///< of its last poll then that went wrong, or of one before that said not to ask again yet;
                           ///< "ok": all went well; empty: there was none
};
/// An hour of which half is covered was read. So was one in which all went well and nothing is covered: what was shown
/// did not say how far back it reaches.
Hour hour_of(const HourFacts& facts);

/// Hour by hour from the window's start up to now, for every source that is planned in it.
using Hours = std::map<std::string, std::vector<Hour>>;
Hours hour_states(store::Database& db, const Campaign& campaign, const Edition& edition, const Window& window,
                  sys_ms now);

/// The last so many days of a window, up to now, from a whole hour on.
Window last_days(const Window& window, int days, sys_ms now);

}  // namespace campaignd::report
