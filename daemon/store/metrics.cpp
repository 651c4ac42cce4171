#include "daemon/store/metrics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "daemon/store/as_of.hpp"
#include "daemon/store/definitions.hpp"
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

/// The file, over other views (metric_views.cpp).
std::string through(std::string_view views, std::string sql) {
  for (std::string_view view : {"chosen", "followed"})
    for (auto at = sql.find(view); at != sql.npos; at = sql.find(view, at + views.size() + view.size()))
      sql.insert(at, views);
  return sql;
}

/// "-- id: M-01" of a metric file's header.
std::optional<std::string> header_field(std::string_view sql, std::string_view name) {
  auto at = sql.find(fmt::format("-- {}: ", name));
  if (at == sql.npos) return std::nullopt;
  at += name.size() + 5;
  return std::string(sql.substr(at, sql.find('\n', at) - at));
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

/// Slices are made by today's definitions.
bool is_of_today(const Metric& metric) {
  auto today = std::ranges::find(definitions(), metric.id, &Metric::id);
  return today != definitions().end() && today->version == metric.version;
}

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

bool follows(const Metric& metric) { return metric.sql.find("FROM followed") != metric.sql.npos; }

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
    CREATE TEMP TABLE IF NOT EXISTS scope(edition TEXT NOT NULL, breakdown TEXT NOT NULL, part TEXT);
    CREATE TEMP TABLE IF NOT EXISTS moment(now_utc INTEGER NOT NULL);
    CREATE TEMP TABLE IF NOT EXISTS observing(source TEXT PRIMARY KEY, host TEXT NOT NULL);
    CREATE TEMP TABLE IF NOT EXISTS wanted(term TEXT PRIMARY KEY);
  )");
  make_views();
}

void MetricRunner::choose(const std::string& edition, const std::vector<Bucket>& buckets, Breakdown breakdown) {
  edition_ = edition;
  buckets_ = buckets;
  breakdown_ = breakdown;
  db_.run("DELETE FROM temp.scope");
  Query(db_, "INSERT INTO temp.scope(edition, breakdown) VALUES (?, ?)", edition, name_of(breakdown)).run();
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
  for (const auto& [views, key] : ways(metric)) {
    if (!views.empty()) Query(db_, "UPDATE temp.scope SET part = ?", key).run();
    Query query(db_, through(views, metric.sql).c_str());
    while (query.next()) {
      auto& row = views.empty() ? out[{query.text(0), query.text(1)}] : out[{in_use_.front().label, key}];
      row = {query.maybe_real(2), query.maybe_real(3), query.maybe_real(4),
             query.maybe_real(5), query.maybe(6),      query.maybe_time(7)};
      if (query.columns() < columns_of_a_ratio) continue;
      row.numerator = query.maybe_real(8);
      row.denominator = query.maybe_real(9);
    }
  }
  return out;
}

MetricRows MetricRunner::run(const Metric& metric) {
  bool has_slices = is_sliced(metric) && is_of_today(metric) && is_whole_hours(buckets_) && slices_are_valid(db_) &&
                    std::ranges::find(sliced_breakdowns, breakdown_) != std::end(sliced_breakdowns);
  auto rows = has_slices ? from_slices(metric) : is_of_the_past(db_) ? compute(metric) : kept(metric);
  add_settled(metric, rows);
  return rows;
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
