#include "daemon/config/config.hpp"

#include <date/tz.h>
#include <fmt/format.h>

#include <algorithm>

namespace campaignd {

const Edition* Campaign::edition_at(sys_ms time) const {
  auto found = std::ranges::find_if(editions, [&](const Edition& e) { return time >= e.from && time < e.until; });
  return found == editions.end() ? nullptr : &*found;
}

const Edition* Campaign::edition_named(std::string_view wanted) const {
  auto found = std::ranges::find(editions, wanted, &Edition::id);
  return found == editions.end() ? nullptr : &*found;
}

const Edition* Campaign::edition_to_show(sys_ms now) const {
  if (const auto* running = edition_at(now)) return running;
  auto next = std::ranges::find_if(editions, [&](const Edition& e) { return e.from > now; });
  if (next != editions.end()) return &*next;
  return editions.empty() ? nullptr : &editions.back();
}

std::string_view name_of(Profile profile) { return profile == Profile::standard ? "standard" : "strict"; }

std::string Problem::text() const {
  return line == 0 ? fmt::format("{}: {}", file, message) : fmt::format("{}:{}:{}: {}", file, line, column, message);
}

std::optional<sys_ms> day_start(const std::string& zone, int year, unsigned month, unsigned day) {
  auto ymd = date::year(year) / date::month(month) / date::day(day);
  if (!ymd.ok()) return std::nullopt;
  try {
    auto local = date::local_days(ymd);
    // A midnight that DST skips or repeats: the day begins at its first instant.
    return std::chrono::time_point_cast<std::chrono::milliseconds>(
        date::locate_zone(zone)->to_sys(local, date::choose::earliest));
  } catch (const std::runtime_error&) { return std::nullopt; }
}

}  // namespace campaignd
