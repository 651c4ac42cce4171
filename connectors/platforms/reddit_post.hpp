#pragma once
/// Reddit's listings and the posts in them, as Findings.
#include <string>
#include <vector>

#include "connectors/connector.hpp"
#include "connectors/reading/json.hpp"

namespace campaignd {

struct RedditListing {
  std::vector<Finding> found;
  std::vector<Refused> refused;
  std::vector<Refused> gone;  ///< posts that are there no more: their full names ("t3_…"), and why
  std::size_t size = 0;       ///< of all items
  std::string after;          ///< the name of the next page; empty: this is the last
  bool nameless = false;      ///< of an item it cannot be said which post it is
};
Result<RedditListing> read_reddit_listing(std::string_view body);

/// Whether it is the full name of a post: "t3_" and digits to base 36.
bool is_post_name(std::string_view name);

}  // namespace campaignd
