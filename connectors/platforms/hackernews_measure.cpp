#include <fmt/format.h>

#include "connectors/platforms/hackernews_item.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd {

namespace {

constexpr std::string_view api = "https://hacker-news.firebaseio.com/v0/item/";

/// One by one, at Hacker News itself: the search learns of deletions late, if at all.
class ItemMeasure final : public Job {
 public:
  explicit ItemMeasure(std::vector<PostRef> posts) : posts_(std::move(posts)) {}

  Request ask(sys_ms) override {
    Request request(fmt::format("{}{}.json", api, percent_encode(post().local_id)));
    request.bucket = "hackernews";
    request.headers.emplace_back("accept", "application/json");
    return request;
  }

  Result<Page> read(const Answer& answer) override {
    if (answer.status != 200) return hackernews_failure(answer);
    Result<Finding> finding = Failure{Failure::malformed, "no item in the answer"};
    if (auto read = read_json(answer.body, [&](Json item) { finding = read_hackernews_item(item); }); !read)
      return read.error();
    Page page;
    if (!finding && finding.error().code == Failure::gone)
      page.gone.push_back({post(), finding.error().message});
    else if (!finding)
      page.refused.push_back({post().local_id, finding.error().message});
    else if (finding->local_id != post().local_id)
      page.refused.push_back({post().local_id, "another item came for this number"});
    else
      page.readings.push_back({post(), finding->counters, std::move(*finding)});
    page.more = ++at_ < posts_.size();
    return page;
  }

 private:
  const PostRef& post() const { return posts_[at_]; }

  const std::vector<PostRef> posts_;
  std::size_t at_ = 0;
};

}  // namespace

std::unique_ptr<Job> measure_hackernews(std::vector<PostRef> posts) {
  return std::make_unique<ItemMeasure>(std::move(posts));
}

}  // namespace campaignd
