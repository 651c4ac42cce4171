#include <fmt/format.h>

#include <algorithm>

#include "connectors/platforms/peertube_video.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd {

namespace {

class VideoMeasure final : public Job {
 public:
  explicit VideoMeasure(std::vector<PostRef> posts) : posts_(std::move(posts)) {}

  Request ask(sys_ms now) override {
    if (!is_begun_) begin(now);
    return ask_peertube(home(), "videos/" + percent_encode(post().local_id));
  }

  Result<Page> read(const Answer& answer) override {
    if (answer.status == 200) return read_details(answer);
    if (is_gone(answer)) return gone(fmt::format("{} answered {}", home(), answer.status));
    // One instance in trouble must not hold up the videos of the others.
    bool is_own_trouble = home() == post().host && answer.status != 401 && answer.status != 403;
    if (is_own_trouble) return peertube_failure(answer);
    return refuse(fmt::format("{} answered {}", home(), answer.status));
  }

 private:
  const PostRef& post() const { return posts_[at_]; }

  /// The instance the video was published on; where only the index or a copy is known, that.
  std::string home() const {
    auto host = host_of(post().uri);
    return host.empty() ? post().host : host;
  }

  // An instance that does not answer at all ends the batch. Begun elsewhere each time, it does not do so for ever.
  void begin(sys_ms now) {
    is_begun_ = true;
    auto minutes = std::chrono::floor<std::chrono::minutes>(now).time_since_epoch().count();
    auto first = minutes < 0 ? 0 : minutes % std::ssize(posts_);
    std::ranges::rotate(posts_, posts_.begin() + first);
  }

  /// At home a video that was made private answers 401, a blocked one 403, each with PeerTube's own words.
  static bool is_gone(const Answer& answer) {
    if (answer.status == 404 || answer.status == 410) return true;
    bool is_refusal = answer.status == 401 || answer.status == 403 || answer.status == 451;
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
    if (auto read = read_json(answer.body, [&](Json document) { video = read_video(document); }); !read)
      return refuse(read.error().message);
    if (!video)
      return video.error().message == "not public" ? gone("not public any more") : refuse(video.error().message);
    auto& finding = video->finding;
    if (finding.local_id != post().local_id) return refuse("another video has this id");
    Page page;
    page.readings.push_back({post(), finding.counters, std::move(finding)});
    return next(std::move(page));
  }

  std::vector<PostRef> posts_;
  std::size_t at_ = 0;
  bool is_begun_ = false;
};

}  // namespace

std::unique_ptr<Job> measure_videos(std::vector<PostRef> posts) {
  return std::make_unique<VideoMeasure>(std::move(posts));
}

}  // namespace campaignd
