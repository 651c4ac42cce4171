#pragma once
/// A date and a time of day as they are written, and the instant they mean.
#include <chrono>
#include <optional>
#include <string_view>

#include "connectors/post.hpp"

namespace campaignd {

struct CivilTime {
  int year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0, milli = 0;
  std::chrono::minutes offset{0};
};

/// None when there is no such day or time, and in the years 1 and 9999, which programs write when they have no date.
/// 24:00 is the next midnight; a leap second is read as the second before it.
std::optional<sys_ms> instant(const CivilTime& time);

/// The year that a number of so many digits means.
std::optional<int> full_year(int number, std::size_t digits);

/// The offset that is written so; beyond -12:00 and +14:00, where no place is, it is zero.
std::chrono::minutes offset_of(bool west, int hours, int minutes);

/// The first three digits of a fraction of a second.
int milliseconds_of(std::string_view digits);

}  // namespace campaignd
