#pragma once
/// The daemon: owns the parts in the order of their lives, starts them, hears signals, stops them.
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include "daemon/collect/collector.hpp"
#include "daemon/fetch/client.hpp"
#include "daemon/fetch/clock.hpp"
#include "daemon/run/state_directory.hpp"
#include "daemon/serve/server.hpp"

namespace campaignd::run {

class Daemon {
 public:
  Daemon(Config config, std::filesystem::path state);
  /// Until SIGTERM or SIGINT. Rethrows what made a part give up.
  void run();

 private:
  asio::awaitable<void> live();
  asio::awaitable<void> hear_signals();
  asio::awaitable<void> reload_while_asked();
  asio::awaitable<void> reload();
  asio::awaitable<void> feed_watchdog();
  asio::awaitable<void> seal_when_final();
  void start_collecting();
  std::int64_t replay_lists();
  void tell_of_keys() const;
  void seed_budgets();
  void stop() { stopping_.cancel(); }
  void fail(std::exception_ptr error);
  std::optional<int> note_changes(const Config& fresh);
  serve::Facts facts() const;
  std::string address() const;  ///< "127.0.0.1:8620"
  std::string status() const;   ///< for `systemctl status`

  std::shared_ptr<const Config> config_;
  const std::shared_ptr<const Config> started_with_;  ///< what listens, fetches and tells the time
  const std::filesystem::path state_;
  StateLock lock_;
  asio::io_context loop_{1};
  fetch::WorldClock clock_;
  collect::Keys keys_;
  collect::StoreThread store_;
  const std::int64_t gone_again_;  ///< before server_: nothing of it is ever served
  collect::Health health_;
  fetch::Client http_;
  serve::Loaded loaded_;
  std::map<std::string, std::string> objections_;  ///< by edition, to its seal
  std::exception_ptr failure_;
  asio::steady_timer stopping_;
  bool is_stopping_ = false, is_reloading_ = false, reload_asked_ = false;
  asio::signal_set signals_;
  std::unique_ptr<collect::Collector> collector_;
  serve::Server server_;
  TaskGroup tasks_;
};

}  // namespace campaignd::run
