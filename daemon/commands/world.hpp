#pragma once
/// What a verb that asks servers needs, and the sources it may ask.
#include <boost/asio/co_spawn.hpp>
#include <exception>

#include "daemon/config/config.hpp"
#include "daemon/fetch/client.hpp"
#include "daemon/fetch/clock.hpp"

namespace campaignd::commands {

/// A loop, a clock and a network of its own, run until a task is done.
struct World {
  explicit World(const Config& config) : clock(config.clock), http(loop, clock, config.fetch) {}
  asio::io_context loop{1};
  fetch::WorldClock clock;
  fetch::Client http;

  template <class Value>
  Value await(asio::awaitable<Value> task) {
    std::exception_ptr failed;
    std::optional<Value> value;
    auto done = [&](std::exception_ptr error, Value result) {
      failed = error;
      if (!error) value.emplace(std::move(result));
      loop.stop();
    };
    asio::co_spawn(loop, std::move(task), done);
    loop.restart();
    loop.run();
    if (failed) std::rethrow_exception(failed);
    return std::move(*value);
  }
};

/// Null where there is none of this id.
const Source* source_named(const Config& config, const std::string& id);

/// Whether this source is off for want of a credential: then it says so on stderr.
bool tell_if_off(const Config& config, const std::string& id);

}  // namespace campaignd::commands
