#include "daemon/report/coverage_sheets.hpp"

#include <algorithm>
#include <array>

#include "daemon/report/hour_states.hpp"

namespace campaignd::report {

namespace {

constexpr int days_at_once = 31;

struct Tally {
  std::array<std::int64_t, hour_states_there_are> hours{};
  std::int64_t refilled = 0;
};

/// Month by month: a year of hours of many sources is more than one needs in memory at once.
std::map<std::string, Tally> tallies(const Scope& scope) {
  std::map<std::string, Tally> out;
  auto until = std::min(scope.window.until, scope.now);
  for (auto from = scope.window.from; from < until; from += std::chrono::days(days_at_once)) {
    Window month{from, std::min<sys_ms>(from + std::chrono::days(days_at_once), until), {}};
    for (const auto& [source, hours] : hour_states(scope.db, scope.campaign, scope.edition, month, scope.now))
      for (const auto& hour : hours) {
        ++out[source].hours[static_cast<std::size_t>(hour.state)];
        out[source].refilled += hour.refilled ? 1 : 0;
      }
  }
  return out;
}

}  // namespace

Sheet make_coverage(const Scope& scope) {
  Sheet sheet{"coverage",
              {"source", "kind", "partner_id", "completeness_pct", "refilled_pct", "longest_gap_s", "control",
               "hours_seen", "hours_empty", "hours_refused", "hours_failed", "hours_throttled", "hours_paused",
               "hours_blind", "hours_not_planned", "hours_refilled"},
              {},
              {{"source", "source"},
               {"completeness_pct", "covered"},
               {"refilled_pct", "refilled"},
               {"longest_gap_s", "longest gap, s"},
               {"hours_seen", "seen"},
               {"hours_empty", "empty"},
               {"hours_refused", "refused"},
               {"hours_failed", "failed"},
               {"hours_throttled", "throttled"},
               {"hours_paused", "paused"},
               {"hours_blind", "blind"}}};
  Figures figures(scope.db, scope.campaign, scope.edition, scope.window, scope.now);
  auto hours = tallies(scope);
  for (const auto& [id, each] : figures.coverage_by_source()) {
    auto source = std::ranges::find(scope.campaign.sources, id, &Source::id);
    bool known = source != scope.campaign.sources.end();
    auto share = [&, planned = each.planned](std::chrono::milliseconds part) {
      return planned.count() > 0
                 ? Cell(100.0 * static_cast<double>(part.count()) / static_cast<double>(planned.count()))
                 : Cell();
    };
    sheet.rows.push_back({id, known ? Cell(source->connector) : Cell(),
                          text_or_nothing(known ? source->partner : std::string()), share(each.covered),
                          share(each.refilled), each.longest_gap.count() / 1000,
                          text_or_nothing(known ? source->control : std::string())});
    for (auto n : hours[id].hours) sheet.rows.back().emplace_back(n);
    sheet.rows.back().emplace_back(hours[id].refilled);
  }
  return sheet;
}

Sheet make_hours(const Scope& scope) {
  Sheet sheet{"hours", {"source", "hour_utc", "hour_local", "state", "refilled"}, {}};
  auto window = last_days(scope.window, days_at_once, scope.now);
  for (const auto& [source, hours] : hour_states(scope.db, scope.campaign, scope.edition, window, scope.now)) {
    auto start = window.from;
    for (const auto& hour : hours) {
      sheet.rows.push_back({source, format_utc(start), local_label(scope.campaign.zone, start, "%F %H:%M"),
                            std::string(name_of(hour.state)), std::string(hour.refilled ? "yes" : "no")});
      start += std::chrono::hours(1);
    }
  }
  return sheet;
}

}  // namespace campaignd::report
