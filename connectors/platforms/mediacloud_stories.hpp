#pragma once
/// What Media Cloud's search answers: stories, or the many reasons why not.
#include <optional>
#include <string>
#include <vector>

#include "connectors/connector.hpp"

namespace campaignd {

struct StoryList {
  std::vector<Finding> found;
  std::vector<Refused> refused;
  std::size_t size = 0;        ///< refused ones included
  std::optional<sys_ms> last;  ///< when the last of them was taken into the index, by which they are sorted
  std::string next;            ///< the name of the next page; empty: this is the last
};
/// What is dated after `received` has no date.
Result<StoryList> read_stories(std::string_view body, sys_ms received);

Failure mediacloud_failure(const Answer& answer);

}  // namespace campaignd
