#include "daemon/report/evidence.hpp"

namespace campaignd::report {

std::map<std::string, std::vector<Proof>> evidence_by_partner(store::Database& db, sys_ms now) {
  std::map<std::string, std::vector<Proof>> out;
  store::Query all(
      db, "SELECT partner, account, why, detail, at_utc FROM evidence WHERE at_utc <= ? ORDER BY partner, account, why",
      now);
  while (all.next()) out[all.text(0)].push_back({all.text(1), all.text(2), all.text(3), all.time(4)});
  return out;
}

}  // namespace campaignd::report
