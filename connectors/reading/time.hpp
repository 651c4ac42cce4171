#pragma once
/// Dates as platforms and feeds write them. Nothing is invented: what cannot be read is not said.
#include <optional>
#include <string>
#include <string_view>

#include "connectors/post.hpp"

namespace campaignd {

/// RFC 3339, and the ISO 8601 profile feeds use (W3CDTF): a missing zone is UTC, a missing time midnight.
std::optional<sys_ms> read_rfc3339(std::string_view text);

/// RFC 822 and its children (RSS pubDate, HTTP dates, asctime is not one): weekday, seconds and zone may be missing,
/// years may have two digits, zone names are those of RFC 822 and Europe's.
std::optional<sys_ms> read_rfc822(std::string_view text);

/// Either of them.
std::optional<sys_ms> read_date(std::string_view text);

/// "2027-06-20T06:00:00.000Z"
std::string format_utc(sys_ms time);

}  // namespace campaignd
