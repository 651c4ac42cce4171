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
  auto refuse = [](int code, const std::exception& error) {
    fmt::print(stderr, "campaignd: {}\n", error.what());
    return code;
  };
  auto listen = fmt::format("{}:{}", config->address, config->port);
  try {
    run::Daemon daemon(std::move(*config), common.state);
    daemon.run();
    return ok;
  } catch (const run::Occupied& error) { return refuse(try_again, error); } catch (const collect::KeyProblem& error) {
    return refuse(config_error, error);
  } catch (const store::Unusable& error) { return refuse(data, error); } catch (const store::Unwritable& error) {
    return refuse(try_again, error);
  } catch (const boost::system::system_error& error) {
    fmt::print(stderr, "campaignd: cannot serve on {}: {}\n", listen, error.code().message());
    return unavailable;
  }
}

}  // namespace campaignd::commands
