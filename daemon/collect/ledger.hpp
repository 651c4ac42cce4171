#pragma once
/// The accounts of one poll: what its pages gave, what they cover, what they cost.
#include "daemon/collect/walk.hpp"
#include "daemon/store/store.hpp"

namespace campaignd::collect {

/// What a job has cost since an earlier look.
void account(store::PollRow& row, const Walked& walked, const Walked& before, sys_ms now);

/// Who counted: the host that was asked, or the platform's one home.
std::string observer_of(const Platform& platform, const std::string& host);

/// A poll under way. A stream is one poll after another, each a minute long.
struct Poll {
  store::PollRow row;
  Walked before{};                         ///< what the job had cost when this row began
  bool joins = false;                      ///< its pages reach back to the last success
  std::optional<sys_ms> since{};           ///< or completely to here
  std::optional<store::PageFacts> kept{};  ///< read, and saved with the next page or the poll's end
  sys_ms saved{};
  std::string notice{};  ///< of what was answered and could be read in part only
};

/// M-14: a poll that joins the last success covers from there; else from its oldest item; nothing where it says
/// neither.
std::optional<sys_ms> covered_from(const Poll& poll, const store::SourceState& state, sys_ms floor);

/// Puts a page's facts behind those that wait: one commit for both.
void append(std::optional<store::PageFacts>& waiting, store::PageFacts facts);

}  // namespace campaignd::collect
