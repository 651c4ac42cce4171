#pragma once
#include "daemon/report/making.hpp"

namespace campaignd::report {

Sheet make_coverage(const Scope& scope);  ///< a row a source: how much of its time was covered, and what ailed it
Sheet make_hours(const Scope& scope);     ///< a row a source and hour, of the period's last month

}  // namespace campaignd::report
