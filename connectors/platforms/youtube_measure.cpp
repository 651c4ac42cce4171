#include <algorithm>

#include "connectors/platforms/youtube_details.hpp"
#include "connectors/platforms/youtube_polls.hpp"

namespace campaignd {

namespace {

// videos:batchGetStats costs the same and has no texts, by which a video that lost its tag is known.
class BatchMeasure final : public Job {
 public:
  BatchMeasure(std::shared_ptr<Session> session, std::vector<PostRef> posts)
      : posts_(std::move(posts)), details_(std::move(session)) {
    std::vector<std::string> ids;
    for (const auto& post : posts_) ids.push_back(post.local_id);
    details_.begin(std::move(ids));
  }

  Request ask(sys_ms) override { return details_.ask(); }

  Result<Page> read(const Answer& answer) override {
    if (auto failure = details_.read(answer)) return *failure;
    Page page;
    page.more = details_.is_busy();
    if (page.more) return page;
    auto read = details_.take();
    page.refused = std::move(read.refused);
    for (const auto& post : posts_) {
      auto same = std::ranges::find(read.found, post.local_id, &Finding::local_id);
      if (same != read.found.end())
        page.readings.push_back({post, same->counters, *same});
      else if (std::ranges::find(read.unlisted, post.local_id) != read.unlisted.end())
        page.gone.push_back({post, "its channel does not list it publicly any more"});
      else if (std::ranges::find(read.missing, post.local_id) != read.missing.end())
        page.gone.push_back({post, "YouTube does not show it any more: deleted, private, or its channel is closed"});
    }
    return page;
  }

 private:
  const std::vector<PostRef> posts_;
  VideoDetails details_;
};

}  // namespace

std::unique_ptr<Job> measure_youtube(std::shared_ptr<Session> session, std::vector<PostRef> posts) {
  return std::make_unique<BatchMeasure>(std::move(session), std::move(posts));
}

}  // namespace campaignd
