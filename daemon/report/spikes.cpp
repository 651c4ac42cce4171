#include "daemon/report/spikes.hpp"

#include <algorithm>

#include "daemon/store/functions.hpp"

namespace campaignd::report {

Spike spike_of(std::int64_t mentions, double lambda) {
  constexpr double least_usual = 0.5, unlikely = 0.001;
  constexpr std::int64_t fewest = 5;
  double p = store::poisson_at_least(std::max(lambda, least_usual), static_cast<double>(mentions));
  return {mentions >= fewest && p < unlikely, p};
}

std::vector<std::optional<Spike>> spikes_of(std::span<const std::optional<std::int64_t>> hours) {
  constexpr std::size_t window = 14 * 24;
  std::vector<std::optional<Spike>> out;
  std::int64_t sum = 0, known = 0;  // of the window before hour i
  for (std::size_t i = 0; i < hours.size(); ++i) {
    double usual = known == 0 ? 0 : static_cast<double>(sum) / static_cast<double>(known);
    out.push_back(hours[i] ? std::optional(spike_of(*hours[i], usual)) : std::nullopt);
    if (hours[i]) sum += *hours[i], ++known;
    if (i >= window && hours[i - window]) sum -= *hours[i - window], --known;
  }
  return out;
}

}  // namespace campaignd::report
