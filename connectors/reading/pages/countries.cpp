#include "connectors/reading/pages/countries.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "connectors/reading/text.hpp"

namespace campaignd {

namespace {

using Entry = std::pair<std::string_view, std::string_view>;

constexpr std::array table{
    Entry{"austria", "AT"},
    Entry{"belgium", "BE"},
    Entry{"bulgaria", "BG"},
    Entry{"croatia", "HR"},
    Entry{"cyprus", "CY"},
    Entry{"czech republic", "CZ"},
    Entry{"the czech republic", "CZ"},
    Entry{"czechia", "CZ"},
    Entry{"denmark", "DK"},
    Entry{"estonia", "EE"},
    Entry{"finland", "FI"},
    Entry{"france", "FR"},
    Entry{"germany", "DE"},
    Entry{"greece", "GR"},
    Entry{"hungary", "HU"},
    Entry{"ireland", "IE"},
    Entry{"italy", "IT"},
    Entry{"latvia", "LV"},
    Entry{"lithuania", "LT"},
    Entry{"luxembourg", "LU"},
    Entry{"malta", "MT"},
    Entry{"netherlands", "NL"},
    Entry{"the netherlands", "NL"},
    Entry{"holland", "NL"},
    Entry{"poland", "PL"},
    Entry{"portugal", "PT"},
    Entry{"romania", "RO"},
    Entry{"slovakia", "SK"},
    Entry{"slovak republic", "SK"},
    Entry{"slovenia", "SI"},
    Entry{"spain", "ES"},
    Entry{"sweden", "SE"},
    Entry{"albania", "AL"},
    Entry{"armenia", "AM"},
    Entry{"azerbaijan", "AZ"},
    Entry{"belarus", "BY"},
    Entry{"bosnia and herzegovina", "BA"},
    Entry{"georgia", "GE"},
    Entry{"iceland", "IS"},
    Entry{"kosovo", "XK"},
    Entry{"liechtenstein", "LI"},
    Entry{"moldova", "MD"},
    Entry{"montenegro", "ME"},
    Entry{"north macedonia", "MK"},
    Entry{"macedonia", "MK"},
    Entry{"norway", "NO"},
    Entry{"russia", "RU"},
    Entry{"russian federation", "RU"},
    Entry{"serbia", "RS"},
    Entry{"switzerland", "CH"},
    Entry{"turkey", "TR"},
    Entry{"türkiye", "TR"},
    Entry{"ukraine", "UA"},
    Entry{"united kingdom", "GB"},
    Entry{"uk", "GB"},
    Entry{"great britain", "GB"},
    Entry{"algeria", "DZ"},
    Entry{"egypt", "EG"},
    Entry{"israel", "IL"},
    Entry{"jordan", "JO"},
    Entry{"lebanon", "LB"},
    Entry{"libya", "LY"},
    Entry{"morocco", "MA"},
    Entry{"syria", "SY"},
    Entry{"tunisia", "TN"},
    Entry{"usa", "US"},
    Entry{"united states", "US"},
    Entry{"canada", "CA"},
};

struct Word {
  std::size_t begin, end;
};

/// Bytes of words: letters of any script; everything ASCII that is no letter ends one, and so do typographic quotes.
bool in_word(std::string_view text, std::size_t at) {
  auto byte = static_cast<unsigned char>(text[at]);
  if (byte < 0x80) return (byte | 32) >= 'a' && (byte | 32) <= 'z';
  return byte != 0xE2 && byte != 0xC2 && !(at > 0 && byte < 0xC0 && !in_word(text, at - 1));
}

CountryName named(std::string_view text, Word first, Word last) {
  auto folded = fold_words(text.substr(first.begin, last.end - first.begin));
  const auto* found = std::ranges::find(table, folded, &Entry::first);
  if (found == table.end()) return {};
  return {std::string(found->second), first.begin, last.end};
}

std::vector<Word> words_of(std::string_view text) {
  std::vector<Word> words;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (!in_word(text, at)) continue;
    if (words.empty() || words.back().end != at) words.push_back({at, at});
    words.back().end = at + 1;
  }
  return words;
}

constexpr std::size_t longest = 3;  // words

}  // namespace

CountryName country_first_in(std::string_view text) {
  auto words = words_of(text.substr(0, 100));
  for (auto count = std::min(longest, words.size()); count > 0; --count)
    if (auto country = named(text, words[0], words[count - 1]); !country.iso.empty()) return country;
  return {};
}

CountryName country_last_in(std::string_view text) {
  if (text.size() > 200) return {};
  auto words = words_of(text);
  for (auto count = std::min(longest, words.size()); count > 0; --count)
    if (auto country = named(text, words[words.size() - count], words.back()); !country.iso.empty()) return country;
  return {};
}

}  // namespace campaignd
