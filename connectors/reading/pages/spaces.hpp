#pragma once
/// White space as pages write it: ASCII's, the no-break space (U+00A0), the narrow and typographic ones (U+2000–U+200A,
/// U+202F), the ideographic one, and the zero-width characters that stand between words without being seen.
#include <string>
#include <string_view>

namespace campaignd {

/// How many bytes of white space stand at `at`; 0 where there is none.
inline std::size_t space_at(std::string_view text, std::size_t at) {
  auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  if (byte(at) == ' ' || (byte(at) >= 9 && byte(at) <= 13)) return 1;
  if (byte(at) == 0xC2 && byte(at + 1) == 0xA0) return 2;
  if (byte(at) == 0xE2 && byte(at + 1) == 0x80)
    return (byte(at + 2) >= 0x80 && byte(at + 2) <= 0x8B) || byte(at + 2) == 0xAF ? 3 : 0;
  if (byte(at) == 0xE3 && byte(at + 1) == 0x80 && byte(at + 2) == 0x80) return 3;
  if (byte(at) == 0xEF && byte(at + 1) == 0xBB && byte(at + 2) == 0xBF) return 3;
  return 0;
}

/// Every white space a plain one; line feeds stay.
inline std::string plain_spaces(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    auto space = space_at(text, at);
    out += space == 0 || text[at] == '\n' ? text[at] : ' ';
    at += space == 0 ? 1 : space;
  }
  return out;
}

/// Without plain white space at either end.
inline std::string_view trimmed(std::string_view text) {
  auto first = text.find_first_not_of(" \t\r\n");
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

}  // namespace campaignd
