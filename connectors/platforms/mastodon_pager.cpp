#include "connectors/platforms/mastodon_pager.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "connectors/reading/position.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd {

namespace {

constexpr auto rescan_every = std::chrono::hours(1);
constexpr auto rescan_overlap = std::chrono::hours(3);  ///< so late what was posted before the last look may come in
constexpr int most_rescan_pages = 20;

/// Ids are per server and opaque; snowflakes, ULIDs and flakes all sort by length, then bytes.
bool id_less(const std::string& a, const std::string& b) { return a.size() != b.size() ? a.size() < b.size() : a < b; }

}  // namespace

bool wants_login(int status) { return status == 401 || status == 403 || status == 422; }

Result<Timeline> read_list(const Answer& answer, const std::string& host) {
  auto timeline = read_timeline(answer.body, host);
  if (timeline && timeline->ids.empty() && timeline->nameless)
    return Failure{Failure::malformed, host + " sent a page of which nothing could be read"};
  return timeline;
}

Pager::Pager(const SourceSettings& source, Cursor cursor, std::shared_ptr<Session> session, std::string list)
    : session_(std::move(session)),
      list_(std::move(list)),
      floor_(source.floor),
      most_pages_(source.backfill_pages),
      cursor_(std::move(cursor)),
      newest_(position_text(cursor_.position, list_ + "newest")),
      oldest_(position_text(cursor_.position, list_ + "oldest")),
      pages_(static_cast<int>(position_number(cursor_.position, list_ + "pages"))),
      rescanned_(position_time(cursor_.position, list_ + "rescanned")) {}

Request Pager::ask(const std::string& list, sys_ms now) {
  now_ = now;
  if (step_ == Step::start) step_ = newest_.empty() ? Step::newest : Step::forward;
  // Our own URLs: the server's Link header drops any[] and remote.
  if (step_ == Step::back) return api_request(list + "&max_id=" + percent_encode(oldest_), session_);
  if (step_ == Step::rescan && !rescan_below_.empty())
    return api_request(list + "&max_id=" + percent_encode(rescan_below_), session_);
  if (step_ != Step::forward) return api_request(list, session_);
  auto request = api_request(list + "&min_id=" + percent_encode(newest_), session_);
  ask_conditionally(request, cursor_);
  return request;
}

void Pager::begin_again() { step_ = Step::start; }

Page Pager::read(Timeline timeline, const Answer& answer) {
  Page page;
  page.found = std::move(timeline.found);
  page.refused = std::move(timeline.refused);
  auto ends = ends_of(timeline.ids);
  return step_ == Step::forward  ? after_forward(std::move(page), ends, answer)
         : step_ == Step::back   ? after_back(std::move(page), ends)
         : step_ == Step::rescan ? after_rescan(std::move(page), ends)
                                 : after_newest(std::move(page), ends);
}

Page Pager::read_unchanged(const Answer& answer) {
  keep_validators(cursor_, answer);
  Page page;
  page.joins_last = true;
  return go_on(std::move(page), after_catching_up());
}

std::string Pager::position() const {
  return fmt::format("{0}newest={1}&{0}oldest={2}&{0}pages={3}&{0}rescanned={4}", list_, percent_encode(newest_),
                     percent_encode(oldest_), pages_, rescanned_.time_since_epoch().count());
}

Cursor Pager::cursor(const std::string& others) const {
  auto out = cursor_;
  out.position = position() + others;
  return out;
}

Pager::Ends Pager::ends_of(const std::vector<std::string>& ids) {
  if (ids.empty()) return {};
  auto [lowest, highest] = std::ranges::minmax_element(ids, id_less);
  return {*lowest, *highest};
}

// Mastodon sorts by id, and a post that comes late, as somebody boosts it, may have the id of when it was written,
// below min_id: hence the look at the newest pages.
Pager::Step Pager::after_catching_up() const {
  if (now_ - rescanned_ >= rescan_every) return Step::rescan;
  return oldest_.empty() ? Step::done : Step::back;
}

Page Pager::go_on(Page page, Step step) {
  step_ = step;
  page.more = step != Step::done;
  return page;
}

Page Pager::after_newest(Page page, const Ends& ends) {
  rescanned_ = now_;
  newest_ = ends.second;
  oldest_ = ends.first;
  pages_ = 1;
  if (ends.first.empty() || lies_below(page, floor_)) return floor_reached(std::move(page));
  return go_on(std::move(page), Step::back);
}

Page Pager::after_rescan(Page page, const Ends& ends) {
  auto line = rescanned_ == sys_ms() ? now_ : std::max(rescanned_ - rescan_overlap, floor_);
  bool moves = rescan_below_.empty() || id_less(ends.first, rescan_below_);
  bool goes_on = !page.found.empty() && moves && !lies_below(page, line) && ++rescan_pages_ < most_rescan_pages;
  if (goes_on) {
    rescan_below_ = ends.first;
    return go_on(std::move(page), Step::rescan);
  }
  rescan_below_.clear();
  rescan_pages_ = 0;
  rescanned_ = now_;
  return go_on(std::move(page), oldest_.empty() ? Step::done : Step::back);
}

Page Pager::after_forward(Page page, const Ends& ends, const Answer& answer) {
  if (!ends.second.empty() && id_less(newest_, ends.second)) {
    newest_ = ends.second;
    cursor_.etag.clear();  // it belonged to the URL with the old min_id
    cursor_.last_modified.clear();
    return go_on(std::move(page), Step::forward);
  }
  keep_validators(cursor_, answer);
  page.joins_last = true;
  return go_on(std::move(page), after_catching_up());
}

Page Pager::after_back(Page page, const Ends& ends) {
  if (ends.first.empty() || lies_below(page, floor_)) return floor_reached(std::move(page));
  bool moves = id_less(ends.first, oldest_);  // else the server ignores max_id and would repeat itself for ever
  if (moves) oldest_ = ends.first;
  if (moves && ++pages_ < most_pages_) return go_on(std::move(page), Step::back);
  page.since = newest_date(page.found);  // the stated cap: what lies below stays unread, and coverage says so
  oldest_.clear();
  return go_on(std::move(page), Step::done);
}

Page Pager::floor_reached(Page page) {
  page.since = floor_;
  oldest_.clear();
  return go_on(std::move(page), Step::done);
}

/// A page is past a line when all of it is: one old post that federated late proves nothing.
bool Pager::lies_below(const Page& page, sys_ms line) {
  return !page.found.empty() && std::ranges::all_of(page.found, [&](const Finding& each) {
    return each.post.published && *each.post.published < line;
  });
}

}  // namespace campaignd
