#pragma once
/// The configuration read again, beside the one that runs.
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/collect/keys.hpp"
#include "daemon/config/config.hpp"

namespace campaignd::run {

struct Reread {
  std::vector<std::string> problems;     ///< any: the running one stays
  std::shared_ptr<const Config> config;  ///< none where it is broken, or says the same as the running one
  std::optional<collect::Keys> keys;     ///< those of its editions
};
/// Reads files, so on a thread of its own. A new edition's key is made.
Reread read_again(const Config& running, const std::filesystem::path& state, sys_ms now);

/// What only a restart makes of it: "listen, [fetch] and [clock]", or less of them; empty for nothing.
std::string waits_for_restart(const Config& started_with, const Config& fresh);

}  // namespace campaignd::run
