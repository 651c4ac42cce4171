// What metric files read: `chosen`, the posts of the buckets, and `followed`, the posts of before that were read in
// them. Of one long bucket each row of a breakdown may be read by itself, through views like platform_chosen.
#include <fmt/format.h>

#include "daemon/store/as_of.hpp"
#include "daemon/store/metrics.hpp"

namespace campaignd::store {

namespace {

/// The readings of some posts as metric files read them, each with its bucket and the key of its row.
/// `apart`: YouTube's numbers are in no sum, rate or bound unless its amendment is accepted (P-12).
constexpr auto apart = R"(reading.platform IS (
               SELECT 'youtube' WHERE NOT EXISTS (
                 SELECT 1 FROM setting WHERE setting.entry = 'youtube' AND setting.key = 'derived_metrics_accepted'
                   AND setting.value = 'true')) AS apart)";

std::string view(std::string_view name, std::string_view which) {
  return fmt::format(R"(
    CREATE TEMP VIEW IF NOT EXISTS {} AS
      SELECT bucket.label AS bucket, bucket.start_utc AS start_utc, bucket.end_utc AS end_utc,
             CASE scope.breakdown
               WHEN 'platform' THEN reading.platform
               WHEN 'partner' THEN coalesce(reading.partner, '')
               WHEN 'outlet_country' THEN coalesce(reading.outlet_country, 'unknown')
               WHEN 'country' THEN coalesce((SELECT country FROM registered WHERE registered.partner = reading.partner),
                                            reading.outlet_country, 'unknown')
               WHEN 'language' THEN coalesce(nullif(reading.language, ''), 'und')
               WHEN 'relation' THEN coalesce(reading.relation, 'earned')
               WHEN 'bot' THEN iif(reading.bot, 'bot', 'other')
               WHEN 'term' THEN reading.term
               ELSE '' END AS key,
             {}, reading.*
      FROM scope CROSS JOIN bucket CROSS JOIN reading
      WHERE reading.edition = scope.edition AND {})",
                     name, apart, which);
}

/// The same of one bucket and one row of a breakdown, `part` of an edition. SQLite sorts nothing by a column that
/// equals a constant, so the edition stands for bucket and key. Of a long bucket it is told that this leaves out
/// little, so it may read in another order than by time.
std::string view_of_part(std::string_view name, std::string_view part, std::string_view when) {
  return fmt::format(R"(
    CREATE TEMP VIEW IF NOT EXISTS {} AS
      SELECT reading.edition AS bucket, reading.edition AS key, (SELECT start_utc FROM bucket) AS start_utc,
             (SELECT end_utc FROM bucket) AS end_utc, {}, reading.*
      FROM reading
      WHERE reading.edition = (SELECT edition FROM scope){}{})",
                     name, apart, part, when);
}

struct Part {
  std::string_view name, which;
};
constexpr Part parts[] = {{"all", ""},
                          {"platform", " AND reading.platform = (SELECT part FROM scope)"},
                          {"partner", " AND reading.partner = (SELECT part FROM scope)"},
                          {"nobody", " AND reading.partner IS NULL"}};

}  // namespace

/// Over temp.bucket and temp.scope.
void MetricRunner::make_views() {
  static const auto chosen = view("chosen", "reading.at_utc >= bucket.start_utc AND reading.at_utc < bucket.end_utc"),
                    followed =
                        view("followed", "reading.at_utc < bucket.end_utc AND reading.read_utc > bucket.start_utc");
  db_.run(chosen.c_str());
  db_.run(followed.c_str());
  const std::string from = "(SELECT start_utc FROM bucket)", until = "(SELECT end_utc FROM bucket)";
  // The plus sign keeps SQLite from reading by time.
  auto in_bucket = fmt::format(" AND likely(+reading.at_utc >= {}) AND likely(+reading.at_utc < {})", from, until),
       into_bucket = fmt::format(" AND likely(+reading.at_utc < {}) AND likely(reading.read_utc > {})", until, from),
       in_span = fmt::format(" AND reading.at_utc >= {} AND reading.at_utc < {}", from, until),
       into_span = fmt::format(" AND reading.at_utc < {} AND reading.read_utc > {}", until, from);
  db_.run(view_of_part("span_chosen", "", in_span).c_str());
  db_.run(view_of_part("span_followed", "", into_span).c_str());
  for (auto [name, which] : parts) {
    db_.run(view_of_part(fmt::format("{}_chosen", name), which, in_bucket).c_str());
    db_.run(view_of_part(fmt::format("{}_followed", name), which, into_bucket).c_str());
    db_.run(view_of_part(fmt::format("ever_{}_chosen", name), which, "").c_str());
    db_.run(view_of_part(fmt::format("ever_{}_followed", name), which, "").c_str());
  }
}

/// One bucket is read without sorting: by time, and where it is long in the order of an index, each row of a breakdown
/// by itself.
std::vector<MetricRunner::Way> MetricRunner::ways(const Metric& metric) {
  constexpr auto long_time = std::chrono::days(1);
  constexpr std::string_view mentions = "class = 'hashtag' AND kind IN ('original', 'quote', 'reply', 'video')";
  std::vector<Way> all_at_once{{"", ""}};
  if (in_use_.size() != 1 || !is_of_posts(metric)) return all_at_once;
  const auto& bucket = in_use_.front();
  bool is_long = bucket.end - bucket.start >= long_time && !is_of_the_past(db_);  // which has one by time alone
  std::string ever = is_all_of_edition(bucket) ? "ever_" : "";
  if (breakdown_ == Breakdown::none) return {{!ever.empty() || is_long ? ever + "all_" : "span_", ""}};
  if (!is_long) return all_at_once;
  std::vector<Way> out;
  if (breakdown_ == Breakdown::platform && metric.sql.find(mentions) != std::string::npos) {
    for (auto& each : keys("platform", mentions)) out.push_back({ever + "platform_", std::move(each)});
    return out;
  }
  if (breakdown_ != Breakdown::partner) return all_at_once;
  for (auto& each : keys("partner", "partner IS NOT NULL")) out.push_back({ever + "partner_", std::move(each)});
  out.push_back({ever + "nobody_", ""});
  return out;
}

/// The values of a column in an edition, by an index that begins with both: from each to the next.
std::vector<std::string> MetricRunner::keys(std::string_view column, std::string_view which) {
  auto sql = fmt::format(
      "WITH RECURSIVE each(key) AS (SELECT min({0}) FROM reading WHERE edition = ?1 AND {1} UNION ALL SELECT (SELECT "
      "min({0}) FROM reading WHERE edition = ?1 AND {0} > key AND {1}) FROM each WHERE key IS NOT NULL) "
      "SELECT key FROM each WHERE key IS NOT NULL",
      column, which);
  std::vector<std::string> out;
  for (Query query(db_, sql.c_str(), edition_); query.next();) out.push_back(query.text(0));
  return out;
}

bool MetricRunner::is_all_of_edition(const Bucket& bucket) {
  return !Query(db_, "SELECT 1 FROM reading WHERE edition = ? AND at_utc < ?", edition_, bucket.start).next() &&
         !Query(db_, "SELECT 1 FROM reading WHERE edition = ? AND at_utc >= ?", edition_, bucket.end).next();
}

}  // namespace campaignd::store
