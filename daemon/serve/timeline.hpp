#pragma once
#include <boost/json/object.hpp>

#include "daemon/report/figures.hpp"

namespace campaignd::serve {

/// Mentions by hour (up to three days) or local day, and platform, from the slices. A bucket nobody watched is null.
boost::json::object timeline(store::Database& db, const Campaign& campaign, const Edition& edition,
                             const report::Window& window, sys_ms now);

}  // namespace campaignd::serve
