#pragma once
/// Dates as platforms and feeds write them. Nothing is invented: what cannot be read is not said, and no result lies
/// outside the years 2 to 9998.
#include <optional>
#include <string>
#include <string_view>

#include "connectors/post.hpp"

namespace campaignd {

/// RFC 3339, and the ISO 8601 profile feeds use (W3CDTF): a missing zone is UTC, a missing time midnight. What follows
/// is left aside.
std::optional<sys_ms> read_rfc3339(std::string_view text);

/// RFC 822 and its children (RSS pubDate, HTTP dates, asctime is not one): weekday, seconds and zone may be missing,
/// years may have two digits; an unknown zone is UTC. What follows is left aside.
std::optional<sys_ms> read_rfc822(std::string_view text);

/// Any date a feed may say: either of them, in full and without remainder; seconds, milliseconds or microseconds since
/// 1970; or what the rules of loose_date.hpp make of it. White space around it means nothing.
std::optional<sys_ms> read_date(std::string_view text);

/// "2027-06-20T06:00:00.000Z"
std::string format_utc(sys_ms time);

}  // namespace campaignd
