#include "daemon/fetch/budgets.hpp"

#include <algorithm>

namespace campaignd::fetch {

namespace {
constexpr Budget careful{"default", 60, std::chrono::minutes(5), std::chrono::seconds(2)};
}

std::string site_of(std::string host) {
  if (host.ends_with('.')) host.pop_back();
  if (host.starts_with("www.")) host.erase(0, 4);
  return host;
}

Budgets::Budgets(std::vector<Budget> budgets) : budgets_(std::move(budgets)) {}

const Budget& Budgets::budget(std::string_view bucket) const {
  auto found = std::ranges::find(budgets_, bucket, &Budget::bucket);
  return found == budgets_.end() ? careful : *found;
}

std::optional<sys_ms> Budgets::closed_until(const std::string& host, sys_ms now) const {
  auto closed = closed_.find(site_of(host));
  if (closed == closed_.end() || closed->second <= now) return std::nullopt;
  return closed->second;
}

sys_ms Budgets::earliest(std::string_view bucket, const std::string& host, int cost, sys_ms now) const {
  auto at = std::max(now, closed_until(host, now).value_or(now));
  auto found = sent_.find({std::string(bucket), site_of(host)});
  if (found == sent_.end() || found->second.empty()) return at;
  const auto& sent = found->second;
  const Budget& limit = budget(bucket);
  at = std::max(at, sent.back() + limit.gap);
  auto spare = limit.requests - std::min(cost, limit.requests);  // as many may lie inside the window before this one
  if (std::ssize(sent) > spare) at = std::max(at, sent[sent.size() - static_cast<std::size_t>(spare) - 1] + limit.per);
  return at;
}

void Budgets::spend(std::string_view bucket, const std::string& host, int cost, sys_ms at) {
  auto& sent = sent_[{std::string(bucket), site_of(host)}];
  for (int i = 0; i < cost; ++i) sent.insert(std::ranges::upper_bound(sent, at), at);
  while (std::ssize(sent) > budget(bucket).requests) sent.pop_front();
}

void Budgets::heed(const std::string& host, const Answer& answer) {
  auto until = answer.received;
  if (answer.status == 429 || answer.status == 503)
    if (auto wait = read_retry_after(answer.headers, answer.received)) until += *wait;
  auto quota = read_quota(answer.headers, answer.received);
  if (quota.remaining && *quota.remaining <= 0 && quota.reset)
    until = std::max(until, std::min(*quota.reset, answer.received + std::chrono::hours(24)));
  if (until <= answer.received) return;
  auto& closed = closed_[site_of(host)];
  closed = std::max(until, closed);
}

}  // namespace campaignd::fetch
