#include "daemon/collect/sparing.hpp"

#include <algorithm>
#include <cmath>

#include "daemon/fetch/budgets.hpp"

namespace campaignd::collect {

namespace {

constexpr double share_of_measuring = 2.0 / 3;
constexpr double of_a_peak = 10;  ///< an hour of it against another

/// So much time lies in a span, busy days counted for what they need.
double worth(sys_ms from, sys_ms until, const std::vector<Edition>& editions) {
  auto length = [](sys_ms a, sys_ms b) { return std::max(std::chrono::duration<double>(b - a).count(), 0.0); };
  auto out = length(from, until);
  auto add = [&](const Day& busy) {
    out += (of_a_peak - 1) * length(std::max(from, busy.from), std::min(until, busy.until));
  };
  for (const auto& each : editions) {
    add({each.day_from, each.day_until});
    std::ranges::for_each(each.peaks, add);
  }
  return out;
}

}  // namespace

int allowance_of_measuring(const Budget& budget, int most, sys_ms now, const std::vector<Edition>& editions) {
  auto share = share_of_measuring * most;
  if (budget.reset == Reset::window) return std::max(static_cast<int>(std::lround(share)), 1);
  auto period = fetch::period_of(budget, now);
  auto passed = worth(period.from, now, editions) / worth(period.from, period.until, editions);
  return static_cast<int>(std::lround(share * passed));
}

void Sparing::spare(Request& request) const {
  auto budget = std::ranges::find(budgets_, request.bucket, &Budget::bucket);
  if (budget == budgets_.end()) return;
  auto most = std::min(budget->requests, request.allowance.value_or(budget->requests));
  request.allowance = allowance_of_measuring(*budget, most, clock_.now(), editions_);
  request.gives_way = true;
}

}  // namespace campaignd::collect
