#pragma once
/// URLs as text: enough to compare, resolve and build them. What is fetched is parsed by libcurl alone (fetch/).
#include <string>
#include <string_view>

namespace campaignd {

/// The lower-case host of an http(s) URL, without port; empty when it is none.
std::string host_of(std::string_view url);

/// RFC 3986 5.2: `reference` against `base`; the reference itself where either cannot be parsed.
std::string resolve(std::string_view base, std::string_view reference);

/// Percent-encoded for a query value or path segment.
std::string percent_encode(std::string_view text);
/// "%D0%B8" and "+" decoded.
std::string percent_decode(std::string_view text);

/// The value of one query parameter, decoded; empty when it is not there.
std::string query_value(std::string_view url, std::string_view name);

/// Whether `host` is `domain` or below it.
bool host_within(std::string_view host, std::string_view domain);

}  // namespace campaignd
