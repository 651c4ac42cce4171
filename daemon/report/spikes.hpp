#pragma once
/// M-12: hours in which more was posted than chance would have it.
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace campaignd::report {

struct Spike {
  bool is = false;
  double p = 1;  ///< how likely chance alone makes as many, or more
};
/// An hour with that many mentions, where `lambda` are usual; half a mention an hour is the least that counts as usual.
Spike spike_of(std::int64_t mentions, double lambda);

/// Of mentions hour by hour, those nobody watched unknown: each known hour against the mean of the known ones of the 14
/// days before it.
std::vector<std::optional<Spike>> spikes_of(std::span<const std::optional<std::int64_t>> hours);

}  // namespace campaignd::report
