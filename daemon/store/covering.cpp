// What polls covered, which gaps they filled afterwards, and what a control tag showed (M-14).
#include "daemon/store/covering.hpp"

#include <algorithm>

#include "daemon/store/store.hpp"

namespace campaignd::store {

namespace {

constexpr auto late_from = std::chrono::minutes(10);  ///< a poll that comes so much later than it was due ends a pause

/// Whether the source was not read when it should have been, behind `from` and before this poll.
bool was_in_trouble(Database& db, const PollRow& poll, sys_ms from) {
  Query failed(db,
               "SELECT 1 FROM poll WHERE source = ? AND id <> ? AND end_utc > ? AND end_utc <= ? AND outcome <> 'ok' "
               "AND covered_from_utc IS NULL",
               poll.source, poll.id, from, poll.start);
  if (failed.next()) return true;
  Query before(db,
               "SELECT next_utc FROM poll WHERE source = ? AND id <> ? AND end_utc <= ? ORDER BY end_utc DESC LIMIT 1",
               poll.source, poll.id, poll.start);
  return before.next() && !before.is_null(0) && before.time(0) + late_from < poll.start;
}

}  // namespace

Turns::Turns(Database& db, const std::string& source) {
  Query query(
      db,
      "SELECT from_utc FROM main.watch WHERE source = ?1 UNION SELECT until_utc FROM main.watch WHERE source = ?1 "
      "AND until_utc IS NOT NULL ORDER BY 1",
      source);
  while (query.next()) at_.push_back(query.time(0));
}

sys_ms Turns::since(sys_ms start) const {
  auto next = std::ranges::upper_bound(at_, start);
  return next == at_.begin() ? sys_ms() : *(next - 1);
}

/// Keeps the union of covered spans while the same is watched: whatever the new span touches becomes one.
void Store::cover(const PollRow& poll) {
  auto from = *poll.covered_from, until = poll.end;
  auto since = Turns(db_, poll.source).since(poll.start);
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

/// What is covered only because this poll paged back over a gap: one between two successes, or, behind the last, over
/// failed polls or a pause. Before `cover`.
void Store::note_refilled(const PollRow& poll) {
  std::vector<std::pair<sys_ms, sys_ms>> gaps;
  std::optional<sys_ms> reached;
  for (Query query(db_, "SELECT from_utc, until_utc FROM covered WHERE source = ? ORDER BY from_utc", poll.source);
       query.next();) {
    if (reached && query.time(0) > *reached) gaps.emplace_back(*reached, query.time(0));
    reached = std::max(reached.value_or(sys_ms()), query.time(1));
  }
  if (!reached) return;
  if (was_in_trouble(db_, poll, std::max(*poll.covered_from, *reached))) gaps.emplace_back(*reached, poll.start);
  for (const auto& gap : gaps) {
    auto from = std::max(gap.first, *poll.covered_from), until = std::min(gap.second, poll.start);
    if (from < until)
      Query(db_, "INSERT OR IGNORE INTO refilled(source, from_utc, until_utc, at_utc) VALUES (?, ?, ?, ?)", poll.source,
            from, until, poll.end)
          .run();
  }
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
