// What adds up to a figure: slices, hour by hour, and what was settled of posts that had to go.
#include <fmt/format.h>

#include <algorithm>

#include "daemon/store/metrics.hpp"

namespace campaignd::store {

namespace {

constexpr auto hour = std::chrono::hours(1);

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

MetricRow row_of_slice(Query& query) {
  return {.value = query.maybe_real(2),
          .low = query.maybe_real(3),
          .n = query.maybe(4),
          .oldest = query.maybe_time(5),
          .numerator = query.maybe_real(6),
          .denominator = query.maybe_real(7)};
}

/// What figures are at least: a count cannot fall as posts come to it, nor can a bound.
std::optional<double> least(const Metric& metric, const MetricRow& row) {
  if (!row.value) return row.low;
  return metric.empty_is_zero ? row.value : std::nullopt;
}

}  // namespace

/// Hours whose slices are out of date, those that follow each other as one.
std::vector<Bucket> MetricRunner::dirty_spans() {
  std::vector<Bucket> out;
  for (Query query(
           db_,
           "SELECT hour_utc, hour_utc + 3600000, label FROM temp.bucket AS bucket CROSS JOIN dirty ON edition = ? AND "
           "hour_utc >= start_utc AND hour_utc < end_utc",
           edition_);
       query.next();) {
    Bucket next{query.time(0), query.time(1), query.text(2)};
    if (!out.empty() && out.back().end == next.start && out.back().label == next.label)
      out.back().end = next.end;
    else
      out.push_back(std::move(next));
  }
  return out;
}

/// Spans whose slices are out of date are read themselves: one by one, which needs no sorting, or together where they
/// are many or a breakdown is asked for.
MetricRows MetricRunner::from_slices(const Metric& metric) {
  constexpr std::size_t few = 50;
  MetricRows out;
  auto dirty = dirty_spans();
  if (breakdown_ == Breakdown::none && dirty.size() <= few) {
    for (const auto& span : dirty) {
      use({span});
      for (const auto& [place, row] : compute(metric)) add(out[place], row);
    }
  } else if (!dirty.empty()) {
    use(dirty);
    out = compute(metric);
  }
  if (!dirty.empty()) use(buckets_);
  if (is_hour_by_hour(buckets_))
    add_hours(metric, dirty, out);
  else
    add_sums(metric, !dirty.empty(), out);
  if (metric.is_ratio)
    for (auto& [place, row] : out) divide(metric, row);
  return out;
}

/// Slices as they are, one after the other.
void MetricRunner::add_hours(const Metric& metric, const std::vector<Bucket>& dirty, MetricRows& out) {
  std::map<std::int64_t, const std::string*> labels;  // of the hours whose slices are up to date
  for (const auto& each : buckets_) labels[each.start.time_since_epoch().count()] = &each.label;
  for (const auto& span : dirty)
    labels.erase(labels.lower_bound(span.start.time_since_epoch().count()),
                 labels.lower_bound(span.end.time_since_epoch().count()));
  if (labels.empty()) return;
  Query query(db_,
              "SELECT hour_utc, key, value, low, n, oldest_utc, numerator, denominator FROM slice WHERE edition = ? "
              "AND metric = ? AND breakdown = ? AND hour_utc BETWEEN ? AND ? ORDER BY hour_utc, key",
              edition_, metric.id, name_of(breakdown_), labels.begin()->first, labels.rbegin()->first);
  auto label = labels.begin();
  auto last = out.end();  // the next row stands beside it
  while (query.next()) {
    while (label != labels.end() && label->first < query.integer(0)) ++label;
    if (label == labels.end()) return;
    if (label->first != query.integer(0)) continue;
    last = out.try_emplace(last == out.end() ? last : std::next(last), {*label->second, query.text(1)});
    add(last->second, row_of_slice(query));
  }
}

void MetricRunner::add_sums(const Metric& metric, bool some_are_dirty, MetricRows& out) {
  auto sql = fmt::format(
      "SELECT label, key, sum(value), iif(count(low) > 0, total(value), NULL), sum(n), min(oldest_utc), "
      "sum(numerator), sum(denominator) FROM temp.bucket AS bucket CROSS JOIN slice ON edition = ?1 AND metric = ?2 "
      "AND breakdown = ?3 AND hour_utc >= start_utc AND hour_utc < end_utc {} {}",
      some_are_dirty ? "WHERE hour_utc NOT IN (SELECT hour_utc FROM dirty WHERE edition = ?1)" : "",
      breakdown_ == Breakdown::none ? "GROUP BY bucket.rowid"  // in the order of the index: sorting is half of the work
                                    : "GROUP BY bucket.rowid, key");
  Query query(db_, sql.c_str(), edition_, metric.id, name_of(breakdown_));
  while (query.next()) add(out[{query.text(0), query.text(1)}], row_of_slice(query));
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
                   "SELECT label, key, value, low, high, n, CASE WHEN times = 1 THEN NOT EXISTS (SELECT 1 FROM reading "
                   "JOIN post ON post.id = reading.post WHERE reading.edition = ?1 AND reading.at_utc >= start_utc AND "
                   "reading.at_utc < end_utc AND it.key IN ('', reading.platform) AND (first_seen_utc > settled_utc OR "
                   "(?5 AND EXISTS (SELECT 1 FROM observation WHERE observation.post = reading.post AND "
                   "observation.at_utc > settled_utc)))) END FROM (SELECT bucket.*, settled.*, settled.at_utc AS "
                   "settled_utc, count(*) OVER (PARTITION BY label, key) AS times FROM temp.bucket AS bucket JOIN "
                   "settled ON edition = ?1 AND metric = ?2 AND breakdown = ?3 AND from_utc = start_utc AND until_utc "
                   "= end_utc AND version = ?4 WHERE until_utc - from_utc > 3600000) AS it",
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

}  // namespace campaignd::store
