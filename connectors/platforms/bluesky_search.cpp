#include <fmt/format.h>

#include <algorithm>

#include "connectors/platforms/bluesky_api.hpp"
#include "connectors/platforms/bluesky_polls.hpp"
#include "connectors/reading/position.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd {

namespace {

constexpr std::string_view unusable =
    "the credential is no handle:app-password: the search goes on as a visitor, who is shown the newest 100 posts";

/// How far back a tag has been read.
struct Reach {
  bool joins = false;           ///< to what the last poll had seen
  bool ends = false;            ///< to the first post there is
  std::optional<sys_ms> since;  ///< otherwise
};

/// What holds for all tags: the shortest reach.
void say_reach(const std::vector<Reach>& reaches, sys_ms floor, Page& page) {
  page.joins_last = std::ranges::all_of(reaches, [](const Reach& each) { return each.joins || each.ends; });
  if (std::ranges::all_of(reaches, &Reach::ends)) page.since = floor;
  if (page.joins_last) return;
  for (const auto& each : reaches) {
    if (each.joins || each.ends) continue;
    if (!each.since) {
      page.since.reset();
      return;
    }
    page.since = std::max(page.since.value_or(*each.since), *each.since);
  }
}

class TagSearch final : public Job {
 public:
  TagSearch(SourceSettings source, const Cursor& cursor)
      : source_(std::move(source)), host_(appview_of(source_.host)), cursor_(cursor) {
    if (source_.tags.empty()) source_.tags.emplace_back();  // the search says that it wants one
    for (std::size_t i = 0; i < source_.tags.size(); ++i)
      newest_.push_back(position_time(cursor.position, fmt::format("newest{}", i)));
  }

  Request ask(sys_ms) override { return ask_appview(host_, search_for(source_.tags[at_])); }

  Result<Page> read(const Answer& answer) override {
    if (answer.status == 403) return closed(answer);
    if (answer.status != 200) return appview_failure(answer, host_);
    auto list = read_posts(answer.body);
    if (!list) return unreadable(list.error(), host_);
    reaches_.push_back(reach_of(*list));
    Page page;
    page.found = std::move(list->found);
    page.refused = std::move(list->refused);
    page.more = ++at_ < source_.tags.size();
    page.cursor = cursor_;  // until all tags are read: only then is this the last poll the next one may join
    if (page.more) return page;
    if (source_.session && !source_.session->credential.empty()) page.refused.push_back({"", std::string(unusable)});
    say_reach(reaches_, source_.floor, page);
    page.cursor.position.clear();
    for (std::size_t i = 0; i < newest_.size(); ++i)
      page.cursor.position += fmt::format("{}newest{}={}", i == 0 ? "" : "&", i, newest_[i].time_since_epoch().count());
    return page;
  }

 private:
  /// The search sorts by min(createdAt, indexedAt), which is when we say a post was published.
  Reach reach_of(const PostList& list) {
    auto& known = newest_[at_];
    std::optional<sys_ms> oldest, newest;
    for (const auto& each : list.found) {
      if (!each.post.published) continue;
      oldest = each.post.published;
      newest = std::max(newest.value_or(*oldest), *oldest);
    }
    Reach reach;
    // A page that is not full may have lost what moderators hide; a count that says more posts exist is believed.
    reach.ends =
        list.cursor.empty() && list.size < search_page && list.hits.value_or(0) <= static_cast<std::int64_t>(list.size);
    reach.joins = known != sys_ms() && oldest && *oldest <= known;
    reach.since = oldest;
    if (newest) known = std::max(known, *newest);
    return reach;
  }

  Failure closed(const Answer& answer) const {
    return {Failure::refused,
            fmt::format("{} answered 403: search is closed to visitors at the moment; posts of partners' accounts are "
                        "still read",
                        host_),
            read_retry_after(answer.headers, answer.received)};
  }

  SourceSettings source_;
  const std::string host_;
  const Cursor cursor_;
  std::vector<sys_ms> newest_;  ///< the newest post known of each tag
  std::vector<Reach> reaches_;
  std::size_t at_ = 0;
};

}  // namespace

std::unique_ptr<Job> search_tags(SourceSettings source, const Cursor& cursor) {
  return std::make_unique<TagSearch>(std::move(source), cursor);
}

}  // namespace campaignd
