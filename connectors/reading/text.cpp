#include "connectors/reading/text.hpp"

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>

namespace campaignd {

// ICU's U8_* macros narrow by design.
#pragma GCC diagnostic ignored "-Wconversion"

namespace {

const icu::Normalizer2& folder() {
  static const icu::Normalizer2& instance = [&]() -> const icu::Normalizer2& {
    UErrorCode error = U_ZERO_ERROR;
    return *icu::Normalizer2::getNFKCCasefoldInstance(error);
  }();
  return instance;
}

UChar32 next_code_point(std::string_view text, std::size_t& at) {
  auto i = static_cast<std::int32_t>(at);
  UChar32 c = 0;
  U8_NEXT_OR_FFFD(text.data(), i, static_cast<std::int32_t>(text.size()), c);
  at = static_cast<std::size_t>(i);
  return c;
}

UChar32 code_point_before(std::string_view text, std::size_t at) {
  auto i = static_cast<std::int32_t>(at);
  UChar32 c = 0;
  U8_PREV_OR_FFFD(text.data(), 0, i, c);
  return c;
}

bool continues_word(UChar32 c) { return u_hasBinaryProperty(c, UCHAR_XID_CONTINUE) || c == 0x30FB || c == 0x00B7; }

}  // namespace

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

std::string fold(std::string_view text) {
  std::string out;
  if (is_ascii(text)) {
    out.assign(text);
    for (char& c : out)
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 32);
    return out;
  }
  UErrorCode error = U_ZERO_ERROR;
  icu::StringByteSink<std::string> sink(&out, static_cast<std::int32_t>(text.size()));
  auto clean = clean_utf8(text);
  folder().normalizeUTF8(0, clean, sink, nullptr, error);
  return U_SUCCESS(error) ? out : clean;
}

std::string fold_words(std::string_view text) {
  auto folded = fold(text);
  std::string out;
  bool pending = false;
  out.reserve(folded.size());
  for (std::size_t at = 0; at < folded.size();) {
    auto start = at;
    auto byte = static_cast<unsigned char>(folded[at]);
    if (byte > 0x20 && byte < 0x7F && !pending) {
      out += folded[at++];
      continue;
    }
    auto c = next_code_point(folded, at);
    if (u_isUWhiteSpace(c)) {
      pending = !out.empty();
      continue;
    }
    if (pending) out += ' ';
    pending = false;
    out.append(folded, start, at - start);
  }
  return out;
}

bool is_valid_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    auto i = static_cast<std::int32_t>(at);
    UChar32 c = 0;
    U8_NEXT(text.data(), i, static_cast<std::int32_t>(text.size()), c);
    if (c < 0) return false;
    at = static_cast<std::size_t>(i);
  }
  return true;
}

std::string clean_utf8(std::string_view text) {
  auto is_plain = [](char c) {
    return (static_cast<unsigned char>(c) >= 0x20 && static_cast<unsigned char>(c) < 0x7F) || c == '\n';
  };
  if (std::ranges::all_of(text, is_plain)) return std::string(text);
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    auto start = at;
    auto c = next_code_point(text, at);
    if ((c < 0x20 && c != '\t' && c != '\n') || (c >= 0x7F && c < 0xA0)) continue;
    if (c == 0xFFFD)
      out += "\xEF\xBF\xBD";
    else
      out.append(text, start, at - start);
  }
  return out;
}

std::vector<std::string> hashtags_in(std::string_view folded) {
  std::vector<std::string> tags;
  for (std::size_t at = folded.find('#'); at != folded.npos; at = folded.find('#', at)) {
    bool in_word = at > 0 && continues_word(code_point_before(folded, at));
    auto start = ++at;
    auto end = start;
    while (end < folded.size()) {
      auto next = end;
      if (!continues_word(next_code_point(folded, next))) break;
      end = next;
    }
    if (!in_word && end > start) tags.emplace_back(folded.substr(start, end - start));
    at = end;
  }
  return tags;
}

bool stands_in(std::string_view text, std::string_view needle) {
  if (needle.empty()) return false;
  for (auto at = text.find(needle); at != text.npos; at = text.find(needle, at + 1)) {
    auto end = at + needle.size();
    bool free_before = at == 0;
    if (!free_before) {
      auto before = code_point_before(text, at);
      free_before = !continues_word(before) && before != '#';
    }
    auto next = end;
    bool free_after = end == text.size() || !continues_word(next_code_point(text, next));
    if (free_before && free_after) return true;
  }
  return false;
}

std::string cut(std::string_view text, std::size_t most) {
  std::size_t at = 0;
  for (std::size_t count = 0; at < text.size() && count < most; ++count) next_code_point(text, at);
  return std::string(text.substr(0, at));
}

}  // namespace campaignd
