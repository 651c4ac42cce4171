#include "connectors/reading/descent.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "connectors/reading/position.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd {

Descent::Descent(const SourceSettings& source, const std::string& position, std::size_t lists,
                 std::chrono::hours overlap)
    : floor_(source.floor),
      most_pages_(source.backfill_pages),
      lists_(lists),
      overlap_(overlap),
      known_(position_time(position, "known")),
      begun_(position_time(position, "begun")),
      list_(static_cast<std::size_t>(
          std::clamp<std::int64_t>(position_number(position, "list"), 0, static_cast<std::int64_t>(lists) - 1))),
      page_(static_cast<int>(std::clamp<std::int64_t>(position_number(position, "page"), 1, 100'000))),
      mark_(position_text(position, "mark")),
      resumed_(begun_ != sys_ms()),
      was_first_(is_first() || position_number(position, "first") == 1),
      whole_(position_text(position, "cut").empty()),
      trusted_(position_number(position, "doubt") != 1) {
  if (auto cut = position_time(position, "cut"); cut != sys_ms()) since_ = cut;
}

void Descent::begin(sys_ms now) {
  if (begun_ == sys_ms()) begun_ = now;
}

sys_ms Descent::line() const { return is_first() ? floor_ : std::max(floor_, known_ - overlap_); }

void Descent::go_down(Page& page, std::string mark) {
  ++page_;
  mark_ = std::move(mark);
  page.more = true;
}

void Descent::go_down_by_time(Page& page, std::optional<sys_ms> oldest) {
  std::int64_t below = 0;
  if (oldest) below = std::chrono::floor<std::chrono::seconds>(*oldest).time_since_epoch().count() + 1;
  auto last = std::strtoll(mark_.c_str(), nullptr, 10);
  if (last > 0 && below >= last) below = last - 1;
  if (below <= 0 || is_full()) return cut_list(page, oldest);
  go_down(page, std::to_string(below));
}

void Descent::end_list(Page& page) { next_list(page); }

void Descent::cut_list(Page& page, std::optional<sys_ms> read_to) {
  if (whole_) since_ = read_to;
  whole_ = false;
  if (since_) since_ = read_to ? std::optional(std::max(*since_, *read_to)) : std::nullopt;
  next_list(page);
}

void Descent::start_list_again() {
  page_ = 1;
  mark_.clear();
}

void Descent::distrust() {
  trusted_ = false;
  whole_ = false;
  since_.reset();
}

void Descent::next_list(Page& page) {
  start_list_again();
  page.more = true;
  if (++list_ == lists_) finish(page);
}

void Descent::finish(Page& page) {
  list_ = 0;
  if (trusted_) known_ = begun_;
  begun_ = {};
  page.more = std::exchange(resumed_, false) && trusted_;  // what came while it was broken off
  if (page.more) return;
  page.joins_last = whole_ && !was_first_;
  page.since = !whole_ ? since_ : was_first_ ? std::optional(floor_) : std::nullopt;
  was_first_ = is_first();
  whole_ = trusted_ = true;
  since_.reset();
}

std::string Descent::position() const {
  auto out = fmt::format("known={}&begun={}&list={}&page={}&mark={}", known_.time_since_epoch().count(),
                         begun_.time_since_epoch().count(), list_, page_, percent_encode(mark_));
  if (was_first_ && !is_first()) out += "&first=1";
  if (!whole_) out += fmt::format("&cut={}", since_.value_or(sys_ms()).time_since_epoch().count());
  if (!trusted_) out += "&doubt=1";
  return out;
}

}  // namespace campaignd
