#include "connectors/reading/charset.hpp"

#include <unicode/ucnv.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <array>
#include <memory>

#include "connectors/reading/text.hpp"

namespace campaignd {

namespace {

/// Labels that mean more than ICU takes them for.
std::string meaning(std::string_view label) {
  struct Label {
    std::string_view name, meant;
  };
  constexpr std::array labels{Label{"iso-8859-1", "windows-1252"}, Label{"latin1", "windows-1252"},
                              Label{"us-ascii", "windows-1252"},   Label{"ascii", "windows-1252"},
                              Label{"iso-8859-9", "windows-1254"}, Label{"iso-8859-11", "windows-874"},
                              Label{"tis-620", "windows-874"},     Label{"cp874", "windows-874"},
                              Label{"gb2312", "gb18030"},          Label{"gbk", "gb18030"},
                              Label{"x-gbk", "gb18030"},           Label{"shift_jis", "windows-31j"},
                              Label{"shift-jis", "windows-31j"},   Label{"sjis", "windows-31j"},
                              Label{"x-sjis", "windows-31j"},      Label{"euc-kr", "windows-949"},
                              Label{"big5", "big5-hkscs"},         Label{"ks_c_5601-1987", "windows-949"}};
  std::string name;
  for (char c : label)
    if (c > ' ' && c < 0x7F) name += c >= 'A' && c <= 'Z' ? static_cast<char>(c | 32) : c;
  const auto* found = std::ranges::find(labels, name, &Label::name);
  return found == labels.end() ? name : std::string(found->meant);
}

/// Empty where ICU does not know the charset.
std::string convert(std::string_view bytes, const std::string& charset) {
  UErrorCode error = U_ZERO_ERROR;
  std::unique_ptr<UConverter, decltype(&ucnv_close)> converter(ucnv_open(charset.c_str(), &error), ucnv_close);
  if (charset.empty() || U_FAILURE(error)) return {};
  icu::UnicodeString text(bytes.data(), static_cast<std::int32_t>(bytes.size()), converter.get(), error);
  std::string out;
  if (U_SUCCESS(error)) text.toUTF8String(out);
  return out;
}

/// Encodings in which '<' is not one byte of its own, told by their first bytes (XML 1.0, appendix F).
std::string_view betrayed(std::string_view bytes) {
  using namespace std::string_view_literals;
  struct Sign {
    std::string_view bytes, charset;
  };
  constexpr std::array signs{
      Sign{"\xFF\xFE\0\0"sv, "UTF-32LE"}, Sign{"\0\0\xFE\xFF"sv, "UTF-32BE"},  Sign{"\xFF\xFE"sv, "UTF-16LE"},
      Sign{"\xFE\xFF"sv, "UTF-16BE"},     Sign{"<\0\0\0"sv, "UTF-32LE"},       Sign{"\0\0\0<"sv, "UTF-32BE"},
      Sign{"<\0"sv, "UTF-16LE"},          Sign{"\0<"sv, "UTF-16BE"},           Sign{"{\0"sv, "UTF-16LE"},
      Sign{"\0{"sv, "UTF-16BE"},          Sign{"\x4C\x6F\xA7\x94"sv, "IBM037"}};
  for (const auto& sign : signs)
    if (bytes.starts_with(sign.bytes)) return sign.charset;
  return {};
}

std::string declared_encoding(std::string_view bytes) {
  auto open_at = bytes.substr(0, 100).find("<?xml");
  if (open_at == bytes.npos) return {};
  auto head = bytes.substr(open_at, 300);
  head = head.substr(0, head.find("?>"));
  auto at = head.find("encoding");
  if (at == head.npos) return {};
  auto open = head.find_first_of("\"'", at);
  if (open == head.npos) return {};
  auto close = head.find(head[open], open + 1);
  return close == head.npos ? std::string{} : meaning(head.substr(open + 1, close - open - 1));
}

/// Encodings whose bytes are all below 128: valid UTF-8 says nothing against them.
bool is_seven_bit(std::string_view charset) {
  return charset.starts_with("iso-2022") || charset.starts_with("hz") || charset.starts_with("utf-7") ||
         charset == "csiso2022jp";
}

bool is_utf8(std::string_view charset) { return charset == "utf-8" || charset == "utf8"; }

/// Whether more characters beyond ASCII are whole than broken: a teaser cut in its last letter is UTF-8 all the same.
bool is_mostly_utf8(std::string_view bytes) {
  std::size_t whole = 0, broken = 0;
  for (std::size_t at = 0; at < bytes.size();) {
    auto byte = static_cast<unsigned char>(bytes[at]);
    std::size_t length = byte < 0x80 ? 1 : byte < 0xC2 ? 0 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : byte < 0xF5 ? 4 : 0;
    bool good = length != 0 && is_valid_utf8(bytes.substr(at, length));
    if (byte >= 0x80) ++(good ? whole : broken);
    at += good ? length : 1;
  }
  return whole > broken;
}

/// EBCDIC says which of its code pages it is in a declaration written in itself; what all share is enough to read it.
std::string from_ebcdic(std::string_view bytes) {
  auto name = declared_encoding(convert(bytes.substr(0, 400), "IBM037"));
  auto text = convert(bytes, name);
  return text.empty() ? convert(bytes, "IBM037") : text;
}

/// Without the start of a character whose end never came.
std::string_view without_broken_end(std::string_view bytes) {
  for (std::size_t back = 1; back <= 3 && back <= bytes.size(); ++back) {
    auto byte = static_cast<unsigned char>(bytes[bytes.size() - back]);
    if (byte >= 0xC0) return bytes.substr(0, bytes.size() - back);
    if (byte < 0x80) break;
  }
  return bytes;
}

}  // namespace

std::string to_utf8(std::string_view bytes, std::string_view charset) {
  if (bytes.starts_with("\xEF\xBB\xBF")) return clean_utf8(bytes.substr(3));
  if (auto name = betrayed(bytes); name == "IBM037")
    return clean_utf8(from_ebcdic(bytes));
  else if (!name.empty()) {
    auto text = convert(bytes, std::string(name));
    return clean_utf8(text.starts_with("\xEF\xBB\xBF") ? std::string_view(text).substr(3) : text);
  }
  auto declared = declared_encoding(bytes);
  auto told = meaning(charset);
  bool seven_bit = (is_seven_bit(declared) || is_seven_bit(told)) && is_ascii(bytes);
  if (!seven_bit && is_valid_utf8(without_broken_end(bytes))) return clean_utf8(bytes);
  if ((is_utf8(declared) || (declared.empty() && is_utf8(told))) && is_mostly_utf8(bytes)) return clean_utf8(bytes);
  for (const auto& name : {declared, told}) {
    if (is_utf8(name) || name.starts_with("utf-16") || name.starts_with("utf-32")) continue;
    if (auto text = convert(bytes, name); !text.empty()) return clean_utf8(text);
  }
  return clean_utf8(convert(bytes, "windows-1252"));
}

std::string charset_of(std::string_view content_type) {
  auto lower = fold(content_type);
  auto at = lower.find("charset=");
  if (at == lower.npos) return {};
  auto value = std::string_view(lower).substr(at + 8);
  if (value.starts_with('"') || value.starts_with('\'')) value.remove_prefix(1);
  return std::string(value.substr(0, value.find_first_of("\"'; ")));
}

}  // namespace campaignd
