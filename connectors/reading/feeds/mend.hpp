#pragma once
/// Markup as people write it, made into what an XML parser accepts: it never gives up, and it never guesses more than
/// where an element ends.
#include <string>
#include <string_view>

namespace campaignd {

/// What is more, or longer, is left out: libxml2 compares each with all.
constexpr int most_attributes = 50, most_namespaces = 100;
constexpr std::size_t longest_namespace = 500;

struct Mended {
  std::string text;  ///< well-formed, its only references &lt; &gt; &amp; and &quot;; empty where there was no element
  bool complete = true;  ///< false: the document ended before its elements did; they stay open
};

/// `text` is UTF-8. References are decoded once, names being those of HTML; comments, processing instructions and the
/// DOCTYPE with all it declares are gone; a '<' that opens no tag with an ASCII name is text; attributes without quotes
/// get them; an end tag closes what is open inside its element, or is dropped where there is none; an item ends where
/// the next begins; elements deeper than 200 lose their tags. Linear in time.
Mended mend(std::string_view text);

}  // namespace campaignd
