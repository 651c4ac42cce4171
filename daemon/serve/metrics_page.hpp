#pragma once
#include "daemon/serve/respond.hpp"

namespace campaignd::serve {

/// Prometheus text format 0.0.4: is the daemon collecting, and what has it.
std::string metrics_page(store::Database& db, const Facts& facts);

}  // namespace campaignd::serve
