#include "daemon/store/store.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "daemon/store/as_of.hpp"
#include "daemon/store/derived.hpp"
#include "daemon/store/embedded.hpp"

namespace campaignd::store {

void migrate(Database& db);

namespace {

constexpr auto hour = std::chrono::hours(1);

Database& migrated(Database& db) {
  migrate(db);
  return db;
}

}  // namespace

Store::Store(const std::filesystem::path& file)
    : file_(file), folder_(file.parent_path()), db_(file, Access::write), metrics_(migrated(db_)) {
  make_again();
}

/// What was derived by another text than today's would be another number under its name: readings are made again, and
/// hours are dirty.
void Store::make_again() {
  auto known = derived_in(db_), now = derived_today();
  if (known == now) return;
  Transaction tx(db_);
  if (known[readings_text] != now[readings_text]) make_readings_again();
  db_.run(
      "INSERT OR IGNORE INTO dirty(edition, hour_utc) SELECT DISTINCT edition, at_utc - at_utc % 3600000 FROM reading");
  db_.run("DELETE FROM sliced");
  for (const auto& [metric, sha256] : now) Query(db_, "INSERT INTO sliced VALUES (?, ?)", metric, sha256).run();
  tx.commit();
}

void Store::make_readings_again() {
  static const std::string take =
      fmt::format("INSERT INTO main.reading({0}) SELECT {0} FROM temp.reading", reading_columns);
  const sys_ms at_last{std::chrono::milliseconds(for_ever)};
  std::vector<std::string> editions;
  for (Query query(db_, "SELECT DISTINCT edition FROM post"); query.next();) editions.push_back(query.text(0));
  for (const auto& each : editions) {
    AsOf by_facts(db_, each, Known::from_facts(at_last));
    Query(db_, "DELETE FROM main.reading WHERE edition = ?", each).run();
    Query(db_, take.c_str()).run();
  }
}

void Store::add(const SourceEntry& source, const std::string& edition, sys_ms now) {
  Query known(db_, "SELECT digest FROM source WHERE id = ?", source.id);
  if (!known.next()) {
    Query(db_, "INSERT INTO source(id, connector, host, digest) VALUES (?, ?, ?, ?)", source.id, source.connector,
          source.host, source.digest)
        .run();
  } else if (known.digest(0) != source.digest) {
    Query(db_,
          "UPDATE source SET connector = ?, host = ?, digest = ?, position = '', etag = '', last_modified = '', "
          "failures = 0, next_poll_utc = 0, message = NULL WHERE id = ?",
          source.connector, source.host, source.digest, source.id)
        .run();
  }
  for (const auto& term : source.terms) watch(source.id, edition, term, now);
}

/// What was watched under this id with another text is kept under a name of its own, and comes back with that text.
void Store::watch(const std::string& source, const std::string& edition, const WatchedTerm& term, sys_ms now) {
  Query(db_,
        "UPDATE watch SET term = term || '=' || looked_for, until_utc = coalesce(until_utc, max(?4, from_utc)) WHERE "
        "source = ?1 AND term = ?2 AND looked_for <> ?3",
        source, term.id, term.looked_for, now)
      .run();
  Query(db_, "UPDATE watch SET term = ?2 WHERE source = ?1 AND term = ?2 || '=' || ?3", source, term.id,
        term.looked_for)
      .run();
  Query(db_, "UPDATE watch SET looked_for = ?3 WHERE source = ?1 AND term = ?2 AND looked_for IS NULL", source, term.id,
        term.looked_for)
      .run();  // nobody had written it down
  Query(db_,
        "INSERT OR REPLACE INTO watch(source, edition, term, from_utc, looked_for) SELECT ?1, ?2, ?3, ?4, ?5 WHERE NOT "
        "EXISTS (SELECT 1 FROM watch WHERE source = ?1 AND edition = ?2 AND term = ?3 AND until_utc IS NULL)",
        source, edition, term.id, now, term.looked_for)
      .run();
}

void Store::ensure(const SourceEntry& source, const std::string& edition, sys_ms now) {
  Transaction tx(db_);
  add(source, edition, now);
  tx.commit();
}

void Store::configure(const std::vector<SourceEntry>& sources, const std::string& edition, sys_ms now) {
  Transaction tx(db_);
  std::set<std::pair<std::string, std::string>> wanted;
  std::set<std::string> kept;
  for (const auto& source : sources) {
    add(source, edition, now);
    kept.insert(source.id);
    for (const auto& term : source.terms) wanted.emplace(source.id, term.id);
  }
  std::vector<std::pair<std::string, std::string>> ended;
  for (Query open(db_, "SELECT source, term FROM watch WHERE until_utc IS NULL AND edition = ?", edition); open.next();)
    if (!wanted.contains({open.text(0), open.text(1)})) ended.emplace_back(open.text(0), open.text(1));
  for (const auto& [source, term] : ended)
    Query(db_, "UPDATE watch SET until_utc = ? WHERE source = ? AND edition = ? AND term = ? AND until_utc IS NULL",
          now, source, edition, term)
        .run();
  Query(db_, "UPDATE watch SET until_utc = ? WHERE until_utc IS NULL AND edition <> ?", now, edition).run();
  std::vector<std::string> gone;
  for (Query all(db_, "SELECT id FROM source"); all.next();)
    if (!kept.contains(all.text(0))) gone.push_back(all.text(0));
  for (const auto& id : gone) Query(db_, "DELETE FROM source WHERE id = ?", id).run();
  tx.commit();
}

SourceState Store::source(const std::string& id) {
  Query query(db_,
              "SELECT position, etag, last_modified, failures, interval_ms, next_poll_utc, message, "
              "(SELECT max(until_utc) FROM covered WHERE source = source.id) FROM source WHERE id = ?",
              id);
  if (!query.next()) return {};
  return {{query.text(0), query.text(1), query.text(2)},
          static_cast<int>(query.integer(3)),
          query.maybe_text(6).value_or(""),
          std::chrono::milliseconds(query.integer(4)),
          query.time(5),
          query.maybe_time(7),
          true};
}

void Store::together(const std::function<void()>& work) {
  Transaction tx(db_);
  work();
  tx.commit();
}

void Store::save(PageFacts& page, sys_ms now) {
  Transaction tx(db_);
  auto poll = page.poll;
  auto seen_by = observer(page.platform, page.observer);
  for (const Fact& fact : page.found) {
    auto known = poll.fresh;
    auto post = take(fact, now, poll.fresh);
    if (!post) continue;
    bool is_new = poll.fresh > known;
    Query(db_,
          "INSERT INTO sighting(post, source, local_id, first_utc, last_utc, name) VALUES (?1, ?2, ?3, ?4, ?4, ?5) "
          "ON CONFLICT(post, source) DO UPDATE SET last_utc = excluded.last_utc, local_id = excluded.local_id, name = "
          "excluded.name",
          *post, poll.source, fact.local_id, now, fact.seen_as)
        .run();
    for (const auto& each : fact.evidence) note(each, now);
    observe(*post, fact, seen_by, now);
    schedule(*post, fact, seen_by, page.observer, now);
    if (is_new && fact.counters == Counters{})  // a stream tells of posts, not of their numbers
      Query(db_, "UPDATE recheck SET due_utc = ? WHERE observer = ? AND post = ?", now, seen_by, *post).run();
    refresh(*post);
  }
  for (std::size_t i = 0; i < page.measured.size(); ++i) {
    auto post = page.measured_posts[i];
    const Fact& fact = page.measured[i];
    Query known(db_, "SELECT 1 FROM post WHERE id = ?", post);
    if (!known.next()) continue;
    if (fact.seen_as) post = become(post, fact, now);
    know_author(post, fact, now);
    judge(post, fact, now);
    tell_story(post);
    for (const auto& each : fact.evidence) note(each, now);
    observe(post, fact, seen_by, now);
    schedule(post, fact, seen_by, page.observer, now);
    refresh(post);
  }
  for (const auto& [post, counters] : page.counted) {
    if (!Query(db_, "SELECT 1 FROM post WHERE id = ?", post).next()) continue;
    count(post, counters, seen_by, page.observer, now);
    refresh(post);
  }
  for (const auto& each : page.stated)
    Query(db_, "INSERT OR REPLACE INTO stated(source, tag, day_utc, uses, accounts, at_utc) VALUES (?, ?, ?, ?, ?, ?)",
          poll.source, each.tag, each.day, each.uses, each.accounts, now)
        .run();
  for (const auto& names : page.withdrawn) {
    Fact nobody;
    nobody.keys = names;
    if (auto post = find(nobody, now)) remove({*post}, "its author opted out", now);
  }
  for (const auto& name : page.deleted) remove_named(name, now);
  for (const auto& account : page.accounts) account_gone(account, now);
  if (page.cursor)
    Query(db_, "UPDATE source SET position = ?, etag = ?, last_modified = ?, software = ? WHERE id = ?",
          page.cursor->position, page.cursor->etag, page.cursor->last_modified, page.software, poll.source)
        .run();
  write(poll);
  tx.commit();
  page.poll = poll;  // only now: a rolled back page left no row
}

void Store::finish(const PollRow& poll, const SourceState& state, const std::string& message) {
  Transaction tx(db_);
  auto row = poll;
  write(row);
  bool ok = poll.outcome == "ok";
  if (state.next_poll != sys_ms())
    Query(db_, "UPDATE poll SET next_utc = ? WHERE id = ?", state.next_poll, row.id).run();
  if (poll.covered_from) {
    note_refilled(row);
    cover(row);
  }
  Query(db_,
        "UPDATE source SET failures = ?, interval_ms = ?, next_poll_utc = ?, last_poll_utc = ?, "
        "last_success_utc = CASE WHEN ? THEN ? ELSE last_success_utc END, message = ? WHERE id = ?",
        state.failures, state.interval.count(), state.next_poll, poll.end, ok || poll.covered_from.has_value(),
        poll.end, message.empty() ? std::optional<std::string>() : std::optional(message), poll.source)
      .run();
  tx.commit();
}

std::int64_t Store::finish(const PollRow& poll, const std::string& platform, const std::string& observer_host,
                           const std::vector<std::int64_t>& asked, const std::vector<std::int64_t>& missing) {
  Transaction tx(db_);
  auto row = poll;
  write(row);
  auto asked_of = observer(platform, observer_host);
  auto held = judge_missing(missing, asked_of, poll);
  for (auto post : asked) postpone(post, asked_of, poll);
  tx.commit();
  return held;
}

sys_ms Store::effective_time(std::int64_t post) {
  Query query(db_, "SELECT min(coalesce(published_utc, first_seen_utc), first_seen_utc) FROM post WHERE id = ?", post);
  return query.next() ? query.time(0) : sys_ms();
}

bool Store::aggregate(int most_hours) {
  Transaction tx(db_);
  std::map<std::string, std::vector<Bucket>> hours;  // by edition, each labelled with its beginning
  int left = most_hours + 1;
  for (Query query(db_, "SELECT edition, hour_utc FROM dirty ORDER BY edition, hour_utc LIMIT ?", left);
       query.next() && --left > 0;)
    hours[query.text(0)].push_back({query.time(1), query.time(1) + hour, std::to_string(query.integer(1))});
  for (const auto& [edition, buckets] : hours) {
    for (auto breakdown : sliced_breakdowns) {
      metrics_.choose(edition, buckets, breakdown);
      for (const auto& each : metrics())
        if (is_sliced(each)) slice(edition, each, breakdown, buckets);
    }
    for (const auto& each : buckets)
      Query(db_, "DELETE FROM dirty WHERE edition = ? AND hour_utc = ?", edition, each.start).run();
  }
  tx.commit();
  return left == 0;
}

void Store::slice(const std::string& edition, const Metric& metric, Breakdown breakdown,
                  const std::vector<Bucket>& hours) {
  for (const auto& each : hours)
    Query(db_, "DELETE FROM slice WHERE edition = ? AND metric = ? AND breakdown = ? AND hour_utc = ?", edition,
          metric.id, name_of(breakdown), each.start)
        .run();
  for (const auto& [key, row] : metrics_.compute(metric))
    Query(db_,
          "INSERT INTO slice(edition, metric, breakdown, hour_utc, key, value, low, n, oldest_utc, numerator, "
          "denominator) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
          edition, metric.id, name_of(breakdown), static_cast<std::int64_t>(std::stoll(key.first)), key.second,
          row.value, row.low, row.n.value_or(0), row.oldest, row.numerator, row.denominator)
        .run();
}

std::vector<Spent> Store::spent(sys_ms since, const std::string& bucket) {
  std::vector<Spent> out;
  Query query(
      db_,
      "SELECT bucket, spent.host, max(end_utc), sum(spent.cost) FROM poll JOIN spent ON spent.poll = poll.id WHERE "
      "end_utc >= ?1 AND bucket = ?2 GROUP BY spent.host, end_utc / 60000 ORDER BY end_utc",
      since, bucket);
  while (query.next()) out.push_back({query.text(0), query.text(1), query.time(2), static_cast<int>(query.integer(3))});
  return out;
}

void Store::probe() {
  Transaction tx(db_);
  db_.run("INSERT INTO change(at_utc, what, reason) VALUES (0, 'probe', 'is the disk writable again?')");
  db_.run("DELETE FROM change WHERE what = 'probe'");
  tx.commit();
}

void Store::write(PollRow& poll) {
  if (poll.id == 0) {
    Query(db_,
          "INSERT INTO poll(source, host, start_utc, end_utc, outcome, requests, found, matched, fresh, refused, "
          "opted_out, covered_from_utc) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
          poll.source, poll.host, poll.start, poll.end, poll.outcome, poll.requests, poll.found, poll.matched,
          poll.fresh, poll.refused, poll.opted_out, poll.covered_from)
        .run();
    poll.id = db_.last_id();
  } else {
    Query(db_,
          "UPDATE poll SET end_utc = ?, outcome = ?, requests = ?, found = ?, matched = ?, fresh = ?, refused = ?, "
          "opted_out = ?, covered_from_utc = ? WHERE id = ?",
          poll.end, poll.outcome, poll.requests, poll.found, poll.matched, poll.fresh, poll.refused, poll.opted_out,
          poll.covered_from, poll.id)
        .run();
  }
  for (const auto& [budget, cost] : poll.spent)
    if (cost != 0)
      Query(db_, "INSERT OR REPLACE INTO spent(poll, bucket, host, cost) VALUES (?, ?, ?, ?)", poll.id, budget.first,
            budget.second, cost)
          .run();
}

void Store::refresh(std::int64_t post) {
  static const std::string made_again =
      fmt::format("INSERT INTO reading({}) {} LIMIT 1", reading_columns, embedded("reading.sql"));
  mark_dirty(post);
  Query(db_, "DELETE FROM reading WHERE post = ?", post).run();
  Query(db_, made_again.c_str()).set(":post", post).set(":posts", for_ever).set(":readings", for_ever).run();
  mark_dirty(post);
}

void Store::mark_dirty(std::int64_t post) {
  Query(db_,
        "INSERT OR IGNORE INTO dirty(edition, hour_utc) SELECT edition, at_utc - at_utc % 3600000 FROM reading "
        "WHERE post = ?",
        post)
      .run();
  Query(db_,
        "INSERT INTO generation(edition, n) SELECT edition, 1 FROM reading WHERE post = ? ON CONFLICT(edition) DO "
        "UPDATE SET n = n + 1",
        post)
      .run();
}

}  // namespace campaignd::store
