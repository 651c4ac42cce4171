#include "daemon/run/daemon.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <csignal>

#include "connectors/reading/dates/time.hpp"
#include "daemon/run/notify.hpp"
#include "daemon/run/reload.hpp"
#include "daemon/run/sealing.hpp"

namespace campaignd::run {

using namespace std::chrono_literals;

namespace {

constexpr auto patience = 5s;  ///< of a reload with polls under way

/// "campaign.toml:3:1: …; and 2 more"
std::string first_of(const std::vector<std::string>& problems) {
  if (problems.empty()) return {};
  return problems.size() == 1 ? problems.front()
                              : fmt::format("{}; and {} more", problems.front(), problems.size() - 1);
}

std::string_view trouble_of(collect::Health::Store state) {
  constexpr std::string_view words[] = {"", "; collecting pauses: the disk is full",
                                        "; collecting pauses: another program holds the database",
                                        "; collecting pauses: the database cannot be written"};
  return words[state];
}

}  // namespace

Daemon::Daemon(Config config, std::filesystem::path state)
    : config_(std::make_shared<const Config>(std::move(config))),
      started_with_(config_),
      state_(std::move(state)),
      lock_(state_),
      clock_(config_->clock),
      keys_(open_keys(state_, *config_, clock_.now())),
      store_(database_file(state_)),
      gone_again_(replay_lists()),
      http_(loop_, clock_, config_->fetch),
      loaded_{clock_.now(), {}},
      stopping_(loop_, asio::steady_timer::time_point::max()),
      signals_(loop_, SIGTERM, SIGINT, SIGHUP),
      server_(
          loop_, config_->address, config_->port, database_file(state_), [this] { return facts(); },
          [this](std::exception_ptr error) { fail(error); }),
      tasks_(loop_, [this](std::exception_ptr error) { fail(error); }) {
  tell_of_keys();
  if (gone_again_ > 0) spdlog::info("the database was restored: removed again posts={}", gone_again_);
}

/// What was forgotten and removed after the backup was made, before anybody can see it.
std::int64_t Daemon::replay_lists() {
  auto suppression = [this](const store::Digest& pseudonym) { return keys_.suppression(pseudonym); };
  return store_.store.replay(suppression, clock_.now());
}

void Daemon::tell_of_keys() const {
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
          health_.ready,     server_.is_local() && config_->public_url.empty(),
          loaded_,           objections_};
}

std::string Daemon::address() const {
  const auto& host = started_with_->address;
  bool is_v6 = host.find(':') != host.npos;
  return fmt::format("{}:{}", is_v6 ? "[" + host + "]" : host, server_.port());
}

std::string Daemon::status() const {
  const auto& campaign = config_->campaign;
  auto kept = loaded_.problem.empty() ? "" : "; the configuration was kept as it was: " + loaded_.problem;
  return fmt::format("serving {}, {} sources, edition {}{}{}", address(), campaign.sources.size(),
                     campaign.edition_to_show(clock_.now())->id, trouble_of(health_.store), kept);
}

void Daemon::start_collecting() {
  collector_ = std::make_unique<collect::Collector>(loop_, config_, http_, clock_, store_, keys_, health_,
                                                    [this](std::exception_ptr error) { fail(error); });
  collector_->start();
}

/// What was spent before a restart still counts.
void Daemon::seed_budgets() {
  for (const auto& platform : platforms())
    for (const auto& budget : platform.contract.budgets)
      for (const auto& spent :
           store_.store.spent(fetch::period_of(budget, clock_.now()).from, std::string(budget.bucket)))
        http_.budgets().spend(spent.bucket, spent.host, spent.cost, spent.at);
}

void Daemon::run() {
  seed_budgets();
  server_.start();
  start_collecting();
  tasks_.spawn(hear_signals());
  tasks_.spawn(feed_watchdog());
  tasks_.spawn(seal_when_final());
  auto ended = [this](std::exception_ptr error) {
    if (error) fail(error);
    loop_.stop();
  };
  asio::co_spawn(loop_, live(), ended);
  spdlog::info("serving url=http://{}/", address());
  if (auto clock = clock_.describe(); !clock.empty()) spdlog::warn("{}: figures are of a test world", clock);
  loop_.run();
  if (failure_) std::rethrow_exception(failure_);
}

asio::awaitable<void> Daemon::live() {
  notify_ready(status());
  boost::system::error_code woken;
  while (!is_stopping_) co_await stopping_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
  notify_stopping();
  health_.ready = false;
  tasks_.cancel();
  server_.cancel();
  store_.store.stop_waiting();  // what waits for a lock gives up; its page is read again at the next start
  collector_->cancel();
  co_await tasks_.join();  // a reload's too, so that the collector is the last one
  co_await collector_->join();
  co_await server_.join();
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
      reload_asked_ = true;
      if (!std::exchange(is_reloading_, true)) tasks_.spawn(reload_while_asked());
      continue;
    }
    spdlog::info("stopping signal={}", signal);
    is_stopping_ = true;
    stop();
  }
}

/// However often it is asked for during a reload, one more follows.
asio::awaitable<void> Daemon::reload_while_asked() {
  while (std::exchange(reload_asked_, false)) co_await reload();
  is_reloading_ = false;
}

/// On the store thread. Nothing while the database takes no writing: the collector, which waits for it, notes them
/// then.
std::optional<int> Daemon::note_changes(const Config& fresh) try {
  return store_.store.note_settings(fresh.written, clock_.now());
} catch (const store::Unwritable&) { return std::nullopt; }

/// A good configuration replaces the running one; a broken one is told line by line and changes nothing, and so does
/// one that says the same.
asio::awaitable<void> Daemon::reload() {
  notify_reloading();
  asio::thread_pool reader(1);
  auto read = [this] { return read_again(*config_, state_, clock_.now()); };
  auto fresh = co_await on_thread(reader, read);
  if (is_stopping_) co_return;
  for (const auto& problem : fresh.problems) spdlog::error("configuration kept as it was: {}", problem);
  if (fresh.config) {
    co_await collector_->drain(patience);
    if (is_stopping_) co_return;
    auto note = [&] { return note_changes(*fresh.config); };
    auto changes = co_await on_thread(store_.pool, note);
    if (is_stopping_) co_return;
    keys_ = std::move(*fresh.keys);
    tell_of_keys();
    config_ = std::move(fresh.config);
    start_collecting();
    spdlog::info("configuration read again file={} sources={}{}", config_->file.string(),
                 config_->campaign.sources.size(),
                 changes ? fmt::format(" changes={}; campaignd report changes shows them", *changes) : "");
    if (auto waits = waits_for_restart(*started_with_, *config_); !waits.empty())
      spdlog::warn("what {} now says takes effect with a restart", waits);
  } else if (fresh.problems.empty()) {
    spdlog::info("configuration read again file={}: it says the same", config_->file.string());
  }
  loaded_ = {fresh.problems.empty() ? clock_.now() : loaded_.at, first_of(fresh.problems)};
  notify_ready(status());
}

/// Looked for every hour, on a worker: a report is a long read. An objection is logged when it is a new one.
asio::awaitable<void> Daemon::seal_when_final() {
  for (std::string told;;) {
    co_await clock_.sleep_for(1h);
    asio::thread_pool reader(1);
    auto config = config_;
    auto mac = keys_.sealing();
    auto now = clock_.now();
    auto clock = clock_.describe();
    auto make = [&] { return make_final_seal(database_file(state_), *config, now, clock, mac); };
    auto made = co_await on_thread(reader, make);
    objections_.clear();
    if (!made.objection.empty()) objections_[made.edition] = made.objection;
    if (!made.objection.empty() && std::exchange(told, made.objection) != made.objection)
      spdlog::warn("not sealed edition={}: {}", made.edition, made.objection);
    if (!made.seal) continue;
    auto keep = [&](store::Store& store) { store.keep_seal(*made.seal); };
    co_await collect::on_store(store_, health_, keep);
    spdlog::info("sealed edition={} as_of={} sha256={}", made.edition, format_utc(made.seal->at.as_of),
                 made.seal->digest);
  }
}

/// Fed only while the collector's loops turn and the store answers. A full disk or a lock is no reason to be restarted:
/// they turn then too.
asio::awaitable<void> Daemon::feed_watchdog() {
  auto usec = watchdog_usec();
  if (!usec) co_return;
  asio::steady_timer timer(loop_);
  for (std::optional<std::uint64_t> fed_at;;) {
    auto answers = [] {};
    co_await on_thread(store_.pool, answers);
    std::uint64_t ticks = health_.ticks;
    if (fed_at != ticks) run::feed_watchdog(status());
    fed_at = ticks;
    timer.expires_after(std::chrono::microseconds(*usec / 3));
    co_await timer.async_wait(asio::use_awaitable);
  }
}

}  // namespace campaignd::run
