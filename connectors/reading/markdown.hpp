#pragma once
/// Markdown, as Lemmy and PeerTube store what people write, to text and links.
#include <string>
#include <string_view>
#include <vector>

namespace campaignd {

struct MarkdownText {
  std::string text;                ///< without escapes, emphasis and the targets of links; images are left out
  std::string alt_text;            ///< of images, a line each
  std::vector<std::string> links;  ///< targets, and addresses written out
  int images = 0;
};

/// Enough of CommonMark to see the words, hashtags and links of a text. Linear in its size.
MarkdownText read_markdown(std::string_view markdown);

}  // namespace campaignd
