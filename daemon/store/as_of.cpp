#include "daemon/store/as_of.hpp"

#include <fmt/format.h>

#include "daemon/store/covering.hpp"
#include "daemon/store/embedded.hpp"

namespace campaignd::store {

namespace {

/// TEMP tables; those up to `dirty` hide a live one.
constexpr std::string_view made[] = {"reading", "settled", "covered", "refilled",     "control",
                                     "watch",   "dirty",   "changed", "told_edition", "told_then"};

/// What metric files read besides, and when each of its rows became known: a view is enough.
struct Narrowed {
  std::string_view table, known_at;
};
constexpr Narrowed narrowed[] = {{"observation", "at_utc"}, {"sighting", "first_utc"}, {"removal", "at_utc"}};

std::string replaced(std::string_view text, std::string_view what, std::string_view with) {
  auto at = text.find(what);
  if (at == text.npos) throw std::logic_error(fmt::format("there is no '{}' in: {}", what, text));
  return fmt::format("{}{}{}", text.substr(0, at), with, text.substr(at + what.size()));
}

/// reading.sql for the posts of temp.changed.
std::string reading_of_changed() {
  auto text = replaced(embedded("reading.sql"), "/* whose */ o.post = :post",
                       "o.post IN (SELECT post FROM temp.changed WHERE is_known)");
  return replaced(text, "/* which */ post.id = :post", "post.id IN (SELECT post FROM temp.changed WHERE is_known)");
}

/// Readings that say today what they said then: confirmed last before that moment, with the match of today, what the
/// account declared then, and followers (M-03) that no later figure can have changed.
constexpr auto unchanged =
    "edition IN (SELECT id FROM temp.told_edition) AND post NOT IN (SELECT post FROM temp.told_then) AND read_utc <= "
    ":readings AND at_utc + 86400000 <= :readings AND (followers IS NULL OR NOT "
    "followers_late OR :readings >= (SELECT min(at_utc) FROM audience WHERE audience.author = live.author)) AND bot IS "
    "(SELECT bot FROM declared WHERE declared.author = live.author AND declared.at_utc <= :readings ORDER BY "
    "declared.at_utc DESC LIMIT 1) AND EXISTS (SELECT 1 FROM match WHERE match.post = live.post AND match.edition = "
    "live.edition AND from_utc <= :readings AND until_utc IS NULL)";

// A post is there only because a gap was refilled where its time lies in a span that a source covered afterwards, and
// it was seen first then.
constexpr auto drop_refilled =
    "DELETE FROM temp.reading WHERE post IN (SELECT post.id FROM post JOIN main.sighting ON sighting.post = "
    "post.id JOIN main.refilled ON refilled.source = sighting.source WHERE post.edition IN (SELECT id FROM "
    "temp.told_edition) AND refilled.at_utc > ?1 "
    "AND min(coalesce(post.published_utc, post.first_seen_utc), post.first_seen_utc) >= refilled.from_utc AND "
    "min(coalesce(post.published_utc, post.first_seen_utc), post.first_seen_utc) < refilled.until_utc AND "
    "post.first_seen_utc >= refilled.until_utc AND post.first_seen_utc > ?1)";

}  // namespace

// Delegated: what a failure leaves half made goes, too, or the connection would answer of the past for ever.
AsOf::AsOf(Database& db, const std::string& edition, const Known& known) : AsOf(db) {
  static const std::string table =
      fmt::format("CREATE TEMP TABLE reading({})", replaced(reading_columns, "post, ", "post INTEGER PRIMARY KEY, "));
  db_.run(table.c_str());
  name_editions(edition, known);
  tell_articles(known);
  bool as_a_whole = known.posts >= known.readings && known.refilled && !known.by_facts_alone;
  if (as_a_whole) take_unchanged(known);
  make_others(known);
  if (as_a_whole) tell_changed_hours();
  hide_others(known);
}

void AsOf::name_editions(const std::string& edition, const Known& known) {
  db_.run("CREATE TEMP TABLE told_edition(id TEXT PRIMARY KEY)");
  Query(db_, "INSERT INTO temp.told_edition VALUES (?)", edition).run();
  for (const auto& each : known.beside) Query(db_, "INSERT OR IGNORE INTO temp.told_edition VALUES (?)", each).run();
}

/// Articles of which something else was told then: a view hides the live posts.
void AsOf::tell_articles(const Known& known) {
  constexpr std::string_view told =
      "published_utc, date_basis, date_conflict, place, language, uri, url, host, title, partner, outlet, "
      "outlet_country, relation";
  db_.run(fmt::format("CREATE TEMP TABLE told_then(post INTEGER PRIMARY KEY, until_utc, {})", told).c_str());
  auto fill = fmt::format(
      "INSERT INTO temp.told_then SELECT post, min(until_utc), {} FROM main.former WHERE until_utc > ? "
      "AND post IN (SELECT id FROM main.post WHERE edition IN (SELECT id FROM temp.told_edition)) "
      "GROUP BY post",
      told);
  Query(db_, fill.c_str(), known.readings).run();
  if (!Query(db_, "SELECT 1 FROM temp.told_then").next()) return;
  std::string columns;
  for (Query column(db_,
                    "SELECT name, name IN (SELECT name FROM pragma_table_info('told_then', 'temp')) FROM "
                    "pragma_table_info('post', 'main')");
       column.next();) {
    auto name = column.text(0);
    columns += columns.empty() ? "" : ", ";
    columns += column.integer(1) == 0 ? "live." + name
                                      : fmt::format("iif(told.post IS NULL, live.{0}, told.{0}) AS {0}", name);
  }
  db_.run(fmt::format("CREATE TEMP VIEW post AS SELECT {} FROM main.post AS live LEFT JOIN temp.told_then AS told ON "
                      "told.post = live.id",
                      columns)
              .c_str());
  db_.forget_statements();
}

void AsOf::take_unchanged(const Known& known) {
  static const std::string fill = fmt::format(
      "INSERT INTO temp.reading({0}) SELECT {0} FROM main.reading AS live WHERE {1}", reading_columns, unchanged);
  Query(db_, fill.c_str()).set(":readings", known.readings).run();
}

void AsOf::make_others(const Known& known) {
  static const std::string fill =
      fmt::format("INSERT OR IGNORE INTO temp.reading({}) {}", reading_columns, reading_of_changed());
  db_.run("CREATE TEMP TABLE changed(post INTEGER PRIMARY KEY, is_known INTEGER)");
  Query(db_,
        "INSERT INTO temp.changed SELECT id, first_seen_utc <= ? FROM main.post WHERE edition IN (SELECT id FROM "
        "temp.told_edition) AND id NOT IN (SELECT post FROM temp.reading)",
        known.posts)
      .run();
  for (auto [table, known_at] : narrowed)
    db_.run(fmt::format("CREATE TEMP VIEW {0} AS SELECT * FROM main.{0} WHERE {1} <= {2}", table, known_at,
                        known.readings.time_since_epoch().count())
                .c_str());
  db_.forget_statements();
  Query(db_, fill.c_str()).set(":posts", known.posts).set(":readings", known.readings).run();
  if (!known.refilled) Query(db_, drop_refilled, known.refilled_before).run();
  db_.run(R"(
    CREATE INDEX temp.past_by_time ON reading(edition, at_utc);
    CREATE INDEX temp.past_by_cluster ON reading(cluster, at_utc) WHERE cluster IS NOT NULL;
  )");
}

/// Slices of an hour are what they were where all its posts are.
void AsOf::tell_changed_hours() {
  db_.run("CREATE TEMP TABLE dirty(edition, hour_utc, PRIMARY KEY (edition, hour_utc)) WITHOUT ROWID");
  db_.run(R"(
    CREATE TEMP VIEW slice AS SELECT * FROM main.slice WHERE edition IN (SELECT id FROM temp.told_edition);
    INSERT INTO temp.dirty
    SELECT edition, hour_utc FROM main.dirty WHERE edition IN (SELECT id FROM temp.told_edition)
    UNION SELECT edition, at_utc - at_utc % 3600000 FROM temp.changed JOIN main.reading ON main.reading.post = changed.post
    UNION SELECT edition, at_utc - at_utc % 3600000 FROM temp.changed JOIN temp.reading ON temp.reading.post = changed.post;
  )");
}

/// What is no post.
void AsOf::hide_others(const Known& known) {
  db_.run(R"(
    CREATE TEMP TABLE settled AS SELECT * FROM main.settled WHERE 0;
    CREATE TEMP TABLE covered AS SELECT * FROM main.covered WHERE 0;
    CREATE TEMP TABLE refilled AS SELECT * FROM main.refilled WHERE 0;
    CREATE TEMP TABLE control AS SELECT * FROM main.control WHERE 0;
    CREATE TEMP TABLE watch AS SELECT * FROM main.watch WHERE 0;
  )");
  db_.forget_statements();
  cover(known.readings);
  Query(db_, "INSERT INTO temp.settled SELECT * FROM main.settled WHERE at_utc <= ?",
        known.settled.value_or(known.readings))
      .run();
  Query(db_, "INSERT INTO temp.refilled SELECT * FROM main.refilled WHERE at_utc <= ?", known.readings).run();
  Query(db_, "INSERT INTO temp.control SELECT * FROM main.control WHERE at_utc <= ?", known.readings).run();
  Query(db_,
        "INSERT INTO temp.watch SELECT source, edition, term, from_utc, iif(until_utc > ?1, NULL, until_utc), "
        "looked_for FROM "
        "main.watch WHERE from_utc <= ?1",
        known.readings)
      .run();
}

/// As Store::cover keeps it: the union of what the polls of that time covered, while the same was watched. Of polls of
/// those editions: what covers an earlier one is no matter of them, and polls are kept for ever.
void AsOf::cover(sys_ms known) {
  std::map<std::string, sys_ms> begun;
  for (Query query(db_,
                   "SELECT source, min(from_utc) FROM main.watch WHERE edition IN (SELECT id FROM temp.told_edition) "
                   "GROUP BY 1");
       query.next();)
    begun[query.text(0)] = query.time(1);
  for (const auto& [source, from] : begun) {
    Turns turns(db_, source);
    std::map<sys_ms, std::vector<std::pair<sys_ms, sys_ms>>> spans;  // by the time of watching, in order
    for (Query poll(
             db_,
             "SELECT start_utc, covered_from_utc, end_utc FROM poll WHERE source = ? AND end_utc BETWEEN ? AND ? "
             "AND covered_from_utc IS NOT NULL ORDER BY end_utc",
             source, from, known);
         poll.next();) {
      auto& all = spans[turns.since(poll.time(0))];
      auto begin = poll.time(1);
      for (; !all.empty() && all.back().second >= begin; all.pop_back()) begin = std::min(begin, all.back().first);
      all.emplace_back(begin, poll.time(2));
    }
    for (const auto& [since, all] : spans)
      for (const auto& [begin, end] : all)
        Query(db_, "INSERT INTO temp.covered(source, since_utc, from_utc, until_utc) VALUES (?, ?, ?, ?)", source,
              since, begin, end)
            .run();
  }
}

AsOf::~AsOf() {
  db_.forget_statements();
  for (auto table : made) try {
      db_.run(fmt::format("DROP TABLE IF EXISTS temp.{}", table).c_str());
    } catch (const std::exception&) {}  // the connection answers of the past until it goes
  for (const auto& each : narrowed) try {
      db_.run(fmt::format("DROP VIEW IF EXISTS temp.{}", each.table).c_str());
    } catch (const std::exception&) {}
  for (const char* view : {"DROP VIEW IF EXISTS temp.slice", "DROP VIEW IF EXISTS temp.post"}) try {
      db_.run(view);
    } catch (const std::exception&) {}
}

bool is_of_the_past(Database& db) {
  return Query(db, "SELECT 1 FROM temp.sqlite_schema WHERE name = 'reading' AND type = 'table'").next();
}

bool knows(Database& db, const std::string& edition) {
  return !is_of_the_past(db) || Query(db, "SELECT 1 FROM temp.told_edition WHERE id = ?", edition).next();
}

bool slices_are_valid(Database& db) {
  return !is_of_the_past(db) ||
         Query(db, "SELECT 1 FROM temp.sqlite_schema WHERE name = 'dirty' AND type = 'table'").next();
}

std::int64_t erased_since(Database& db, const std::string& edition, sys_ms at) {
  Query query(db, "SELECT coalesce(sum(n), 0) FROM main.removal WHERE edition = ? AND at_utc > ?", edition, at);
  query.next();
  return query.integer(0);
}

}  // namespace campaignd::store
