#include "connectors/reading/time.hpp"

#include <date/date.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace campaignd {

namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c | 32) >= 'a' && (c | 32) <= 'z'; }
bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

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
  std::string word() {
    std::string out;
    while (!rest_.empty() && is_letter(rest_.front())) {
      out += static_cast<char>(rest_.front() | 32);
      rest_.remove_prefix(1);
    }
    return out;
  }

 private:
  std::string_view rest_;
};

struct Fields {
  int year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0, milli = 0;
  minutes offset{0};
};

std::optional<sys_ms> instant(const Fields& f) {
  auto day = date::year(f.year) / f.month / f.day;
  if (!day.ok() || f.year < 1900 || f.year > 9999) return std::nullopt;
  if (f.hour > 24 || f.minute > 59 || f.second > 60 || (f.hour == 24 && f.minute + f.second != 0)) return std::nullopt;
  auto second = std::min(f.second, 59);  // 23:59:60 is read as the second before
  return sys_ms(date::sys_days(day).time_since_epoch() + hours(f.hour) + minutes(f.minute) + seconds(second) +
                milliseconds(f.milli) - f.offset);
}

int read_fraction(Walk& walk) {
  int milli = 0;
  int scale = 100;
  while (is_digit(walk.peek())) {
    milli += (walk.peek() - '0') * scale;
    scale /= 10;
    walk.take(walk.peek());
  }
  return milli;
}

/// "+02:00", "+0200", "+02"; offsets no place on Earth has are read as UTC.
std::optional<minutes> read_offset(Walk& walk) {
  int sign = walk.peek() == '-' ? -1 : 1;
  if (!walk.take('+') && !walk.take('-')) return std::nullopt;
  std::size_t digits = 0;
  auto first = walk.number(1, 4, &digits);
  if (!first) return std::nullopt;
  int hour = digits > 2 ? *first / 100 : *first;
  int minute = digits > 2 ? *first % 100 : 0;
  if (digits <= 2 && walk.take(':')) minute = walk.number(1, 2).value_or(0);
  auto offset = hours(hour) + minutes(minute);
  if (minute > 59 || offset > hours(14)) return minutes(0);
  return minutes(sign * offset.count());
}

std::optional<minutes> zone_named(std::string_view name) {
  struct Zone {
    std::string_view name;
    int offset;
  };
  constexpr std::array zones{Zone{"ut", 0},   Zone{"utc", 0},  Zone{"gmt", 0},   Zone{"z", 0},     Zone{"wet", 0},
                             Zone{"west", 1}, Zone{"bst", 1},  Zone{"cet", 1},   Zone{"met", 1},   Zone{"cest", 2},
                             Zone{"mest", 2}, Zone{"eet", 2},  Zone{"eest", 3},  Zone{"msk", 3},   Zone{"est", -5},
                             Zone{"edt", -4}, Zone{"cst", -6}, Zone{"cdt", -5},  Zone{"mst", -7},  Zone{"mdt", -6},
                             Zone{"pst", -8}, Zone{"pdt", -7}, Zone{"akst", -9}, Zone{"akdt", -8}, Zone{"hst", -10}};
  const auto* found = std::ranges::find(zones, name, &Zone::name);
  if (found == zones.end()) return std::nullopt;
  return hours(found->offset);
}

int month_named(std::string_view word) {
  constexpr std::string_view names[] = {"jan", "feb", "mar", "apr", "may", "jun",
                                        "jul", "aug", "sep", "oct", "nov", "dec"};
  if (word.size() < 3) return 0;
  for (int i = 0; i < 12; ++i)
    if (word.substr(0, 3) == names[i]) return i + 1;
  return 0;
}

/// hour:minute[:second[.fraction]]; false when what stands there is no time.
bool read_clock(Walk& walk, Fields& f) {
  auto hour = walk.number(1, 2);
  if (!hour || !walk.take(':')) return false;
  auto minute = walk.number(1, 2);
  if (!minute) return false;
  f.hour = *hour;
  f.minute = *minute;
  if (walk.take(':')) {
    auto second = walk.number(1, 2);
    if (!second) return false;
    f.second = *second;
    if (walk.take('.') || walk.take(',')) f.milli = read_fraction(walk);
  }
  return true;
}

void read_zone(Walk& walk, Fields& f) {
  walk.skip_spaces();
  auto name = walk.word();
  if (auto zone = zone_named(name)) f.offset = *zone;
  walk.skip_spaces();
  if (auto offset = read_offset(walk)) f.offset = *offset;  // "GMT+0200": the number is the zone
}

}  // namespace

std::optional<sys_ms> read_rfc3339(std::string_view text) {
  Walk walk(text);
  walk.skip_spaces();
  Fields f;
  auto year = walk.number(4, 4);
  if (!year) return std::nullopt;
  f.year = *year;
  if (walk.at_end()) return instant(f);
  if (!walk.take('-')) return std::nullopt;
  auto month = walk.number(1, 2);
  if (!month) return std::nullopt;
  f.month = *month;
  if (walk.at_end()) return instant(f);
  if (!walk.take('-')) return std::nullopt;
  auto day = walk.number(1, 2);
  if (!day) return std::nullopt;
  f.day = *day;
  bool has_time = walk.take('T') || walk.take('t');
  if (!has_time) walk.skip_spaces();
  if (walk.at_end()) return instant(f);
  if (!is_digit(walk.peek())) return has_time ? std::nullopt : instant(f);
  if (!read_clock(walk, f)) return std::nullopt;
  read_zone(walk, f);
  return instant(f);
}

std::optional<sys_ms> read_rfc822(std::string_view text) {
  Walk walk(text);
  Fields f;
  walk.skip_spaces();
  auto word = walk.word();  // a weekday, or the month of "June 20, 2017"
  f.month = month_named(word);
  bool month_first = f.month != 0;
  walk.take('.');
  walk.take(',');
  walk.skip_spaces();
  auto day = walk.number(1, 2);
  if (!day) return std::nullopt;
  f.day = *day;
  if (!month_first) {
    while (walk.peek() == '-' || is_space(walk.peek())) walk.take(walk.peek());
    f.month = month_named(walk.word());
    if (f.month == 0) return std::nullopt;
  }
  while (walk.peek() == '-' || walk.peek() == '.' || walk.peek() == ',' || is_space(walk.peek()))
    walk.take(walk.peek());
  std::size_t digits = 0;
  auto year = walk.number(2, 4, &digits);
  if (!year || digits == 3) return std::nullopt;
  f.year = digits == 2 ? *year + (*year < 70 ? 2000 : 1900) : *year;
  walk.take(',');
  walk.skip_spaces();
  if (is_digit(walk.peek())) {
    if (!read_clock(walk, f)) return std::nullopt;
    read_zone(walk, f);
  }
  return instant(f);
}

std::optional<sys_ms> read_date(std::string_view text) {
  if (auto time = read_rfc3339(text)) return time;
  return read_rfc822(text);
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
