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
  auto withheld =
      scope.is_published ? report::withheld_cells(db, mentions) : decltype(report::withheld_cells(db, {}))();
  auto number = [](const store::MetricRow& row) {  // nothing where it had to go
    return row.value ? json::value(static_cast<std::int64_t>(*row.value)) : json::value(nullptr);
  };

  json::array starts, names, coverage, series;
  for (std::size_t i = 0; i < buckets.size(); ++i) {
    starts.push_back(json::value(format_utc(buckets[i].start)));
    names.push_back(json::value(labels[i].label));
    auto share = report::share_of(shares, buckets[i].label, "");
    coverage.push_back(share ? json::value(static_cast<double>(static_cast<std::int64_t>(*share * 1000)) / 1000)
                             : json::value(nullptr));
  }
  for (const auto& platform : report::platforms_of(db, campaign, edition)) {
    json::array values;
    for (const auto& bucket : buckets) {
      auto found = mentions.find({bucket.label, platform});
      if (withheld.contains({bucket.label, platform})) {
        values.push_back(json::value(nullptr));
        continue;
      }
      bool watched = report::share_of(shares, bucket.label, platform).value_or(0) > 0;
      values.push_back(found != mentions.end() ? number(found->second)
                       : watched               ? json::value(0)
                                               : json::value(nullptr));
    }
    series.push_back({{"platform", platform}, {"mentions", std::move(values)}});
  }
  return {{"bucket", by_hour ? "hour" : "day"}, {"zone", campaign.zone},      {"definition", "M-01"},
          {"starts_utc", std::move(starts)},    {"labels", std::move(names)}, {"series", std::move(series)},
          {"coverage", std::move(coverage)}};
}

}  // namespace campaignd::serve
