#pragma once
/// Where a web page says its feeds are, and where feeds usually are when it says nothing.
#include <string>
#include <string_view>
#include <vector>

#include "connectors/http.hpp"

namespace campaignd {

/// Whether the bytes are a web page. Content-Type is not asked: feeds are served as text/html, pages as text/xml.
bool looks_like_html(std::string_view bytes);

/// Whether the bytes begin as a feed does: with the root of RSS, Atom or RDF, or as a JSON Feed. Quick, and true for
/// some feeds nobody could read.
bool looks_like_feed(std::string_view bytes);

/// Addresses to try, the most promising first, at most 20, none longer than 2000 bytes, http and https only, on hosts
/// that may be public (or the page's own) and ports 80, 443 or the page's own: the answer's Link headers (RFC 8288),
/// the page's <link rel=alternate> of a feed's type (feeds of comments only where there are no others), then the usual
/// paths beside the page and at the root. Any of them may be no feed: sites send unknown paths to the home page.
std::vector<std::string> feed_links(std::string_view html, const std::string& base, const Headers& headers);

}  // namespace campaignd
