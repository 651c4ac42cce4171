#pragma once
#include <boost/json/object.hpp>

#include "daemon/report/making.hpp"

namespace campaignd::serve {

/// Mentions by hour (up to three days) or local day, and platform, from the slices. What is not known
/// is null, and `unknown` says why: not watched, expired, or withheld where it is published.
boost::json::object timeline(const report::Scope& scope);

}  // namespace campaignd::serve
