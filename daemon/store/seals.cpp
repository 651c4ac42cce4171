#include "daemon/store/seals.hpp"

#include "daemon/store/store.hpp"

namespace campaignd::store {

std::optional<SealTimes> seal_times(Database& db, const std::string& edition, sys_ms until) {
  Query query(
      db,
      "SELECT sealed_utc, as_of_utc FROM report WHERE edition = ? AND sealed_utc <= ? ORDER BY sealed_utc DESC, "
      "id DESC LIMIT 1",
      edition, until);
  if (!query.next()) return std::nullopt;
  return SealTimes{query.time(0), query.time(1)};
}

std::optional<std::string> last_seal(Database& db, const std::string& edition) {
  Query query(db, "SELECT body FROM report WHERE edition = ? ORDER BY sealed_utc DESC, id DESC LIMIT 1", edition);
  if (!query.next()) return std::nullopt;
  return query.text(0);
}

bool keeps_seal(Database& db, const std::string& digest) {
  return Query(db, "SELECT 1 FROM report WHERE digest = CAST(? AS BLOB)", digest).next();
}

void Store::keep_seal(const KeptSeal& seal) {
  Transaction tx(db_);
  Query(db_,
        "INSERT INTO report(edition, sealed_utc, as_of_utc, digest, body) VALUES (?, ?, ?, CAST(? AS BLOB), CAST(? AS "
        "BLOB))",
        seal.edition, seal.at.sealed, seal.at.as_of, seal.digest, seal.body)
      .run();
  tx.commit();
}

}  // namespace campaignd::store
