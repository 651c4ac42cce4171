#pragma once
/// How often each host may be asked. Pure: the caller brings the time.
#include <deque>
#include <map>
#include <optional>
#include <span>
#include <string>

#include "connectors/connector.hpp"

namespace campaignd::fetch {

/// Whose budget a host spends: a.example, www.a.example and a.example. are one server, whatever the scheme and port.
std::string site_of(std::string host);

/// When the budget that is spent at `now` began, and when the next begins. Of a moving window: `per` before, and `per`
/// after.
struct Period {
  sys_ms from, until;
};
Period period_of(const Budget& budget, sys_ms now);

/// Hosts are told apart by site_of.
class Budgets {
 public:
  /// The budgets of all contracts; a bucket no contract knows gets a careful one.
  explicit Budgets(std::vector<Budget> budgets);

  /// When a request may go out at the earliest: never more than the budget in any window or between two resets, never
  /// closer than its gap, never inside a time the host asked us to stay away. A request dearer than a whole window's
  /// budget waits for an empty one; dearer than what a reset gives, for a reset, for ever.
  sys_ms earliest(const Request& request, const std::string& host, sys_ms now) const;
  void spend(std::string_view bucket, const std::string& host, int cost, sys_ms at);
  /// The last request of that bucket came to so much more, or less.
  void settle(std::string_view bucket, const std::string& host, int difference);
  /// Until when the host asked us to stay away; nothing when it did not.
  std::optional<sys_ms> closed_until(const std::string& host, sys_ms now) const;
  /// What an answer's headers say: Retry-After on 429 and 503, and a rate limit with nothing remaining.
  void heed(const std::string& host, const Answer& answer);

 private:
  struct Spent {
    sys_ms at;
    int cost;
  };
  const Budget& budget(std::string_view bucket) const;
  std::vector<Budget> budgets_;
  std::map<std::pair<std::string, std::string>, std::deque<Spent>> sent_;  ///< by (bucket, site), oldest first
  std::map<std::string, sys_ms> closed_;                                   ///< by site
};

}  // namespace campaignd::fetch
