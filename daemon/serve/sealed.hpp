#pragma once
/// What was sealed, as it was sealed.
#include "daemon/serve/respond.hpp"

namespace campaignd::serve {

/// "seal.json" is the whole seal of an edition, "summary.csv" a sheet of it.
Response sealed_file(store::Database& db, const std::string& campaign, const Edition& edition, const std::string& name);

}  // namespace campaignd::serve
