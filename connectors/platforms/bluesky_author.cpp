#include <fmt/format.h>

#include <algorithm>

#include "connectors/platforms/bluesky_api.hpp"
#include "connectors/platforms/bluesky_polls.hpp"
#include "connectors/reading/position.hpp"
#include "connectors/reading/text.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd {

namespace {

constexpr int page_size = 100;

/// "@Name.Example", "name.example" or a DID; the case of a DID matters.
std::string configured_name(const std::string& account) {
  if (account.starts_with("did:")) return account;
  auto name = fold(account);
  if (name.starts_with('@')) name.erase(0, 1);
  return name;
}

/// The feed is sorted by min(createdAt, indexedAt), which is when we say a post was published: the last post of a page
/// is its oldest. Reposts stand among them at their own time, which says nothing here.
std::optional<sys_ms> oldest_of(const std::vector<Finding>& posts) {
  for (auto at = posts.rbegin(); at != posts.rend(); ++at)
    if (at->post.published) return at->post.published;
  return std::nullopt;
}

class AuthorPoll final : public Job {
 public:
  AuthorPoll(SourceSettings source, const Cursor& cursor)
      : source_(std::move(source)),
        host_(appview_of(source_.host)),
        name_(configured_name(source_.account)),
        did_(position_text(cursor.position, "did")),
        back_(position_text(cursor.position, "back")),
        pages_(static_cast<int>(position_number(cursor.position, "pages"))),
        newest_(position_time(cursor.position, "newest")) {
    if (name_.starts_with("did:")) did_ = name_;
  }

  Request ask(sys_ms) override {
    auto method = fmt::format("app.bsky.feed.getAuthorFeed?actor={}&filter=posts_with_replies&limit={}",
                              percent_encode(did_.empty() ? name_ : did_), page_size);
    const auto& from = step_ == Step::back ? back_ : forward_;
    if (!from.empty()) method += "&cursor=" + percent_encode(from);
    return ask_appview(host_, method);
  }

  Result<Page> read(const Answer& answer) override {
    if (answer.status == 400) return not_accepted(answer);
    if (answer.status != 200) return appview_failure(answer, host_);
    auto list = read_feed(answer.body);
    if (!list) return unreadable(list.error(), host_);
    know_author(*list);
    Page page;
    page.found = std::move(list->found);
    page.refused = std::move(list->refused);
    auto oldest = oldest_of(page.found);
    if (oldest) reached_ = oldest;
    for (const auto& each : page.found)
      if (each.post.published) seen_ = std::max(seen_, *each.post.published);
    bool ends = list->cursor.empty() || (oldest && *oldest < source_.floor);
    if (step_ == Step::forward)
      after_forward(page, ends, list->cursor);
    else
      after_back(page, ends, list->cursor);
    if (!page.more && !notice_.empty()) page.refused.push_back({"", notice_});
    page.cursor.position = position();
    return page;
  }

 private:
  enum class Step { forward, back };

  std::string position() const {
    return fmt::format("newest={}&back={}&pages={}&did={}", newest_.time_since_epoch().count(), percent_encode(back_),
                       pages_, percent_encode(did_));
  }

  /// Posts of the account carry the name it is configured with, also after it took another one or lost it.
  void know_author(PostList& list) {
    for (auto& each : list.found) {
      if (!each.post.bridge.empty()) continue;  // its author is somebody of another network
      auto& author = each.post.author;
      if (did_.empty() && (author.handle == name_ || author.handle.empty())) did_ = author.key;
      if (author.key != did_ || name_ == did_) continue;
      if (!author.handle.empty() && author.handle != name_)
        notice_ = fmt::format("{} is now called {}: write bluesky:{} into the configuration", name_, author.handle,
                              author.handle);
      author.handle = name_;
    }
  }

  /// From the newest post down to the newest one known; what was seen on the way is known only once it is reached.
  void after_forward(Page& page, bool ends, const std::string& next) {
    bool is_first = newest_ == sys_ms();
    if (is_first && !ends) {
      newest_ = seen_;
      pages_ = 0;
      back_.clear();
      step_ = Step::back;
      return go_back(page, next);
    }
    page.joins_last = !is_first && (ends || (reached_ && *reached_ <= newest_));
    bool stuck = next == forward_ || ++forward_pages_ >= source_.backfill_pages;
    page.more = !ends && !page.joins_last && !stuck;
    if (page.more) {
      forward_ = next;
      return;
    }
    newest_ = std::max(newest_, seen_);
    if (ends || !page.joins_last) {
      page.since = ends ? source_.floor : reached_;  // else the stated cap: what lies below stays unread
      back_.clear();
    } else if (!back_.empty()) {
      step_ = Step::back;
      page.more = true;
    }
  }

  void after_back(Page& page, bool ends, const std::string& next) {
    newest_ = std::max(newest_, seen_);
    if (!ends) return go_back(page, next);
    page.since = source_.floor;
    back_.clear();
  }

  void go_back(Page& page, const std::string& next) {
    page.more = next != back_ && ++pages_ < source_.backfill_pages;
    if (page.more) {
      back_ = next;
      return;
    }
    page.since = reached_;  // the stated cap, or an AppView that repeats itself
    back_.clear();
  }

  Result<Page> not_accepted(const Answer& answer) {
    auto error = read_error(answer);
    auto refuse = [](Failure::Code code, std::string why) { return Failure{code, std::move(why)}; };
    if (error.name == "AccountDeactivated")
      return refuse(Failure::gone, fmt::format("{} says that {} is deactivated", host_, name_));
    if (error.name == "AccountTakedown")
      return refuse(Failure::gone, fmt::format("{} has taken {} down: its posts are not shown", host_, name_));
    if (error.name == "BlockedActor" || error.name == "BlockedByActor")
      return refuse(Failure::refused, fmt::format("{} does not show {}: one side blocks the other", host_, name_));
    if (error.message == "Profile not found" || error.message == "Unable to resolve handle")
      return refuse(Failure::gone, fmt::format("{} shows no account {}: it has another name, or was deactivated, "
                                               "suspended or deleted; check it in the configuration",
                                               host_, name_));
    // A cursor that was kept is one of another AppView's making after a change there: once more from the newest post.
    if (step_ == Step::back && error.message.find("cursor") != std::string::npos) {
      back_.clear();
      newest_ = seen_ = {};
      reached_.reset();
      step_ = Step::forward;
      forward_.clear();
      Page page;
      page.more = !std::exchange(began_again_, true);
      page.cursor.position = position();
      if (page.more) return page;
    }
    return appview_failure(answer, host_);
  }

  const SourceSettings source_;
  const std::string host_, name_;
  std::string did_, notice_;
  std::string forward_, back_;  ///< cursors: between the newest post and the newest known; on the way to the floor
  int pages_, forward_pages_ = 0;
  sys_ms newest_, seen_{};         ///< the newest post known when the poll began; the newest of this poll
  std::optional<sys_ms> reached_;  ///< how far down this poll has read
  Step step_ = Step::forward;
  bool began_again_ = false;
};

}  // namespace

std::unique_ptr<Job> poll_author(SourceSettings source, const Cursor& cursor) {
  return std::make_unique<AuthorPoll>(std::move(source), cursor);
}

}  // namespace campaignd
