#pragma once
/// Small cells of the sheets that cut by platform.
#include "daemon/report/making.hpp"

namespace campaignd::report {

/// Of by_platform, whose total is in the summary.
void withhold_platforms(const Scope& scope, Sheet& sheet);

/// Of by_day. by_platform has the totals of platforms, so those withheld there are taken together here, and each other
/// one's days by themselves.
void withhold_days(const Scope& scope, Sheet& sheet);

/// Whether one or two accounts, and no organisation's, are all that declare themselves bots (M-17).
bool are_few_bots(const Scope& scope);

/// Their row of the summary.
void withhold_bots(const Scope& scope, Sheet& summary);

}  // namespace campaignd::report
