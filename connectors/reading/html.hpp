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

/// The same for what stands behind one '&': appends its meaning, or the '&' itself where it is no reference, and
/// returns how many characters belong to it.
std::size_t decode_reference(std::string_view behind, std::string& out);

/// HTML with every relative address in it (href, src, cite …) resolved against `base`.
std::string with_absolute_links(std::string_view html, const std::string& base);

/// Text as HTML that shows it.
std::string escape_html(std::string_view text);

}  // namespace campaignd
