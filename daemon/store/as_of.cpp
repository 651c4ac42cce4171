#include "daemon/store/as_of.hpp"

#include <fmt/format.h>

#include "daemon/store/embedded.hpp"

namespace campaignd::store {

namespace {

constexpr std::string_view hidden[] = {"reading", "settled", "covered", "refilled", "control", "watch"};

/// What metric files read besides, and when each of its rows became known: a view is enough.
struct Narrowed {
  std::string_view table, known_at;
};
constexpr Narrowed narrowed[] = {{"observation", "at_utc"}, {"sighting", "first_utc"}, {"removal", "at_utc"}};

std::string replaced(std::string_view text, std::string_view what, std::string_view with) {
  auto at = text.find(what);
  if (at == text.npos) throw std::logic_error(fmt::format("reading.sql lacks '{}'", what));
  return fmt::format("{}{}{}", text.substr(0, at), with, text.substr(at + what.size()));
}

/// reading.sql for all posts of an edition: from the facts alone, never from what was made of them before, so that what
/// is verified is what was stored.
std::string reading_of_edition() {
  auto text = replaced(embedded("reading.sql"), "/* whose */ o.post = :post",
                       "o.post IN (SELECT id FROM main.post WHERE edition = :edition)");
  return replaced(text, "/* which */ post.id = :post", "post.edition = :edition");
}

// A post is there only because a gap was refilled where its time lies in a span that a source covered afterwards, and
// it was seen first then.
constexpr auto drop_refilled =
    "DELETE FROM temp.reading WHERE post IN (SELECT post.id FROM main.post JOIN main.sighting ON sighting.post = "
    "post.id JOIN main.refilled ON refilled.source = sighting.source WHERE post.edition = ?1 AND refilled.at_utc > ?2 "
    "AND min(coalesce(post.published_utc, post.first_seen_utc), post.first_seen_utc) >= refilled.from_utc AND "
    "min(coalesce(post.published_utc, post.first_seen_utc), post.first_seen_utc) < refilled.until_utc AND "
    "post.first_seen_utc >= refilled.until_utc AND post.first_seen_utc > ?2)";

// As Store::cover keeps it: the union of what the polls of that time covered, while the same was watched.
constexpr auto fill_covered =
    "INSERT INTO temp.covered(source, since_utc, from_utc, until_utc) WITH known AS (SELECT source, coalesce((SELECT "
    "max(main.watch.from_utc) FROM main.watch WHERE main.watch.source = poll.source AND main.watch.from_utc <= "
    "poll.start_utc AND (main.watch.until_utc IS NULL OR main.watch.until_utc > poll.start_utc)), 0) AS since_utc, "
    "covered_from_utc AS from_utc, end_utc AS until_utc FROM poll WHERE covered_from_utc IS NOT NULL AND end_utc <= ?),"
    "begun AS (SELECT *, coalesce(from_utc > max(until_utc) OVER (PARTITION BY source, since_utc ORDER BY from_utc, "
    "until_utc ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 1) AS begins FROM known), numbered AS (SELECT *, "
    "sum(begins) OVER (PARTITION BY source, since_utc ORDER BY from_utc, until_utc ROWS UNBOUNDED PRECEDING) AS nth "
    "FROM begun) SELECT source, since_utc, min(from_utc), max(until_utc) FROM numbered GROUP BY source, since_utc, nth";

}  // namespace

// Delegated: what a failure leaves half made goes, too, or the connection would answer of the past for ever.
AsOf::AsOf(Database& db, const std::string& edition, const Known& known) : AsOf(db) {
  static const std::string fill = fmt::format("INSERT INTO temp.reading({}) {}", reading_columns, reading_of_edition());
  db_.run(R"(
    CREATE TEMP TABLE reading AS SELECT * FROM main.reading WHERE 0;
    CREATE TEMP TABLE settled AS SELECT * FROM main.settled WHERE 0;
    CREATE TEMP TABLE covered AS SELECT * FROM main.covered WHERE 0;
    CREATE TEMP TABLE refilled AS SELECT * FROM main.refilled WHERE 0;
    CREATE TEMP TABLE control AS SELECT * FROM main.control WHERE 0;
    CREATE TEMP TABLE watch AS SELECT * FROM main.watch WHERE 0;
  )");
  for (auto [table, known_at] : narrowed)
    db_.run(fmt::format("CREATE TEMP VIEW {0} AS SELECT * FROM main.{0} WHERE {1} <= {2}", table, known_at,
                        known.readings.time_since_epoch().count())
                .c_str());
  db_.forget_statements();
  Query(db_, fill.c_str()).set(":edition", edition).set(":posts", known.posts).set(":readings", known.readings).run();
  if (!known.refilled) Query(db_, drop_refilled, edition, known.refilled_before).run();
  db_.run(R"(
    CREATE INDEX temp.past_by_time ON reading(edition, at_utc);
    CREATE INDEX temp.past_by_cluster ON reading(cluster, at_utc) WHERE cluster IS NOT NULL;
  )");
  Query(db_, fill_covered, known.readings).run();
  Query(db_, "INSERT INTO temp.settled SELECT * FROM main.settled WHERE at_utc <= ?",
        known.settled.value_or(known.readings))
      .run();
  Query(db_, "INSERT INTO temp.refilled SELECT * FROM main.refilled WHERE at_utc <= ?", known.readings).run();
  Query(db_, "INSERT INTO temp.control SELECT * FROM main.control WHERE at_utc <= ?", known.readings).run();
  Query(db_,
        "INSERT INTO temp.watch SELECT source, edition, term, from_utc, iif(until_utc > ?1, NULL, until_utc) FROM "
        "main.watch WHERE from_utc <= ?1",
        known.readings)
      .run();
}

AsOf::~AsOf() {
  db_.forget_statements();
  for (auto table : hidden) try {
      db_.run(fmt::format("DROP TABLE IF EXISTS temp.{}", table).c_str());
    } catch (const std::exception&) {}  // the connection answers of the past until it goes
  for (const auto& each : narrowed) try {
      db_.run(fmt::format("DROP VIEW IF EXISTS temp.{}", each.table).c_str());
    } catch (const std::exception&) {}
}

bool is_of_the_past(Database& db) {
  return Query(db, "SELECT 1 FROM temp.sqlite_schema WHERE name = 'reading' AND type = 'table'").next();
}

std::int64_t erased_since(Database& db, const std::string& edition, sys_ms at) {
  Query query(db, "SELECT coalesce(sum(n), 0) FROM main.removal WHERE edition = ? AND at_utc > ?", edition, at);
  query.next();
  return query.integer(0);
}

}  // namespace campaignd::store
