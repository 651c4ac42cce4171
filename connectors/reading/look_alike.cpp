#include "connectors/reading/look_alike.hpp"

#include <unicode/unistr.h>
#include <unicode/uspoof.h>

#include <algorithm>
#include <string>
#include <vector>

namespace campaignd {

namespace {

using Letters = std::u32string;

Letters letters_of(std::string_view text) {
  auto unicode = icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())));
  Letters out;
  for (std::int32_t at = 0; at < unicode.length(); at = unicode.moveIndex32(at, 1))
    out += static_cast<char32_t>(unicode.char32At(at));
  return out;
}

std::size_t distance(const Letters& a, const Letters& b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    auto diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      auto above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

/// How many slips a tag of that length may hold and still be meant.
std::size_t slips(std::size_t length) {
  constexpr std::size_t most = 2, letters_a_slip = 5;
  return std::min(most, length / letters_a_slip);
}

/// What a text looks like: letters that look the same are one.
icu::UnicodeString skeleton(std::string_view text) {
  static const icu::LocalUSpoofCheckerPointer checker = [] {
    UErrorCode error = U_ZERO_ERROR;
    return icu::LocalUSpoofCheckerPointer(uspoof_open(&error));
  }();
  auto unicode = icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())));
  icu::UnicodeString out;
  UErrorCode error = U_ZERO_ERROR;
  uspoof_getSkeletonUnicodeString(checker.getAlias(), 0, unicode, out, &error);
  return U_SUCCESS(error) ? out : unicode;
}

}  // namespace

std::size_t letters_apart(std::string_view a, std::string_view b) { return distance(letters_of(a), letters_of(b)); }

bool looks_like(std::string_view tag, std::string_view other) {
  if (tag == other || tag.empty() || other.empty()) return false;
  auto a = letters_of(tag), b = letters_of(other);
  auto longer = std::max(a.size(), b.size()), shorter = std::min(a.size(), b.size());
  auto most = slips(longer);
  if (longer - shorter <= most && distance(a, b) <= most) return true;
  return skeleton(tag) == skeleton(other);
}

}  // namespace campaignd
