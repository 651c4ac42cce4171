#include <fmt/format.h>

#include <algorithm>

#include "connectors/platforms/bluesky_api.hpp"
#include "connectors/platforms/bluesky_login.hpp"
#include "connectors/platforms/bluesky_polls.hpp"
#include "connectors/reading/dates/time.hpp"
#include "connectors/reading/descent.hpp"
#include "connectors/reading/position.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd {

namespace {

constexpr std::size_t most_hits = 10'000;        // further down no search goes; what is older is asked for by its time
constexpr auto overlap = std::chrono::hours(1);  // posts are indexed late
constexpr auto a_moment = std::chrono::milliseconds(1);

/// How far down a page reaches: the newest of its last three, for a clock that goes wrong must not end the reading.
std::optional<sys_ms> reach_of(const std::vector<Finding>& found) {
  std::optional<sys_ms> reached;
  int dated = 0;
  for (auto at = found.rbegin(); at != found.rend() && dated < 3; ++at) {
    if (!at->post.published) continue;
    reached = std::max(reached.value_or(*at->post.published), *at->post.published);
    ++dated;
  }
  return reached;
}

/// Pages of one search, the newest first: by the server's cursor, and where that ends or is not taken, by time. Cursors
/// are offsets in some back ends and void in others, so a poll that broke off goes on by time.
class Slice {
 public:
  explicit Slice(const std::string& mark) {
    auto reached = position_time("mark=" + mark, "mark");
    if (reached == sys_ms()) return;
    reached_ = reached;
    go_on_by_time();
  }

  std::string question() const {
    auto until = until_ ? "&until=" + percent_encode(format_utc(*until_)) : std::string{};
    return until + (cursor_.empty() ? "" : "&cursor=" + percent_encode(cursor_));
  }

  void see(const std::vector<Finding>& found) {
    if (auto reached = reach_of(found)) reached_ = reached;
  }

  /// Whether there is a further page; false: the server goes round in circles, or has more posts at one time than a
  /// search shows.
  bool go_on(const std::string& cursor) {
    if (cursor.empty()) return go_on_by_time();  // a full page: a search ends where its back end gives up
    if (cursor == cursor_) return false;
    cursor_ = cursor;
    shown_ += search_page;
    return shown_ + search_page <= most_hits || go_on_by_time();
  }
  /// What was published at the time that was reached is asked for once more: others may bear the same.
  bool go_on_by_time() {
    if (!reached_ || (until_ && *reached_ + a_moment >= *until_)) return false;
    until_ = *reached_ + a_moment;
    cursor_.clear();
    shown_ = 0;
    return true;
  }

  bool has_cursor() const { return !cursor_.empty(); }
  const std::optional<sys_ms>& reached() const { return reached_; }
  std::string mark() const { return reached_ ? std::to_string(reached_->time_since_epoch().count()) : std::string{}; }

 private:
  std::optional<sys_ms> until_, reached_;
  std::string cursor_;
  std::size_t shown_ = 0;  ///< by the pages with this `until`
};

SourceSettings with_a_tag(SourceSettings source) {
  if (source.tags.empty()) source.tags.emplace_back();  // the search says that it wants one
  return source;
}

class WholeSearch final : public Job {
 public:
  WholeSearch(SourceSettings source, const Cursor& cursor)
      : source_(with_a_tag(std::move(source))),
        login_(source_.session, source_.host),
        descent_(source_, cursor.position, source_.tags.size(), overlap),
        slice_(descent_.mark()) {}

  Request ask(sys_ms now) override {
    descent_.begin(now);
    logging_in_ = login_.is_due();
    if (logging_in_) return login_.ask();
    auto request = ask_appview(login_.host(), search_for(source_.tags[descent_.list()]) + slice_.question());
    login_.sign(request);
    return request;
  }

  Result<Page> read(const Answer& answer) override {
    if (logging_in_) {
      if (auto done = login_.read(answer); !done) return done.error();
      return again();
    }
    if (answer.status != 200) return not_shown(answer);
    auto list = read_posts(answer.body);
    if (!list) return unreadable(list.error(), login_.host());
    bool is_last = list->cursor.empty() && list->size < search_page;
    slice_.see(list->found);
    Page page;
    page.found = std::move(list->found);
    page.refused = std::move(list->refused);
    go_on(page, is_last, list->cursor);
    page.cursor.position = descent_.position();
    return page;
  }

 private:
  Page again() const {
    Page page;
    page.more = true;
    page.cursor.position = descent_.position();
    return page;
  }

  void go_on(Page& page, bool is_last, const std::string& cursor) {
    auto reached = slice_.reached();
    bool ends = is_last || (reached && *reached < descent_.line());
    if (!ends && !descent_.is_full() && slice_.go_on(cursor)) return descent_.go_down(page, slice_.mark());
    slice_ = Slice({});
    if (ends)
      descent_.end_list(page);
    else
      descent_.cut_list(page, reached);
  }

  Result<Page> not_shown(const Answer& answer) {
    if (login_.has_expired(answer)) return again();
    const auto& host = login_.host();
    if (answer.status == 401)
      return Failure{Failure::refused, fmt::format("{} does not let the account of the credential search: it may be "
                                                   "deactivated or taken down",
                                                   host)};
    if (answer.status != 400) return appview_failure(answer, host);
    if (slice_.has_cursor() && slice_.go_on_by_time()) return again();
    return Failure{Failure::refused, fmt::format("{} does not accept the question", host)};
  }

  const SourceSettings source_;
  BlueskyLogin login_;
  Descent descent_;
  Slice slice_;
  bool logging_in_ = false;
};

}  // namespace

std::unique_ptr<Job> search_all(SourceSettings source, const Cursor& cursor) {
  return std::make_unique<WholeSearch>(std::move(source), cursor);
}

}  // namespace campaignd
