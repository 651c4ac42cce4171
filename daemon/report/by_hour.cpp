// Mentions hour by hour, and which hours stand out (M-12).
#include <algorithm>

#include "daemon/report/kinds.hpp"
#include "daemon/report/small_cells.hpp"
#include "daemon/report/spikes.hpp"

namespace campaignd::report {

namespace {

using std::chrono::hours;
constexpr auto usual_in = hours(14 * 24);  ///< M-12: an hour stands out beside the 14 days before it

struct Hour {
  sys_ms start;
  std::optional<std::int64_t> mentions;  ///< nothing: nobody read then, or they are not known any more
  std::int64_t sources_read = 0;
  bool has_expired = false;
};

/// How many sources that show posts were read of each hour, or of a part of it.
std::map<sys_ms, std::int64_t> sources_read(const Scope& scope, sys_ms from) {
  std::map<sys_ms, std::int64_t> out;
  std::string source;
  sys_ms next;
  store::Query query(scope.db,
                     "SELECT source, from_utc, until_utc FROM covered WHERE until_utc > ? AND from_utc < ? ORDER BY "
                     "source, from_utc",
                     from, scope.window.until);
  while (query.next()) {
    if (query.text(0) != source) source = query.text(0), next = from;
    auto known = std::ranges::find(scope.campaign.sources, source, &Source::id);
    if (known != scope.campaign.sources.end() && !shows(known->connector, store::metric("M-01"))) continue;
    auto first = std::max(std::chrono::floor<hours>(query.time(1)), std::chrono::floor<hours>(next));
    for (sys_ms hour = first; hour < query.time(2); hour += hours(1)) {
      ++out[hour];
      next = hour + hours(1);
    }
  }
  return out;
}

std::vector<Hour> read_hours(const Scope& scope, const std::vector<store::Bucket>& buckets,
                             const store::MetricRows& mentions) {
  std::vector<Hour> out;
  if (buckets.empty()) return out;
  auto read = sources_read(scope, buckets.front().start);
  for (const auto& bucket : buckets) {
    Hour hour{bucket.start};
    if (auto found = read.find(std::chrono::floor<hours>(bucket.start)); found != read.end())
      hour.sources_read = found->second;
    auto found = mentions.find({bucket.label, ""});
    if (found == mentions.end() && hour.sources_read > 0) hour.mentions = 0;
    if (found != mentions.end() && found->second.value) hour.mentions = static_cast<std::int64_t>(*found->second.value);
    hour.has_expired = found != mentions.end() && !hour.mentions;
    out.push_back(hour);
  }
  return out;
}

std::vector<std::optional<Spike>> spikes_in(const std::vector<Hour>& all) {
  std::vector<std::optional<std::int64_t>> mentions;
  for (const auto& hour : all) mentions.push_back(hour.mentions);
  return spikes_of(mentions);
}

std::vector<Cell> row_of(const Scope& scope, const Hour& hour, const std::optional<Spike>& spike) {
  std::vector<Cell> row{format_utc(hour.start), local_label(scope.campaign.zone, hour.start, "%F %H:%M"),
                        cell(hour.mentions)};
  std::string said;
  std::optional<double> chance;
  if (spike) said = spike->is ? "yes" : "no", chance = spike->p;
  row.push_back(text_or_nothing(said));
  row.push_back(cell(chance));
  row.emplace_back(hour.sources_read);
  row.push_back(text_or_nothing(hour.mentions      ? ""
                                : hour.has_expired ? std::string(expired)
                                                   : "no source was read then"));
  return row;
}

}  // namespace

Sheet make_by_hour(const Scope& scope) {
  Sheet sheet{"by_hour",
              {"hour_utc", "local_hour_label", "mentions", "spike", "p_value", "sources_read", "note"},
              {},
              {{"local_hour_label", "hour", "-"},
               {"mentions", "mentions"},
               {"spike", "spike", "-"},
               {"p_value", "p", "-"},
               {"sources_read", "sources read", "-"},
               {"note", "note", "-"}}};
  auto before = std::max(scope.window.from - usual_in, scope.edition.from);
  Window widened{std::min(scope.window.from, before), scope.window.until, ""};
  auto buckets = hours_of(scope.campaign.zone, widened, scope.now);
  for (auto& bucket : buckets) bucket.label = format_utc(bucket.start);  // an hour that clocks repeat is two
  store::MetricRunner runner(scope.db);
  runner.choose(scope.edition.id, buckets, store::Breakdown::none);
  auto mentions = runner.run(store::metric("M-01"));
  auto crowds = crowds_of(scope.db, "hashtag", mentions);
  auto all = read_hours(scope, buckets, mentions);
  auto spikes = spikes_in(all);
  std::vector<Crowd> of_rows;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].start < scope.window.from) continue;
    sheet.rows.push_back(row_of(scope, all[i], spikes[i]));
    of_rows.push_back(crowd_at(crowds, buckets[i].label, ""));
  }
  withhold(sheet, of_rows, {{"mentions"}, {"spike", "p_value"}});
  return sheet;
}

}  // namespace campaignd::report
