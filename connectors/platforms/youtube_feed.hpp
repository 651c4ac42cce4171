#pragma once
/// What YouTube says of a channel to anybody who asks: the feed of its newest videos, and the page that names its id.
#include "connectors/platforms/youtube_video.hpp"

namespace campaignd {

/// The id of the channel whose page it is; empty where the page does not say.
std::string channel_of_page(std::string_view html);
/// The id of the channel whose feed it is, likewise.
std::string channel_of_feed(std::string_view xml);

struct Channel {
  std::string id;
  std::string handle;  ///< "@name", where the configuration names it so
};

/// The newest videos as the feed lists them.
struct VideoList {
  std::vector<Finding> found;
  std::vector<Refused> refused;
  bool complete = true;  ///< false: the document broke off
};
Result<VideoList> read_videos(const std::string& body, std::string_view content_type, const Channel& channel);

}  // namespace campaignd
