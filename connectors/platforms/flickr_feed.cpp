#include <fmt/format.h>

#include <algorithm>

#include "connectors/platforms/flickr_photo.hpp"
#include "connectors/reading/position.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd {

namespace {

constexpr std::string_view feed = "https://www.flickr.com/services/feeds/photos_public.gne";
constexpr std::size_t feed_size = 20;

/// The feed anybody may read: the twenty newest photos with a tag, and no page
/// below them.
class FeedPoll final : public Job {
 public:
  FeedPoll(const SourceSettings& source, const Cursor& cursor)
      : floor_(source.floor), newest_(position_time(cursor.position, "newest")) {
    for (const auto& tag : source.tags) tags_ += (tags_.empty() ? "" : ",") + tag;
  }

  Request ask(sys_ms) override {
    Request request(
        fmt::format("{}?tags={}&tagmode=any&format=json&nojsoncallback=1&lang=en-us", feed, percent_encode(tags_)));
    request.bucket = "flickr";
    request.headers.emplace_back("accept", "application/json");
    return request;
  }

  Result<Page> read(const Answer& answer) override {
    if (tags_.empty())
      return Failure{Failure::refused,
                     "without an API key Flickr is asked for "
                     "tags alone: write tags, or give a key"};
    if (answer.status != 200) return standard_failure(answer);
    auto list = read_flickr_list(answer.body);
    if (!list) return list.error();
    Page page;
    bool is_first = newest_ == sys_ms();
    bool is_all = list->size < feed_size && (list->size > 0 || is_first);  // photos that were known do not all go
    bool reaches = list->oldest && *list->oldest <= newest_;
    page.joins_last = !is_first && (is_all || reaches);
    page.since = is_all ? std::optional(floor_) : list->oldest;
    for (const auto& each : list->found) newest_ = std::max(newest_, *each.post.published);
    page.found = std::move(list->found);
    page.refused = std::move(list->refused);
    page.cursor.position = fmt::format("newest={}", newest_.time_since_epoch().count());
    return page;
  }

 private:
  const sys_ms floor_;
  sys_ms newest_;
  std::string tags_;
};

}  // namespace

std::unique_ptr<Job> poll_flickr_feed(const SourceSettings& settings, const Cursor& cursor) {
  return std::make_unique<FeedPoll>(settings, cursor);
}

}  // namespace campaignd
