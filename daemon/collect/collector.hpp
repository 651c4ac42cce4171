#pragma once
/// Polls every source, measures every post again, keeps the slices fresh: the daemon's day.
#include <memory>
#include <random>
#include <set>

#include "daemon/collect/gate.hpp"
#include "daemon/collect/ledger.hpp"
#include "daemon/collect/pace.hpp"
#include "daemon/collect/sessions.hpp"
#include "daemon/collect/store_thread.hpp"
#include "daemon/fetch/tasks.hpp"

namespace campaignd::collect {

/// Everything one configuration collects with. A new configuration gets a new Collector, once the old one is joined.
class Collector {
 public:
  Collector(asio::io_context& loop, std::shared_ptr<const Config> config, Http& http, Clock& clock, StoreThread& store,
            Keys keys, Health& health, std::function<void(std::exception_ptr)> failed);
  void start() { tasks_.spawn(run()); }
  /// One poll of one source, kept: what `campaignd poll --store` does beside a running service.
  asio::awaitable<void> poll_now(std::string source);
  /// No poll and no measurement begins any more; those under way have so long to end and be kept. Then all is
  /// cancelled and joined.
  asio::awaitable<void> drain(std::chrono::milliseconds patience);
  void cancel() { tasks_.cancel(); }
  asio::awaitable<void> join() { return tasks_.join(); }

 private:
  asio::awaitable<void> run();
  asio::awaitable<void> configure();
  asio::awaitable<void> poll_forever(const Source& source, const Platform& platform);
  asio::awaitable<void> poll_once(const Source& source, const Platform& platform, store::SourceState state);
  asio::awaitable<void> conclude(const Source& source, Poll& poll, store::SourceState& state, const Walked& walked,
                                 sys_ms floor);
  /// What is kept of a page; its counts go into the row.
  store::PageFacts facts_of(Page page, const Source& source, const Platform& platform, store::PollRow& row, sys_ms now);
  asio::awaitable<void> control_forever(const Source& source, const Platform& platform);
  asio::awaitable<sys_ms> ask_control(const Source& source, const Platform& platform);
  asio::awaitable<void> measure_forever();
  asio::awaitable<void> measure_host(std::string platform_name, std::string host);
  asio::awaitable<void> measure_batch(const Platform& platform, std::string host, std::vector<PostRef> posts);
  void learn_cost(const std::string& place, std::size_t asked, const store::PollRow& row);
  asio::awaitable<void> keep_measured(const Platform& platform, std::string host, Page page, store::PollRow& row);
  asio::awaitable<void> aggregate_forever();
  /// What may be kept for a time only goes, settled (expiring.cpp); beside the polls, one expiry after the other.
  asio::awaitable<void> expire_forever();
  asio::awaitable<void> expire();
  asio::awaitable<void> expire_edition(const Edition& edition, sys_ms now);
  asio::awaitable<std::int64_t> expire_posts(store::Overdue overdue, sys_ms now);
  asio::awaitable<void> on_store(std::function<void(store::Store&)> task) {
    return collect::on_store(store_, health_, std::move(task));
  }
  Pace pace_of(const Source& source, sys_ms now) const;
  double dice() { return std::uniform_real_distribution<>(0.0, 1.0)(random_); }

  std::shared_ptr<const Config> config_;
  Http& http_;
  Clock& clock_;
  StoreThread& store_;
  Health& health_;
  Gate gate_;
  Sessions sessions_;
  std::mt19937_64 random_{std::random_device{}()};
  std::string edition_;                                             ///< the one that is watched
  std::map<std::string, std::pair<int, sys_ms>> measure_failures_;  ///< by host: in a row, and not again before
  std::set<std::string> emptied_;                                   ///< editions of which nothing private is left
  std::set<std::string> measuring_;                                 ///< hosts with a measurement under way
  std::set<std::string> filled_;                                    ///< hosts where many posts cost as one does
  std::set<std::string> in_trouble_;                                ///< hosts that miss too many, as was told once
  /// A poll or a measurement under way; the last to end wakes who drains.
  class Work {
   public:
    explicit Work(Collector& collector) : collector_(collector) { ++collector_.working_; }
    Work(const Work&) = delete;
    Work& operator=(const Work&) = delete;
    ~Work() {
      if (--collector_.working_ == 0) collector_.at_rest_.cancel();
    }

   private:
    Collector& collector_;
  };
  int working_ = 0;  ///< polls, controls and measurements under way
  bool is_draining_ = false;
  asio::steady_timer at_rest_;
  TaskGroup tasks_;
};

/// Whether what a measurement did not read stays due, after so many failures before it: what a busy or absent server
/// did not answer, and what is left where a limit is near. What was answered unreadably must not be first for ever.
bool stays_due(const Walked& walked, int failures);

/// How often is looked for what has to go; so much earlier it goes, for it must not lie longer than it may.
constexpr auto between_expiries = std::chrono::hours(1);

/// The periods the sheets have: each edition, its campaign day, its local days so far.
store::Periods periods_of(const Campaign& campaign, sys_ms now);

/// Of a copy that takes the database's place: all that should have gone meanwhile goes at once, of platforms and of
/// editions whose retention is over or whose key is destroyed. How many posts that took.
std::int64_t expire_overdue(store::Store& store, const Campaign& campaign, const Keys& keys, sys_ms now);

/// The sources as the store keeps them; the digest changes with anything that makes a cursor void.
std::vector<store::SourceEntry> source_entries(const Config& config, const std::string& edition);

}  // namespace campaignd::collect
