#include "connectors/reading/dates/dateline.hpp"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <vector>

#include "connectors/reading/dates/prose_date.hpp"
#include "connectors/reading/dates/time.hpp"
#include "connectors/reading/pages/countries.hpp"
#include "connectors/reading/pages/spaces.hpp"

namespace campaignd {

// ICU's U8_* macros narrow by design.
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"

namespace {

constexpr std::size_t longest_place = 80;  // bytes
constexpr std::size_t lines_with_date = 4;

bool is_letter(char c) { return (c | 32) >= 'a' && (c | 32) <= 'z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

sys_ms noon_of(date::sys_days day) { return sys_ms(day.time_since_epoch() + std::chrono::hours(12)); }

/// Without the punctuation that held it to its neighbours.
std::string_view bare(std::string_view text) {
  constexpr std::string_view around = " \t,;:|-/";
  auto first = text.find_first_not_of(around);
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(around) - first + 1);
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  for (std::size_t at = 0; at < text.size();) {
    auto end = std::min(text.find('\n', at), text.size());
    if (auto line = trimmed(text.substr(at, end - at)); !line.empty()) lines.push_back(line);
    at = end + 1;
  }
  return lines;
}

bool begins_upper(std::string_view word) {
  std::int32_t at = 0;
  UChar32 c = 0;
  U8_NEXT_OR_FFFD(word.data(), at, static_cast<std::int32_t>(word.size()), c);
  return u_isupper(c) != 0;
}

/// A few capitalised words, and nothing else: what a place looks like where no "//" ends it.
bool looks_like_place(std::string_view text, int most_words) {
  int words = 0;
  for (std::size_t at = 0; at < text.size();) {
    auto end = std::min(text.find(' ', at), text.size());
    if (end > at && (!begins_upper(text.substr(at, end - at)) || ++words > most_words)) return false;
    at = end + 1;
  }
  return words > 0 && text.size() <= longest_place / 2 && std::ranges::none_of(text, is_digit);
}

/// "//" between a place and a title, not that of a URL.
std::size_t find_bar(std::string_view line) {
  for (auto at = line.find("//"); at != line.npos; at = line.find("//", at + 2))
    if (at == 0 || line[at - 1] != ':') return at;
  return line.npos;
}

void set_place(Dateline& out, std::string_view place) {
  out.place = bare(place);
  auto country = country_last_in(out.place);
  out.country = country.iso;
  out.city = country.iso.empty() ? out.place : std::string(bare(out.place.substr(0, country.begin)));
}

/// Place and title of a header without "//": "Bucharest, Romania, The Center for …", "France, new report …". Returns
/// how much of the text is the place.
std::size_t place_before_title(std::string_view text) {
  auto comma = text.find(',');
  auto first = text.substr(0, comma);
  if (comma == text.npos) return looks_like_place(text, 4) && !country_last_in(text).iso.empty() ? text.size() : 0;
  if (country_first_in(first).end == bare(first).size() && !country_first_in(first).iso.empty()) return comma;
  auto rest = text.substr(comma + 1);
  auto country = country_first_in(rest);
  bool at_once = !country.iso.empty() && bare(rest.substr(0, country.begin)).empty() && comma <= longest_place / 2;
  if (at_once) return comma + 1 + country.end;
  return looks_like_place(bare(first), 2) ? comma : 0;
}

/// What follows the date on its line.
void read_place_and_title(Dateline& out, std::string_view rest) {
  auto bar = find_bar(rest);
  if (bar != rest.npos && bar <= longest_place) {
    set_place(out, rest.substr(0, bar));
    out.title = bare(rest.substr(bar));
    return;
  }
  rest = bare(rest);
  auto end = place_before_title(rest);
  if (end > 0) set_place(out, rest.substr(0, end));
  out.title = bare(rest.substr(end));
}

void set_date(Dateline& out, const DaySpan& span, DateBasis basis) {
  out.date = noon_of(span.first);
  if (span.last > span.first) out.until = noon_of(span.last);
  out.basis = basis;
}

/// The whole line as a date, in digits or words.
std::optional<DaySpan> read_lone_span(std::string_view line) {
  auto text = bare(line);
  for (auto span : {read_digit_date(text), read_word_date(text)})
    if (span && bare(text.substr(span->length)).empty()) return span;
  bool iso = text.size() == 10 && text[4] == '-' && text[7] == '-';
  auto time = iso ? read_rfc3339(text) : std::nullopt;
  if (!time) return std::nullopt;
  auto day = date::floor<date::days>(*time);
  return DaySpan{day, day, text.size()};
}

/// "On <date>" where it begins a sentence, and every date with its weekday, in the order of the text.
struct Told {
  std::optional<DaySpan> opening;
  std::vector<DaySpan> weekdays;
};

Told told_in(std::string_view text) {
  constexpr std::size_t far_enough = 20'000;  // bytes: an item is shorter, and its own date stands early
  text = text.substr(0, far_enough);
  Told out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    bool starts = is_letter(text[at]) && (at == 0 || !is_letter(text[at - 1]));
    if (!starts) continue;
    auto rest = text.substr(at);
    if (rest.starts_with("On ") && !out.opening) {
      auto date = trimmed(rest.substr(3, 100));
      if (date.starts_with("the ")) date = trimmed(date.substr(4));
      out.opening = read_word_date(date);
    }
    auto span = read_word_date(rest);
    if (span && span->weekday && out.weekdays.size() < 20) out.weekdays.push_back(*span);
  }
  return out;
}

/// The same day in another month, or the same day and month in another year.
bool is_slip_of(const DaySpan& told, const DaySpan& header) {
  date::year_month_day a(told.first), b(header.first);
  return a.day() == b.day() && (a.month() != b.month()) != (a.year() != b.year());
}

bool contradicts(const Told& told, const DaySpan& header) {
  if (told.opening && is_slip_of(*told.opening, header)) return true;
  return std::ranges::any_of(told.weekdays, [&](const DaySpan& each) {
    return is_slip_of(each, header) && *each.weekday == date::weekday(header.first) &&
           *each.weekday != date::weekday(each.first);
  });
}

/// A line that begins with a date in digits; of a later line only where a place follows.
std::optional<DaySpan> read_dated_line(Dateline& out, std::string_view line, bool first) {
  auto span = read_digit_date(line);
  if (!span) return std::nullopt;
  Dateline there;
  read_place_and_title(there, line.substr(span->length));
  if (!first && there.place.empty()) return std::nullopt;
  out = std::move(there);
  return span;
}

/// The header's date: before the title, or on one of the first lines.
std::optional<DaySpan> read_header(Dateline& out, const std::vector<std::string_view>& lines) {
  for (std::size_t i = 0; i < std::min(lines.size(), lines_with_date); ++i) {
    auto span = read_lone_span(lines[i]);
    if (!span) span = read_dated_line(out, lines[i], i == 0);
    if (!span) continue;
    if (i > 0) out.title = lines[0];
    return span;
  }
  return std::nullopt;
}

}  // namespace

Dateline read_dateline(std::string_view raw) {
  auto text = plain_spaces(raw);
  auto lines = lines_of(text);
  Dateline out;
  auto header = read_header(out, lines);
  auto told = told_in(text);
  if (header) {
    set_date(out, *header, DateBasis::header);
    out.conflict = contradicts(told, *header);
  } else if (told.opening) {
    set_date(out, *told.opening, DateBasis::prose);
  }
  auto next = header ? std::size_t{1} : std::size_t{0};
  if (out.title.empty() && lines.size() > next) out.title = lines[next];
  return out;
}

std::optional<sys_ms> read_lone_date(std::string_view raw) {
  auto text = plain_spaces(raw);
  auto span = read_lone_span(trimmed(text));
  return span ? std::optional(noon_of(span->first)) : std::nullopt;
}

}  // namespace campaignd
