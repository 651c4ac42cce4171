#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <cstdio>

#include "daemon/commands/commands.hpp"
#include "daemon/run/daemon.hpp"

namespace campaignd::commands {

std::optional<Config> load_or_complain(const Common& common) {
  auto loaded = load_config(common.config);
  if (auto* problems = std::get_if<std::vector<Problem>>(&loaded)) {
    for (const auto& problem : *problems) fmt::print(stderr, "{}\n", problem.text());
    return std::nullopt;
  }
  return std::move(std::get<Config>(loaded));
}

int run(const Common& common) {
  auto config = load_or_complain(common);
  if (!config) return config_error;
  auto listen = fmt::format("{}:{}", config->address, config->port);
  std::optional<run::Daemon> daemon;
  try {
    daemon.emplace(std::move(*config), common.state);
  } catch (const boost::system::system_error& error) {
    fmt::print(stderr, "campaignd: cannot serve on {}: {}\n", listen, error.code().message());
    return unavailable;
  }
  daemon->run();
  return ok;
}

}  // namespace campaignd::commands
