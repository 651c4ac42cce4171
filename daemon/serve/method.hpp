#pragma once
#include <boost/json/object.hpp>

#include "daemon/report/making.hpp"

namespace campaignd::serve {

/// What the numbers are worth: on how few accounts they rest, with and without declared bots; what was left out, not
/// seen, removed and has come since; rates, and YouTube as it reports itself. What one or two bots did is withheld
/// where it is published, and nothing on this machine.
boost::json::object method(const report::Scope& scope);

}  // namespace campaignd::serve
