#include "connectors/platforms/x_pages.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "connectors/reading/dates/time.hpp"
#include "connectors/reading/newest_first.hpp"
#include "connectors/reading/position.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd {

namespace {

using namespace std::chrono_literals;

constexpr auto overlap = 1h;   ///< of two readings that are told apart by time
constexpr auto margin = 1h;    ///< what is barely within the memory is out of it before a long reading ends
constexpr auto latest = 1min;  ///< a start must lie in the past, by X's clock
const sys_ms beginning = sys_ms(std::chrono::sys_days(std::chrono::year(2010) / 11 / 7));  ///< the earliest X accepts

bool is_number(const std::string& text) { return text.find_first_not_of("0123456789") == text.npos; }

/// "2026-06-13T12:00:00Z"
std::string seconds_of(sys_ms time) { return format_utc(time).substr(0, 19) + "Z"; }

}  // namespace

XPages::XPages(const SourceSettings& source, const std::string& position, XListRules rules)
    : rules_(rules),
      descent_(source, position, 1, overlap),
      newest_(query_value("?" + position, "newest")),
      top_(query_value("?" + position, "top")),
      bound_(query_value("?" + position, "bound")) {}

std::string XPages::position() const {
  return fmt::format("{}&newest={}&top={}&bound={}", descent_.position(), percent_encode(newest_), percent_encode(top_),
                     percent_encode(bound_));
}

std::string XPages::ask(sys_ms now) {
  descent_.begin(now);
  if (descent_.mark().empty() || is_forgotten(now)) bound_ = bound(now);
  auto out = fmt::format("&{}={}", is_number(bound_) ? "since_id" : "start_time", percent_encode(bound_));
  if (!descent_.mark().empty()) out += fmt::format("&{}={}", rules_.mark, percent_encode(descent_.mark()));
  return out;
}

// One or the other: a search with an id and a time is refused.
std::string XPages::bound(sys_ms now) const {
  auto oldest = rules_.memory ? now - *rules_.memory + margin : beginning;
  auto known = x_time(newest_);
  if (known && *known > oldest) return newest_;
  return seconds_of(std::min(std::max(descent_.line(), oldest), now - latest));
}

std::optional<sys_ms> XPages::bound_time() const { return is_number(bound_) ? x_time(bound_) : read_rfc3339(bound_); }

/// The bound of a reading that takes long, or broke off long ago, lies outside of the list by now.
bool XPages::is_forgotten(sys_ms now) const {
  auto time = bound_time();
  return !time || (rules_.memory && *time < now - *rules_.memory);
}

/// The list does not go back as far as it should have been read.
bool XPages::is_cut() const {
  return !is_number(bound_) && std::max<sys_ms>(descent_.line(), beginning + 1s) < bound_time();
}

Page XPages::read(XList list, int page_size) {
  Page page;
  page.found = std::move(list.found);
  page.refused = std::move(list.refused);
  page.cost = list.cost;
  if (descent_.mark().empty()) top_.clear();
  top_ = std::max(top_, list.newest, number_before);
  bool goes_on = !list.next.empty();
  if (goes_on && list.next != descent_.mark() && !descent_.is_full()) {
    descent_.go_down(page, std::move(list.next));
    return page;
  }
  newest_ = std::max(newest_, top_, number_before);
  bool is_deepest = rules_.most_posts && descent_.page() * page_size >= *rules_.most_posts;
  if (goes_on || is_deepest)
    descent_.cut_list(page, newest_date(page.found));
  else if (is_cut())
    descent_.cut_list(page, bound_time());
  else
    descent_.end_list(page);
  return page;
}

bool XPages::starts_afresh() {
  if (std::exchange(started_afresh_, true) || (newest_.empty() && descent_.mark().empty())) return false;
  newest_.clear();
  descent_.start_list_again();
  return true;
}

}  // namespace campaignd
