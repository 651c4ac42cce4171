#pragma once
/// What the page and the sheets say of sources, and the sentence at the top.
#include "daemon/report/figures.hpp"

namespace campaignd::report {

/// The platforms a campaign has sources on, and those it has posts of in this edition, in order.
std::vector<std::string> platforms_of(store::Database& db, const Campaign& campaign, const Edition& edition);

/// M-14 by (bucket label, platform); the platform "" is all of them together. What is not there was not planned.
using Shares = std::map<std::pair<std::string, std::string>, double>;
Shares shares_of(const store::CoverageRows& rows, const Campaign& campaign);
std::optional<double> share_of(const Shares& shares, const std::string& label, const std::string& platform);

struct SourceRow {
  std::string id, connector, host, state;  ///< ok, failing, waiting; of the past nothing
  std::string partner;                     ///< whose channel it is; empty: anybody's
  std::string message, software;
  std::optional<sys_ms> last_poll, last_success, next_poll;
  std::int64_t polls = 0, polls_ok = 0;
  std::optional<std::int64_t> found, matched;  ///< items of the last successful poll that showed any, never a sum
  std::optional<std::int64_t> longest_gap_s;
  std::optional<double> coverage;
};
/// Failing ones first.
std::vector<SourceRow> source_rows(store::Database& db, const Campaign& campaign, const Edition& edition, Window window,
                                   sys_ms now);

/// Posts of accounts that asked to be left alone, about: an hour's figure is the largest of each network's
/// sources, added up.
Figure opted_out(store::Database& db, const Campaign& campaign, Window window, sys_ms now, const Figure& coverage);

/// "31 of 34 sources read without trouble, the last 2 minutes ago. Edition 2026, so far: no post with the tag; 8
/// articles in 7 outlets, 5 of them copies of a text; next campaign day in 211 days." Articles are no mentions, and
/// where nobody looked nothing is said to be none.
std::string sentence(store::Database& db, const Campaign& campaign, const Edition& edition, Window window, sys_ms now);

}  // namespace campaignd::report
