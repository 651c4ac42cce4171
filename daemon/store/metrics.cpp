#include "daemon/store/metrics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "daemon/store/as_of.hpp"
#include "daemon/store/embedded.hpp"

namespace campaignd::store {

/// Answers of metrics that are dear to compute, by question; void when the edition's generation has moved on.
struct Database::Kept {
  struct Answer {
    std::int64_t generation = -1;
    MetricRows rows;
  };
  std::map<std::string, Answer> answers;
};

namespace {

/// "-- id: M-01" of a metric file's header.
std::string header_field(std::string_view sql, std::string_view name) {
  auto at = sql.find("-- " + std::string(name) + ": ");
  if (at == sql.npos) throw std::logic_error("a metric file lacks '" + std::string(name) + "'");
  at += name.size() + 5;
  return std::string(sql.substr(at, sql.find('\n', at) - at));
}

std::vector<Metric> read_metrics() {
  std::vector<Metric> out;
  for (const auto& file : embedded_files()) {
    if (!file.name.starts_with("metrics/") || !file.name.ends_with(".sql")) continue;
    auto field = [&](std::string_view name) { return header_field(file.bytes, name); };
    out.push_back({field("id"), field("name"), field("formula"), field("unit"), field("caveat"), field("valid_from"),
                   field("version"), field("of"), field("empty") == "0", field("additive") == "yes",
                   std::string(file.bytes)});
  }
  std::ranges::sort(out, {}, &Metric::id);
  return out;
}

constexpr std::string_view breakdown_names[] = {"none",    "platform", "partner",  "outlet_country",
                                                "country", "language", "relation", "bot"};

constexpr auto hour = std::chrono::hours(1);

/// Adds what another part of the same row says.
void add(MetricRow& sum, const MetricRow& part) {
  auto plus = [](auto& a, const auto& b) {
    if (b) a = a.value_or(0) + *b;
  };
  bool at_least = sum.low || part.low;
  plus(sum.value, part.value);
  plus(sum.n, part.n);
  if (at_least) sum.low = sum.value;
  if (part.oldest) sum.oldest = std::min(sum.oldest.value_or(*part.oldest), *part.oldest);
  sum.expired = sum.expired || part.expired;
}

bool is_whole_hours(const std::vector<Bucket>& buckets) {
  return std::ranges::all_of(buckets, [](const Bucket& each) {
    return std::chrono::floor<std::chrono::hours>(each.start) == each.start &&
           std::chrono::floor<std::chrono::hours>(each.end) == each.end;
  });
}

}  // namespace

std::string_view name_of(Breakdown breakdown) { return breakdown_names[static_cast<std::size_t>(breakdown)]; }

const std::vector<Metric>& metrics() {
  static const std::vector<Metric> all = read_metrics();
  return all;
}

const Metric& metric(std::string_view id) {
  auto found = std::ranges::find(metrics(), id, &Metric::id);
  if (found == metrics().end()) throw std::logic_error("no metric " + std::string(id));
  return *found;
}

MetricRunner::MetricRunner(Database& db) : db_(db) {
  // `apart`: YouTube's numbers are in no sum, rate or bound unless its amendment is accepted (methodology, section 5).
  db_.run(R"(
    CREATE TEMP TABLE IF NOT EXISTS bucket(start_utc INTEGER NOT NULL, end_utc INTEGER NOT NULL, label TEXT NOT NULL);
    CREATE TEMP TABLE IF NOT EXISTS scope(edition TEXT NOT NULL, breakdown TEXT NOT NULL);
    CREATE TEMP VIEW IF NOT EXISTS chosen AS
      SELECT bucket.label AS bucket,
             CASE scope.breakdown
               WHEN 'platform' THEN reading.platform
               WHEN 'partner' THEN coalesce(reading.partner, '')
               WHEN 'outlet_country' THEN coalesce(reading.outlet_country, 'unknown')
               WHEN 'country' THEN coalesce((SELECT country FROM registered WHERE registered.partner = reading.partner),
                                            reading.outlet_country, 'unknown')
               WHEN 'language' THEN coalesce(nullif(reading.language, ''), 'und')
               WHEN 'relation' THEN coalesce(reading.relation, 'earned')
               WHEN 'bot' THEN iif(reading.bot, 'bot', 'other')
               ELSE '' END AS key,
             reading.platform = 'youtube' AND NOT EXISTS (
               SELECT 1 FROM setting WHERE setting.entry = 'youtube' AND setting.key = 'derived_metrics_accepted'
                 AND setting.value = 'true') AS apart,
             reading.*
      FROM scope CROSS JOIN bucket CROSS JOIN reading
      WHERE reading.edition = scope.edition AND reading.at_utc >= bucket.start_utc AND reading.at_utc < bucket.end_utc;
  )");
}

void MetricRunner::choose(const std::string& edition, const std::vector<Bucket>& buckets, Breakdown breakdown) {
  edition_ = edition;
  buckets_ = buckets;
  breakdown_ = breakdown;
  db_.run("DELETE FROM temp.scope");
  Query(db_, "INSERT INTO temp.scope VALUES (?, ?)", edition, name_of(breakdown)).run();
  use(buckets);
}

void MetricRunner::use(const std::vector<Bucket>& buckets) {
  db_.run("DELETE FROM temp.bucket");
  for (const Bucket& each : buckets)
    Query(db_, "INSERT INTO temp.bucket VALUES (?, ?, ?)", each.start, each.end, each.label).run();
}

MetricRows MetricRunner::compute(const Metric& metric) {
  MetricRows out;
  Query query(db_, metric.sql.c_str());
  while (query.next())
    out[{query.text(0), query.text(1)}] = {query.maybe_real(2), query.maybe_real(3), query.maybe_real(4),
                                           query.maybe_real(5), query.maybe(6),      query.maybe_time(7)};
  return out;
}

MetricRows MetricRunner::run(const Metric& metric) {
  if (is_of_the_past(db_)) return compute(metric);
  bool is_sliced =
      breakdown_ == Breakdown::none || std::ranges::find(sliced_breakdowns, breakdown_) != std::end(sliced_breakdowns);
  auto rows = metric.additive && is_sliced && is_whole_hours(buckets_) ? from_slices(metric) : kept(metric);
  add_settled(metric, rows);
  return rows;
}

/// Hours whose slices are out of date are read themselves.
MetricRows MetricRunner::from_slices(const Metric& metric) {
  MetricRows out;
  std::vector<Bucket> dirty;
  for (Query query(
           db_,
           "SELECT hour_utc, hour_utc + 3600000, label FROM temp.bucket AS bucket CROSS JOIN dirty ON edition = ? AND "
           "hour_utc >= start_utc AND hour_utc < end_utc",
           edition_);
       query.next();)
    dirty.push_back({query.time(0), query.time(1), query.text(2)});
  if (!dirty.empty()) {
    use(dirty);
    out = compute(metric);
    use(buckets_);
  }
  Query query(
      db_,
      "SELECT label, iif(?3, '', key), sum(value), iif(count(low) > 0, sum(value), NULL), sum(n), "
      "min(oldest_utc) FROM temp.bucket AS bucket CROSS JOIN slice ON edition = ?1 AND metric = ?2 AND breakdown = ?4 "
      "AND hour_utc >= start_utc AND hour_utc < end_utc WHERE hour_utc NOT IN (SELECT hour_utc FROM dirty WHERE "
      "edition = ?1) GROUP BY 1, 2",
      edition_, metric.id, breakdown_ == Breakdown::none,
      name_of(breakdown_ == Breakdown::none ? Breakdown::platform : breakdown_));
  while (query.next())
    add(out[{query.text(0), query.text(1)}],
        {query.maybe_real(2), query.maybe_real(3), {}, {}, query.maybe(4), query.maybe_time(5)});
  return out;
}

/// What was computed before, while nothing has changed that it rests on.
MetricRows MetricRunner::kept(const Metric& metric) {
  constexpr std::size_t most_buckets = 100, most_answers = 300;
  if (buckets_.size() > most_buckets) return compute(metric);
  auto name = fmt::format("{}|{}|{}", metric.id, edition_, name_of(breakdown_));
  for (const auto& each : buckets_)
    name += fmt::format("|{}-{}", each.start.time_since_epoch().count(), each.end.time_since_epoch().count());
  std::int64_t generation = 0;
  if (Query query(db_, "SELECT n FROM generation WHERE edition = ?", edition_); query.next())
    generation = query.integer(0);
  if (!db_.kept || db_.kept->answers.size() > most_answers) db_.kept = std::make_shared<Database::Kept>();
  auto& answer = db_.kept->answers[name];
  if (answer.generation != generation) answer = {generation, compute(metric)};
  return answer.rows;
}

/// What was settled of posts that had to go. Of an additive metric their hours add up; of the others the figure of a
/// period that was settled whole stands, and any other is unknown.
void MetricRunner::add_settled(const Metric& metric, MetricRows& rows) {
  Query query(db_,
              "SELECT label, iif(?3, '', key), sum(value), iif(count(low) > 0, sum(value), NULL), sum(n) FROM "
              "temp.bucket AS bucket CROSS JOIN settled ON edition = ?1 AND metric = ?2 AND breakdown = ?4 AND from_utc >= "
              "start_utc AND until_utc <= end_utc GROUP BY 1, 2",
              edition_, metric.id, breakdown_ == Breakdown::none,
              name_of(breakdown_ == Breakdown::none ? Breakdown::platform : breakdown_));
  while (metric.additive && query.next())
    add(rows[{query.text(0), query.text(1)}],
        {query.maybe_real(2), query.maybe_real(3), {}, {}, query.maybe(4), {}, true});
}

CoverageRows MetricRunner::coverage(sys_ms now) {
  now = std::chrono::floor<std::chrono::minutes>(now);
  CoverageRows out;
  Query query(db_, metric("M-14").sql.c_str());
  query.set(":edition", edition_).set(":now", now);
  while (query.next())
    out[{query.text(0), query.text(1)}] = {std::chrono::milliseconds(query.integer(2)),
                                           std::chrono::milliseconds(query.integer(3)),
                                           std::chrono::milliseconds(query.integer(4))};
  return out;
}

}  // namespace campaignd::store
