// Whose a post is under today's configuration.
#include "daemon/store/store.hpp"

namespace campaignd::store {

/// What was kept for its author's sake alone goes when the author is registered no more: posts without a match of
/// their own, and those of before the edition.
void Store::forget_strangers(const std::map<std::string, sys_ms>& begins) {
  std::vector<std::int64_t> strange;
  constexpr auto owned =
      "SELECT post.id FROM post JOIN author ON author.id = post.author JOIN match ON match.post = post.id "
      "WHERE author.partner IS NULL AND post.partner IS NULL AND match.class = 'owned'";
  for (Query query(db_, owned); query.next();) strange.push_back(query.integer(0));
  for (auto post : strange) {
    mark_dirty(post);
    Query(db_, "DELETE FROM match WHERE post = ? AND class = 'owned'", post).run();
    Query(db_, "DELETE FROM post WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM match WHERE post = ?1)", post).run();
    refresh(post);
  }
  for (const auto& [edition, begin] : begins) {
    std::vector<std::int64_t> early;
    for (Query query(db_,
                     "SELECT post.id FROM post JOIN author ON author.id = post.author WHERE post.edition = ? AND "
                     "min(coalesce(published_utc, first_seen_utc), first_seen_utc) < ? AND author.partner IS NULL AND "
                     "post.partner IS NULL",
                     edition, begin);
         query.next();)
      early.push_back(query.integer(0));
    for (auto post : early) {
      mark_dirty(post);
      Query(db_, "DELETE FROM post WHERE id = ?", post).run();
    }
  }
}

void Store::attribute(const std::vector<PartnerAccount>& accounts,
                      const std::function<PageOwner(const std::string&, const std::string&)>& owner_of_page,
                      const std::map<std::string, sys_ms>& begins) {
  Transaction tx(db_);
  db_.run("UPDATE author SET partner = NULL, name = NULL WHERE partner IS NOT NULL");
  for (const auto& each : accounts) {
    Query(db_, "UPDATE author SET partner = ?, name = ? WHERE edition = ? AND platform = ? AND pseudonym = ?",
          each.partner, each.name, each.edition, each.platform, each.pseudonym)
        .run();
    Query(db_, "UPDATE author SET partner = ?, name = ? WHERE handle = ?", each.partner, each.name, each.pseudonym)
        .run();
  }
  db_.run(
      "UPDATE post SET title = NULL, text = NULL WHERE kind <> 'article' AND (title IS NOT NULL OR text IS NOT NULL) "
      "AND author IN (SELECT id FROM author WHERE partner IS NULL)");
  attribute_articles(owner_of_page);
  forget_strangers(begins);
  std::vector<std::int64_t> changed;
  for (Query stale(db_,
                   "SELECT reading.post FROM reading JOIN post ON post.id = reading.post JOIN author ON author.id = "
                   "post.author WHERE reading.partner IS NOT coalesce(post.partner, author.partner) OR "
                   "(class = 'owned' AND author.partner IS NULL AND post.partner IS NULL) OR reading.outlet IS NOT "
                   "post.outlet OR reading.outlet_country IS NOT post.outlet_country OR reading.relation IS NOT "
                   "post.relation");
       stale.next();)
    changed.push_back(stale.integer(0));
  for (auto post : changed) refresh(post);
  tx.commit();
}

}  // namespace campaignd::store
