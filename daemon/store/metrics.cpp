#include "daemon/store/metrics.hpp"

#include <algorithm>
#include <stdexcept>

#include "daemon/store/embedded.hpp"

namespace campaignd::store {

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
                   field("of"), field("empty") == "0", field("additive") == "yes", std::string(file.bytes)});
  }
  std::ranges::sort(out, {}, &Metric::id);
  return out;
}

constexpr const char* breakdown_names[] = {"none", "platform", "partner", "outlet_country"};

}  // namespace

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
  db_.run(R"(
    CREATE TEMP TABLE IF NOT EXISTS bucket(start_utc INTEGER NOT NULL, end_utc INTEGER NOT NULL, label TEXT NOT NULL);
    CREATE TEMP TABLE IF NOT EXISTS scope(edition TEXT NOT NULL, breakdown TEXT NOT NULL);
    CREATE TEMP VIEW IF NOT EXISTS chosen AS
      SELECT bucket.label AS bucket,
             CASE scope.breakdown WHEN 'platform' THEN reading.platform
                                  WHEN 'partner' THEN coalesce(reading.partner, '')
                                  WHEN 'outlet_country' THEN coalesce(reading.outlet_country, 'unknown')
                                  ELSE '' END AS key,
             reading.*
      FROM scope CROSS JOIN bucket CROSS JOIN reading
      WHERE reading.edition = scope.edition AND reading.at_utc >= bucket.start_utc AND reading.at_utc < bucket.end_utc;
  )");
}

void MetricRunner::choose(const std::string& edition, const std::vector<Bucket>& buckets, Breakdown breakdown) {
  edition_ = edition;
  db_.run("DELETE FROM temp.scope; DELETE FROM temp.bucket;");
  Query(db_, "INSERT INTO temp.scope VALUES (?, ?)", edition, breakdown_names[static_cast<int>(breakdown)]).run();
  for (const Bucket& each : buckets)
    Query(db_, "INSERT INTO temp.bucket VALUES (?, ?, ?)", each.start, each.end, each.label).run();
}

MetricRows MetricRunner::run(const Metric& metric) {
  MetricRows out;
  Query query(db_, metric.sql.c_str());
  while (query.next())
    out[{query.text(0), query.text(1)}] = {query.maybe_real(2), query.maybe_real(3), query.maybe_real(4),
                                           query.maybe_real(5), query.maybe(6),      query.maybe_time(7)};
  return out;
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
