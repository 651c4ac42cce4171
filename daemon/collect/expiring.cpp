// What may be kept for a time only: a platform's posts, an edition's private posts and their key.
#include <spdlog/spdlog.h>

#include "daemon/collect/collector.hpp"

namespace campaignd::collect {

store::Periods periods_of(const Campaign& campaign, sys_ms now) {
  store::Periods out;
  for (const auto& edition : campaign.editions) {
    auto& periods = out[edition.id];
    periods.push_back({edition.from, edition.until, edition.id});
    periods.push_back({edition.day_from, edition.day_until, edition.day});
    for (const auto& [from, until] : days_in(campaign.zone, edition.from, std::min(edition.until, now)))
      periods.push_back({from, until, {}});
  }
  return out;
}

namespace {

store::Overdue overdue_of_platforms(sys_ms now) {
  store::Overdue out;
  for (const auto& platform : platforms())
    if (const auto& most = platform.contract.keep_at_most)
      out.confirmed_before[std::string(platform.name)] = now - *most + between_expiries;
  return out;
}

}  // namespace

std::int64_t expire_overdue(store::Store& store, const Campaign& campaign, const Keys& keys, sys_ms now) {
  auto before = store.posts_held();
  std::vector<store::Overdue> all{overdue_of_platforms(now)};
  for (const auto& edition : campaign.editions)
    if (now >= edition.forget_at() || !keys.has(edition.id)) all.emplace_back().edition = edition.id;
  auto periods = periods_of(campaign, now);
  for (const auto& overdue : all) {
    for (bool more = store.begin_expiry(overdue, periods, now); more;) more = store.go_on_expiring(now);
    for (const auto& [platform, oldest] : overdue.confirmed_before)
      while (store.drop_old_readings(platform, oldest)) {}
  }
  return before - store.posts_held();
}

/// How many there were. Between two of its steps the store does other work.
asio::awaitable<std::int64_t> Collector::expire_posts(store::Overdue overdue, sys_ms now) {
  auto periods = periods_of(config_->campaign, now);
  std::int64_t steps = 0;
  bool more = false;
  auto begin = [&](store::Store& store) { more = store.begin_expiry(overdue, periods, now); };
  co_await on_store(begin);
  auto go_on = [&](store::Store& store) { more = store.go_on_expiring(now); };
  while (more) {
    co_await on_store(go_on);
    ++steps;
  }
  co_return steps;
}

asio::awaitable<void> Collector::expire_forever() {
  for (;;) {
    auto began = clock_.now();
    co_await expire();
    auto next = began + between_expiries;
    if (auto now = clock_.now(); now < next) co_await clock_.sleep_for(next - now);
  }
}

asio::awaitable<void> Collector::expire() {
  auto now = clock_.now();
  auto overdue = overdue_of_platforms(now);
  auto steps = co_await expire_posts(overdue, now);
  if (steps > 0) spdlog::info("posts expired of platforms that allow no longer keeping steps={}", steps);
  for (const auto& [platform, before] : overdue.confirmed_before) {
    bool more = true;
    auto drop = [&](store::Store& store) { more = store.drop_old_readings(platform, before); };
    while (more) co_await on_store(drop);
  }
  for (const auto& edition : config_->campaign.editions) co_await expire_edition(edition, now);
}

asio::awaitable<void> Collector::expire_edition(const Edition& edition, sys_ms now) {
  if (config_->profile == Profile::strict && now >= edition.closed_at()) {
    auto drop = [&](store::Store& store) { store.drop_ids(edition.id); };
    co_await on_store(drop);
  }
  if (now < edition.forget_at() || emptied_.contains(edition.id)) co_return;
  bool has_key = gate_.has_key(edition.id);
  store::Overdue overdue;
  overdue.edition = edition.id;
  co_await expire_posts(overdue, now);
  bool more = true;
  auto drop = [&](store::Store& store) { more = store.drop_polls(edition.baseline_from, edition.until); };
  while (more) co_await on_store(drop);
  if (!has_key) {  // nor had it while this looked, so nothing private has come since
    emptied_.insert(edition.id);
    co_return;
  }
  try {
    gate_.destroy_key(edition.id);
    spdlog::info("retention is over edition={}: private posts are settled and gone, its key is destroyed", edition.id);
  } catch (const KeyProblem& problem) {  // the disk says no; in an hour it is asked again
    spdlog::error("{}", problem.what());
  }
}

}  // namespace campaignd::collect
