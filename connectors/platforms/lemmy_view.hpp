#pragma once
/// A post or comment as Lemmy and PieFed show it, as a Finding.
#include <optional>
#include <string>
#include <vector>

#include "connectors/connector.hpp"
#include "connectors/reading/json.hpp"

namespace campaignd {

/// Which API it is of is seen by its shape. `observer` is the host that answered. The failure says why it is none we
/// may keep.
Result<Finding> read_lemmy_view(Json view, const std::string& observer);

/// "deleted by its author" or "removed by a moderator": it is shown, but has nothing to say; empty: it stands.
std::string_view why_gone(Json view);

/// What a search found, as the server sorted it.
struct LemmyHits {
  std::vector<Finding> found;
  std::vector<Refused> refused;
  std::vector<std::string> ids;  ///< of what was asked for, refused ones too; empty ones where it has none
  std::optional<sys_ms> last;    ///< when the last of them was published
  std::string next;              ///< v4: the name of the next page
};
/// The other list, which some servers send along, is read too.
Result<LemmyHits> read_lemmy_hits(std::string_view body, bool comments, const std::string& observer);

/// Measures one post or comment by its id at the server that showed it.
std::unique_ptr<Job> measure_lemmy(std::vector<PostRef> posts);

}  // namespace campaignd
