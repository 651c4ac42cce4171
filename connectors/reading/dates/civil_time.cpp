#include "connectors/reading/dates/civil_time.hpp"

#include <date/date.h>

#include <algorithm>

namespace campaignd {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

std::optional<sys_ms> instant(const CivilTime& t) {
  auto day = date::year(t.year) / t.month / t.day;
  if (!day.ok() || t.hour > 24 || t.minute > 59 || t.second > 60) return std::nullopt;
  if (t.hour == 24 && t.minute + t.second + t.milli != 0) return std::nullopt;
  auto time = date::sys_days(day) + hours(t.hour) + minutes(t.minute) + seconds(std::min(t.second, 59)) +
              milliseconds(t.milli) - t.offset;
  constexpr auto first = date::sys_days(date::year(2) / 1 / 1);
  constexpr auto end = date::sys_days(date::year(9999) / 1 / 1);
  if (time < first || time >= end) return std::nullopt;
  return sys_ms(time.time_since_epoch());
}

std::optional<int> full_year(int number, std::size_t digits) {
  if (digits == 4) return number;
  if (digits == 2) return number + (number < 70 ? 2000 : 1900);
  if (digits == 3 && number >= 100 && number < 200) return number + 1900;
  return std::nullopt;
}

minutes offset_of(bool west, int hour, int minute) {
  auto offset = hours(hour) + minutes(minute);
  if (minute > 59 || offset > (west ? hours(12) : hours(14))) return minutes(0);
  return west ? -offset : offset;
}

int milliseconds_of(std::string_view digits) {
  int out = 0;
  for (std::size_t i = 0; i < 3; ++i) out = out * 10 + (i < digits.size() ? digits[i] - '0' : 0);
  return out;
}

}  // namespace campaignd
