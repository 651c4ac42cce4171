#include "connectors/reading/feeds/syndication.hpp"

#include "connectors/reading/charset.hpp"
#include "connectors/reading/feeds/feed_xml.hpp"

namespace campaignd {

Result<Feed> read_feed(std::string_view bytes, std::string_view content_type, const std::string& base) {
  auto charset = charset_of(content_type);
  auto text = to_utf8(bytes, charset);
  auto first = text.find_first_not_of(" \t\r\n");
  if (first != text.npos && text[first] == '{') return read_json_feed(text, base);
  return read_xml_feed(text, base);
}

}  // namespace campaignd
