#include "connectors/reading/dates/date_numbers.hpp"

#include "connectors/reading/dates/civil_time.hpp"

namespace campaignd {

void DayChoices::offer(std::optional<int> year, std::int64_t month, std::int64_t day) {
  if (!year || month < 1 || month > 12 || day < 1 || day > 31) return;
  add(date::year(*year) / static_cast<int>(month) / static_cast<int>(day));
}

void DayChoices::add(date::year_month_day day) {
  if (day.ok() && count_ < days_.size()) days_[count_++] = day;
}

date::year_month_day DayChoices::best(unsigned weekdays) const {
  for (std::size_t i = 0; i < count_; ++i)
    if ((weekdays >> date::weekday(date::sys_days(days_[i])).c_encoding() & 1U) != 0) return days_[i];
  return days_[0];
}

std::optional<int> DateNumbers::Number::year() const { return full_year(static_cast<int>(value), digits); }

bool DateNumbers::add(std::int64_t value, std::size_t digits) {
  if (count_ == numbers_.size()) return false;
  numbers_[count_++] = {value, digits};
  return true;
}

void DateNumbers::note_separator(char mark) {
  if (count_ == 1 && separator_ == '\0') separator_ = mark;
}

bool DateNumbers::set_week(int week, int weekday) {
  if (count_ != 1 || numbers_[0].digits != 4 || week < 1 || week > 53 || weekday < 1 || weekday > 7) return false;
  auto january_4 = date::sys_days(date::year(static_cast<int>(numbers_[0].value)) / 1 / 4);
  auto week_1 = january_4 - (date::weekday(january_4) - date::Monday);
  week_day_ = week_1 + date::weeks(week - 1) + date::days(weekday - 1);
  return true;
}

DayChoices DateNumbers::full_dates(bool month_first) const {
  DayChoices out;
  const auto& first = numbers_[0];
  const auto& second = numbers_[1];
  if (week_day_ && count_ == 1) {
    out.add(*week_day_);
  } else if (month.month != 0 && count_ == 2) {
    offer_named_month(out);
  } else if (month.month == 0 && count_ == 2 && first.digits == 4 && second.digits == 3 && second.value > 0) {
    date::year year(static_cast<int>(first.value));
    date::year_month_day day = date::sys_days(year / 1 / 1) + date::days(second.value - 1);
    if (day.year() == year) out.add(day);
  } else if (month.month == 0 && count_ == 3) {
    offer_three(out, month_first);
  }
  return out;
}

void DateNumbers::offer_named_month(DayChoices& choices) const {
  auto offer = [&](const Number& year, const Number& day) {
    choices.offer(year.year(), month.month, day.small());
    for (int other = 1; other <= 12; ++other)
      if (other != month.month && (month.months >> other & 1U) != 0) choices.offer(year.year(), other, day.small());
  };
  if (numbers_[0].digits < 3) offer(numbers_[1], numbers_[0]);
  if (choices.empty()) offer(numbers_[0], numbers_[1]);
}

void DateNumbers::offer_three(DayChoices& choices, bool month_first) const {
  const auto& [a, b, c] = numbers_;
  if (a.digits >= 3 || (c.digits <= 2 && separator_ == '-')) choices.offer(a.year(), b.small(), c.small());
  if (a.digits >= 3) return;
  const auto& month_number = month_first ? a : b;
  const auto& day = month_first ? b : a;
  choices.offer(c.year(), month_number.small(), day.small());
  choices.offer(c.year(), day.small(), month_number.small());
  if (choices.empty()) choices.offer(a.year(), b.small(), c.small());
}

DayChoices DateNumbers::part_dates() const {
  DayChoices out;
  const auto& first = numbers_[0];
  const auto& second = numbers_[1];
  if (week_day_) return out;
  if (count_ == 1 && first.digits == 4) out.offer(first.year(), month.month != 0 ? month.month : 1, 1);
  if (count_ != 2 || month.month != 0) return out;
  if (first.digits == 4) out.offer(first.year(), second.small(), 1);
  if (second.digits == 4) out.offer(second.year(), first.small(), 1);
  return out;
}

}  // namespace campaignd
