#pragma once
/// Tumblr's posts, in its block format (NPF) or the older one, as Findings; and what its API says when it says no.
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "connectors/connector.hpp"
#include "connectors/reading/json.hpp"

namespace campaignd {

struct TumblrList {
  std::vector<Finding> found;
  std::vector<Refused> refused;
  std::size_t size = 0;          ///< refused ones and plain reblogs included
  std::optional<sys_ms> last;    ///< the last one's time, by which the next page is asked for
  bool is_out_of_order = false;  ///< not each is older than those before it
};
/// The list of a search for a tag ("response"), or of a blog ("response.posts").
Result<TumblrList> read_tumblr_list(std::string_view body, std::string_view path);

/// A post's id with its blog, which is needed to ask for it; of a reblog it says so.
struct TumblrId {
  std::string blog, number;
  bool is_reblog = false;
};
std::string local_id_of(const TumblrId& id);
std::optional<TumblrId> read_tumblr_id(std::string_view text);

/// Asks the API; the key can go into the address alone, which is therefore never shown.
Request ask_tumblr(const std::string& path, const Session* session);
/// Why nothing can be asked.
std::optional<Failure> tumblr_problem(const Session* session);
Failure tumblr_failure(const Answer& answer);
/// Why a post or blog is not shown, where Tumblr itself says so with a 404; empty: it does not.
std::string why_not_shown(const Answer& answer);

std::unique_ptr<Job> measure_tumblr(std::shared_ptr<Session> session, std::vector<PostRef> posts);

}  // namespace campaignd
