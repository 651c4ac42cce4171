#include "daemon/run/daemon.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <systemd/sd-daemon.h>
#include <time.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <csignal>

namespace campaignd::run {

using namespace std::chrono_literals;

Daemon::Daemon(Config config, std::filesystem::path state)
    : config_(std::make_shared<const Config>(std::move(config))),
      state_(std::move(state)),
      lock_(state_),
      clock_(config_->clock),
      keys_(collect::Keys::open(state_, edition_ids(*config_), store::check_file(database_file(state_)))),
      store_(database_file(state_)),
      http_(loop_, clock_, config_->fetch),
      stopping_(loop_, asio::steady_timer::time_point::max()),
      signals_(loop_, SIGTERM, SIGINT, SIGHUP),
      server_(
          loop_, config_->address, config_->port, database_file(state_), [this] { return facts(); },
          [this](std::exception_ptr error) { fail(error); }),
      tasks_(loop_, [this](std::exception_ptr error) { fail(error); }) {
  for (const auto& key : keys_.made()) spdlog::info("made key={}: keep a copy apart from the database's backups", key);
}

void Daemon::fail(std::exception_ptr error) {
  if (!failure_) failure_ = error;
  is_stopping_ = true;
  stop();
}

serve::Facts Daemon::facts() const {
  return {config_,           clock_.now(),
          clock_.describe(), std::string(collect::name_of(health_.store)),
          health_.ready,     server_.is_local() && config_->public_url.empty()};
}

void Daemon::start_collecting() {
  collector_ = std::make_unique<collect::Collector>(loop_, config_, http_, clock_, store_, keys_, health_,
                                                    [this](std::exception_ptr error) { fail(error); });
  collector_->start();
}

/// What was spent before a restart still counts.
void Daemon::seed_budgets() {
  for (const auto& spent : store_.store.spent(clock_.now() - 1h))
    http_.budgets().spend(spent.bucket, spent.host, spent.cost, spent.at);
}

void Daemon::run() {
  seed_budgets();
  server_.start();
  start_collecting();
  tasks_.spawn(hear_signals());
  tasks_.spawn(feed_watchdog());
  auto ended = [this](std::exception_ptr error) {
    if (error) fail(error);
    loop_.stop();
  };
  asio::co_spawn(loop_, live(), ended);
  spdlog::info("serving url=http://{}:{}/", config_->address, server_.port());
  if (auto clock = clock_.describe(); !clock.empty()) spdlog::warn("{}: figures are of a test world", clock);
  loop_.run();
  if (failure_) std::rethrow_exception(failure_);
}

asio::awaitable<void> Daemon::live() {
  sd_notify(0, "READY=1");
  boost::system::error_code woken;
  while (!is_stopping_) co_await stopping_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
  sd_notify(0, "STOPPING=1");
  health_.ready = false;
  tasks_.cancel();
  server_.cancel();
  store_.store.stop_waiting();  // what waits for a lock gives up; its page is read again at the next start
  collector_->cancel();
  co_await collector_->join();
  co_await server_.join();
  co_await tasks_.join();
  auto checkpoint = [this] {
    try {
      store_.store.checkpoint();
    } catch (const store::Unwritable& refused) {  // what was committed is safe in the WAL
      spdlog::warn("stopped without a checkpoint: {}", refused.what());
    }
  };
  if (!failure_) co_await on_thread(store_.pool, checkpoint);
  spdlog::info("stopped");
}

asio::awaitable<void> Daemon::hear_signals() {
  for (;;) {
    auto signal = co_await signals_.async_wait(asio::use_awaitable);
    if (signal == SIGHUP) {
      co_await reload();
      continue;
    }
    spdlog::info("stopping signal={}", signal);
    is_stopping_ = true;
    stop();
  }
}

/// A good configuration replaces the running one; a broken one is told line by line and changes nothing.
asio::awaitable<void> Daemon::reload() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  auto usec = static_cast<std::int64_t>(now.tv_sec) * 1'000'000 + now.tv_nsec / 1000;
  sd_notify(0, fmt::format("RELOADING=1\nMONOTONIC_USEC={}", usec).c_str());
  auto loaded = load_config(config_->file);
  std::optional<collect::Keys> keys;
  std::shared_ptr<const Config> fresh;
  if (auto* problems = std::get_if<std::vector<Problem>>(&loaded)) {
    for (const auto& problem : *problems) spdlog::error("configuration kept as it was: {}", problem.text());
  } else {
    fresh = std::make_shared<const Config>(std::move(std::get<Config>(loaded)));
    try {
      keys = collect::Keys::open(state_, edition_ids(*fresh), true);
    } catch (const collect::KeyProblem& problem) { spdlog::error("configuration kept as it was: {}", problem.what()); }
  }
  if (keys) {
    collector_->cancel();
    co_await collector_->join();
    keys_ = std::move(*keys);
    config_ = std::move(fresh);
    start_collecting();
    spdlog::info("configuration read again file={}; listen, fetch and clock change with a restart",
                 config_->file.string());
  }
  sd_notify(0, "READY=1");
}

/// Fed only while the loop turns and the store answers.
asio::awaitable<void> Daemon::feed_watchdog() {
  std::uint64_t usec = 0;
  if (sd_watchdog_enabled(0, &usec) <= 0) co_return;
  asio::steady_timer timer(loop_);
  for (;;) {
    auto answers = [] {};
    co_await on_thread(store_.pool, answers);
    sd_notify(0, "WATCHDOG=1");
    timer.expires_after(std::chrono::microseconds(usec / 3));
    co_await timer.async_wait(asio::use_awaitable);
  }
}

}  // namespace campaignd::run
