// Accounts that asked to be forgotten: what is held of them goes, and never comes back, from a server or a backup.
#include <fmt/format.h>

#include <algorithm>
#include <fstream>

#include "daemon/store/ids.hpp"
#include "daemon/store/lists.hpp"
#include "daemon/store/store.hpp"

namespace campaignd::store {

namespace {

bool has(Database& db, const char* sql, const Digest& hash) { return Query(db, sql, hash).next(); }

void add_texts(Query query, std::vector<std::string>& out) {
  constexpr std::size_t tells_something = 8;
  while (query.next())
    if (auto text = query.text(0); text.size() >= tells_something) out.push_back(std::move(text));
}

bool holds_any(const std::filesystem::path& file, const std::vector<std::string>& words) {
  constexpr std::size_t piece = 1 << 20;
  std::size_t longest = 1;
  for (const auto& word : words) longest = std::max(longest, word.size());
  std::ifstream in(file, std::ios::binary);
  for (std::string held; in;) {
    held.erase(0, held.size() - std::min(held.size(), longest - 1));  // a word may lie across two pieces
    auto before = held.size();
    held.resize(before + piece);
    in.read(held.data() + before, piece);
    held.resize(before + static_cast<std::size_t>(in.gcount()));
    for (const auto& word : words)
      if (held.find(word) != held.npos) return true;
  }
  return false;
}

constexpr auto known_suppression = "SELECT 1 FROM suppressed WHERE hash = ?";
constexpr auto known_removal = "SELECT 1 FROM tombstone WHERE hash = ?";

std::int64_t rows_of(Database& db, const char* sql, std::int64_t author) {
  Query query(db, sql, author);
  return query.next() ? query.integer(0) : 0;
}

}  // namespace

/// In the list first: what is in the database alone would come back with a backup.
void Store::suppress(const std::vector<Digest>& hashes, sys_ms now) {
  std::vector<Listed> fresh;
  for (const auto& hash : hashes) {
    Query(db_, "INSERT OR IGNORE INTO suppressed(hash, at_utc) VALUES (?, ?)", hash, now).run();
    if (db_.changes() > 0) fresh.push_back({hash, now});
  }
  append_to_list(folder_ / suppressed_list, fresh);
}

/// An account that is met under another of its names is known under both from now on: it may have been forgotten by
/// its handle, and a stream tells its id alone.
bool Store::is_suppressed(const AuthorFact& author, sys_ms now) {
  auto known = [this](const Digest& hash) { return has(db_, known_suppression, hash); };
  if (std::ranges::none_of(author.suppressed_as, known)) return false;
  suppress(author.suppressed_as, now);
  return true;
}

std::int64_t Store::forget_author(std::int64_t author, sys_ms now) {
  auto posts = all_of(Query(db_, "SELECT id FROM post WHERE author = ?", author));
  drop(posts, "forgotten", now);
  Query(db_, "DELETE FROM author WHERE id = ?", author).run();
  return std::ssize(posts);
}

Forgotten Store::forget(const Account& account, const Suppression& suppression, sys_ms now) {
  Transaction tx(db_);
  Forgotten out;
  std::set<std::int64_t> authors;
  auto hashes = account.hashes;
  for (const auto& [edition, platform, name] : account.names) {
    hashes.push_back(suppression(name));
    for (Query query(db_,
                     "SELECT id, pseudonym FROM author WHERE edition = ?1 AND platform = ?2 AND (pseudonym = ?3 OR "
                     "handle = ?3)",
                     edition, platform, name);
         query.next();) {
      authors.insert(query.integer(0));
      hashes.push_back(suppression(query.digest(1)));
    }
  }
  suppress(hashes, now);
  for (auto author : authors) {
    ++out.accounts;
    out.readings += rows_of(
        db_, "SELECT count(*) FROM observation JOIN post ON post.id = observation.post WHERE post.author = ?", author);
    out.sightings += rows_of(
        db_, "SELECT count(*) FROM sighting JOIN post ON post.id = sighting.post WHERE post.author = ?", author);
    for (const char* held : {"SELECT pseudonym FROM author WHERE id = ?", "SELECT handle FROM author WHERE id = ?",
                             "SELECT uri FROM post WHERE author = ?", "SELECT url FROM post WHERE author = ?",
                             "SELECT key FROM alias JOIN post ON post.id = alias.post WHERE post.author = ?"})
      add_texts(Query(db_, held, author), out.traces);
    out.followers += rows_of(db_, "SELECT count(*) FROM audience WHERE author = ?", author);
    out.posts += forget_author(author, now);
  }
  for (const auto& written : account.written) {
    Query(db_, "DELETE FROM evidence WHERE account = ?", written).run();
    out.evidence += db_.changes();
    // It may have been an organisation's once: the configuration of then is in the list of changes.
    Query(db_,
          "UPDATE change SET old = replace(old, ?1, '\"…\"'), new = replace(new, ?1, '\"…\"') WHERE instr(old, ?1) > 0 "
          "OR instr(new, ?1) > 0",
          fmt::format("\"{}\"", written))
        .run();
    if (db_.changes() > 0) out.traces.push_back(written);
  }
  tx.commit();
  return out;
}

/// Secure deletion overwrites what it deletes; a page that was once divided may hold a copy all the same, and only a
/// file made anew does not.
bool Store::erase(const std::vector<std::string>& traces) {
  if (!checkpoint()) return false;
  if (!holds_any(file_, traces)) return true;
  db_.forget_statements();
  vacuum(file_);
  return checkpoint();
}

/// The database was restored from a time before they asked.
std::int64_t Store::replay_suppressions(const Suppression& suppression, sys_ms now) {
  std::set<Digest> fresh;
  for (const auto& each : read_list(folder_ / suppressed_list))
    if (!has(db_, known_suppression, each.hash)) fresh.insert(each.hash);
  if (fresh.empty()) return 0;
  std::set<std::int64_t> authors;
  for (Query query(db_, "SELECT id, pseudonym, handle FROM author WHERE partner IS NULL"); query.next();) {
    bool found = fresh.contains(suppression(query.digest(1)));
    found = found || (!query.is_null(2) && fresh.contains(suppression(query.digest(2))));
    if (found) authors.insert(query.integer(0));
  }
  Transaction tx(db_);
  std::int64_t posts = 0;
  for (auto author : authors) posts += forget_author(author, now);
  for (const auto& hash : fresh)
    Query(db_, "INSERT OR IGNORE INTO suppressed(hash, at_utc) VALUES (?, ?)", hash, now).run();
  tx.commit();
  return posts;
}

/// The same of posts that were removed. Only by what a post is called at home: a headline may be another article's too.
std::int64_t Store::replay_removals(sys_ms now) {
  std::vector<Listed> fresh;
  for (const auto& each : read_list(folder_ / removed_list))
    if (each.at > now && !has(db_, known_removal, each.hash)) fresh.push_back(each);
  if (fresh.empty()) return 0;
  Transaction tx(db_);
  std::vector<std::int64_t> posts;
  for (const auto& [hash, until] : fresh) {
    std::ranges::copy(all_of(Query(db_, "SELECT post FROM alias WHERE key = ? AND why = 'uri'", hash)),
                      std::back_inserter(posts));
    Query(db_, "INSERT OR REPLACE INTO tombstone(hash, until_utc) VALUES (?, ?)", hash, until).run();
  }
  std::ranges::sort(posts);
  posts.erase(std::ranges::unique(posts).begin(), posts.end());
  drop(posts, "removed before the database was restored", now);
  tx.commit();
  return std::ssize(posts);
}

std::int64_t Store::replay(const Suppression& suppression, sys_ms now) {
  auto posts = replay_suppressions(suppression, now) + replay_removals(now);
  shorten_list(folder_ / removed_list, now);
  if (posts > 0) checkpoint();
  return posts;
}

}  // namespace campaignd::store
