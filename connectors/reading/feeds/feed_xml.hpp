#pragma once
/// Feeds that are XML, in every dialect (feed_names), and feeds that are JSON.
#include "connectors/reading/feeds/syndication.hpp"

namespace campaignd {

/// `text` is UTF-8, here and below.
Result<Feed> read_xml_feed(std::string_view text, const std::string& base);

/// JSON Feed 1.0 and 1.1 (jsonfeed.org).
Result<Feed> read_json_feed(std::string_view text, const std::string& base);

}  // namespace campaignd
