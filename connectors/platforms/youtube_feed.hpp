#pragma once
/// What YouTube says of a channel to anybody who asks: the feed of its newest videos, and the page that names its id.
#include "connectors/connector.hpp"

namespace campaignd {

/// "UC" and 22 further characters; capitals matter.
bool is_channel_id(std::string_view text);

/// The id of the channel whose page it is; empty where the page does not say.
std::string channel_of_page(std::string_view html);

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
