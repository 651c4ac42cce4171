#include "connectors/reading/dates/prose_date.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace campaignd {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c | 32) >= 'a' && (c | 32) <= 'z'; }

/// Walks over a text from the left.
class Walk {
 public:
  explicit Walk(std::string_view text) : text_(text) {}
  std::size_t at() const { return at_; }
  void back_to(std::size_t at) { at_ = at; }
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool take(char c) { return peek() == c && c != '\0' ? (++at_, true) : false; }
  void spaces() {
    while (peek() == ' ' || peek() == '\t') ++at_;
  }
  /// A hyphen or dash with the spaces around it.
  bool dash() {
    auto before = at_;
    spaces();
    auto rest = text_.substr(at_);
    std::size_t length = rest.starts_with('-') ? 1 : rest.starts_with("–") || rest.starts_with("—") ? 3 : 0;
    at_ += length;
    if (length != 0) return spaces(), true;
    at_ = before;
    return false;
  }
  std::optional<unsigned> number(std::size_t most, std::size_t* digits = nullptr) {
    std::size_t count = 0;
    unsigned value = 0;
    for (; is_digit(peek()) && count <= most; ++at_, ++count) value = value * 10 + static_cast<unsigned>(peek() - '0');
    if (digits != nullptr) *digits = count;
    return count == 0 || count > most ? std::nullopt : std::optional(value);
  }
  std::string word() {
    std::string out;
    for (; is_letter(peek()) && out.size() < 12; ++at_) out += static_cast<char>(peek() | 32);
    return is_letter(peek()) ? std::string{} : out;
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

struct Fields {
  unsigned day = 0;
  std::optional<unsigned> month;
  std::optional<int> year;
};

std::optional<date::sys_days> day_of(const Fields& fields) {
  if (!fields.month || !fields.year || *fields.year < 1970 || *fields.year > 2069) return std::nullopt;
  auto day = date::year(*fields.year) / date::month(*fields.month) / date::day(fields.day);
  return day.ok() ? std::optional(date::sys_days(day)) : std::nullopt;
}

std::optional<DaySpan> span_of(Fields first, const Fields& last, std::size_t length) {
  if (!first.month) first.month = last.month;
  if (!first.year) first.year = last.year;
  auto begin = day_of(first);
  auto end = day_of(last);
  if (!begin || !end) return std::nullopt;
  return DaySpan{*begin, std::max(*begin, *end), length};
}

/// A year of two or four digits, behind a dot.
bool read_year(Walk& walk, Fields& fields) {
  std::size_t digits = 0;
  auto year = walk.number(4, &digits);
  if (!year || digits == 1 || digits == 3) return false;
  fields.year = static_cast<int>(digits == 4 ? *year : *year + (*year < 70 ? 2000 : 1900));
  return true;
}

/// day[.month[.year]]; what does not follow is left for the range's end to say.
std::optional<Fields> read_digits(Walk& walk) {
  Fields fields;
  auto day = walk.number(2);
  if (!day) return std::nullopt;
  fields.day = *day;
  auto before = walk.at();
  walk.spaces();
  if (!walk.take('.')) return walk.back_to(before), fields;
  walk.spaces();
  before = walk.at();
  fields.month = walk.number(2);
  if (!fields.month) return walk.back_to(before), fields;
  before = walk.at();
  walk.spaces();
  if (!walk.take('.')) return walk.back_to(before), fields;
  walk.spaces();
  if (is_digit(walk.peek()) && !read_year(walk, fields)) return std::nullopt;
  return fields;
}

unsigned month_named(std::string_view word) {
  constexpr std::array<std::string_view, 12> names{"january",   "february", "march",    "april",
                                                   "may",       "june",     "july",     "august",
                                                   "september", "october",  "november", "december"};
  for (unsigned i = 0; i < names.size(); ++i)
    if (word == names[i] || (word.size() == 3 && names[i].starts_with(word))) return i + 1;
  return word == "sept" ? 9 : 0;
}

std::optional<date::weekday> weekday_named(std::string_view word) {
  constexpr std::array<std::string_view, 7> names{"sunday",   "monday", "tuesday", "wednesday",
                                                  "thursday", "friday", "saturday"};
  for (unsigned i = 0; i < names.size(); ++i)
    if (word == names[i]) return date::weekday(i);
  return std::nullopt;
}

/// A day with its ordinal ending.
std::optional<unsigned> read_day(Walk& walk) {
  auto day = walk.number(2);
  auto before = walk.at();
  auto ending = walk.word();
  constexpr std::array<std::string_view, 4> ordinals{"st", "nd", "rd", "th"};
  if (std::ranges::find(ordinals, ending) == ordinals.end()) walk.back_to(before);
  return day;
}

bool read_month(Walk& walk, Fields& fields) {
  auto month = month_named(walk.word());
  if (month == 0) return false;
  fields.month = month;
  walk.take('.');
  return true;
}

/// A day, or two with a dash between them.
bool read_days(Walk& walk, Fields& first, Fields& last) {
  auto day = read_day(walk);
  if (!day) return false;
  first.day = last.day = *day;
  auto before = walk.at();
  if (!walk.dash()) return true;
  auto second = read_day(walk);
  if (second) last.day = *second;
  if (!second) walk.back_to(before);
  return true;
}

bool read_word_days(Walk& walk, Fields& first, Fields& last) {
  if (is_letter(walk.peek())) {
    if (!read_month(walk, last)) return false;
    walk.spaces();
    return read_days(walk, first, last);
  }
  if (!read_days(walk, first, last)) return false;
  walk.spaces();
  auto before = walk.at();
  if (walk.word() != "of") walk.back_to(before);
  walk.spaces();
  return read_month(walk, last);
}

}  // namespace

std::optional<DaySpan> read_digit_date(std::string_view text) {
  Walk walk(text.substr(0, 60));
  auto first = read_digits(walk);
  if (!first) return std::nullopt;
  auto end = walk.at();
  if (!walk.dash() || !is_digit(walk.peek())) return span_of(*first, *first, end);
  auto last = read_digits(walk);
  if (!last || !last->month || !last->year) return first->year ? span_of(*first, *first, end) : std::nullopt;
  return span_of(*first, *last, walk.at());
}

std::optional<DaySpan> read_word_date(std::string_view text) {
  Walk walk(text.substr(0, 80));
  auto weekday = weekday_named(walk.word());
  if (!weekday) walk.back_to(0);
  if (weekday) walk.take(',');
  walk.spaces();
  Fields first, last;
  if (!read_word_days(walk, first, last)) return std::nullopt;
  walk.spaces();
  walk.take(',');
  walk.spaces();
  std::size_t digits = 0;
  auto year = walk.number(4, &digits);
  if (!year || digits != 4) return std::nullopt;
  last.year = static_cast<int>(*year);
  auto span = span_of(first, last, walk.at());
  if (span) span->weekday = weekday;
  return span;
}

}  // namespace campaignd
