#pragma once
#include <boost/json/object.hpp>

#include "daemon/report/figures.hpp"

namespace campaignd::serve {

/// What the numbers are worth: on how few accounts they rest, with and without declared bots; what was left out, not
/// seen, removed and has come since; rates, and YouTube as it reports itself. As in the whole API, nothing is withheld.
boost::json::object method(store::Database& db, const Campaign& campaign, const Edition& edition,
                           const report::Window& window, sys_ms now);

}  // namespace campaignd::serve
