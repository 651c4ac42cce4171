#pragma once
/// The words of written dates: months, weekdays, zones, and what stands between them without meaning anything.
/// Every word is given folded and without accents, as plain_words() makes it.
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace campaignd {

/// Lower case (UAX #21), compatibility forms made plain, accents off: "Févr." and "FEVR." become "fevr.". Dashes of
/// every length become '-', other punctuation outside ASCII a space.
std::string plain_words(std::string_view text);

/// The zone of a name: RFC 822's, Europe's, and the common ones of Asia and Oceania. Military letters but Z are not
/// known: RFC 2822 4.3 takes them for UTC, because they were used with either sign. IST, which India, Israel and
/// Ireland use, is read as +02:00, the middle of the three.
std::optional<std::chrono::minutes> zone_named(std::string_view name);

/// What a word may name. Some words are a month in one language and another, or a weekday, in a second:
/// "listopada" is November in Poland and October in Croatia, "mar" is March and mardi.
struct DateWord {
  int month = 0;              ///< the likeliest, 1 to 12; 0: none
  std::uint16_t months = 0;   ///< all of them, bit n for month n
  std::uint8_t weekdays = 0;  ///< bit 0 for Sunday
};

/// A word is a name when it is one in full, in the nominative or as dates decline it, or the beginning of one: three
/// letters of a month, two of a weekday.
DateWord date_word(std::string_view word);

/// Words that may stand anywhere in a date: "de", "at", "Uhr", "th", "года", "日".
bool is_filler(std::string_view word);

enum class HalfOfDay { unsaid, morning, afternoon };

/// "pm", "오후", "下午", "مساء" and the like, of one word.
HalfOfDay half_of_day(std::string_view word);

/// What follows a number of hours, minutes or seconds where no colon does: "15h54", "10時20分".
bool marks_hours(std::string_view word);
bool marks_minutes(std::string_view word);
bool marks_seconds(std::string_view word);

}  // namespace campaignd
