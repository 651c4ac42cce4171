#include "connectors/reading/dates/loose_date.hpp"

#include <date/date.h>

#include "connectors/reading/dates/civil_time.hpp"
#include "connectors/reading/dates/date_numbers.hpp"
#include "connectors/reading/dates/date_tokens.hpp"
#include "connectors/reading/dates/time_words.hpp"

namespace campaignd {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

bool is_one_of(const DateToken& token, std::string_view marks) {
  return token.kind == DateToken::mark && marks.find(token.text.front()) != marks.npos;
}

class LooseDate {
 public:
  explicit LooseDate(std::string_view text) : tokens_(date_tokens(text)) {}

  std::optional<sys_ms> read() {
    if (auto time = read_count()) return time;
    while (at_ < tokens_.size() && take()) {}
    return refused_ ? std::nullopt : result();
  }

 private:
  const DateToken* peek(std::size_t ahead = 0) const {
    return at_ + ahead < tokens_.size() ? &tokens_[at_ + ahead] : nullptr;
  }
  const DateToken* peek_number(std::size_t most_digits, std::size_t ahead = 0) const {
    const auto* token = peek(ahead);
    return token && token->kind == DateToken::number && token->digits() <= most_digits ? token : nullptr;
  }
  bool next_is(char c, std::size_t ahead = 0) const { return peek(ahead) && peek(ahead)->is(c); }

  /// Whether the token was understood; if not, reading ends before it.
  bool take() {
    switch (tokens_[at_].kind) {
      case DateToken::number: return take_number();
      case DateToken::word: return take_word();
      default: return take_mark();
    }
  }
  bool refuse() {
    refused_ = true;
    return false;
  }

  // ---- numbers

  /// Seconds, milliseconds or microseconds since 1970, as the length of the number tells; before 1973 it is none.
  std::optional<sys_ms> read_count() const {
    bool has_fraction = tokens_.size() == 3 && tokens_[1].is('.') && tokens_[2].kind == DateToken::number;
    if (tokens_.empty() || tokens_[0].kind != DateToken::number || (tokens_.size() != 1 && !has_fraction)) return {};
    auto count = tokens_[0].value;
    switch (tokens_[0].digits()) {
      case 9:
      case 10: return sys_ms(seconds(count)) + milliseconds(has_fraction ? milliseconds_of(tokens_[2].text) : 0);
      case 13: return sys_ms(milliseconds(count));
      case 16: return sys_ms(milliseconds(count / 1000));
      default: return {};
    }
  }

  bool take_number() {
    const auto& token = tokens_[at_];
    if (next_is(':', 1)) return take_clock(':');
    if (!has_clock_ && peek(1) && peek(1)->kind == DateToken::word) {
      if (marks_hours(peek(1)->text)) return take_marked_clock();
      if (is_hour_of_half()) return take_hour();
    }
    if (!has_clock_ && (follows_t() || has_full_date())) {
      if (token.digits() <= 2 && next_is('.', 1) && peek_number(2, 2)) return take_clock('.');
      if (token.digits() == 4 || token.digits() == 6 || (follows_t() && token.digits() <= 2)) return take_run();
    }
    if (has_clock_ && has_full_date()) return false;
    ++at_;
    return push(token);
  }

  bool push(const DateToken& token) {
    auto value = token.value;
    switch (token.digits()) {
      case 12: set_clock(value % 10000 * 100), value /= 10000; break;
      case 14: set_clock(value % 1000000), value /= 1000000; break;
      case 7: return add(value / 1000, 4) && add(value % 1000, 3);
      case 8: break;
      default: return token.digits() <= 4 ? add(value, token.digits()) : refuse();
    }
    return add(value / 10000, 4) && add(value / 100 % 100, 2) && add(value % 100, 2);
  }
  bool add(std::int64_t value, std::size_t digits) { return date_.add(value, digits) || refuse(); }

  // ---- clocks

  bool follows_t() const { return at_ > 0 && tokens_[at_ - 1].is("t"); }

  /// hour, minute and second as one number
  void set_clock(std::int64_t clock) {
    time_.hour = static_cast<int>(clock / 10000);
    time_.minute = static_cast<int>(clock / 100 % 100);
    time_.second = static_cast<int>(clock % 100);
    has_clock_ = true;
  }
  bool end_clock() {
    has_clock_ = true;
    clock_end_ = at_;
    return true;
  }

  bool take_clock(char between) {
    if (has_clock_) return has_full_date() ? false : refuse();
    const auto* hour = peek_number(2);
    const auto* minute = peek_number(2, 2);
    if (!hour || !minute) return refuse();
    set_clock(hour->value * 10000 + minute->value * 100);
    at_ += 3;
    if (next_is(between) && (between == ':' || peek_number(2, 1))) {
      const auto* second = peek_number(2, 1);
      if (!second) return refuse();
      time_.second = static_cast<int>(second->value);
      at_ += 2;
      take_fraction();
    }
    return next_is(':') ? refuse() : end_clock();
  }
  void take_fraction() {
    const auto* digits = peek_number(18, 1);
    if (!(next_is('.') || next_is(',')) || !digits || peek()->spaced || digits->spaced) return;
    time_.milli = milliseconds_of(digits->text);
    at_ += 2;
  }
  /// "15h54", "10時20分30秒", "3 h"
  bool take_marked_clock() {
    if (!peek_number(2)) return refuse();
    set_clock(tokens_[at_].value * 10000);
    at_ += 2;
    if (const auto* minute = peek_number(2)) {
      time_.minute = static_cast<int>(minute->value);
      ++at_;
      bool marked = peek() && peek()->kind == DateToken::word && marks_minutes(peek()->text);
      if (marked) ++at_;
      const auto* second = peek_number(2);
      if (marked && second && peek(1) && peek(1)->kind == DateToken::word && marks_seconds(peek(1)->text)) {
        time_.second = static_cast<int>(second->value);
        at_ += 2;
      }
    }
    return end_clock();
  }
  /// the 3 of "3 pm"
  bool take_hour() {
    if (!peek_number(2)) return refuse();
    set_clock(tokens_[at_++].value * 10000);
    return end_clock();
  }
  /// "101415", "1014", and after a T "10"
  bool take_run() {
    const auto& token = tokens_[at_++];
    set_clock(token.digits() == 6 ? token.value : token.digits() == 4 ? token.value * 100 : token.value * 10000);
    take_fraction();
    return end_clock();
  }

  /// The a.m. that starts so far ahead.
  bool is_dotted_half(std::size_t ahead) const {
    const auto* first = peek(ahead);
    if (!first || !(first->is("a") || first->is("p") || first->is("π") || first->is("μ"))) return false;
    const auto* last = peek(ahead + (next_is('.', ahead + 1) ? 2 : 1));
    return last && (last->is("m") || last->is("μ"));
  }
  /// "3 pm" and "3 오후", but not "25 오후 3:20"
  bool is_hour_of_half() const {
    bool leads = !peek(1)->is("am") && !peek(1)->is("pm") && peek_number(18, 2);
    return is_dotted_half(1) || (half_of_day(peek(1)->text) != HalfOfDay::unsaid && !leads);
  }
  bool take_half_of_day() {
    auto word = tokens_[at_].text;
    if (is_dotted_half(0)) {
      half_ = tokens_[at_].is("a") || tokens_[at_].is("π") ? HalfOfDay::morning : HalfOfDay::afternoon;
      at_ += next_is('.', 1) ? 3U : 2U;
      if (next_is('.')) ++at_;
    } else if (half_of_day(word) != HalfOfDay::unsaid) {
      ++at_;
      if (word == "am" && !has_clock_) return true;  // German: "am 3. Mai"
      half_ = half_of_day(word);
    } else {
      return false;
    }
    korean_ = korean_ || word == "오전" || word == "오후";
    says_am_pm_ = says_am_pm_ || word.front() == 'a' || word.front() == 'p';
    return has_clock_ ? end_clock() : true;
  }

  // ---- words and marks

  bool take_word() {
    if (take_half_of_day()) return true;
    const auto& token = tokens_[at_++];
    if (token.is("w") && date_.count() == 1) return take_week();
    if (has_clock_ && take_zone(token.text)) return true;
    korean_ = korean_ || token.is("년") || token.is("월") || token.is("일");
    if (is_filler(token.text)) return true;
    if (take_name(date_word(token.text))) return true;
    if (has_full_date() && take_zone(token.text)) return true;
    if (has_clock_ && at_ == clock_end_ + 1) return true;         // a zone nobody knows
    if (at_ == 1 && (next_is(',') || next_is('.'))) return true;  // a weekday in a language we do not know
    --at_;
    return false;
  }

  bool take_zone(std::string_view name) {
    auto offset = zone_ ? std::nullopt : zone_named(name);
    if (offset) zone_ = offset;
    return offset.has_value();
  }

  bool take_name(const DateWord& word) {
    // "mar., 1 dec.": what seemed a month was a weekday.
    bool was_weekday = month_leads_ && date_.month.weekdays != 0 && word.month != 0;
    if (was_weekday) weekdays_ |= date_.month.weekdays;
    if (word.month == 0 || (date_.month.month != 0 && !was_weekday)) {
      weekdays_ |= word.weekdays;
      return word.weekdays != 0;
    }
    date_.month = word;
    month_leads_ = date_.count() == 0 && !was_weekday;
    return true;
  }

  bool take_week() {
    const auto* week = peek_number(3);
    if (!week) return refuse();
    ++at_;
    auto day = week->digits() == 3 ? week->value % 10 : 1;
    auto number = week->digits() == 3 ? week->value / 10 : week->value;
    if (week->digits() < 3 && next_is('-') && peek_number(1, 1)) {
      day = peek_number(1, 1)->value;
      at_ += 2;
    }
    return date_.set_week(static_cast<int>(number), static_cast<int>(day)) || refuse();
  }

  bool take_mark() {
    const auto& token = tokens_[at_];
    bool may_have_offset = has_clock_ || zone_ || (token.is('+') && has_full_date());
    if (may_have_offset && !offset_ && is_one_of(token, "+-") && peek_number(4, 1) && !peek(1)->spaced)
      return take_offset(token.is('-'));
    if (!is_one_of(token, "-/.,'\"|@_;")) return false;
    date_.note_separator(token.text.front());
    ++at_;
    return true;
  }

  /// "+02:00", "+0200", "+2"
  bool take_offset(bool west) {
    const auto& number = *peek(1);
    at_ += 2;
    auto value = static_cast<int>(number.value);
    const auto* minute = number.digits() <= 2 && next_is(':') ? peek_number(2, 1) : nullptr;
    if (minute) at_ += 2;
    if (number.digits() > 2) {
      offset_ = offset_of(west, value / 100, value % 100);
    } else {
      offset_ = offset_of(west, value, minute ? static_cast<int>(minute->value) : 0);
    }
    return true;
  }

  // ---- the date

  DayChoices full_dates() const { return date_.full_dates(says_am_pm_ || (zone_ && *zone_ <= hours(-4))); }
  bool has_full_date() const { return !full_dates().empty(); }
  /// A year, or a year and its month, stands alone.
  bool stands_alone() const { return at_ == tokens_.size() && !has_clock_ && tokens_.back().kind != DateToken::mark; }

  std::optional<sys_ms> result() {
    if (tokens_.empty()) return std::nullopt;
    auto choices = full_dates();
    if (choices.empty() && stands_alone()) choices = date_.part_dates();
    if (choices.empty()) return std::nullopt;
    auto day = choices.best(weekdays_);
    time_.year = int(day.year());
    time_.month = static_cast<int>(unsigned(day.month()));
    time_.day = static_cast<int>(unsigned(day.day()));
    if (half_ == HalfOfDay::afternoon && time_.hour < 12) time_.hour += 12;
    if (half_ == HalfOfDay::morning && time_.hour == 12) time_.hour = 0;
    time_.offset = offset_.value_or(zone_.value_or(korean_ ? hours(9) : hours(0)));
    return instant(time_);
  }

  std::vector<DateToken> tokens_;
  std::size_t at_ = 0;
  bool refused_ = false;
  DateNumbers date_;
  bool month_leads_ = false;  ///< it stands before all numbers of the date
  unsigned weekdays_ = 0;
  CivilTime time_;
  bool has_clock_ = false;
  std::size_t clock_end_ = 0;
  HalfOfDay half_ = HalfOfDay::unsaid;
  bool says_am_pm_ = false;
  bool korean_ = false;
  std::optional<minutes> zone_, offset_;
};

}  // namespace

std::optional<sys_ms> read_loose_date(std::string_view text) {
  if (text.size() > 200) return std::nullopt;
  auto plain = plain_words(text);
  return LooseDate(plain).read();
}

}  // namespace campaignd
