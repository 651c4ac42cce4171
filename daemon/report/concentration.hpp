#pragma once
/// On how few accounts a campaign rests, and how much of it is one text said by many.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "connectors/post.hpp"

namespace campaignd::report {

/// A post as concentration sees it.
struct Said {
  std::int64_t author = 0;
  sys_ms at;
  std::string text;  ///< the same for the same words; empty: it has none of its own
};

/// How many posts each account wrote, most first.
std::vector<std::int64_t> posts_by_author(const std::vector<Said>& posts);

/// Of counts in that order: how many the first `accounts` wrote.
std::int64_t of_the_top(const std::vector<std::int64_t>& counts, std::size_t accounts);

/// Gini's coefficient of posts over accounts: 0 where all wrote as many. Nothing for fewer than two.
std::optional<double> gini(const std::vector<std::int64_t>& counts);

/// The same words by at least three accounts within an hour.
struct Bursts {
  std::int64_t texts = 0, posts = 0;
};
Bursts bursts_of(std::vector<Said> posts);

/// All of that, of the same posts.
struct Concentration {
  std::int64_t posts = 0, accounts = 0;
  std::int64_t by_top = 0;          ///< posts of the five accounts that posted most
  std::optional<double> top_share;  ///< of all posts; nothing where there is none
  std::optional<double> gini;
  Bursts bursts;
};
constexpr std::size_t top_accounts = 5;
Concentration concentration_of(const std::vector<Said>& posts);

}  // namespace campaignd::report
