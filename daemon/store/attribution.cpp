// Whose a post is under today's configuration.
#include <algorithm>

#include "daemon/store/ids.hpp"
#include "daemon/store/store.hpp"

namespace campaignd::store {

namespace {

constexpr auto second_thoughts = std::chrono::days(7);

/// Posts that were kept because of who wrote them, of accounts that are registered no more.
constexpr auto strangers =
    "SELECT post.id FROM post JOIN author ON author.id = post.author JOIN match ON match.post = post.id AND "
    "match.until_utc IS NULL WHERE author.partner IS NULL AND post.partner IS NULL AND match.class = 'owned'";

}  // namespace

void Store::register_accounts(const std::vector<PartnerAccount>& accounts,
                              const std::optional<std::set<std::string>>& editions) {
  if (!editions) db_.run("UPDATE author SET partner = NULL, name = NULL WHERE partner IS NOT NULL");
  const std::set<std::string> nothing;
  for (const auto& edition : editions ? *editions : nothing)  // one without a key has no accounts to compare with
    Query(db_, "UPDATE author SET partner = NULL, name = NULL WHERE partner IS NOT NULL AND edition = ?", edition)
        .run();
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
}

void Store::register_countries(const std::map<std::string, std::string>& countries) {
  std::map<std::string, std::string> known;
  for (Query all(db_, "SELECT partner, country FROM registered"); all.next();) known[all.text(0)] = all.text(1);
  if (known == countries) return;
  db_.run("DELETE FROM registered");
  for (const auto& [partner, country] : countries)
    Query(db_, "INSERT INTO registered(partner, country) VALUES (?, ?)", partner, country).run();
  void_kept_figures();
}

void Store::attribute(const std::vector<PartnerAccount>& accounts,
                      const std::function<PageOwner(const std::string&, const std::string&)>& owner_of_page,
                      const Attribution& how) {
  Transaction tx(db_);
  register_accounts(accounts, how.editions);
  register_countries(how.countries);
  if (!how.keeps_links) {
    db_.run(
        "UPDATE post SET uri = NULL, url = NULL WHERE partner IS NULL AND (uri IS NOT NULL OR url IS NOT NULL) AND "
        "author IN (SELECT id FROM author WHERE partner IS NULL AND name IS NULL)");
    db_.run(
        "DELETE FROM beside WHERE post IN (SELECT post.id FROM post JOIN author ON author.id = post.author WHERE "
        "post.partner IS NULL AND author.partner IS NULL AND author.name IS NULL)");
  }
  attribute_articles(owner_of_page);
  auto left = all_of(Query(db_, strangers));
  for (auto post : all_of(Query(db_, "SELECT id FROM post WHERE left_utc IS NOT NULL")))
    if (std::ranges::find(left, post) == left.end())
      Query(db_, "UPDATE post SET left_utc = NULL WHERE id = ?", post).run();
  for (auto post : left)
    Query(db_, "UPDATE post SET left_utc = ? WHERE id = ? AND left_utc IS NULL", how.now, post).run();
  auto changed = all_of(Query(
      db_,
      "SELECT reading.post FROM reading JOIN post ON post.id = reading.post JOIN author ON author.id = "
      "post.author WHERE reading.partner IS NOT coalesce(post.partner, author.partner) OR post.left_utc IS NOT NULL OR "
      "reading.outlet IS NOT post.outlet OR reading.outlet_country IS NOT post.outlet_country OR (reading.kind = "
      "'article' AND reading.relation IS NOT post.relation)"));
  changed.insert(changed.end(), left.begin(), left.end());
  for (auto post : changed) refresh(post);
  for (auto post : all_of(Query(db_,
                                "SELECT post.id FROM post JOIN match ON match.post = post.id AND match.until_utc "
                                "IS NULL WHERE class = 'owned' AND left_utc IS NULL AND NOT EXISTS (SELECT 1 FROM "
                                "reading WHERE reading.post = post.id)")))
    refresh(post);  // registered again
  for (auto post : changed) tell_story(post);
  tx.commit();
}

std::int64_t Store::forget_strangers(sys_ms now) {
  Transaction tx(db_);
  auto gone = all_of(Query(db_,
                           "SELECT id FROM post WHERE left_utc <= ? AND EXISTS (SELECT 1 FROM match WHERE match.post = "
                           "post.id AND class = 'owned' AND until_utc IS NULL)",  // else it gained the tag meanwhile
                           now - second_thoughts));
  for (auto post : gone) {
    auto others = cluster_of(post);
    std::erase(others, post);
    tally(post, "its account is registered no more", now);
    Query(db_, "DELETE FROM match WHERE post = ? AND class = 'owned'", post).run();
    Query(db_, "UPDATE post SET left_utc = NULL WHERE id = ?", post).run();
    Query(db_, "DELETE FROM post WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM match WHERE post = ?1)", post).run();
    regroup(others);
  }
  if (!gone.empty()) db_.run("DELETE FROM author WHERE NOT EXISTS (SELECT 1 FROM post WHERE post.author = author.id)");
  tx.commit();
  return std::ssize(gone);
}

}  // namespace campaignd::store
