#include "daemon/store/metrics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "daemon/store/as_of.hpp"
#include "daemon/store/definitions.hpp"
#include "daemon/store/embedded.hpp"

namespace campaignd::store {

void make_views(Database& db);

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
std::optional<std::string> header_field(std::string_view sql, std::string_view name) {
  auto at = sql.find(fmt::format("-- {}: ", name));
  if (at == sql.npos) return std::nullopt;
  at += name.size() + 5;
  return std::string(sql.substr(at, sql.find('\n', at) - at));
}

/// The file, over the views of one long time as a whole.
std::string of_whole(std::string sql) {
  constexpr std::string_view all = "all_";
  for (std::string_view view : {"chosen", "followed"})
    for (auto at = sql.find(view); at != sql.npos; at = sql.find(view, at + all.size() + view.size()))
      sql.insert(at, all);
  return sql;
}

Metric read_metric(const Embedded& file) {
  auto maybe = [&](std::string_view name) { return header_field(file.bytes, name).value_or(""); };
  auto field = [&](std::string_view name) {
    auto found = header_field(file.bytes, name);
    if (!found) throw std::logic_error(fmt::format("{} lacks '{}'", file.name, name));
    return *found;
  };
  Metric out{field("id"),     field("name"),       field("formula"), field("unit"),
             field("caveat"), field("valid_from"), field("version")};
  bool is_rule = file.bytes.find("\nSELECT ") == file.bytes.npos && file.bytes.find("\nWITH ") == file.bytes.npos;
  if (is_rule) return out;
  out.of = field("of");
  out.match_class = field("class");
  out.empty_is_zero = field("empty") == "0";
  out.additive = field("additive") == "yes";
  out.is_ratio = field("additive") == "its sums";
  out.range = maybe("range");
  out.reason = maybe("reason");
  out.sql = file.bytes;
  out.sql_of_whole = of_whole(out.sql);
  return out;
}

constexpr std::string_view folder = "metrics/", retired_folder = "metrics/retired/";

/// The files of a folder, not those below it.
std::vector<Metric> read_metrics(std::string_view in) {
  std::vector<Metric> out;
  for (const auto& file : embedded_files())
    if (file.name.starts_with(in) && file.name.find('/', in.size()) == file.name.npos && file.name.ends_with(".sql"))
      out.push_back(read_metric(file));
  std::ranges::sort(out, {}, &Metric::id);
  return out;
}

constexpr std::string_view breakdown_names[] = {
    "none", "platform", "partner", "outlet_country", "country", "language", "relation", "bot", "term"};

constexpr auto hour = std::chrono::hours(1);
constexpr auto long_time = std::chrono::days(14);

/// Adds what another part of the same row says.
void add(MetricRow& sum, const MetricRow& part) {
  auto plus = [](auto& a, const auto& b) {
    if (b) a = a.value_or(0) + *b;
  };
  bool at_least = sum.low || part.low;
  plus(sum.value, part.value);
  plus(sum.n, part.n);
  plus(sum.numerator, part.numerator);
  plus(sum.denominator, part.denominator);
  if (at_least) sum.low = sum.value.value_or(0);
  if (part.oldest) sum.oldest = std::min(sum.oldest.value_or(*part.oldest), *part.oldest);
  sum.expired = sum.expired || part.expired;
}

/// Of a ratio whose two sums are those of several hours.
void divide(const Metric& metric, MetricRow& row) {
  row.value.reset();
  double whole = metric.unit == "%" ? 100 : 1;
  if (row.numerator && row.denominator.value_or(0) != 0) row.value = whole * *row.numerator / *row.denominator;
  if (row.low) row.low = row.value;
}

bool is_hour_by_hour(const std::vector<Bucket>& buckets) {
  return std::ranges::all_of(buckets, [](const Bucket& each) { return each.end - each.start == hour; });
}

/// Whether it reads posts of before its time, too, as long as they were followed into it.
bool follows(const Metric& metric) { return metric.sql.find("FROM followed") != metric.sql.npos; }

bool is_whole_hours(const std::vector<Bucket>& buckets) {
  return std::ranges::all_of(buckets, [](const Bucket& each) {
    return std::chrono::floor<std::chrono::hours>(each.start) == each.start &&
           std::chrono::floor<std::chrono::hours>(each.end) == each.end;
  });
}

}  // namespace

std::string_view name_of(Breakdown breakdown) { return breakdown_names[static_cast<std::size_t>(breakdown)]; }

const std::vector<Metric>& definitions() {
  static const std::vector<Metric> all = read_metrics(folder);
  return all;
}

const std::vector<Metric>& metrics() {
  static const std::vector<Metric> all = [] {
    auto out = definitions();
    std::erase_if(out, [](const Metric& each) { return each.sql.empty(); });
    return out;
  }();
  return all;
}

std::vector<Breakdown> breakdowns() {
  std::vector<Breakdown> out;
  for (std::size_t i = 1; i < std::size(breakdown_names); ++i) out.push_back(static_cast<Breakdown>(i));
  return out;
}

bool is_sliced(const Metric& metric) { return metric.additive || metric.is_ratio; }

bool is_of_posts(const Metric& metric) { return metric.sql.find("FROM chosen") != metric.sql.npos || follows(metric); }

const Metric& metric(std::string_view id) {
  if (const auto* of_a_report = Definitions::chosen(id)) return *of_a_report;
  auto found = std::ranges::find(definitions(), id, &Metric::id);
  if (found == definitions().end()) throw std::logic_error("no metric " + std::string(id));
  return *found;
}

const Metric& metric(std::string_view id, std::string_view version) {
  static const std::vector<Metric> retired = read_metrics(retired_folder);
  for (const auto* all : {&definitions(), &retired})
    for (const auto& each : *all)
      if (each.id == id && each.version == version) return each;
  throw std::out_of_range(fmt::format("this program has no version {} of the definition {}", version, id));
}

MetricRunner::MetricRunner(Database& db) : db_(db) {
  db_.run(R"(
    CREATE TEMP TABLE IF NOT EXISTS bucket(start_utc INTEGER NOT NULL, end_utc INTEGER NOT NULL, label TEXT NOT NULL);
    CREATE TEMP TABLE IF NOT EXISTS scope(edition TEXT NOT NULL, breakdown TEXT NOT NULL);
    CREATE TEMP TABLE IF NOT EXISTS moment(now_utc INTEGER NOT NULL);
    CREATE TEMP TABLE IF NOT EXISTS observing(source TEXT PRIMARY KEY, host TEXT NOT NULL);
    CREATE TEMP TABLE IF NOT EXISTS wanted(term TEXT PRIMARY KEY);
  )");
  make_views(db_);
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
  in_use_ = buckets;
  db_.run("DELETE FROM temp.bucket");
  for (const Bucket& each : buckets)
    Query(db_, "INSERT INTO temp.bucket VALUES (?, ?, ?)", each.start, each.end, each.label).run();
}

void MetricRunner::observe(const std::set<std::pair<std::string, std::string>>& sources_and_hosts) {
  std::set<std::pair<std::string, std::string>> known;
  for (Query query(db_, "SELECT source, host FROM temp.observing"); query.next();)
    known.emplace(query.text(0), query.text(1));
  if (known == sources_and_hosts) return;
  db_.run("DELETE FROM temp.observing");
  for (const auto& [source, host] : sources_and_hosts)
    Query(db_, "INSERT INTO temp.observing VALUES (?, ?)", source, host).run();
  db_.kept.reset();  // answers rest on others now
}

MetricRows MetricRunner::compute(const Metric& metric) {
  constexpr int columns_of_a_ratio = 10;
  MetricRows out;
  bool whole =
      breakdown_ == Breakdown::none && in_use_.size() == 1 && in_use_.front().end - in_use_.front().start > long_time;
  Query query(db_, whole ? metric.sql_of_whole.c_str() : metric.sql.c_str());
  while (query.next()) {
    auto& row = whole ? out[{in_use_.front().label, ""}] : out[{query.text(0), query.text(1)}];
    row = {query.maybe_real(2), query.maybe_real(3), query.maybe_real(4),
           query.maybe_real(5), query.maybe(6),      query.maybe_time(7)};
    if (query.columns() < columns_of_a_ratio) continue;
    row.numerator = query.maybe_real(8);
    row.denominator = query.maybe_real(9);
  }
  return out;
}

MetricRows MetricRunner::run(const Metric& metric) {
  bool has_slices =
      is_sliced(metric) && std::ranges::find(sliced_breakdowns, breakdown_) != std::end(sliced_breakdowns);
  auto rows = is_of_the_past(db_)                      ? compute(metric)
              : has_slices && is_whole_hours(buckets_) ? from_slices(metric)
                                                       : kept(metric);
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
  constexpr auto each = "value, low, n, oldest_utc, numerator, denominator",
                 sums =
                     "sum(value), iif(count(low) > 0, total(value), NULL), sum(n), min(oldest_utc), sum(numerator), "
                     "sum(denominator)";
  bool by_hour = is_hour_by_hour(buckets_);  // then there is nothing to add
  auto sql = fmt::format(
      "SELECT label, key, {} FROM temp.bucket AS bucket CROSS JOIN slice ON edition = ?1 AND metric = ?2 AND breakdown "
      "= ?3 AND hour_utc >= start_utc AND hour_utc < end_utc {} {}",
      by_hour ? each : sums,
      dirty.empty() ? "" : "WHERE hour_utc NOT IN (SELECT hour_utc FROM dirty WHERE edition = ?1)",
      by_hour ? ""
      : breakdown_ == Breakdown::none
          ? "GROUP BY bucket.rowid"  // in the order of the index: sorting is half of the work
          : "GROUP BY bucket.rowid, key");
  Query query(db_, sql.c_str(), edition_, metric.id, name_of(breakdown_));
  while (query.next())
    add(out[{query.text(0), query.text(1)}], {.value = query.maybe_real(2),
                                              .low = query.maybe_real(3),
                                              .n = query.maybe(4),
                                              .oldest = query.maybe_time(5),
                                              .numerator = query.maybe_real(6),
                                              .denominator = query.maybe_real(7)});
  if (metric.is_ratio)
    for (auto& [place, row] : out) divide(metric, row);
  return out;
}

/// What was computed before, while nothing has changed that it rests on.
MetricRows MetricRunner::kept(const Metric& metric) {
  constexpr std::size_t most_buckets = 100, most_answers = 300;
  if (buckets_.size() > most_buckets) return compute(metric);
  auto name = fmt::format("{}@{}|{}|{}", metric.id, metric.version, edition_, name_of(breakdown_));
  for (const auto& each : buckets_)
    name += fmt::format("|{}-{}", each.start.time_since_epoch().count(), each.end.time_since_epoch().count());
  bool tells_time = metric.sql.find("moment") != std::string::npos;
  if (Query query(db_, "SELECT now_utc FROM temp.moment"); tells_time && query.next()) name += "|" + query.text(0);
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
  if (!is_of_posts(metric)) return;
  if (metric.additive)
    add_settled_hours(metric, rows);
  else
    stand_in_for_expired(metric, rows);
}

/// An hour that lies in the bucket in part only, or was settled under another definition, leaves the sum unknown.
void MetricRunner::add_settled_hours(const Metric& metric, MetricRows& rows) {
  Query query(db_,
              "SELECT label, iif(?3, '', key), sum(iif(fits, value, NULL)), iif(count(iif(fits, low, NULL)) > 0, "
              "total(iif(fits, value, NULL)), NULL), sum(iif(fits, n, 0)), min(fits) FROM (SELECT label, key, value, "
              "low, n, from_utc >= start_utc AND until_utc <= end_utc AND version = ?5 AS fits FROM temp.bucket AS "
              "bucket JOIN settled ON edition = ?1 AND metric = ?2 AND breakdown = ?4 AND from_utc < end_utc AND "
              "until_utc > start_utc) GROUP BY 1, 2",
              edition_, metric.id, breakdown_ == Breakdown::none,
              name_of(breakdown_ == Breakdown::none ? Breakdown::platform : breakdown_), metric.version);
  while (query.next()) {
    auto& row = rows[{query.text(0), query.text(1)}];
    add(row, {.value = query.maybe_real(2), .low = query.maybe_real(3), .n = query.maybe(4), .expired = true});
    if (query.integer(5) != 0) continue;
    row.low = row.value;
    row.value.reset();
  }
}

namespace {

/// What figures are at least: a count cannot fall as posts come to it, nor can a bound.
std::optional<double> least(const Metric& metric, const MetricRow& row) {
  if (!row.value) return row.low;
  return metric.empty_is_zero ? row.value : std::nullopt;
}

}  // namespace

/// The figure of a period that was settled knows all posts of it, if none was first seen later; a rate, if none was
/// read otherwise either. Else it is unknown, and at least the largest of what is left and of what was settled.
void MetricRunner::stand_in_for_expired(const Metric& metric, MetricRows& rows) {
  struct Settled {
    int times = 0;
    bool is_whole = false;
    MetricRow row;
    std::optional<double> least;
  };
  std::map<std::pair<std::string, std::string>, Settled> settled;
  auto take = [&](Query& query, Settled& each) {
    each.row = {.value = query.maybe_real(2),
                .low = query.maybe_real(3),
                .high = query.maybe_real(4),
                .n = query.maybe(5),
                .expired = true};
    each.least = std::max(each.least, least(metric, each.row));
  };
  bool moves_with_readings = !metric.empty_is_zero && metric.range != "bound";
  for (Query query(db_,
                   "SELECT label, key, value, low, high, n, NOT EXISTS (SELECT 1 FROM reading JOIN post ON post.id = "
                   "reading.post WHERE reading.edition = ?1 AND reading.at_utc >= start_utc AND reading.at_utc < "
                   "end_utc AND settled.key IN ('', reading.platform) AND (first_seen_utc > settled.at_utc OR (?5 AND "
                   "EXISTS (SELECT 1 FROM observation WHERE observation.post = reading.post AND observation.at_utc > "
                   "settled.at_utc)))) FROM temp.bucket AS bucket JOIN settled ON edition = ?1 AND metric = ?2 AND "
                   "breakdown = ?3 AND from_utc = start_utc AND until_utc = end_utc AND version = ?4 WHERE until_utc - "
                   "from_utc > 3600000",
                   edition_, metric.id, name_of(breakdown_), metric.version, moves_with_readings);
       query.next();) {
    auto& each = settled[{query.text(0), query.text(1)}];
    take(query, each);
    each.is_whole = ++each.times == 1 && query.integer(6) != 0;
  }
  // Posts that were followed into this time may have been of any before; those with reactions are M-07's.
  bool is_followed = follows(metric);
  for (Query query(db_,
                   "SELECT label, iif(?3, '', key), value, low, high, n FROM temp.bucket AS bucket JOIN settled ON "
                   "edition = ?1 AND metric = ?2 AND breakdown = ?4 AND from_utc < end_utc AND iif(?5, at_utc, "
                   "until_utc) > start_utc WHERE until_utc - from_utc = 3600000 AND (NOT ?5 OR n > 0)",
                   edition_, is_followed ? "M-07" : metric.id.c_str(), breakdown_ == Breakdown::none,
                   name_of(breakdown_ == Breakdown::none ? Breakdown::platform : breakdown_), is_followed);
       query.next();) {
    auto& each = settled[{query.text(0), query.text(1)}];
    if (each.times == 0) take(query, each);
  }
  for (const auto& [place, each] : settled) {
    auto& row = rows[place];
    if (each.is_whole && (moves_with_readings || row.value <= each.row.value)) {
      row = each.row;
      continue;
    }
    row.low = std::max(each.least, least(metric, row));
    row.value.reset();
    row.high.reset();
    row.expired = true;
  }
}

void MetricRunner::at(sys_ms now) {
  db_.run("DELETE FROM temp.moment");
  Query(db_, "INSERT INTO temp.moment VALUES (?)", std::chrono::floor<std::chrono::minutes>(now)).run();
}

CoverageRows MetricRunner::coverage(sys_ms now, const std::vector<std::string>& terms) {
  now = std::chrono::floor<std::chrono::minutes>(now);
  db_.run("DELETE FROM temp.wanted");
  for (const auto& term : terms) Query(db_, "INSERT OR IGNORE INTO temp.wanted VALUES (?)", term).run();
  CoverageRows out;
  Query query(db_, metric("M-14").sql.c_str());
  query.set(":edition", edition_).set(":now", now);
  while (query.next())
    out[{query.text(0), query.text(1)}] = {
        std::chrono::milliseconds(query.integer(2)), std::chrono::milliseconds(query.integer(3)),
        std::chrono::milliseconds(query.integer(4)), std::chrono::milliseconds(query.integer(5)),
        std::chrono::milliseconds(query.integer(6))};
  return out;
}

}  // namespace campaignd::store
