#include <fmt/format.h>

#include "connectors/platforms/peertube_video.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd {

namespace {

class VideoMeasure final : public Job {
 public:
  explicit VideoMeasure(std::vector<PostRef> posts) : posts_(std::move(posts)) {}

  Request ask(sys_ms) override { return ask_peertube(post().host, "videos/" + percent_encode(post().local_id)); }

  Result<Page> read(const Answer& answer) override {
    if (answer.status == 200) return read_details(answer);
    if (is_gone(answer) && is_home()) return gone(fmt::format("answered {}", answer.status));
    if (is_gone(answer)) return refuse(fmt::format("its copy answered {}, which proves nothing", answer.status));
    // Without a word of PeerTube the answer is none about the video: the search index has no such address.
    if (answer.status == 404 || answer.status == 410)
      return Failure{Failure::refused,
                     fmt::format("{} answered {} without a word of PeerTube: it shows no single videos", post().host,
                                 answer.status)};
    if (answer.status == 401 || answer.status == 403) return refuse(fmt::format("answered {}", answer.status));
    return peertube_failure(answer);
  }

 private:
  const PostRef& post() const { return posts_[at_]; }

  bool is_home() const {
    auto home = host_of(post().uri);
    return home.empty() || home == post().host;
  }

  /// A video that was deleted answers 404, one that was made private 401, a blocked one 403, each with PeerTube's own
  /// words.
  static bool is_gone(const Answer& answer) {
    bool is_refusal = answer.status == 401 || answer.status == 403 || answer.status == 404 || answer.status == 410 ||
                      answer.status == 451;
    return is_refusal && is_problem(answer) && problem_code(answer) != "does_not_respect_follow_constraints";
  }

  Page next(Page page) {
    page.more = ++at_ < posts_.size();
    return page;
  }

  Page gone(std::string why) {
    Page page;
    page.gone.push_back({post(), std::move(why)});
    return next(std::move(page));
  }

  Page refuse(std::string why) {
    Page page;
    page.refused.push_back({post().local_id, std::move(why)});
    return next(std::move(page));
  }

  Result<Page> read_details(const Answer& answer) {
    Result<Video> video = Failure{Failure::malformed, "no video in the answer"};
    auto use = [&](Json document) { video = read_video(document, post().host); };
    if (auto read = read_json(answer.body, use); !read) return refuse(read.error().message);
    if (!video)
      return video.error().message == "not public" ? gone("not public any more") : refuse(video.error().message);
    auto& finding = video->finding;
    if (finding.local_id != post().local_id) return refuse("another video has this id");
    Page page;
    page.readings.push_back({post(), finding.counters, std::move(finding)});
    return next(std::move(page));
  }

  const std::vector<PostRef> posts_;
  std::size_t at_ = 0;
};

}  // namespace

std::unique_ptr<Job> measure_videos(std::vector<PostRef> posts) {
  return std::make_unique<VideoMeasure>(std::move(posts));
}

}  // namespace campaignd
