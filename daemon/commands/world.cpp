#include "daemon/commands/world.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

namespace campaignd::commands {

const Source* source_named(const Config& config, const std::string& id) {
  auto found = std::ranges::find(config.campaign.sources, id, &Source::id);
  return found == config.campaign.sources.end() ? nullptr : &*found;
}

bool tell_if_off(const Config& config, const std::string& id) {
  for (const auto& [source, why] : config.campaign.off) {
    if (source.id != id) continue;
    fmt::print(stderr, "campaignd: {} is {}\n", id, why);
    return true;
  }
  return false;
}

}  // namespace campaignd::commands
