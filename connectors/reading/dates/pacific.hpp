#pragma once
/// Midnight in California, where the days of Google's budgets begin.
#include "connectors/post.hpp"

namespace campaignd {

/// The first midnight of America/Los_Angeles after `now`: 08:00 UTC in winter, 07:00 in summer. By the rule of the
/// United States since 2007, without a database of zones.
sys_ms next_pacific_midnight(sys_ms now);

}  // namespace campaignd
