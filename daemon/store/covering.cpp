// What polls covered, which gaps they filled afterwards, and what a control tag showed (M-14).
#include "daemon/store/store.hpp"

namespace campaignd::store {

namespace {

constexpr auto late_from = std::chrono::minutes(10);  ///< a poll that comes so much later than it was due ends a pause

/// Whether the source was not read when it should have been, between its last success and this poll.
bool was_in_trouble(Database& db, const PollRow& poll, sys_ms last_success) {
  if (Query(db,
            "SELECT 1 FROM poll WHERE source = ? AND id <> ? AND end_utc >= ? AND end_utc <= ? AND outcome <> 'ok' AND "
            "covered_from_utc IS NULL",
            poll.source, poll.id, last_success, poll.start)
          .next())
    return true;
  Query due(db,
            "SELECT next_utc FROM poll WHERE source = ? AND id <> ? AND end_utc <= ? AND next_utc IS NOT NULL ORDER BY "
            "end_utc DESC LIMIT 1",
            poll.source, poll.id, poll.start);
  return due.next() && due.time(0) + late_from < poll.start;
}

}  // namespace

/// Keeps the union of covered spans while the same is watched: whatever the new span touches becomes one.
void Store::cover(const PollRow& poll) {
  auto from = *poll.covered_from, until = poll.end;
  sys_ms since;
  if (Query query(db_,
                  "SELECT coalesce(max(from_utc), 0) FROM watch WHERE source = ?1 AND from_utc <= ?2 AND (until_utc IS "
                  "NULL OR until_utc > ?2)",
                  poll.source, poll.start);
      query.next())
    since = query.time(0);
  {
    Query touching(db_,
                   "SELECT min(from_utc), max(until_utc) FROM covered WHERE source = ? AND since_utc = ? AND from_utc "
                   "<= ? AND until_utc >= ?",
                   poll.source, since, until, from);
    if (touching.next() && !touching.is_null(0)) {
      from = std::min(from, touching.time(0));
      until = std::max(until, touching.time(1));
    }
  }
  Query(db_, "DELETE FROM covered WHERE source = ? AND since_utc = ? AND from_utc >= ? AND until_utc <= ?", poll.source,
        since, from, until)
      .run();
  Query(db_, "INSERT INTO covered(source, since_utc, from_utc, until_utc) VALUES (?, ?, ?, ?)", poll.source, since,
        from, until)
      .run();
}

/// What is covered only because this poll paged back over failed polls or a pause: from the last success to its start.
/// Before `cover`.
void Store::note_refilled(const PollRow& poll) {
  sys_ms last_success;
  {
    Query query(db_, "SELECT max(until_utc) FROM covered WHERE source = ? AND until_utc <= ?", poll.source, poll.start);
    if (!query.next() || query.is_null(0)) return;
    last_success = query.time(0);
  }
  auto from = std::max(*poll.covered_from, last_success);
  if (from >= poll.start || !was_in_trouble(db_, poll, last_success)) return;
  Query(db_, "INSERT OR IGNORE INTO refilled(source, from_utc, until_utc, at_utc) VALUES (?, ?, ?, ?)", poll.source,
        from, poll.start, poll.end)
      .run();
}

void Store::note_control(const PollRow& poll, const std::string& source, std::int64_t found,
                         const std::optional<sys_ms>& newest) {
  Transaction tx(db_);
  auto row = poll;
  write(row);
  if (row.outcome == "ok")
    Query(db_, "INSERT OR REPLACE INTO control(source, at_utc, found, newest_utc) VALUES (?, ?, ?, ?)", source, row.end,
          found, newest)
        .run();
  tx.commit();
}

}  // namespace campaignd::store
