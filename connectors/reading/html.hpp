#pragma once
/// HTML fragments, as platforms put them into posts, to text and links.
#include <string>
#include <string_view>
#include <vector>

namespace campaignd {

struct Fragment {
  std::string text;                ///< block elements and <br> end a line; script and style are gone
  std::vector<std::string> links;  ///< every href, entities decoded
};

Fragment read_html(std::string_view html);

/// Character references decoded once: numeric ones as HTML 5 reads them, named ones of HTML 4 and &apos;.
std::string decode_entities(std::string_view text);

}  // namespace campaignd
