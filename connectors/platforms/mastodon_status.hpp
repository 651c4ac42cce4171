#pragma once
/// A status of the Mastodon API, and of the servers that speak it, as a Finding.
#include "connectors/connector.hpp"
#include "connectors/reading/json.hpp"

namespace campaignd {

/// `observer` is the host that answered: accounts without a host of their own live there. A boost gives the post it
/// boosts (T-11). The failure says why the status is not one we may keep.
Result<Finding> read_status(Json status, const std::string& observer);

/// A list of statuses as the server sorted it.
struct Timeline {
  std::vector<Finding> found;
  std::vector<Refused> refused;
  std::vector<std::string> ids;  ///< of every item that has one, refused ones and boosts under their own id too
  bool nameless = false;         ///< an item without a readable id: nobody can say which one it was
};
Result<Timeline> read_timeline(std::string_view body, const std::string& observer);

/// A GET of the API, out of the budget of its host.
Request api_request(std::string url);

/// Measures posts of one host by id[]; servers without it (before 4.3, Pleroma) are asked post by post.
std::unique_ptr<Job> measure_statuses(std::vector<PostRef> posts);

}  // namespace campaignd
