#pragma once
/// Videos and channels of YouTube, and how its Data API v3 writes them.
#include <set>

#include "connectors/connector.hpp"

namespace campaignd {

/// "UC" and 22 further characters; capitals matter.
bool is_channel_id(std::string_view text);
bool is_video_id(std::string_view text);

/// A video of which nothing is known but its id: what makes it the same one, whoever showed it.
Finding video_named(const std::string& id);

/// The API's list of videos (videos.list). Ids that are deleted or private are simply not in it.
struct ApiVideos {
  std::vector<Finding> found;
  std::vector<Refused> refused;
  std::set<std::string> ids;       ///< of every item that has a readable one, refused ones too
  std::set<std::string> unlisted;  ///< shown to whoever knows the id; to be treated as not public
  bool nameless = false;           ///< an item without a readable id: nobody can say which one it was
};
Result<ApiVideos> read_api_videos(std::string_view body);

/// What the API says of a channel (channels.list).
struct ChannelFacts {
  std::string id;
  std::string handle;                     ///< "@name" in small letters; empty where it has none
  std::string uploads;                    ///< the playlist of its videos
  std::optional<std::int64_t> followers;  ///< subscribers, rounded to three digits; hidden ones are not said
  bool opted_out = false;                 ///< its description asks to be left out
};
Result<std::vector<ChannelFacts>> read_api_channels(std::string_view body);

/// A page of a list that names videos: a search, a playlist of uploads.
struct VideoNames {
  struct Name {
    std::string id;
    std::optional<sys_ms> published;
  };
  std::vector<Name> names;
  std::vector<Refused> refused;
  std::string next;  ///< the token of the next page; empty: there is none
};
Result<VideoNames> read_api_search(std::string_view body);
Result<VideoNames> read_api_uploads(std::string_view body);

}  // namespace campaignd
