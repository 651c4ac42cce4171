#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "connectors/platforms/x_api.hpp"
#include "connectors/platforms/x_polls.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd {

namespace {

/// Re-reading known posts must not take the money for finding new ones.
constexpr int part_of_the_money = 2;

/// Authors are not asked for again: they would cost twice what the posts do. Their names stand in the posts' addresses.
class BatchMeasure final : public Job {
 public:
  BatchMeasure(const SourceSettings& source, std::vector<PostRef> posts)
      : access_(source, part_of_the_money),
        posts_(std::move(posts)),
        page_size_(static_cast<std::size_t>(access_.page_size(XPrices::post, 1))) {}

  Request ask(sys_ms) override {
    std::string ids;
    for (const auto& post : batch()) ids += (ids.empty() ? "" : ",") + percent_encode(post.local_id);
    return access_.ask(fmt::format("tweets?ids={}{}", ids, x_post_fields),
                       static_cast<int>(batch().size()) * XPrices::post);
  }

  Result<Page> read(const Answer& answer) override {
    auto list = access_.read_list(answer);
    if (!list) return list.error();
    Page page;
    page.cost = list->cost;
    page.refused = std::move(list->refused);
    for (const auto& post : batch()) measure(post, *list, page);
    at_ += batch().size();
    page.more = at_ < posts_.size();
    return page;
  }

 private:
  std::span<const PostRef> batch() const {
    auto rest = std::span(posts_).subspan(at_);
    return rest.first(std::min(rest.size(), page_size_));
  }

  static void measure(const PostRef& post, const XList& list, Page& page) {
    auto address = x_address({}, post.local_id);
    auto is_it = [&](const Finding& each) {
      return each.local_id == post.local_id || std::ranges::find(each.post.aliases, address) != each.post.aliases.end();
    };
    if (auto found = std::ranges::find_if(list.found, is_it); found != list.found.end()) {
      auto now = *found;
      if (now.post.author.handle.empty()) name_x_author(now, x_name_in(post.uri));
      page.readings.push_back({post, now.counters, std::move(now)});
      return;
    }
    auto told = std::ranges::find(list.problems, post.local_id, &XProblem::resource);
    auto kind = told == list.problems.end() ? std::string() : told->kind;
    if (kind == "resource-not-found")
      page.gone.push_back({post, "deleted, or its account is deleted or suspended"});
    else if (kind == "not-authorized-for-resource")
      page.gone.push_back({post, "not shown any more: its account is protected or suspended"});
    else if (std::ranges::find(page.refused, post.local_id, &Refused::id) == page.refused.end())
      page.refused.push_back({post.local_id, kind.empty() ? "X says nothing of it" : "X does not give it: " + kind});
  }

  const XAccess access_;
  const std::vector<PostRef> posts_;
  const std::size_t page_size_;
  std::size_t at_ = 0;
};

}  // namespace

std::unique_ptr<Job> measure_x_posts(const SourceSettings& source, std::vector<PostRef> posts) {
  return std::make_unique<BatchMeasure>(source, std::move(posts));
}

}  // namespace campaignd
