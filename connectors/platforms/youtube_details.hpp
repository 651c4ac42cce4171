#pragma once
/// From the ids of videos to all that is read of them: the videos, fifty in a request, and then their channels.
#include <map>

#include "connectors/platforms/youtube_video.hpp"

namespace campaignd {

/// A dialogue within a job: `ask` and `read` in turn while it is busy, then `take`.
class VideoDetails {
 public:
  struct Read {
    std::vector<Finding> found;
    std::vector<Refused> refused;
    std::vector<std::string> unlisted, missing;  ///< ids that are not public, or not there
  };

  explicit VideoDetails(std::shared_ptr<Session> session) : session_(std::move(session)) {}

  void know(ChannelFacts channel);  ///< it is not asked for again
  void begin(std::vector<std::string> ids);
  bool is_busy() const { return !ids_.empty() || !channels_.empty(); }
  Request ask() const;
  /// What is wrong, if the videos cannot be read. Without their channels they stand as well.
  std::optional<Failure> read(const Answer& answer);
  Read take();

 private:
  std::optional<Failure> read_videos(const Answer& answer);
  void read_channels(const Answer& answer);
  void look_for_channels();

  std::shared_ptr<Session> session_;
  std::vector<std::string> ids_, channels_;    ///< still to be asked for; the channels after the videos
  std::map<std::string, ChannelFacts> known_;  ///< by id; an empty one is of a channel that nothing is said of
  Read read_;
};

}  // namespace campaignd
