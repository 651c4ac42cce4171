#pragma once
/// A story or comment of Hacker News, as its search (Algolia) and its own API (Firebase) show it.
#include <memory>
#include <string>
#include <vector>

#include "connectors/connector.hpp"
#include "connectors/reading/json.hpp"

namespace campaignd {

struct HackerNewsHits {
  std::vector<Finding> found;
  std::vector<Refused> refused;
  std::size_t size = 0;          ///< refused ones included
  std::optional<sys_ms> oldest;  ///< of all whose date could be read
};
Result<HackerNewsHits> read_hackernews_hits(std::string_view body);

/// An item of the API. The failure says why it is none; `gone` where it is there no more.
Result<Finding> read_hackernews_item(Json item);

Failure hackernews_failure(const Answer& answer);
std::unique_ptr<Job> measure_hackernews(std::vector<PostRef> posts);

}  // namespace campaignd
