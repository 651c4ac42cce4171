// What goes: posts that their servers show no more, and those whose end a stream tells.
#include <algorithm>

#include "daemon/store/lists.hpp"
#include "daemon/store/store.hpp"

namespace campaignd::store {

namespace {

constexpr auto confirm_removal_after = std::chrono::hours(1);
constexpr auto remember_removal_for = std::chrono::days(30);

/// What the post's platform allows; nothing of a platform that has no connector.
const Contract* contract_of(Database& db, std::int64_t post) {
  Query query(db, "SELECT platform FROM post WHERE id = ?", post);
  const auto* platform = query.next() ? find_platform(query.text(0)) : nullptr;
  return platform == nullptr ? nullptr : &platform->contract;
}

}  // namespace

void Store::miss(std::int64_t post, std::int64_t observer, sys_ms now) {
  std::optional<sys_ms> first_sign;
  bool at_home = false, was_shown = false;
  {
    Query query(
        db_,
        "SELECT recheck.missing_utc, post.host = observer.host, shown FROM recheck JOIN post ON post.id = recheck.post "
        "JOIN observer ON observer.id = recheck.observer WHERE recheck.observer = ? AND recheck.post = ?",
        observer, post);
    if (!query.next()) return;
    first_sign = query.maybe_time(0);
    at_home = query.integer(1) != 0;
    was_shown = query.integer(2) != 0;
  }
  if (!was_shown) return;  // there is nothing it could have taken away: others show it
  if (first_sign && now - *first_sign >= confirm_removal_after) {
    if (at_home) return remove(post, "gone at its home server", now);
    // Gone at one observer only: its home server was not asked, so it may well be there.
    Query(db_, "DELETE FROM recheck WHERE observer = ? AND post = ?", observer, post).run();
    return;
  }
  Query(db_, "UPDATE recheck SET missing_utc = coalesce(missing_utc, ?), due_utc = ? WHERE observer = ? AND post = ?",
        now, now + confirm_removal_after, observer, post)
      .run();
}

/// A stream told of it. Only what the post is called at home is the post: a copy's end is not its original's.
void Store::remove_named(const Digest& name, sys_ms now) {
  std::optional<std::int64_t> post;
  if (Query query(db_, "SELECT post FROM alias WHERE key = ? AND why = 'uri'", name); query.next())
    post = query.integer(0);
  if (post) remove(*post, "deleted by its author", now);
}

void Store::account_gone(const GoneAccount& account, sys_ms now) {
  std::vector<std::int64_t> posts;
  for (const auto& pseudonym : account.pseudonyms)
    for (Query query(db_,
                     "SELECT post.id FROM author JOIN post ON post.author = author.id WHERE author.platform = ? AND "
                     "pseudonym = ?",
                     account.platform, pseudonym);
         query.next();)
      posts.push_back(query.integer(0));
  for (auto post : posts) {
    if (account.for_good)
      remove(post, "its account was deleted or taken down", now);
    else
      Query(db_, "UPDATE recheck SET due_utc = min(due_utc, ?) WHERE post = ?", now, post).run();
  }
}

void Store::remove(std::int64_t post, const char* why, sys_ms now) {
  bury(post, now);
  drop(post, why, now);
}

/// A late poll cannot bring it back, nor can a backup of before. Of platforms that allow no trace there is none, and
/// backups never hold those that allow no long keeping.
void Store::bury(std::int64_t post, sys_ms now) {
  const auto* contract = contract_of(db_, post);
  if (contract != nullptr && contract->no_trace) return;
  std::vector<Listed> names;
  for (Query query(db_, "SELECT key FROM alias WHERE post = ?", post); query.next();)
    names.push_back({query.digest(0), now + remember_removal_for});
  for (const auto& each : names)
    Query(db_, "INSERT OR REPLACE INTO tombstone(hash, until_utc) VALUES (?, ?)", each.hash, each.at).run();
  if (contract == nullptr || !contract->keep_at_most) append_to_list(folder_ / removed_list, names);
}

/// Deletes it with all that hangs on it. How many went is told, never which.
void Store::drop(std::int64_t post, const char* why, sys_ms now) {
  mark_dirty(post);
  auto others = cluster_of(post);
  std::erase(others, post);
  auto told_with = story_of(post);
  std::erase(told_with, post);
  if (const auto* contract = contract_of(db_, post); contract == nullptr || !contract->no_trace) tally(post, why, now);
  Query(db_, "DELETE FROM post WHERE id = ?", post).run();
  regroup(others);
  tell_stories(told_with);
}

/// Every post that ever matched: an answer of the past may lack one that had lost its tag since.
void Store::tally(std::int64_t post, const char* why, sys_ms now) {
  Query(db_,
        "INSERT INTO removal(edition, platform, hour_utc, kind, why, at_utc, n) SELECT edition, platform, "
        "min(coalesce(published_utc, first_seen_utc), first_seen_utc) / 3600000 * 3600000, kind, ?, ?, 1 FROM post "
        "WHERE id = ? ON CONFLICT DO UPDATE SET n = n + 1",
        why, now, post)
      .run();
  // One that is in no reading just now changes M-16 all the same.
  Query(
      db_,
      "INSERT INTO generation(edition, n) SELECT edition, 1 FROM post WHERE id = ? ON CONFLICT(edition) DO UPDATE SET "
      "n = n + 1",
      post)
      .run();
}

}  // namespace campaignd::store
