#include <fmt/format.h>

#include <boost/json.hpp>
#include <chrono>
#include <cstdio>
#include <thread>

#include "daemon/commands/held.hpp"
#include "daemon/fetch/clock.hpp"
#include "daemon/run/state_directory.hpp"

namespace campaignd::commands {

namespace {

/// Until then the bytes of what was deleted still lie in the write-ahead log.
bool wait_until_erased(store::Store& store, const store::Forgotten& gone) {
  using namespace std::chrono_literals;
  constexpr auto patience = 60s;
  constexpr auto between_tries = 200ms;
  auto until = std::chrono::steady_clock::now() + patience;
  while (!store.erase(gone.traces)) {
    if (std::chrono::steady_clock::now() >= until) return false;
    std::this_thread::sleep_for(between_tries);
  }
  return true;
}

/// Without the account's name: whoever files it keeps nothing of the person.
void print_receipt(const std::string& number, const store::Forgotten& gone, int old_databases, bool as_json) {
  if (as_json) {
    boost::json::object out{{"receipt", number},         {"accounts", gone.accounts},     {"posts", gone.posts},
                            {"readings", gone.readings}, {"followers", gone.followers},   {"sightings", gone.sightings},
                            {"evidence", gone.evidence}, {"old_databases", old_databases}};
    fmt::print("{}\n", boost::json::serialize(out));
    return;
  }
  fmt::print(
      "receipt {}: deleted {} posts, {} readings of them, {} follower figures, {} sightings, {} pieces of evidence; "
      "nothing of the account is kept from now on\nbackups made before hold it until they are deleted; restoring one "
      "deletes it again\n",
      number, gone.posts, gone.readings, gone.followers, gone.sightings, gone.evidence);
  if (old_databases > 0)
    fmt::print("deleted, too: {} that a restore had put aside\n",
               old_databases == 1 ? std::string("a database") : fmt::format("{} databases", old_databases));
}

}  // namespace

int forget(const Common& common, const AccountOptions& options) {
  auto config = load_or_complain(common);
  if (!config) return config_error;
  if (!has_database(common)) return unavailable;
  auto now = fetch::WorldClock(config->clock).now();
  auto keys = run::open_keys(common.state, *config, now);
  auto held = held_as(options, *config, keys);
  if (!held) return usage;
  if (const auto* partner = owner_of(*held, *config)) {
    fmt::print(stderr,
               "campaignd: that account is registered for {}: take it out of the configuration first, then reload\n",
               partner->id);
    return data;
  }
  auto opened = run::open_store(common.state);
  auto& store = *opened;
  auto suppression = [&keys](const store::Digest& pseudonym) { return keys.suppression(pseudonym); };
  auto gone = store.forget(held->account, suppression, now);
  if (!wait_until_erased(store, gone)) {
    fmt::print(stderr,
               "campaignd: deleted, but its bytes are still in the database's log, for somebody reads it all the time: "
               "try again\n");
    return try_again;
  }
  auto old_databases = run::delete_put_aside(common.state);
  print_receipt(keys.export_id(fmt::format("receipt|{}|{}", held->network, held->name)), gone, old_databases,
                common.json);
  return complain_of_unreadable(common, keys) ? try_again : ok;
}

}  // namespace campaignd::commands
