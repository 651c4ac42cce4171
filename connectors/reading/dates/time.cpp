#include "connectors/reading/dates/time.hpp"

#include <date/date.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "connectors/reading/dates/civil_time.hpp"
#include "connectors/reading/dates/loose_date.hpp"
#include "connectors/reading/dates/time_words.hpp"

namespace campaignd {

namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c | 32) >= 'a' && (c | 32) <= 'z'; }
bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

/// A word in lower case; of a long one, more letters than any name has.
class Word {
 public:
  void append(char letter) {
    if (size_ < letters_.size()) letters_[size_++] = static_cast<char>(letter | 32);
  }
  std::string_view view() const { return {letters_.data(), size_}; }
  /// Which of the names it is, or begins with three letters or more; 0: none.
  int number_among(const std::array<std::string_view, 12>& names) const {
    if (size_ < 3) return 0;
    auto found = std::ranges::find_if(names, [this](std::string_view name) { return name.starts_with(view()); });
    return found == names.end() ? 0 : static_cast<int>(found - names.begin()) + 1;
  }

 private:
  std::array<char, 16> letters_{};
  std::size_t size_ = 0;
};

/// Walks over a text from the left; every take says whether it took something.
class Walk {
 public:
  explicit Walk(std::string_view text) : rest_(text) {}
  bool at_end() const { return rest_.empty(); }
  char peek() const { return rest_.empty() ? '\0' : rest_.front(); }
  bool take(char c) {
    if (peek() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void skip_spaces() {
    while (!rest_.empty() && is_space(rest_.front())) rest_.remove_prefix(1);
  }
  /// Between `least` and `most` digits.
  std::optional<int> number(std::size_t least, std::size_t most, std::size_t* taken = nullptr) {
    std::size_t count = 0;
    int value = 0;
    while (count < most && count < rest_.size() && is_digit(rest_[count])) value = value * 10 + (rest_[count++] - '0');
    if (count < least) return std::nullopt;
    rest_.remove_prefix(count);
    if (taken != nullptr) *taken = count;
    return value;
  }
  std::string_view digits() {
    auto out = rest_.substr(0, std::min(rest_.find_first_not_of("0123456789"), rest_.size()));
    rest_.remove_prefix(out.size());
    return out;
  }
  Word word() {
    Word out;
    for (; is_letter(peek()); rest_.remove_prefix(1)) out.append(peek());
    return out;
  }

 private:
  std::string_view rest_;
};

/// What a standard makes of a text, and whether it accounts for all of it.
struct Reading {
  std::optional<sys_ms> time;
  bool whole = false;
};

/// "+02:00", "+0200", "+02"
std::optional<minutes> read_offset(Walk& walk) {
  bool west = walk.peek() == '-';
  if (!walk.take('+') && !walk.take('-')) return std::nullopt;
  std::size_t digits = 0;
  auto first = walk.number(1, 4, &digits);
  if (!first) return std::nullopt;
  if (digits > 2) return offset_of(west, *first / 100, *first % 100);
  return offset_of(west, *first, walk.take(':') ? walk.number(1, 2).value_or(0) : 0);
}

/// hour:minute[:second[.fraction]]; false when what stands there is no time.
bool read_clock(Walk& walk, CivilTime& time) {
  auto hour = walk.number(1, 2);
  if (!hour || !walk.take(':')) return false;
  auto minute = walk.number(1, 2);
  if (!minute) return false;
  time.hour = *hour;
  time.minute = *minute;
  if (!walk.take(':')) return true;
  auto second = walk.number(1, 2);
  if (!second) return false;
  time.second = *second;
  if (walk.take('.') || walk.take(',')) time.milli = milliseconds_of(walk.digits());
  return true;
}

/// Whether the zone is known, or missing, and the last that is said.
bool read_zone(Walk& walk, CivilTime& time) {
  walk.skip_spaces();
  auto name = walk.word();
  auto zone = zone_named(name.view());
  if (zone) time.offset = *zone;
  walk.skip_spaces();
  if (auto offset = read_offset(walk)) time.offset = *offset;  // "GMT+0200": the number is the zone
  walk.skip_spaces();
  return (zone || name.view().empty()) && walk.at_end();
}

Reading read_iso(std::string_view text) {
  Walk walk(text);
  walk.skip_spaces();
  CivilTime time;
  auto year = walk.number(4, 4);
  if (!year) return {};
  time.year = *year;
  if (walk.at_end()) return {instant(time), true};
  if (!walk.take('-')) return {};
  auto month = walk.number(1, 2);
  if (!month) return {};
  time.month = *month;
  if (walk.at_end()) return {instant(time), true};
  if (!walk.take('-')) return {};
  auto day = walk.number(1, 2);
  if (!day) return {};
  time.day = *day;
  bool has_time = walk.take('T') || walk.take('t');
  if (!has_time) walk.skip_spaces();
  if (walk.at_end() && !has_time) return {instant(time), true};
  if (!is_digit(walk.peek())) return {has_time ? std::nullopt : instant(time), false};
  if (!read_clock(walk, time)) return {};
  bool whole = read_zone(walk, time);
  return {instant(time), whole};
}

constexpr std::array<std::string_view, 12> months{"january",   "february", "march",    "april",
                                                  "may",       "june",     "july",     "august",
                                                  "september", "october",  "november", "december"};
constexpr std::array<std::string_view, 12> weekdays{"monday", "tuesday",  "wednesday", "thursday",
                                                    "friday", "saturday", "sunday"};

Reading read_mail_date(std::string_view text) {
  Walk walk(text);
  CivilTime time;
  walk.skip_spaces();
  auto word = walk.word();  // a weekday, or the month of "June 20, 2017"
  bool known = word.view().empty() || word.number_among(weekdays) != 0;
  time.month = word.number_among(months);
  bool month_first = time.month != 0;
  walk.take('.');
  walk.take(',');
  walk.skip_spaces();
  auto day = walk.number(1, 2);
  if (!day) return {};
  time.day = *day;
  if (!month_first) {
    while (walk.peek() == '-' || is_space(walk.peek())) walk.take(walk.peek());
    time.month = walk.word().number_among(months);
    if (time.month == 0) return {};
  }
  while (walk.peek() == '-' || walk.peek() == '.' || walk.peek() == ',' || is_space(walk.peek()))
    walk.take(walk.peek());
  std::size_t digits = 0;
  auto number = walk.number(2, 4, &digits);
  auto year = number ? full_year(*number, digits) : std::nullopt;
  if (!year) return {};
  time.year = *year;
  walk.take(',');
  walk.skip_spaces();
  if (!is_digit(walk.peek())) return {instant(time), known && walk.at_end()};
  if (!read_clock(walk, time)) return {};
  bool whole = read_zone(walk, time);
  return {instant(time), whole && (known || month_first)};
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace

std::optional<sys_ms> read_rfc3339(std::string_view text) { return read_iso(text).time; }

std::optional<sys_ms> read_rfc822(std::string_view text) { return read_mail_date(text).time; }

std::optional<sys_ms> read_date(std::string_view text) {
  text = trimmed(text);
  for (auto read : {read_iso, read_mail_date})
    if (auto reading = read(text); reading.whole) return reading.time;
  return read_loose_date(text);
}

std::string format_utc(sys_ms time) {
  auto day = date::floor<date::days>(time);
  date::year_month_day ymd(day);
  date::hh_mm_ss<milliseconds> clock(time - day);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", int(ymd.year()), unsigned(ymd.month()),
                     unsigned(ymd.day()), clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                     clock.subseconds().count());
}

}  // namespace campaignd
