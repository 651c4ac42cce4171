#pragma once
/// How an organisation's campaign posts do beside what its own accounts usually get: each post is held against the
/// earlier posts of its account at the age it was last read at. 1 is as usual. Never a league table: what is usual
/// differs from account to account.
#include <map>

#include "daemon/report/figures.hpp"

namespace campaignd::report {

struct Score {
  std::optional<double> value;                              ///< the median over its campaign posts
  std::int64_t n = 0;                                       ///< campaign posts it rests on
  std::int64_t earlier = 0;                                 ///< earlier posts they were held against
  std::string reason = "no post of its accounts is known";  ///< why there is no value; empty: there is one
};
boost::json::object to_json(const Score& score);

/// By partner; one of whom no post is known has no entry. `now` is the moment it speaks of: what was read later is not
/// known.
std::map<std::string, Score> partner_scores(store::Database& db, const Edition& edition, Window window, sys_ms now);

}  // namespace campaignd::report
