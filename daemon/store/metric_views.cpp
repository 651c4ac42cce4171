// What metric files read: `chosen`, the posts of the buckets, and `followed`, the posts of before that were read in
// them.
#include <fmt/format.h>

#include "daemon/store/database.hpp"

namespace campaignd::store {

namespace {

/// The readings of some posts as metric files read them, each with its bucket and the key of its row.
/// `apart`: YouTube's numbers are in no sum, rate or bound unless its amendment is accepted (methodology, section 5).
constexpr auto apart = R"(reading.platform = 'youtube' AND NOT EXISTS (
               SELECT 1 FROM setting WHERE setting.entry = 'youtube' AND setting.key = 'derived_metrics_accepted'
                 AND setting.value = 'true') AS apart)";

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

/// The same of one bucket that is most of an edition, and no breakdown. SQLite sorts nothing by a column that equals a
/// constant, so the edition stands for bucket and key; and it is told that the bucket leaves out little, so it may read
/// in another order than by time.
std::string view_of_whole(std::string_view name, std::string_view one, std::string_view other) {
  return fmt::format(R"(
    CREATE TEMP VIEW IF NOT EXISTS {} AS
      SELECT reading.edition AS bucket, reading.edition AS key, (SELECT start_utc FROM bucket) AS start_utc,
             (SELECT end_utc FROM bucket) AS end_utc, {}, reading.*
      FROM reading
      WHERE reading.edition = (SELECT edition FROM scope) AND likely({}) AND likely({}))",
                     name, apart, one, other);
}

}  // namespace

/// Over temp.bucket and temp.scope.
void make_views(Database& db) {
  static const auto chosen = view("chosen", "reading.at_utc >= bucket.start_utc AND reading.at_utc < bucket.end_utc"),
                    followed =
                        view("followed", "reading.at_utc < bucket.end_utc AND reading.read_utc > bucket.start_utc");
  static const auto all_chosen = view_of_whole("all_chosen", "reading.at_utc >= (SELECT start_utc FROM bucket)",
                                               "reading.at_utc < (SELECT end_utc FROM bucket)"),
                    all_followed = view_of_whole("all_followed", "reading.at_utc < (SELECT end_utc FROM bucket)",
                                                 "reading.read_utc > (SELECT start_utc FROM bucket)");
  for (const auto* each : {&chosen, &followed, &all_chosen, &all_followed}) db.run(each->c_str());
}

}  // namespace campaignd::store
