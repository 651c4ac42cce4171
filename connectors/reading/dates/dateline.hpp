#pragma once
/// Dates and places of news items on pages that have no field for them: in a header before the title ("9.03.2017 MALMÖ,
/// SWEDEN // Title"), on one of the first four lines alone or with a place, or in the prose ("On December 13, 2017, the
/// …").
///
/// Day first, always; a month above 12 is no date. Two digits of a year are 1970 to 2069. A date has no hour and no
/// zone, so it is noon UTC: the same day in every zone of Europe. Of a range the first day counts.
#include <optional>
#include <string>
#include <string_view>

#include "connectors/post.hpp"

namespace campaignd {

struct Dateline {
  std::optional<sys_ms> date;   ///< noon UTC
  std::optional<sys_ms> until;  ///< a range's last day
  DateBasis basis = DateBasis::first_seen;
  /// The header's date stands, and the text contradicts it. That is: the same day in another month, or the same day and
  /// month in another year, where the text tells its own date: in the first "On <date>" that begins a sentence, or with
  /// a weekday that is the header's day and not the date's. Other dates in the text are other events.
  bool conflict = false;
  std::string place;          ///< as written: "BUKAREST, ROMANIA"
  std::string city, country;  ///< of the place; ISO 3166-1 of the word that names a country, never of the city
  std::string title;          ///< the rest of the header's line, else the next line; without a header the first line
};

/// Reads an item's text, line by line.
Dateline read_dateline(std::string_view text);

/// A text that is a date and nothing else: "30-31.08.2017", "20 June 2017", "2017-06-20".
std::optional<sys_ms> read_lone_date(std::string_view text);

}  // namespace campaignd
