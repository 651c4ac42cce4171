#pragma once
/// The numbers and the month's name of a date, and the days they may mean (the rules: loose_date.hpp).
#include <date/date.h>

#include <array>
#include <cstdint>
#include <optional>

#include "connectors/reading/dates/time_words.hpp"

namespace campaignd {

/// The days a date may mean, the likeliest first. Days that do not exist are none.
class DayChoices {
 public:
  void offer(std::optional<int> year, std::int64_t month, std::int64_t day);
  void add(date::year_month_day day);
  bool empty() const { return count_ == 0; }
  /// The first whose weekday is among these (bit 0 for Sunday), or the first.
  date::year_month_day best(unsigned weekdays) const;

 private:
  std::array<date::year_month_day, 4> days_{};
  std::size_t count_ = 0;
};

class DateNumbers {
 public:
  DateWord month;

  /// A fourth number is none of a date's.
  bool add(std::int64_t value, std::size_t digits);
  std::size_t count() const { return count_; }
  /// The mark between the first two numbers is said here.
  void note_separator(char mark);
  /// The week of the year (ISO 8601) that was the first number, and the day of it from Monday, 1.
  bool set_week(int week, int weekday);

  /// Whether month first is the likelier of two orders is for the rest of the text to say.
  DayChoices full_dates(bool month_first) const;
  /// A year, or a year and its month, as their first day.
  DayChoices part_dates() const;

 private:
  struct Number {
    std::int64_t value;
    std::size_t digits;
    std::optional<int> year() const;
    /// As a day or a month; of more than two digits it is neither.
    std::int64_t small() const { return digits <= 2 ? value : 0; }
  };
  void offer_named_month(DayChoices& choices) const;
  void offer_three(DayChoices& choices, bool month_first) const;

  std::array<Number, 3> numbers_{};
  std::size_t count_ = 0;
  char separator_ = '\0';
  std::optional<date::year_month_day> week_day_;
};

}  // namespace campaignd
