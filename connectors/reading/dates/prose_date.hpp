#pragma once
/// Dates of news items as spans of days: in digits, day first, and in English words. Both stand at a text's beginning.
#include <date/date.h>

#include <optional>
#include <string_view>

namespace campaignd {

struct DaySpan {
  date::sys_days first, last;
  std::size_t length = 0;                  ///< of the text that was the date
  std::optional<date::weekday> weekday{};  ///< where the text names one

  bool operator==(const DaySpan&) const = default;
};

/// "25.01.2017", "9.03.2017", "29.05.18", "17. 12.18", "30-31.08.2017", "30.08-1.09.2017". Spaces may stand around
/// dots.
std::optional<DaySpan> read_digit_date(std::string_view text);

/// "December 13, 2017", "March 9th 2017", "14-15 February 2018", "19th of May 2017", "Tuesday, July 27, 2017". A date
/// without its year is none.
std::optional<DaySpan> read_word_date(std::string_view text);

}  // namespace campaignd
