#include "connectors/reading/text.hpp"

#include <simdjson.h>
#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <bitset>
#include <memory>

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

/// Latin, Greek and Cyrillic letters, which make up most of Europe's texts, fold one by one; only marks that combine
/// change what stands before them.
constexpr UChar32 alone_below = 0x530;
constexpr int most_marks = 30;
bool combines(UChar32 c) { return c == 0xAD || (c >= 0x300 && c < 0x370) || (c >= 0x483 && c < 0x48A); }

void fold_into(std::string& out, std::string_view text) {
  UErrorCode error = U_ZERO_ERROR;
  std::string folded;
  icu::StringByteSink<std::string> sink(&folded, static_cast<std::int32_t>(text.size()));
  folder().normalizeUTF8(0, clean_utf8(text), sink, nullptr, error);
  out += U_SUCCESS(error) ? folded : clean_utf8(text);
}

std::string utf8_of(UChar32 c) {
  std::string out;
  icu::UnicodeString(c).toUTF8String(out);
  return out;
}

const std::string& folded_alone(UChar32 c) {
  static const auto table = [] {
    std::array<std::string, alone_below> out;
    for (UChar32 each = 0x80; each < alone_below; ++each) {
      fold_into(out[static_cast<std::size_t>(each)], utf8_of(each));
    }
    return out;
  }();
  return table[static_cast<std::size_t>(c)];
}

/// Bytes of valid UTF-8 that may be, or begin, a control character.
constexpr auto suspect = [] {
  std::array<bool, 256> table{};
  for (unsigned c = 0; c < 0x20; ++c) table[c] = c != '\t' && c != '\n';
  table[0x7F] = table[0xC2] = true;
  return table;
}();

/// Without a branch, so that the compiler does many bytes at a time.
bool holds_suspects(std::string_view text) {
  unsigned char found = 0;
  for (char c : text) {
    auto byte = static_cast<unsigned char>(c);
    found |= static_cast<unsigned char>((byte < 0x20) & (byte != '\t') & (byte != '\n'));
    found |= static_cast<unsigned char>((byte == 0x7F) | (byte == 0xC2));
  }
  return found != 0;
}

bool continues_word(UChar32 c) { return u_hasBinaryProperty(c, UCHAR_XID_CONTINUE) || c == 0x30FB || c == 0x00B7; }

}  // namespace

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

std::string fold(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  std::size_t last = 0;  // where in `out` the character before this one begins
  for (std::size_t at = 0; at < text.size();) {
    if (auto byte = static_cast<unsigned char>(text[at]); byte < 0x80) {
      ++at;
      if (suspect[byte] && byte != '\r') continue;
      last = out.size();
      out += byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte | 32) : byte == '\r' ? '\n' : static_cast<char>(byte);
      continue;
    }
    auto start = at;
    auto c = next_code_point(text, at);
    if (c < alone_below && !combines(c)) {
      last = out.size();
      out += folded_alone(c);
      continue;
    }
    // What may join with its neighbours is folded with them: with the character before, up to the next that stands
    // alone. Nobody writes more marks on a letter than UAX #15 lets a stream hold; sorting them would take for ever.
    auto run = out.substr(last);
    out.resize(last);
    for (int marks = 0;;) {
      marks = u_getCombiningClass(c) == 0 ? 0 : marks + 1;
      if (marks <= most_marks) run.append(text, start, at - start);
      start = at;
      if (at >= text.size()) break;
      c = next_code_point(text, at);
      if (c < alone_below && !combines(c)) {
        at = start;
        break;
      }
    }
    fold_into(out, run);
    last = out.size();
  }
  return out;
}

bool hides_ascii(std::string_view text) {
  constexpr UChar32 known_below = 0x20000;
  static const auto hiding = [] {
    auto bits = std::make_unique<std::bitset<known_below>>();
    for (UChar32 c = 0x80; c < known_below; ++c) {
      if (!u_isdefined(c) || U_IS_SURROGATE(c)) continue;
      std::string folded;
      fold_into(folded, utf8_of(c));
      auto is_ascii = [](char f) { return (f >= 'a' && f <= 'z') || (f >= '0' && f <= '9'); };
      if (folded.empty() || std::ranges::any_of(folded, is_ascii)) bits->set(static_cast<std::size_t>(c));
    }
    return bits;
  }();
  for (std::size_t at = 0; at < text.size();) {
    if (auto byte = static_cast<unsigned char>(text[at]); byte < 0x80) {
      if (suspect[byte]) return true;
      ++at;
      continue;
    }
    auto c = next_code_point(text, at);
    if (c >= known_below ? c >= 0xE0000 : hiding->test(static_cast<std::size_t>(c))) return true;
  }
  return false;
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

bool is_valid_utf8(std::string_view text) { return simdjson::validate_utf8(text.data(), text.size()); }

std::string clean_utf8(std::string_view text) {
  const bool valid = is_valid_utf8(text);
  if (valid && !holds_suspects(text)) return std::string(text);
  std::string out;
  out.reserve(text.size());
  std::size_t copied = 0;
  for (std::size_t at = 0; at < text.size();) {
    auto byte = static_cast<unsigned char>(text[at]);
    if (!suspect[byte] && (valid || byte < 0x80)) {
      ++at;
      continue;
    }
    auto start = at;
    auto c = next_code_point(text, at);
    bool control = c < 0x20 || (c >= 0x7F && c < 0xA0);
    bool broken = c == 0xFFFD && !valid;
    if (!control && !broken) continue;
    out.append(text, copied, start - copied);
    if (broken) out += "\xEF\xBF\xBD";
    copied = at;
  }
  return out.append(text, copied, text.size() - copied);
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
