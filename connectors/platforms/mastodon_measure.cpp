#include <fmt/format.h>

#include <algorithm>

#include "connectors/platforms/mastodon_status.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd {

namespace {

/// Measures a batch by id[]; servers without it (before 4.3, Pleroma) are asked post by post.
class BatchMeasure final : public Job {
 public:
  explicit BatchMeasure(std::vector<PostRef> posts) : posts_(std::move(posts)) {}

  Request ask(sys_ms) override {
    auto url = "https://" + posts_.front().host + "/api/v1/statuses";
    if (singly_) return api_request(url + "/" + percent_encode(posts_[at_].local_id));
    char joint = '?';
    for (const auto& post : posts_) {
      url += fmt::format("{}id[]={}", joint, percent_encode(post.local_id));
      joint = '&';
    }
    return api_request(std::move(url));
  }

  Result<Page> read(const Answer& answer) override {
    if (singly_) return read_one(answer);
    if (answer.status == 400 || answer.status == 404 || answer.status == 405) {
      singly_ = true;
      Page page;
      page.more = true;
      return page;
    }
    if (answer.status != 200) return standard_failure(answer);
    auto timeline = read_timeline(answer.body, posts_.front().host);
    if (!timeline) return timeline.error();
    Page page;
    for (const auto& post : posts_) {
      auto same = std::ranges::find(timeline->found, post.local_id, &Finding::local_id);
      bool there = std::ranges::find(timeline->ids, post.local_id) != timeline->ids.end() || timeline->nameless;
      if (same != timeline->found.end())
        page.readings.push_back({post, same->counters, *same});
      else if (!there)
        page.gone.push_back({post, "not in the batch"});
    }
    page.refused = std::move(timeline->refused);
    return page;
  }

 private:
  Result<Page> read_one(const Answer& answer) {
    const auto& post = posts_[at_];
    Page page;
    if (answer.status == 404 || answer.status == 410) {
      page.gone.push_back({post, fmt::format("answered {}", answer.status)});
    } else if (answer.status == 429) {
      return standard_failure(answer);
    } else if (answer.status != 200) {  // one post that cannot be shown must not hold up the others
      page.refused.push_back({post.local_id, fmt::format("answered {}", answer.status)});
    } else {
      auto use = [&](Json status) {
        auto finding = read_status(status, post.host);
        if (finding)
          page.readings.push_back({post, finding->counters, std::move(*finding)});
        else
          page.refused.push_back({post.local_id, finding.error().message});
      };
      if (auto read = read_json(answer.body, use); !read) page.refused.push_back({post.local_id, read.error().message});
    }
    page.more = ++at_ < posts_.size();
    return page;
  }

  const std::vector<PostRef> posts_;
  bool singly_ = false;
  std::size_t at_ = 0;
};

}  // namespace

std::unique_ptr<Job> measure_statuses(std::vector<PostRef> posts) {
  return std::make_unique<BatchMeasure>(std::move(posts));
}

}  // namespace campaignd
