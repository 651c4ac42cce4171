// What ties an account to its organisation, and since when that is known.
#include "daemon/store/store.hpp"

namespace campaignd::store {

void Store::note(const Evidence& evidence, sys_ms now) {
  Query(db_,
        "INSERT INTO evidence(partner, account, why, detail, at_utc) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
        "detail = excluded.detail, at_utc = excluded.at_utc WHERE detail <> excluded.detail",
        evidence.partner, evidence.account, evidence.why, evidence.detail, now)
      .run();
}

void Store::note_evidence(const std::vector<Evidence>& configured, const std::function<bool(const Evidence&)>& holds,
                          sys_ms now) {
  Transaction tx(db_);
  std::vector<Evidence> ended;
  for (Query all(db_, "SELECT partner, account, why, detail FROM evidence"); all.next();) {
    Evidence each{all.text(0), all.text(1), all.text(2), all.text(3)};
    if (!holds(each)) ended.push_back(std::move(each));
  }
  for (const auto& each : ended)
    Query(db_, "DELETE FROM evidence WHERE partner = ? AND account = ? AND why = ?", each.partner, each.account,
          each.why)
        .run();
  for (const auto& each : configured) note(each, now);
  tx.commit();
}

}  // namespace campaignd::store
