#include "daemon/fetch/budgets.hpp"

#include <algorithm>

#include "connectors/reading/dates/pacific.hpp"

namespace campaignd::fetch {

namespace {
constexpr Budget careful{"default", 60, std::chrono::minutes(5), std::chrono::seconds(2)};
}

Period period_of(const Budget& budget, sys_ms now) {
  using namespace std::chrono;
  if (budget.reset == Reset::utc_month) {
    year_month_day today(floor<days>(now));
    auto month = today.year() / today.month();
    return {sys_days(month / 1), sys_days((month + months(1)) / 1)};
  }
  if (budget.reset == Reset::pacific_midnight) {
    auto until = next_pacific_midnight(now);
    return {next_pacific_midnight(until - hours(26)), until};  // a day has 23 to 25 hours
  }
  return {now - budget.per, now + budget.per};
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

sys_ms Budgets::earliest(const Request& request, const std::string& host, sys_ms now) const {
  auto at = std::max(now, closed_until(host, now).value_or(now));
  const Budget& limit = budget(request.bucket);
  auto most = std::min(limit.requests, request.allowance.value_or(limit.requests));
  bool is_window = limit.reset == Reset::window;
  auto cost = is_window ? std::min(request.cost, most) : request.cost;
  auto found = sent_.find({request.bucket, site_of(host)});
  static const std::deque<Spent> nothing;
  const auto& sent = found == sent_.end() ? nothing : found->second;
  if (!sent.empty()) at = std::max(at, sent.back().at + limit.gap);
  if (!is_window) {
    auto period = period_of(limit, at);
    std::int64_t total = cost;
    for (const auto& each : sent)
      if (each.at >= period.from) total += each.cost;
    return total > most ? period.until : at;
  }
  // What lies inside the window before the request, newest first: the first that does not fit must have left it.
  std::int64_t total = cost;
  for (auto each = sent.rbegin(); each != sent.rend(); ++each) {
    total += each->cost;
    if (total > most) return std::max(at, each->at + limit.per);
  }
  return at;
}

void Budgets::spend(std::string_view bucket, const std::string& host, int cost, sys_ms at) {
  auto& sent = sent_[{std::string(bucket), site_of(host)}];
  sent.insert(std::ranges::upper_bound(sent, at, {}, &Spent::at), Spent{at, cost});
  auto oldest = period_of(budget(bucket), sent.back().at).from;
  while (sent.size() > 1 && sent.front().at < oldest) sent.pop_front();
}

void Budgets::settle(std::string_view bucket, const std::string& host, int difference) {
  auto found = sent_.find({std::string(bucket), site_of(host)});
  if (found != sent_.end() && !found->second.empty()) found->second.back().cost += difference;
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
