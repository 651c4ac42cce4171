// What may be kept for a time only: posts of platforms that say so, and an edition's private posts.
#include <fmt/format.h>

#include "daemon/store/ids.hpp"
#include "daemon/store/store.hpp"

namespace campaignd::store {

namespace {

constexpr std::int64_t most_at_once = 500;

/// Every post has an author, and an index of those tells without a look at all posts.
bool has_posts_of(Database& db, const std::string& platform) {
  return Query(db, "SELECT 1 FROM author WHERE platform = ? LIMIT 1", platform).next();
}

}  // namespace

bool Store::begin_expiry(const Overdue& overdue, const Periods& periods, sys_ms now) {
  Transaction tx(db_);
  Query(db_, "DELETE FROM tombstone WHERE until_utc <= ?", now).run();
  db_.run(R"(
    CREATE TEMP TABLE IF NOT EXISTS going(post INTEGER PRIMARY KEY, confirmed_utc INTEGER);
    CREATE TEMP TABLE IF NOT EXISTS batch(post INTEGER PRIMARY KEY, confirmed_utc INTEGER);
    DELETE FROM temp.going;
  )");
  for (const auto& [platform, before] : overdue.confirmed_before) {
    if (!has_posts_of(db_, platform)) continue;
    Query(
        db_,
        "INSERT OR IGNORE INTO temp.going SELECT id, confirmed_utc FROM post WHERE platform = ? AND confirmed_utc < ?",
        platform, before)
        .run();
  }
  if (overdue.edition)
    Query(
        db_,
        "INSERT OR IGNORE INTO temp.going SELECT post.id, NULL FROM post JOIN author ON author.id = post.author WHERE "
        "post.edition = ? AND post.partner IS NULL AND author.partner IS NULL AND author.name IS NULL",
        overdue.edition)
        .run();
  bool any = Query(db_, "SELECT 1 FROM temp.going").next();
  auto losing = periods_losing_posts(periods);
  tx.commit();
  settling_ = std::move(losing);
  return any;
}

bool Store::go_on_expiring(sys_ms now) {
  Transaction tx(db_);
  if (!settling_.empty()) {
    const auto& [edition, period] = settling_.back();
    settle_period(edition, period, now);
    tx.commit();
    settling_.pop_back();
    return true;
  }
  db_.run("DELETE FROM temp.batch");
  Query(db_, "INSERT INTO temp.batch SELECT post, confirmed_utc FROM temp.going LIMIT ?", most_at_once).run();
  // What was confirmed meanwhile is overdue no more.
  db_.run(R"(
    DELETE FROM temp.going WHERE post IN (SELECT post FROM temp.batch);
    DELETE FROM temp.batch WHERE confirmed_utc < (SELECT confirmed_utc FROM post WHERE post.id = batch.post);
  )");
  settle_hours(now);
  drop(all_of(Query(db_, "SELECT post FROM temp.batch")), "expired", now);
  bool more = Query(db_, "SELECT 1 FROM temp.going").next();
  if (!more) db_.run("DELETE FROM author WHERE NOT EXISTS (SELECT 1 FROM post WHERE post.author = author.id)");
  tx.commit();
  return more;
}

bool Store::drop_old_readings(const std::string& platform, sys_ms before) {
  if (!has_posts_of(db_, platform)) return false;
  Transaction tx(db_);
  auto posts = all_of(Query(db_,
                            "SELECT DISTINCT post.id FROM post JOIN observation ON observation.post = post.id WHERE "
                            "platform = ?1 AND confirmed_utc >= ?2 AND at_utc < ?2 LIMIT ?3",
                            platform, before, most_at_once));
  for (auto post : posts) {
    Query(db_,
          "UPDATE OR REPLACE observation SET at_utc = (SELECT confirmed_utc FROM post WHERE id = ?1) WHERE post = ?1 "
          "AND at_utc < ?2 AND at_utc = (SELECT max(at_utc) FROM observation AS newest WHERE newest.post = ?1 AND "
          "newest.observer = observation.observer)",
          post, before)
        .run();
    Query(db_, "DELETE FROM observation WHERE post = ? AND at_utc < ?", post, before).run();
    refresh(post);
  }
  auto authors = all_of(Query(db_,
                              "SELECT DISTINCT author.id FROM author JOIN audience ON audience.author = author.id "
                              "WHERE platform = ? AND at_utc < ? LIMIT ?",
                              platform, before, most_at_once));
  for (auto author : authors) {
    Query(db_,
          "UPDATE OR REPLACE audience SET at_utc = (SELECT max(confirmed_utc) FROM post WHERE author = ?1) WHERE "
          "author = ?1 AND at_utc < ?2 AND at_utc = (SELECT max(at_utc) FROM audience AS newest WHERE newest.author = "
          "?1) AND EXISTS (SELECT 1 FROM post WHERE author = ?1 AND confirmed_utc >= ?2)",
          author, before)
        .run();
    Query(db_, "DELETE FROM audience WHERE author = ? AND at_utc < ?", author, before).run();
    for (auto post : all_of(Query(db_, "SELECT id FROM post WHERE author = ?", author))) refresh(post);
  }
  tx.commit();
  return std::ssize(posts) == most_at_once || std::ssize(authors) == most_at_once;
}

bool Store::drop_polls(sys_ms from, sys_ms until) {
  Transaction tx(db_);
  Query(db_,
        "DELETE FROM poll WHERE id IN (SELECT id FROM poll WHERE end_utc >= ? AND end_utc < ? AND opted_out = 0 AND "
        "covered_from_utc IS NULL AND (fresh = 0 OR source NOT IN (SELECT source FROM control)) AND (outcome IN ('ok', "
        "'interrupted') OR source LIKE 'measure:%' OR source LIKE 'control:%') LIMIT ?)",
        from, until, most_at_once)
      .run();
  bool more = db_.changes() == most_at_once;
  tx.commit();
  return more;
}

void Store::drop_ids(const std::string& edition) {
  constexpr auto make_private =
      "CREATE TEMP VIEW IF NOT EXISTS private_post AS SELECT post.id, post.edition FROM post JOIN author ON author.id "
      "= post.author WHERE post.partner IS NULL AND author.partner IS NULL AND author.name IS NULL";
  Transaction tx(db_);
  db_.run(make_private);
  std::string followed;  // where a platform's terms ask that deletions be followed, that goes on until the post goes
  for (const auto& platform : platforms())
    if (platform.contract.recheck_within)
      followed += fmt::format("{}\"{}\"", followed.empty() ? "" : ",", platform.name);
  Query(db_,
        "DELETE FROM recheck WHERE post IN (SELECT id FROM temp.private_post WHERE edition = ?) AND observer NOT IN "
        "(SELECT id FROM observer WHERE platform IN (SELECT value FROM json_each(?)))",
        edition, "[" + followed + "]")
      .run();
  Query(db_,
        "UPDATE sighting SET local_id = '' WHERE local_id <> '' AND post IN (SELECT id FROM temp.private_post WHERE "
        "edition = ?)",
        edition)
      .run();
  tx.commit();
}

}  // namespace campaignd::store
