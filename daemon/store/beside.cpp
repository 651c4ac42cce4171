// What stands beside the campaign's tag: as keyed hashes, and in clear once three accounts have used it.
#include <set>

#include "daemon/store/store.hpp"

namespace campaignd::store {

/// A post shows what its latest sight shows.
void Store::note_beside(std::int64_t post, const Fact& fact) {
  std::set<Digest> known, told;
  for (const auto& each : fact.beside) told.insert(each.name);
  for (Query query(db_, "SELECT name FROM beside WHERE post = ?", post); query.next();) known.insert(query.digest(0));
  if (told == known) return;
  Query(db_, "DELETE FROM beside WHERE post = ?", post).run();
  for (const auto& each : fact.beside) {
    Query(db_, "INSERT OR IGNORE INTO beside(post, kind, name) VALUES (?, ?, ?)", post, each.kind, each.name).run();
    call_by_name(post, each);
  }
}

/// Authors are known within an edition alone, so three of one edition are three accounts.
void Store::call_by_name(std::int64_t post, const Beside& beside) {
  if (Query(db_, "SELECT 1 FROM beside_name WHERE name = ?", beside.name).next()) return;
  Query(db_,
        "INSERT INTO beside_name(name, kind, text) SELECT ?1, ?2, ?3 WHERE (SELECT count(*) FROM (SELECT DISTINCT "
        "other.author FROM beside JOIN post AS other ON other.id = beside.post WHERE beside.name = ?1 AND "
        "other.edition = (SELECT edition FROM post WHERE id = ?4) LIMIT 3)) = 3",
        beside.name, beside.kind, beside.text, post)
      .run();
}

std::int64_t Store::drop_rare_names() {
  Transaction tx(db_);
  db_.run(
      "DELETE FROM beside_name WHERE NOT EXISTS (SELECT 1 FROM beside JOIN post ON post.id = beside.post WHERE "
      "beside.name = beside_name.name GROUP BY post.edition HAVING count(DISTINCT post.author) >= 3)");
  auto dropped = db_.changes();
  tx.commit();
  return dropped;
}

}  // namespace campaignd::store
