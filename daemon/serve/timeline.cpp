#include "daemon/serve/timeline.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "connectors/reading/dates/time.hpp"
#include "daemon/report/overview.hpp"
#include "daemon/report/wanted.hpp"
#include "daemon/report/withheld.hpp"

namespace campaignd::serve {

namespace json = boost::json;

boost::json::object timeline(const report::Scope& scope) {
  auto& db = scope.db;
  const auto& [campaign, edition, window, now] = std::tie(scope.campaign, scope.edition, scope.window, scope.now);
  bool by_hour = window.until - window.from <= std::chrono::days(3);
  auto buckets = by_hour ? report::hours_of(campaign.zone, window, now) : report::days_of(campaign.zone, window, now);
  // Labels repeat in the hour that DST repeats, so buckets are told apart by their start.
  auto labels = buckets;
  for (auto& bucket : buckets) bucket.label = format_utc(bucket.start);
  store::MetricRunner runner(db);
  runner.choose(edition.id, buckets, store::Breakdown::platform);
  auto terms = report::wanted_terms(db, campaign, edition, window, store::metric("M-01").match_class);
  auto shares = report::shares_of(runner.coverage(now, terms), campaign);

  auto mentions = runner.run(store::metric("M-01"));
  std::set<std::pair<std::string, std::string>> withheld;
  if (scope.is_published) withheld = report::withheld_cells(db, mentions);

  json::array starts, names, coverage, series;
  for (std::size_t i = 0; i < buckets.size(); ++i) {
    starts.push_back(json::value(format_utc(buckets[i].start)));
    names.push_back(json::value(labels[i].label));
    auto share = report::share_of(shares, buckets[i].label, "");
    coverage.push_back(share ? json::value(static_cast<double>(static_cast<std::int64_t>(*share * 1000)) / 1000)
                             : json::value(nullptr));
  }
  for (const auto& platform : report::platforms_of(db, campaign, edition)) {
    json::array values, unknown;
    for (const auto& bucket : buckets) {
      auto found = mentions.find({bucket.label, platform});
      bool watched = report::share_of(shares, bucket.label, platform).value_or(0) > 0;
      std::string_view why = withheld.contains({bucket.label, platform})       ? "withheld"
                             : found != mentions.end() && !found->second.value ? "expired"
                             : found == mentions.end() && !watched             ? "not watched"
                                                                               : "";
      unknown.push_back(why.empty() ? json::value(nullptr) : json::value(why));
      auto number = found == mentions.end() ? 0 : found->second.value.value_or(0);
      values.push_back(why.empty() ? json::value(static_cast<std::int64_t>(number)) : json::value(nullptr));
    }
    series.push_back({{"platform", platform}, {"mentions", std::move(values)}, {"unknown", std::move(unknown)}});
  }
  return {{"bucket", by_hour ? "hour" : "day"}, {"zone", campaign.zone},      {"definition", "M-01"},
          {"starts_utc", std::move(starts)},    {"labels", std::move(names)}, {"series", std::move(series)},
          {"coverage", std::move(coverage)}};
}

}  // namespace campaignd::serve
