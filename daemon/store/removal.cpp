// What goes: posts that their servers show no more, and those whose end a stream tells.
#include <algorithm>
#include <map>
#include <set>

#include "daemon/store/ids.hpp"
#include "daemon/store/lists.hpp"
#include "daemon/store/store.hpp"

namespace campaignd::store {

namespace {

constexpr auto confirm_removal_after = std::chrono::hours(1);
constexpr auto remember_removal_for = std::chrono::days(30);
constexpr auto believe_after = std::chrono::days(14);  ///< what a server has said for so long, day by day, is so
constexpr std::int64_t few = 3;                        ///< so many may be gone of a server that has hardly more
constexpr std::int64_t witnesses = 4;                  ///< posts that must be shown for each that is missing
constexpr std::int64_t most_witnesses = 100;           ///< asked for at once

/// What the post's platform allows; nothing of a platform that has no connector.
const Contract* contract_of(Database& db, std::int64_t post) {
  Query query(db, "SELECT platform FROM post WHERE id = ?", post);
  const auto* platform = query.next() ? find_platform(query.text(0)) : nullptr;
  return platform == nullptr ? nullptr : &platform->contract;
}

}  // namespace

std::int64_t Store::judge_missing(const std::vector<std::int64_t>& posts, std::int64_t observer, const PollRow& poll) {
  std::map<std::int64_t, sys_ms> doubted;  // a second sign, and when the first was; not those that are believed by now
  bool is_new = false;
  std::optional<sys_ms> latest;
  for (auto post : posts) {
    Query query(db_, "SELECT missing_utc FROM recheck WHERE observer = ? AND post = ?", observer, post);
    auto first = query.next() ? query.maybe_time(0) : std::nullopt;
    is_new = is_new || !first;
    if (!first || poll.start - *first < confirm_removal_after || poll.start - *first >= believe_after) continue;
    doubted[post] = *first;
    latest = std::max(latest.value_or(*first), *first);
  }
  if (!latest || !is_in_trouble(observer, *latest, poll.start)) doubted.clear();
  for (auto post : posts) {
    auto found = doubted.find(post);
    if (found == doubted.end()) {
      miss(post, observer, poll.start);
      continue;
    }
    auto rest = std::clamp<milliseconds>((poll.end - found->second) / 2, std::chrono::hours(1), std::chrono::hours(24));
    Query(db_, "UPDATE recheck SET due_utc = ? WHERE observer = ? AND post = ?", poll.end + rest, observer, post).run();
  }
  if (is_new) call_witnesses(observer, poll);
  return std::ssize(doubted);
}

/// Of the posts it was asked for since then it misses more than a fifth, and not just one or two.
bool Store::is_in_trouble(std::int64_t observer, sys_ms since, sys_ms now) {
  Query query(
      db_,
      "SELECT count(CASE WHEN missing_utc > ?3 THEN 1 END), count(CASE WHEN missing_utc IS NULL AND read_utc >= "
      "?2 THEN 1 END) FROM recheck WHERE observer = ?1 AND shown",
      observer, since, now - believe_after);
  if (!query.next()) return false;
  auto missing = query.integer(0), there = query.integer(1);
  return missing >= few && missing * witnesses > there;
}

/// What is missing may be a sign of trouble: others are asked for, too, so that it is told from a deletion when the
/// second sign comes. Where many are missing already that is known.
void Store::call_witnesses(std::int64_t observer, const PollRow& poll) {
  std::int64_t missing = 0, there = 0;
  {
    Query query(db_,
                "SELECT count(missing_utc), count(CASE WHEN missing_utc IS NULL AND (read_utc >= ?2 OR due_utc <= ?3) "
                "THEN 1 END) FROM recheck WHERE observer = ?1 AND shown",
                observer, poll.start, poll.end);
    if (query.next()) missing = query.integer(0), there = query.integer(1);
  }
  auto wanted = missing * witnesses - there;
  if (wanted <= 0 || missing * witnesses > most_witnesses) return;
  auto called = all_of(Query(db_,
                             "SELECT post FROM recheck WHERE observer = ? AND due_utc > ? AND missing_utc IS NULL AND "
                             "shown ORDER BY due_utc LIMIT ?",
                             observer, poll.end, wanted));
  for (auto post : called)
    Query(db_, "UPDATE recheck SET due_utc = ? WHERE observer = ? AND post = ?", poll.end, observer, post).run();
}

/// `now`: when it was asked for.
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
    if (at_home) return remove({post}, "gone at its home server", now);
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
  remove(all_of(Query(db_, "SELECT post FROM alias WHERE key = ? AND why = 'uri'", name)), "deleted by its author",
         now);
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
  if (account.for_good) return remove(posts, "its account was deleted or taken down", now);
  for (auto post : posts) Query(db_, "UPDATE recheck SET due_utc = min(due_utc, ?) WHERE post = ?", now, post).run();
}

void Store::remove(const std::vector<std::int64_t>& posts, const char* why, sys_ms now) {
  bury(posts, now);
  drop(posts, why, now);
}

/// A late poll cannot bring them back, nor can a backup of before. Of platforms that allow no trace there is none, and
/// backups never hold those that allow no long keeping.
void Store::bury(const std::vector<std::int64_t>& posts, sys_ms now) {
  std::vector<Listed> lasting;
  for (auto post : posts) {
    const auto* contract = contract_of(db_, post);
    if (contract != nullptr && contract->no_trace) continue;
    std::vector<Digest> names;
    for (Query query(db_, "SELECT key FROM alias WHERE post = ?", post); query.next();)
      names.push_back(query.digest(0));
    for (const auto& name : names) {
      Query(db_, "INSERT OR REPLACE INTO tombstone(hash, until_utc) VALUES (?, ?)", name, now + remember_removal_for)
          .run();
      if (contract == nullptr || !contract->keep_at_most) lasting.push_back({name, now + remember_removal_for});
    }
  }
  append_to_list(folder_ / removed_list, lasting);
}

/// Deletes them with all that hangs on them. How many went is told, never which. What they were grouped with is grouped
/// again once they are all gone: an account may have told one story a thousand times.
void Store::drop(const std::vector<std::int64_t>& posts, const char* why, sys_ms now) {
  std::set<std::int64_t> clusters, stories;
  for (auto post : posts) {
    mark_dirty(post);
    if (Query query(db_, "SELECT cluster, story FROM post WHERE id = ?", post); query.next()) {
      if (auto cluster = query.maybe(0)) clusters.insert(*cluster);
      if (auto story = query.maybe(1)) stories.insert(*story);
    }
    tally(post, why, now);
  }
  for (auto post : posts) Query(db_, "DELETE FROM post WHERE id = ?", post).run();
  for (auto cluster : clusters) regroup(all_of(Query(db_, "SELECT id FROM post WHERE cluster = ?", cluster)));
  for (auto story : stories) tell_stories(all_of(Query(db_, "SELECT id FROM post WHERE story = ?", story)));
}

/// Every post that ever matched: an answer of the past may lack one that had lost its tag since.
/// Of platforms that allow no trace not even that is counted.
void Store::tally(std::int64_t post, const char* why, sys_ms now) {
  if (const auto* contract = contract_of(db_, post); contract != nullptr && contract->no_trace) return;
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
