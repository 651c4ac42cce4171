#include "daemon/config/config.hpp"

#include <date/tz.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

namespace campaignd {

const Edition* Campaign::edition_at(sys_ms time) const {
  auto found = std::ranges::find_if(editions, [&](const Edition& e) { return time >= e.from && time < e.until; });
  return found == editions.end() ? nullptr : &*found;
}

const Edition* Campaign::edition_or_baseline_at(sys_ms time) const {
  if (const auto* edition = edition_at(time)) return edition;
  auto found =
      std::ranges::find_if(editions, [&](const Edition& e) { return time >= e.baseline_from && time < e.from; });
  return found == editions.end() ? nullptr : &*found;
}

const Partner* Campaign::partner_named(std::string_view wanted) const {
  auto found = std::ranges::find(partners, wanted, &Partner::id);
  return found == partners.end() ? nullptr : &*found;
}

std::optional<int> Campaign::least_spend(std::string_view connector) const {
  std::optional<int> least;
  for (const auto& source : sources)
    if (source.connector == connector && source.settings.spend_monthly)
      least = std::min(least.value_or(*source.settings.spend_monthly), *source.settings.spend_monthly);
  return least;
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

std::optional<sys_ms> day_start(const std::string& zone, int year, unsigned month, unsigned day,
                                std::chrono::hours later) {
  auto ymd = date::year(year) / date::month(month) / date::day(day);
  if (!ymd.ok()) return std::nullopt;
  try {
    auto local = date::local_days(ymd) + later;
    // A midnight that DST skips or repeats: the day begins at its first instant.
    return std::chrono::time_point_cast<std::chrono::milliseconds>(
        date::locate_zone(zone)->to_sys(local, date::choose::earliest));
  } catch (const std::runtime_error&) { return std::nullopt; }
}

bool Edition::is_busy(sys_ms time) const {
  auto is_in = [&](const Day& each) { return each.from <= time && time < each.until; };
  return is_in({day_from, day_until}) || std::ranges::any_of(peaks, is_in);
}

Day day_in(const std::string& zone, const Edition& edition) {
  int year = 0;
  unsigned month = 0, day = 0;
  std::sscanf(edition.day.c_str(), "%d-%u-%u", &year, &month, &day);
  // The next local midnight, never 24 hours later: days have 23 or 25 hours at DST changes.
  date::year_month_day next(date::sys_days(date::year(year) / date::month(month) / date::day(day)) + date::days(1));
  auto until = day_start(zone, int(next.year()), unsigned(next.month()), unsigned(next.day()));
  return {*day_start(zone, year, month, day), *until};
}

std::vector<Day> days_in(const std::string& zone, sys_ms from, sys_ms until) {
  std::vector<Day> out;
  const auto* tz = date::locate_zone(zone);
  auto begin_of = [&](date::local_days day) {
    return std::chrono::time_point_cast<std::chrono::milliseconds>(tz->to_sys(day, date::choose::earliest));
  };
  for (auto day = date::floor<date::days>(tz->to_local(from)); begin_of(day) < until; day += date::days(1))
    if (begin_of(day) >= from) out.push_back({begin_of(day), begin_of(day + date::days(1))});
  return out;
}

}  // namespace campaignd
