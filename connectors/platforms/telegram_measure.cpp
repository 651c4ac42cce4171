#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "connectors/platforms/telegram_page.hpp"
#include "connectors/reading/newest_first.hpp"

namespace campaignd {

namespace {

/// Measures posts by the pages of their channels on which they stand, each page beginning with the newest post that
/// is still to be measured.
class PostMeasure final : public Job {
 public:
  explicit PostMeasure(std::vector<PostRef> posts) : posts_(std::move(posts)) {
    auto newest_first = [](const PostRef& a, const PostRef& b) {
      if (channel_of(a) != channel_of(b)) return channel_of(a) < channel_of(b);
      return number_before(id_of(b), id_of(a));
    };
    std::ranges::stable_sort(posts_, newest_first);
  }

  Request ask(sys_ms) override {
    const auto& post = posts_[at_];
    return telegram_request(channel_of(post), std::to_string(std::atoll(id_of(post).c_str()) + 1));
  }

  Result<Page> read(const Answer& answer) override {
    auto channel = channel_of(posts_[at_]);
    Page page;
    if (answer.status >= 300 && answer.status < 400) {  // what one channel closed must not hold up the others
      refuse_channel(telegram_failure(answer, channel)->message, page);
    } else if (auto failure = telegram_failure(answer, channel)) {
      return *failure;
    } else {
      auto read = read_channel(answer.body, header(answer.headers, "content-type"), channel);
      if (!read) return read.error();
      if (!read->whole) return Failure{Failure::malformed, "t.me sent a page that breaks off"};
      if (!read->ids.empty())
        take(*read, page);
      else if (!read->is_channel && read->is_card)
        lose_channel(page);
      else  // a busy t.me shows a channel as one without posts
        refuse_channel("t.me shows no posts of its channel now", page);
    }
    page.more = at_ < posts_.size();
    return page;
  }

 private:
  static std::string channel_of(const PostRef& post) { return post.local_id.substr(0, post.local_id.find('/')); }
  static std::string id_of(const PostRef& post) {
    return post.local_id.substr(std::min(post.local_id.size(), channel_of(post).size() + 1));
  }

  template <class Each>
  void rest_of_channel(Each each) {
    auto channel = channel_of(posts_[at_]);
    for (; at_ < posts_.size() && channel_of(posts_[at_]) == channel; ++at_) each(posts_[at_]);
  }

  void refuse_channel(const std::string& why, Page& page) {
    rest_of_channel([&](const PostRef& post) { page.refused.push_back({post.local_id, why}); });
  }

  void lose_channel(Page& page) {
    rest_of_channel([&](const PostRef& post) { page.gone.push_back({post, "its channel is there no more"}); });
  }

  /// What the page reaches down to is measured or gone; what lies below comes with the next page.
  void take(const ChannelPage& read, Page& page) {
    auto lowest = *std::ranges::min_element(read.ids, number_before);
    auto channel = channel_of(posts_[at_]);
    auto first = at_;
    for (; at_ < posts_.size() && channel_of(posts_[at_]) == channel; ++at_) {
      const auto& post = posts_[at_];
      if (number_before(id_of(post), lowest)) break;
      auto same = std::ranges::find(read.found, post.local_id, &Finding::local_id);
      bool there = std::ranges::find(read.ids, id_of(post)) != read.ids.end();
      if (same != read.found.end())
        page.readings.push_back({post, same->counters, *same});
      else if (there)
        page.refused.push_back({post.local_id, "its message cannot be read"});
      else
        page.gone.push_back({post, "not on its page"});
    }
    // A page that begins below the post it was asked for would be asked for again for ever.
    if (at_ == first)
      page.refused.push_back({posts_[at_++].local_id, "t.me showed another page than the one asked for"});
  }

  std::vector<PostRef> posts_;
  std::size_t at_ = 0;
};

}  // namespace

std::unique_ptr<Job> measure_channel_posts(std::vector<PostRef> posts) {
  return std::make_unique<PostMeasure>(std::move(posts));
}

}  // namespace campaignd
