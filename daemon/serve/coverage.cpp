#include "daemon/serve/coverage.hpp"

#include <boost/json.hpp>

#include "connectors/reading/dates/time.hpp"
#include "daemon/report/hour_states.hpp"

namespace campaignd::serve {

namespace json = boost::json;

namespace {

constexpr int days_of_hours = 7;

json::array legend() {
  json::array out;
  for (std::size_t i = 0; i < report::hour_states_there_are; ++i) {
    report::Hour hour{static_cast<report::HourState>(i)};
    out.push_back({{"letter", std::string(1, report::letter_of(hour))},
                   {"state", report::name_of(hour.state)},
                   {"words", report::words_of(hour.state)}});
  }
  return out;
}

std::string letters_of(const report::Hours& hours, const std::string& source) {
  std::string out;
  if (auto found = hours.find(source); found != hours.end())
    for (auto hour : found->second) out += report::letter_of(hour);
  return out;
}

json::value share(std::chrono::milliseconds part, std::chrono::milliseconds whole) {
  if (whole.count() <= 0) return nullptr;
  return static_cast<double>(part.count() * 10000 / whole.count()) / 10000;
}

}  // namespace

json::object coverage(const report::Scope& scope) {
  auto& db = scope.db;
  const auto& [campaign, edition, window, now] = std::tie(scope.campaign, scope.edition, scope.window, scope.now);
  report::Figures figures(db, campaign, edition, window, now);
  auto week = report::last_days(window, days_of_hours, now);
  auto hours = report::hour_states(db, campaign, edition, week, now);
  json::array sources;
  for (const auto& [source, each] : figures.coverage_by_source())
    sources.push_back({{"source", source},
                       {"covered_s", each.covered.count() / 1000},
                       {"planned_s", each.planned.count() / 1000},
                       {"refilled_s", each.refilled.count() / 1000},
                       {"longest_gap_s", each.longest_gap.count() / 1000},
                       {"coverage", share(each.covered, each.planned)},
                       {"hours", letters_of(hours, source)}});
  return {{"total", report::to_json(figures.coverage())},
          {"hours_from_utc", format_utc(week.from)},
          {"legend", legend()},
          {"sources", std::move(sources)}};
}

}  // namespace campaignd::serve
