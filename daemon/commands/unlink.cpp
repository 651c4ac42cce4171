#include <fmt/format.h>

#include <cstdio>

#include "daemon/collect/keys.hpp"
#include "daemon/commands/commands.hpp"
#include "daemon/commands/held.hpp"
#include "daemon/fetch/clock.hpp"
#include "daemon/run/state_directory.hpp"
#include "daemon/store/store.hpp"

namespace campaignd::commands {

int unlink(const Common& common, const UnlinkOptions& options) {
  auto config = load_or_complain(common);
  if (!config) return config_error;
  if (!has_database(common)) return unavailable;
  auto now = fetch::WorldClock(config->clock).now();
  auto keys = run::open_keys(common.state, *config, now);
  switch (run::open_store(common.state)->unlink(keys.alias(options.address), options.address, now)) {
    case store::Unlinked::done:
      fmt::print("{} is a post of its own now; campaignd report changes shows it\n", options.address);
      return ok;
    case store::Unlinked::already: fmt::print("{} was parted before: nothing to do\n", options.address); return ok;
    case store::Unlinked::its_own:
      fmt::print(stderr,
                 "campaignd: {} is the post itself, no copy of another: give the copy's address, as a server other "
                 "than the post's own shows it\n",
                 options.address);
      return data;
    default:
      fmt::print(stderr, "campaignd: no post is known under {}: give the address as the server writes it\n",
                 options.address);
      return data;
  }
}

}  // namespace campaignd::commands
