// What must go leaves its sum: what metrics say of posts is written down before these are deleted.
#include <fmt/format.h>

#include "daemon/store/as_of.hpp"
#include "daemon/store/store.hpp"

namespace campaignd::store {

namespace {

constexpr auto hour = std::chrono::hours(1);
constexpr auto those_that_go_now = "+edition = ? AND post IN (SELECT post FROM temp.batch)";  // by post: they are few
constexpr auto those_that_stay = "edition = ? AND post NOT IN (SELECT post FROM temp.going)";

/// While it lives, metric files read some posts of an edition alone.
class Among {
 public:
  Among(Database& db, const std::string& edition, const char* which) : db_(db) {
    db_.run("CREATE TEMP TABLE reading AS SELECT * FROM main.reading WHERE 0");
    db_.forget_statements();
    auto fill =
        fmt::format("INSERT INTO temp.reading({0}) SELECT {0} FROM main.reading WHERE {1}", reading_columns, which);
    Query(db_, fill.c_str(), edition).run();
    db_.run(R"(
      CREATE INDEX temp.among_by_time ON reading(edition, at_utc);
      CREATE INDEX temp.among_by_cluster ON reading(cluster, at_utc) WHERE cluster IS NOT NULL;
    )");
  }
  Among(const Among&) = delete;
  Among& operator=(const Among&) = delete;
  ~Among() {
    db_.forget_statements();
    try {
      db_.run("DROP TABLE temp.reading");
    } catch (const std::exception&) {}  // the transaction it was made in has been rolled back, and it with that
  }

 private:
  Database& db_;
};

/// Whether a figure follows from who asks, and when: the store, which settles, has neither `observing` nor `moment`. Of
/// such a figure nothing is settled but that something is missing: it is unknown from then on.
bool depends_on_who_asks(const Metric& metric) {
  auto reads = [&](const char* table) { return metric.sql.find(table) != metric.sql.npos; };
  return reads("JOIN observing") || reads("FROM temp.moment");
}

bool say_the_same(const MetricRow& a, const MetricRow& b) {
  return a.value == b.value && a.low == b.low && a.high == b.high && a.n == b.n;
}

/// What one settling says of one metric and key.
struct Entry {
  const std::string& edition;
  const Metric& metric;
  Breakdown breakdown;
  const std::string& key;
  const Bucket& span;
  const MetricRow& row;
};

/// Of one moment, the parts of an hour that go one after the other add up where the metric does; else the first stands,
/// for all that is asked of it is a lower bound.
void keep(Database& db, const Entry& entry, sys_ms now) {
  constexpr auto as_it_is =
      "INSERT OR IGNORE INTO settled(edition, metric, version, breakdown, key, from_utc, until_utc, at_utc, value, "
      "low, "
      "high, n) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
  constexpr auto added =
      "INSERT INTO settled(edition, metric, version, breakdown, key, from_utc, until_utc, at_utc, value, low, high, n) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET value = CASE WHEN value IS NULL THEN "
      "excluded.value ELSE value + coalesce(excluded.value, 0) END, low = CASE WHEN low IS NOT NULL OR excluded.low IS "
      "NOT NULL THEN coalesce(value, 0) + coalesce(excluded.value, 0) END, n = n + excluded.n";
  Query(db, entry.metric.additive ? added : as_it_is, entry.edition, entry.metric.id, entry.metric.version,
        name_of(entry.breakdown), entry.key, entry.span.start, entry.span.end, now, entry.row.value, entry.row.low,
        entry.row.high, entry.row.n.value_or(0))
      .run();
}

/// Whether what was settled of this period knows all posts that are there.
bool is_up_to_date(Database& db, const Entry& entry) {
  return Query(db,
               "SELECT 1 FROM settled WHERE edition = ?1 AND metric = ?2 AND version = ?3 AND breakdown = ?4 AND key = "
               "?5 AND from_utc = ?6 AND until_utc = ?7 AND at_utc >= (SELECT max(first_seen_utc) FROM reading JOIN "
               "post ON post.id = reading.post WHERE reading.edition = ?1 AND reading.at_utc >= ?6 AND reading.at_utc "
               "< ?7 AND ?5 IN ('', reading.platform))",
               entry.edition, entry.metric.id, entry.metric.version, name_of(entry.breakdown), entry.key,
               entry.span.start, entry.span.end)
      .next();
}

}  // namespace

/// The periods that have posts which go.
std::vector<std::pair<std::string, Bucket>> Store::periods_losing_posts(const Periods& periods) {
  std::map<std::tuple<std::string, sys_ms, sys_ms>, Bucket> touched;
  for (const auto& [edition, all] : periods)
    for (const auto& each : all)
      if (Query(db_,
                "SELECT 1 FROM temp.going JOIN reading ON reading.post = going.post WHERE edition = ? AND at_utc >= ? "
                "AND at_utc < ?",
                edition, each.start, each.end)
              .next())
        touched.try_emplace({edition, each.start, each.end}, each.start, each.end, "");
  std::vector<std::pair<std::string, Bucket>> out;
  for (const auto& [place, bucket] : touched) out.emplace_back(std::get<0>(place), bucket);
  return out;
}

/// Of metrics that are not additive: the figure of a period before the posts go, where it is another one without them.
/// One period at a time: what a post gained is told of every day it was read.
void Store::settle_period(const std::string& edition, const Bucket& period, sys_ms now) {
  using All = std::map<std::pair<const Metric*, Breakdown>, MetricRows>;
  auto compute = [&] {
    All out;
    for (auto breakdown : {Breakdown::none, Breakdown::platform}) {
      metrics_.choose(edition, {period}, breakdown);
      for (const auto& each : metrics())
        if (!each.additive && is_of_posts(each) && !depends_on_who_asks(each))
          out[{&each, breakdown}] = metrics_.compute(each);
    }
    return out;
  };
  auto before = compute();
  All after;
  {
    Among among(db_, edition, those_that_stay);
    after = compute();
  }
  for (const auto& [figure, rows] : before)
    for (const auto& [place, row] : rows) {
      const auto& others = after[figure];
      auto left = others.find(place);
      Entry entry{edition, *figure.first, figure.second, place.second, period, row};
      bool changes = left == others.end() || !say_the_same(left->second, row);
      if (changes && !is_up_to_date(db_, entry)) keep(db_, entry, now);
    }
}

/// Hour by hour what metrics say of the posts of this batch: additive ones add that up, for the others it tells that
/// something is missing there.
void Store::settle_hours(sys_ms now) {
  std::map<std::string, std::vector<Bucket>> hours;
  for (Query query(db_,
                   "SELECT DISTINCT edition, at_utc - at_utc % 3600000 FROM temp.batch JOIN reading ON reading.post = "
                   "batch.post");
       query.next();)
    hours[query.text(0)].push_back({query.time(1), query.time(1) + hour, std::to_string(query.integer(1))});
  for (const auto& [edition, buckets] : hours) {
    std::map<std::string, const Bucket*> by_label;
    for (const auto& each : buckets) by_label[each.label] = &each;
    Among among(db_, edition, those_that_go_now);
    for (auto breakdown : breakdowns()) {
      metrics_.choose(edition, buckets, breakdown);
      for (const auto& each : metrics())
        if (is_of_posts(each))
          for (const auto& [place, row] : metrics_.compute(each))
            keep(db_,
                 {edition, each, breakdown, place.second, *by_label.at(place.first),
                  depends_on_who_asks(each) ? MetricRow{.n = row.n} : row},
                 now);
    }
  }
}

/// A post that turns up late may be one of those that were settled in its hour: it is not counted again.
bool Store::is_settled(const Fact& fact, sys_ms now) {
  const auto* platform = find_platform(fact.platform);
  if (platform == nullptr || !platform->contract.keep_at_most) return false;
  auto start = std::chrono::floor<std::chrono::hours>(std::min(fact.published.value_or(now), now));
  return Query(db_,
               "SELECT 1 FROM settled WHERE edition = ? AND breakdown = 'platform' AND key = ? AND from_utc = ? AND "
               "until_utc = ?",
               fact.edition, fact.platform, sys_ms(start), sys_ms(start + hour))
      .next();
}

}  // namespace campaignd::store
