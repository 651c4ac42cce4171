// Measuring again: every post, while it is young enough to change, at the servers that count it.
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "connectors/reading/dates/time.hpp"
#include "daemon/collect/collector.hpp"
#include "daemon/collect/sparing.hpp"

namespace campaignd::collect {

using namespace std::chrono_literals;

namespace {
constexpr int given_up_after = 5;  ///< a server that is not there: its posts wait for their next step like any other's
}

asio::awaitable<void> Collector::measure_forever() {
  for (;;) {
    std::vector<store::Store::Due> hosts;
    auto look = [&](store::Store& store) { hosts = store.due(); };
    co_await on_store(look);
    auto now = clock_.now();
    for (const auto& [platform, host, at] : hosts) {
      auto [failures, not_before] = measure_failures_[platform + "|" + host];
      bool measurable = find_platform(platform) != nullptr;
      if (measurable && at <= now && not_before <= now && measuring_.insert(platform + "|" + host).second)
        tasks_.spawn(measure_host(platform, host));
    }
    co_await clock_.sleep_for(15s);
  }
}

asio::awaitable<void> Collector::measure_host(std::string platform_name, std::string host) {
  struct Mark {
    std::set<std::string>& set;
    std::string place;
    ~Mark() { set.erase(place); }
  };
  Mark mark{measuring_, platform_name + "|" + host};
  const Platform& platform = *find_platform(platform_name);
  for (;;) {
    std::vector<PostRef> posts;
    auto now = clock_.now();
    bool fill = filled_.contains(mark.place);
    auto look = [&](store::Store& store) {
      posts = store.due_posts(platform_name, host, now, std::max<std::size_t>(platform.contract.batch, 1), fill);
    };
    co_await on_store(look);
    if (posts.empty() || is_draining_) co_return;
    co_await measure_batch(platform, host, std::move(posts));
    auto [failures, not_before] = measure_failures_[platform_name + "|" + host];
    if (failures > 0 || not_before > clock_.now()) co_return;
  }
}

asio::awaitable<void> Collector::keep_measured(const Platform& platform, std::string host, Page page,
                                               store::PollRow& row) {
  auto now = clock_.now();
  std::vector<Finding> readings;
  store::PageFacts facts;
  for (auto& reading : page.readings) {
    if (!reading.now) {
      facts.counted.emplace_back(reading.of.post, reading.counters);
      continue;
    }
    auto gated = gate_.admit({std::move(*reading.now)}, platform.contract, now);
    for (auto& names : gated.withdrawn) facts.withdrawn.push_back(std::move(names));
    if (gated.facts.empty()) continue;
    facts.measured.push_back(std::move(gated.facts.front()));
    facts.measured_posts.push_back(reading.of.post);
  }
  row.found += std::ssize(page.readings);
  row.refused += std::ssize(page.refused);
  facts.platform = platform.name;
  facts.observer = observer_of(platform, host);
  facts.poll = row;
  auto save = [&](store::Store& store) { store.save(facts, now); };
  co_await on_store(save);
  row = facts.poll;
}

/// Where a batch costs less than its posts one by one, the next is filled: what is not due yet comes with what is.
void Collector::learn_cost(const std::string& place, std::size_t asked, const store::PollRow& row) {
  if (asked < 2 || row.outcome != "ok") return;
  std::size_t cost = 0;
  for (const auto& [budget, spent] : row.spent) cost += static_cast<std::size_t>(std::max(spent, 0));
  if (2 * cost <= asked)
    filled_.insert(place);
  else
    filled_.erase(place);
}

bool stays_due(const Walked& walked, int failures) {
  if (!walked.failure) return walked.pause > 0s;
  auto code = walked.failure->code;
  return code == Failure::throttled || code == Failure::exhausted ||
         (code == Failure::unreachable && failures < given_up_after);
}

asio::awaitable<void> Collector::measure_batch(const Platform& platform, std::string host, std::vector<PostRef> posts) {
  Work work(*this);
  auto place = std::string(platform.name) + "|" + host;
  SourceSettings settings;
  settings.host = host;
  settings.session = sessions_.of(platform, host);
  settings.spend_monthly = config_->campaign.least_spend(platform.name);  // one purse for finding and for measuring
  auto connector = platform.make(settings);
  std::vector<std::int64_t> asked;
  for (const auto& post : posts) asked.push_back(post.post);
  store::PollRow row{.source = "measure:" + host, .host = host, .start = clock_.now()};
  std::vector<std::int64_t> missing;
  bool answered = false;  // something was shown, or the batch as a whole was
  int told = 0;           // answers that said something of posts: a login says nothing
  auto keep = [&](Page page, const Walked& walked) -> asio::awaitable<bool> {
    account(row, walked, {}, clock_.now());
    if (!page.readings.empty() || !page.gone.empty()) ++told;
    answered = answered || !page.readings.empty() || (!page.more && told <= 1);
    for (const auto& each : page.gone) missing.push_back(each.of.post);
    co_await keep_measured(platform, host, std::move(page), row);
    co_return true;
  };
  Sparing sparing(http_, platform.contract.budgets, clock_, config_->campaign.editions);
  auto walked = co_await walk(connector->measure(std::move(posts)), sparing, clock_, keep);
  account(row, walked, {}, clock_.now());
  row.outcome = walked.failure ? name_of(walked.failure->code) : "ok";
  if (!answered) missing.clear();
  learn_cost(place, asked.size(), row);
  if (stays_due(walked, measure_failures_[place].first)) asked.clear();
  std::int64_t held = 0;
  auto finish = [&](store::Store& store) {
    held = store.finish(row, std::string(platform.name), observer_of(platform, host), asked, missing);
  };
  co_await on_store(finish);
  if (held == 0 && missing.empty()) in_trouble_.erase(place);
  if (held > 0 && in_trouble_.insert(place).second)
    spdlog::warn(
        "posts said to be gone host={} posts={}: it misses too many, so it is taken to be in trouble and none "
        "is removed",
        host, held);
  auto& [failures, not_before] = measure_failures_[place];
  if (walked.failure && walked.failure->code == Failure::exhausted) {  // no failure: its share is spent for now
    not_before = row.end + std::clamp<std::chrono::seconds>(walked.failure->retry_after.value_or(0s), 15s, 15min);
    co_return;
  }
  failures = walked.failure ? failures + 1 : 0;
  if (walked.pause > 0s) not_before = row.end + walked.pause;
  if (!walked.failure) co_return;
  Outcome outcome;
  outcome.failure = walked.failure;
  outcome.failures = failures;
  not_before = std::max(not_before, next_poll(Pace{}, 5min, outcome, row.end, dice()));
  // The failure's own sentence may hold a post's address; the host is enough.
  spdlog::warn("measure failed host={} code={} in_a_row={} next={}", host, row.outcome, failures,
               format_utc(not_before));
}

}  // namespace campaignd::collect
