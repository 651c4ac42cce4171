#include "connectors/reading/time_windows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "connectors/reading/url.hpp"

namespace campaignd {

using std::chrono::milliseconds;

namespace {

sys_ms time_in(const std::string& position, std::string_view name) {
  auto text = query_value("?" + position, name);
  return sys_ms(milliseconds(text.size() > 15 ? 0 : std::strtoll(text.c_str(), nullptr, 10)));
}

sys_ms slot_before(sys_ms time, milliseconds slot) {
  auto past = time.time_since_epoch() % slot;
  return time - (past < milliseconds(0) ? past + slot : past);
}

std::string spoken(milliseconds time) {
  auto minutes = time / std::chrono::minutes(1);
  return minutes < 120 ? fmt::format("{} minutes", minutes) : fmt::format("{} hours", minutes / 60);
}

}  // namespace

TimeWindows::TimeWindows(sys_ms floor, const std::string& position, const Limits& limits)
    : floor_(floor),
      limits_(limits),
      newest_(time_in(position, "newest")),
      oldest_(time_in(position, "oldest")),
      unread_(time_in(position, "unread")) {}

std::string TimeWindows::position() const {
  auto number = [](sys_ms time) { return time.time_since_epoch().count(); };
  return fmt::format("newest={}&oldest={}&unread={}", number(newest_), number(oldest_), number(unread_));
}

void TimeWindows::begin(sys_ms now) {
  if (step_ == Step::start) start(now);
  ++requests_;
}

void TimeWindows::start(sys_ms now) {
  now_ = now;
  start_ = std::min(std::max(floor_, now - limits_.memory), now - limits_.overlap);
  bool is_first = newest_ == sys_ms() || newest_ > now;
  if (is_first) newest_ = oldest_ = now;
  if (oldest_ <= start_) oldest_ = {};
  at_ = std::max(newest_ - limits_.overlap, now - limits_.memory);
  if (at_ > newest_) unread_ = at_;
  step_ = is_first ? Step::going_back : Step::catching_up;
  width_ = limits_.widest;
  choose();
}

void TimeWindows::choose() {
  bool forward = step_ == Step::catching_up;
  from_ = forward ? at_ : std::max(start_, slot_before(oldest_ - width_, limits_.slot));
  to_ = forward ? std::min(now_, slot_before(at_ + width_, limits_.slot)) : oldest_;
}

void TimeWindows::read(Page& page, std::size_t items) {
  bool is_full = items >= limits_.full;
  if (is_full && to_ - from_ >= 2 * limits_.slot) {
    width_ = (to_ - from_) / 2;
    page.more = true;
  } else {
    if (is_full) page.refused.push_back({"", too_wide()});
    width_ = std::min(width_ * 2, limits_.widest);
    if (step_ == Step::catching_up)
      catch_up(page, is_full);
    else
      go_back(page, is_full);
  }
  if (page.more) choose();
  if (requests_ >= limits_.most_requests) page.more = false;
}

std::string TimeWindows::too_wide() const {
  return fmt::format("{} articles or more within {}: the query is too wide, and what else there was is not read",
                     limits_.full, spoken(to_ - from_));
}

void TimeWindows::catch_up(Page& page, bool is_cut) {
  at_ = newest_ = to_;
  if (is_cut) unread_ = to_;
  if (unread_ != sys_ms()) oldest_ = {};  // what lies below is cut off
  page.more = to_ < now_ || oldest_ != sys_ms();
  if (to_ < now_) return;
  page.joins_last = unread_ == sys_ms();
  if (!page.joins_last) page.since = std::exchange(unread_, sys_ms());
  step_ = Step::going_back;
  width_ = limits_.widest;
}

/// Where there is too much to read it all, reading back ends, and coverage says so.
void TimeWindows::go_back(Page& page, bool is_cut) {
  page.since = is_cut ? to_ : from_;
  oldest_ = from_ == start_ || is_cut ? sys_ms() : from_;
  page.more = oldest_ != sys_ms();
}

}  // namespace campaignd
