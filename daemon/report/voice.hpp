#pragma once
/// M-11, share of voice: how much of what was said in a declared set of campaigns was said of ours. Only where all were
/// watched alike.
#include "daemon/report/figures.hpp"

namespace campaignd::report {

/// What was seen of one term of the set.
struct TermShare {
  std::string term;
  std::optional<double> mentions = 0;  ///< nothing: of some that had to go nobody knows
  std::optional<double> completeness;  ///< M-14 of the sources that watch it, 0 … 1
  bool ours = false;                   ///< else of class comparison
};
Figure share_of_voice(const std::vector<TermShare>& terms);

/// Of the campaign's hashtags and its terms of class comparison.
using Completeness = std::function<std::optional<double>(const std::string& term)>;
Figure share_of_voice(Figures& figures, const Campaign& campaign, const Completeness& of_term);

}  // namespace campaignd::report
