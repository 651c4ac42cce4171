// When two headlines and two texts are one.
#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <array>
#include <bit>

#include "connectors/reading/articles/article.hpp"
#include "connectors/reading/text.hpp"

namespace campaignd {

// ICU's U8_* macros narrow by design.
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"

namespace {

constexpr std::size_t longest_title = 500, longest_text = 5000, fewest_words = 12;
constexpr std::size_t shortest_key_words = 4, shortest_key_letters = 20;

bool is_letter_or_digit(UChar32 c) { return u_isalnum(c) || (U_GET_GC_MASK(c) & U_GC_M_MASK) != 0; }

/// Gives every run of letters and digits of a folded text.
template <class Each>
void each_word(std::string_view folded, Each each) {
  std::size_t start = 0, length = 0;
  for (std::int32_t at = 0, size = static_cast<std::int32_t>(folded.size()); at < size;) {
    auto before = static_cast<std::size_t>(at);
    UChar32 c = 0;
    U8_NEXT_OR_FFFD(folded.data(), at, size, c);
    if (is_letter_or_digit(c)) {
      if (length == 0) start = before;
      length = static_cast<std::size_t>(at) - start;
    } else if (length > 0) {
      each(folded.substr(start, length));
      length = 0;
    }
  }
  if (length > 0) each(folded.substr(start, length));
}

/// splitmix64's last step: every bit of the input moves every bit of the output.
std::uint64_t mix(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ULL;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBULL;
  return x ^ (x >> 31);
}

std::string joined_words(std::string_view text) {
  std::string out;
  each_word(text, [&](std::string_view word) { out += word; });
  return out;
}

std::size_t letters_in(std::string_view text) {
  std::size_t count = 0;
  for (char c : text) count += (c & 0xC0) != 0x80 ? 1U : 0U;
  return count;
}

}  // namespace

std::uint64_t stable_hash(std::string_view text) {
  std::uint64_t hash = 14695981039346656037ULL;
  for (char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  return hash;
}

std::string without_outlet(std::string_view title, std::string_view outlet) {
  constexpr std::array<std::string_view, 6> separators{" - ", " – ", " — ", " | ", " · ", " :: "};
  auto wanted = joined_words(fold(outlet.substr(0, longest_title)));
  if (wanted.empty()) return std::string(title);
  for (auto separator : separators) {
    auto at = title.rfind(separator);
    if (at == title.npos || at == 0) continue;
    auto last = title.substr(at + separator.size());
    if (last.size() <= longest_title && joined_words(fold(last)) == wanted) return std::string(title.substr(0, at));
  }
  return std::string(title);
}

std::string title_key(std::string_view title, std::string_view source) {
  auto folded = fold(cut(without_outlet(title, source), longest_title));
  std::string key;
  std::size_t words = 0;
  each_word(folded, [&](std::string_view word) {
    key += word;
    ++words;
  });
  return words < shortest_key_words || letters_in(key) < shortest_key_letters ? std::string{} : key;
}

std::optional<std::uint64_t> fingerprint(std::string_view title, std::string_view text) {
  auto folded = fold(cut(title, longest_title)) + "\n" + fold(cut(text, longest_text));
  std::array<int, 64> weight{};
  std::uint64_t before = 0, last = 0;
  std::size_t words = 0;
  each_word(folded, [&](std::string_view word) {
    auto here = mix(stable_hash(word));
    if (++words >= 3) {
      auto shingle = mix(mix(before * 3 + last) * 3 + here);
      for (std::size_t bit = 0; bit < weight.size(); ++bit) weight[bit] += ((shingle >> bit) & 1U) != 0 ? 1 : -1;
    }
    before = last;
    last = here;
  });
  if (words < fewest_words) return std::nullopt;
  std::uint64_t out = 0;
  for (std::size_t bit = 0; bit < weight.size(); ++bit)
    if (weight[bit] > 0) out |= std::uint64_t{1} << bit;
  return out;
}

bool near_duplicates(std::uint64_t a, std::uint64_t b) { return std::popcount(a ^ b) <= alike_within; }

std::uint8_t fingerprint_band(std::uint64_t print, int number) {
  return static_cast<std::uint8_t>(print >> (8 * number));
}

}  // namespace campaignd
