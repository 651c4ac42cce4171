#pragma once
#include <boost/json/object.hpp>

#include "daemon/report/figures.hpp"

namespace campaignd::serve {

/// Covered, planned and refilled time of each source and its longest gap; of the window's last week also a letter an
/// hour, with their legend.
boost::json::object coverage(store::Database& db, const Campaign& campaign, const Edition& edition,
                             const report::Window& window, sys_ms now);

}  // namespace campaignd::serve
