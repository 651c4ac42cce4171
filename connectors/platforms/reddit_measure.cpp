#include <fmt/format.h>

#include <algorithm>

#include "connectors/platforms/reddit_api.hpp"
#include "connectors/platforms/reddit_post.hpp"

namespace campaignd {

namespace {

/// A batch in one request. Deleted posts stay in the answer and say that they are; what does not stand in it, Reddit
/// does not show this app.
class InfoMeasure final : public RedditJob {
 public:
  InfoMeasure(std::shared_ptr<Session> session, std::vector<PostRef> posts)
      : RedditJob(std::move(session)), posts_(std::move(posts)) {}

 protected:
  std::string path(sys_ms) override {
    std::string names;
    for (const auto& post : posts_)
      if (is_post_name(post.local_id)) names += (names.empty() ? "" : ",") + post.local_id;
    return fmt::format("/api/info?id={}&raw_json=1", names);
  }

  Result<Page> hear(const Answer& answer) override {
    if (answer.status != 200) return reddit_failure(answer);
    auto listing = read_reddit_listing(answer.body);
    if (!listing) return reddit_unreadable(answer, listing.error());
    Page page;
    page.refused = std::move(listing->refused);
    // Where nothing at all is shown, a fault is more likely than that all of it was deleted.
    bool proves_absence = !listing->nameless && listing->size > 0;
    for (const auto& post : posts_) judge(post, *listing, proves_absence, page);
    return page;
  }

 private:
  static void judge(const PostRef& post, const RedditListing& listing, bool proves_absence, Page& page) {
    auto found = std::ranges::find(listing.found, post.local_id, &Finding::local_id);
    auto gone = std::ranges::find(listing.gone, post.local_id, &Refused::id);
    bool is_refused = std::ranges::find(page.refused, post.local_id, &Refused::id) != page.refused.end();
    if (found != listing.found.end())
      page.readings.push_back({post, found->counters, *found});
    else if (gone != listing.gone.end())
      page.gone.push_back({post, gone->why});
    else if (!is_post_name(post.local_id))
      page.refused.push_back({post.local_id, "it is no name of a post"});
    else if (proves_absence && !is_refused)
      page.gone.push_back({post, "not shown any more: its community is private, quarantined or banned"});
    else if (listing.size == 0)
      page.refused.push_back({post.local_id, "Reddit showed nothing at all"});
  }

  const std::vector<PostRef> posts_;
};

}  // namespace

std::unique_ptr<Job> measure_reddit(std::shared_ptr<Session> session, std::vector<PostRef> posts) {
  return std::make_unique<InfoMeasure>(std::move(session), std::move(posts));
}

}  // namespace campaignd
