#pragma once
#include <boost/json/object.hpp>

#include "daemon/report/making.hpp"

namespace campaignd::serve {

/// Covered, planned and refilled time of each source and its longest gap; of the window's last week also a letter an
/// hour, with their legend.
boost::json::object coverage(const report::Scope& scope);

}  // namespace campaignd::serve
