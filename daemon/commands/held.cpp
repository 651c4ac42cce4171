#include "daemon/commands/held.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "connectors/reading/text.hpp"
#include "daemon/config/codes.hpp"
#include "daemon/run/state_directory.hpp"

namespace campaignd::commands {

namespace {

/// The platforms its posts may be stored under.
std::set<std::string> platforms_of(const std::string& platform) {
  std::set<std::string> out{platform};
  for (const auto& each : platforms())
    if (each.contract.network == network_of(platform)) out.emplace(each.name);
  return out;
}

}  // namespace

std::optional<Held> held_as(const AccountOptions& options, const Config& config, const collect::Keys& keys) {
  auto platform = fold(options.platform);
  // Of some platforms no account can be configured, and people write there all the same.
  bool is_free_form = !has_accounts(platform) && find_platform(platform) != nullptr;
  auto written = platform + ":" + options.account;
  if (auto problem = is_free_form ? std::string() : account_problem(written); !problem.empty()) {
    fmt::print(stderr, "campaignd: {}\n", problem);
    return std::nullopt;
  }
  auto name = account_of(written).substr(platform.size() + 1);
  Held held{std::string(network_of(platform)), name, {}};
  held.account.hashes.push_back(keys.suppression(held.network, fold(name)));
  for (const auto& each : platforms_of(platform)) {
    held.account.written.push_back(each + ":" + name);
    for (const auto& edition : config.campaign.editions)
      if (keys.has(edition.id))
        for (const auto& spelling : std::set<std::string>{options.account, name, fold(name)})
          held.account.names.push_back({edition.id, each, keys.pseudonym(edition.id, each, spelling)});
  }
  return held;
}

const Partner* owner_of(const Held& held, const Config& config) {
  for (const auto& partner : config.campaign.partners)
    for (const auto& account : partner.accounts)
      if (std::ranges::find(held.account.written, account) != held.account.written.end()) return &partner;
  return nullptr;
}

bool complain_of_unreadable(const Common& common, const collect::Keys& keys) {
  auto editions = store::editions_with_authors(run::database_file(common.state));
  std::erase_if(editions, [&](const std::string& edition) { return keys.has(edition); });
  for (const auto& edition : editions)
    fmt::print(stderr,
               "campaignd: nobody can be looked up in edition {}: its key is destroyed, or it is not configured; "
               "where it is, its private posts go as campaignd run starts\n",
               edition);
  return !editions.empty();
}

bool has_database(const Common& common) {
  auto file = run::database_file(common.state);
  if (store::check_file(file)) return true;
  fmt::print(stderr, "campaignd: there is no database {} yet\n", file.string());
  return false;
}

}  // namespace campaignd::commands
