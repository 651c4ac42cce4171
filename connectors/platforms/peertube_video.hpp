#pragma once
/// A video as PeerTube and its search index show it, as a Finding.
#include <optional>
#include <string>
#include <vector>

#include "connectors/connector.hpp"
#include "connectors/reading/json.hpp"

namespace campaignd {

struct Video {
  Finding finding;
  bool is_whole = false;  ///< with its tags: lists of instances leave them out, and cut the description
  bool is_cut = false;    ///< its description ends after 250 characters
};
/// `observer` is the host that answered. The failure says why the video is none we may keep.
Result<Video> read_video(Json video, const std::string& observer);

struct VideoPage {
  std::vector<Video> videos;
  std::vector<Refused> refused;
  std::size_t size = 0;               ///< refused ones included
  std::optional<std::int64_t> total;  ///< of all pages
  std::optional<sys_ms> last;         ///< when the last of them was published
};
Result<VideoPage> read_video_list(std::string_view body, const std::string& observer);

Request ask_peertube(const std::string& host, const std::string& path);
Failure peertube_failure(const Answer& answer);

/// Whether a refusal is PeerTube's own word (RFC 7807) and not that of whatever stands before it.
bool is_problem(const Answer& answer);
/// Its code, such as "does_not_respect_follow_constraints"; empty: it has none.
std::string problem_code(const Answer& answer);

/// Measures videos of one instance, one request each.
std::unique_ptr<Job> measure_videos(std::vector<PostRef> posts);

}  // namespace campaignd
