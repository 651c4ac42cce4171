#pragma once
/// How often each host may be asked. Pure: the caller brings the time.
#include <deque>
#include <map>
#include <span>
#include <string>

#include "connectors/connector.hpp"

namespace campaignd::fetch {

/// Whose budget a host spends: a.example, www.a.example and a.example. are one server, whatever the scheme and port.
std::string site_of(std::string host);

/// Hosts are told apart by site_of.
class Budgets {
 public:
  /// The budgets of all contracts; a bucket no contract knows gets a careful one.
  explicit Budgets(std::vector<Budget> budgets);

  /// When a request of this cost may go out at the earliest: never more than the budget in any window, never closer
  /// than its gap, never inside a time the host asked us to stay away.
  sys_ms earliest(std::string_view bucket, const std::string& host, int cost, sys_ms now) const;
  void spend(std::string_view bucket, const std::string& host, int cost, sys_ms at);
  /// Until when the host asked us to stay away; nothing when it did not.
  std::optional<sys_ms> closed_until(const std::string& host, sys_ms now) const;
  /// What an answer's headers say: Retry-After on 429 and 503, and a rate limit with nothing remaining.
  void heed(const std::string& host, const Answer& answer);

 private:
  const Budget& budget(std::string_view bucket) const;
  std::vector<Budget> budgets_;
  std::map<std::pair<std::string, std::string>, std::deque<sys_ms>> sent_;  ///< by (bucket, site), oldest first
  std::map<std::string, sys_ms> closed_;                                    ///< by site
};

}  // namespace campaignd::fetch
