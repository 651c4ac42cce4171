#pragma once
#include <boost/json/object.hpp>

#include "daemon/report/making.hpp"

namespace campaignd::serve {

/// Mentions by hour (up to three days) or local day, and platform, from the slices. A bucket nobody watched is
/// null, and so is what must be withheld, or is not known any more.
boost::json::object timeline(const report::Scope& scope);

}  // namespace campaignd::serve
