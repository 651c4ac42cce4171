#include "connectors/reading/newest_first.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "connectors/reading/position.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd {

bool number_before(const std::string& a, const std::string& b) {
  return a.size() != b.size() ? a.size() < b.size() : a < b;
}

bool text_before(const std::string& a, const std::string& b) { return a < b; }

NewestFirst::NewestFirst(const SourceSettings& source, const std::string& position, Before before)
    : floor_(source.floor),
      most_pages_(source.backfill_pages),
      before_(before),
      newest_(position_text(position, "newest")),
      known_(position_text(position, "known")),
      low_(position_text(position, "low")),
      oldest_(position_text(position, "oldest")),
      pages_(static_cast<int>(position_number(position, "pages"))) {}

const std::string& NewestFirst::below() const {
  static const std::string none;
  return step_ == Step::gap ? low_ : step_ == Step::back ? oldest_ : none;
}

std::string NewestFirst::position() const {
  return fmt::format("newest={}&oldest={}&pages={}&known={}&low={}", percent_encode(newest_), percent_encode(oldest_),
                     pages_, percent_encode(known_), percent_encode(low_));
}

Page NewestFirst::read(Page page, const std::vector<std::string>& ids, bool last) {
  auto ends = ends_of(ids);
  switch (step_) {
    case Step::gap: return after_gap(std::move(page), ends, last);
    case Step::back: return after_back(std::move(page), ends, last);
    default: return after_newest(std::move(page), ends, last);
  }
}

NewestFirst::Ends NewestFirst::ends_of(const std::vector<std::string>& ids) const {
  if (ids.empty()) return {};
  auto [lowest, highest] = std::ranges::minmax_element(ids, before_);
  return {*lowest, *highest};
}

Page NewestFirst::after_newest(Page page, const Ends& ends, bool last) {
  if (ends.lowest.empty() && !last) return go_on(std::move(page), Step::done);
  bool first = newest_.empty();
  bool reaches = !before_(newest_, ends.lowest);
  if (first) {
    oldest_ = ends.lowest;
    pages_ = 1;
  } else if (!reaches) {
    if (known_.empty()) known_ = newest_;
    low_ = ends.lowest;
  }
  newest_ = std::max(newest_, ends.highest, before_);
  if (last || lies_below_floor(page)) return floor_reached(std::move(page), !first);
  if (!known_.empty()) return go_on(std::move(page), Step::gap);
  if (first) return go_on(std::move(page), Step::back);
  return caught_up(std::move(page));
}

Page NewestFirst::after_gap(Page page, const Ends& ends, bool last) {
  if (last || lies_below_floor(page)) return floor_reached(std::move(page), true);
  if (!ends.lowest.empty() && !before_(known_, ends.lowest)) return caught_up(std::move(page));
  bool moves = !ends.lowest.empty() && before_(ends.lowest, low_);  // else the server would repeat itself for ever
  if (moves) low_ = ends.lowest;
  if (moves && ++gap_pages_ < most_pages_) return go_on(std::move(page), Step::gap);
  return capped(std::move(page));
}

Page NewestFirst::after_back(Page page, const Ends& ends, bool last) {
  if (last || lies_below_floor(page)) return floor_reached(std::move(page), false);
  bool moves = !ends.lowest.empty() && before_(ends.lowest, oldest_);
  if (moves) oldest_ = ends.lowest;
  if (moves && ++pages_ < most_pages_) return go_on(std::move(page), Step::back);
  return capped(std::move(page));
}

Page NewestFirst::caught_up(Page page) {
  known_.clear();
  low_.clear();
  page.joins_last = true;
  return go_on(std::move(page), oldest_.empty() ? Step::done : Step::back);
}

/// What lies below stays unread for good: reading on from further down would cover what was left out.
Page NewestFirst::capped(Page page) {
  page.since = newest_date(page.found);
  known_.clear();
  low_.clear();
  oldest_.clear();
  return go_on(std::move(page), Step::done);
}

Page NewestFirst::floor_reached(Page page, bool joins) {
  page.since = floor_;
  page.joins_last = joins;
  known_.clear();
  low_.clear();
  oldest_.clear();
  return go_on(std::move(page), Step::done);
}

Page NewestFirst::go_on(Page page, Step step) {
  step_ = step;
  page.more = step != Step::done;
  return page;
}

/// A page is past the floor when all of it is: one old post that arrived late proves nothing.
bool NewestFirst::lies_below_floor(const Page& page) const {
  return !page.found.empty() && std::ranges::all_of(page.found, [&](const Finding& each) {
    return each.post.published && *each.post.published < floor_;
  });
}

}  // namespace campaignd
