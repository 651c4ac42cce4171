#pragma once
/// Dates that keep to no standard, read by rules instead of by a list of layouts.
///
/// A text is taken apart into numbers, words and marks. A number is part of a clock (10:20:30, 15h54, after a full date
/// also 10.20 and 1020), of an offset (+0200 after a clock or a zone's name), or one of at most three numbers of the
/// date. What the date's numbers mean:
///  - with a month's name: day and year; the year is the number of four digits, else the second;
///  - year first: month, day; or the day of the year (2003-335), or a week (2004-W53-6);
///  - year last: day and month. The order that exists wins (01/31/2012); of two that do, the one whose weekday is the
///    one written ("Sat, 11 04 2020"); else month first beside "pm" or an American zone, and day first otherwise;
///  - two digits thrice: 31.12.03 and 31/12/03 are as above, 03-12-31 is year first;
///  - a year, or a year and its month, only where nothing else is said.
/// Years of two digits are 1970 to 2069; of three, counted from 1900 (a bug of the year 2000). A weekday decides
/// nothing else, for it is often wrong. No zone, an unknown one, or an offset no place has, is UTC, except that Korea,
/// which has one zone, is meant by dates in Korean. Text in parentheses, and anything after a full date that makes no
/// sense, is left aside; a day, an hour or a minute that does not exist makes the text no date.
#include <optional>
#include <string_view>

#include "connectors/post.hpp"

namespace campaignd {

/// A date in a text of at most 200 bytes.
std::optional<sys_ms> read_loose_date(std::string_view text);

}  // namespace campaignd
