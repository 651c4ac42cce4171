#pragma once
/// Small cells of the sheets that cut by platform.
#include <set>

#include "daemon/report/making.hpp"

namespace campaignd::report {

/// Of by_platform, whose total is in the summary.
void withhold_platforms(const Scope& scope, Sheet& sheet);

/// Of by_day. by_platform has the totals of platforms, so those withheld there are taken together here, and each other
/// one's days by themselves.
void withhold_days(const Scope& scope, Sheet& sheet);

/// Of mentions by (bucket label, platform), as a MetricRunner has chosen them: the cells that may not be told, each
/// platform's buckets by themselves, as in by_day.
std::set<std::pair<std::string, std::string>> withheld_cells(store::Database& db, const store::MetricRows& mentions);

/// The reason of a figure that is withheld.
constexpr std::string_view withheld_reason =
    "withheld: too few people stand behind it, or behind what stands beside it";
void withhold(Figure& figure);

/// Whether one or two accounts, and no organisation's, are all that declare themselves bots (M-17), or all that are
/// still known of them.
bool are_few_bots(const Scope& scope);

/// Their row of the summary.
void withhold_bots(const Scope& scope, Sheet& summary);

}  // namespace campaignd::report
