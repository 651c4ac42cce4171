#pragma once
/// What is known of whose the accounts are, for the API and the sheets.
#include <map>
#include <string>
#include <vector>

#include "daemon/store/database.hpp"

namespace campaignd::report {

struct Proof {
  std::string account, why, detail;
  sys_ms since;  ///< when it was known first
};

/// What was known by then, by partner, in order of account. It is written when the daemon starts and whenever a server
/// says so: a database that was never run has none.
std::map<std::string, std::vector<Proof>> evidence_by_partner(store::Database& db, sys_ms now);

}  // namespace campaignd::report
