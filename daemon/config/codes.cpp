#include "daemon/config/codes.hpp"

#include <date/tz.h>
#include <fmt/format.h>
#include <unicode/uloc.h>
#include <unicode/ustring.h>

#include <algorithm>
#include <array>
#include <span>

#include "connectors/reading/text.hpp"
#include "daemon/config/forms.hpp"

namespace campaignd {

namespace {

using Pair = std::pair<std::string_view, std::string_view>;

template <class Table>
std::string_view look_up(const Table& table, std::string_view key) {
  auto found = std::ranges::find(table, key, &Pair::first);
  return found == std::end(table) ? std::string_view{} : found->second;
}

bool is_among(const char* const* known, std::string_view code) {
  for (; *known != nullptr; ++known)
    if (code == *known) return true;
  return false;
}

/// Codes people take for a language and that are a country's.
constexpr std::array languages_of_countries{Pair{"gr", "el"}, Pair{"cz", "cs"}, Pair{"dk", "da"}, Pair{"ua", "uk"},
                                            Pair{"at", "de"}, Pair{"gb", "en"}, Pair{"us", "en"}};

/// A country's code that is another country's language. With a region behind it we believe it.
struct Mistaken {
  std::string_view code, language, meant, meant_language, country;
};
constexpr std::array mistaken{
    Mistaken{"ee", "Ewe", "et", "Estonian", "GH"}, Mistaken{"ie", "Interlingue", "en or ga", "English or Irish", "001"},
    Mistaken{"se", "Northern Sami", "sv", "Swedish", "SE"}, Mistaken{"si", "Sinhala", "sl", "Slovene", "LK"}};

constexpr std::array zones{
    Pair{"AT", "Europe/Vienna"},     Pair{"BE", "Europe/Brussels"},   Pair{"BG", "Europe/Sofia"},
    Pair{"CH", "Europe/Zurich"},     Pair{"CY", "Asia/Nicosia"},      Pair{"CZ", "Europe/Prague"},
    Pair{"DE", "Europe/Berlin"},     Pair{"DK", "Europe/Copenhagen"}, Pair{"EE", "Europe/Tallinn"},
    Pair{"ES", "Europe/Madrid"},     Pair{"FI", "Europe/Helsinki"},   Pair{"FR", "Europe/Paris"},
    Pair{"GB", "Europe/London"},     Pair{"GR", "Europe/Athens"},     Pair{"HR", "Europe/Zagreb"},
    Pair{"HU", "Europe/Budapest"},   Pair{"IE", "Europe/Dublin"},     Pair{"IS", "Atlantic/Reykjavik"},
    Pair{"IT", "Europe/Rome"},       Pair{"LI", "Europe/Vaduz"},      Pair{"LT", "Europe/Vilnius"},
    Pair{"LU", "Europe/Luxembourg"}, Pair{"LV", "Europe/Riga"},       Pair{"MD", "Europe/Chisinau"},
    Pair{"MT", "Europe/Malta"},      Pair{"NL", "Europe/Amsterdam"},  Pair{"NO", "Europe/Oslo"},
    Pair{"PL", "Europe/Warsaw"},     Pair{"PT", "Europe/Lisbon"},     Pair{"RO", "Europe/Bucharest"},
    Pair{"RS", "Europe/Belgrade"},   Pair{"SE", "Europe/Stockholm"},  Pair{"SI", "Europe/Ljubljana"},
    Pair{"SK", "Europe/Bratislava"}, Pair{"TR", "Europe/Istanbul"},   Pair{"UA", "Europe/Kyiv"}};

/// "pt_BR" and "PL" as a tag; empty: it is none so either.
std::string dashed(std::string tag) {
  std::ranges::replace(tag, '_', '-');
  auto end = std::min(tag.find('-'), tag.size());
  for (char& c : std::span(tag).first(end)) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c | 32 : c);
  return is_language(tag) && is_among(uloc_getISOLanguages(), tag.substr(0, end)) ? tag : std::string{};
}

using NameOf = int32_t (*)(const char* locale, const char* in, UChar* out, int32_t capacity, UErrorCode* failed);

/// The code whose English name a word is: "Polish" is pl. `before` makes a locale of a code.
std::string code_named(const char* const* codes, std::string_view before, NameOf name_of, std::string_view word) {
  for (; *codes != nullptr; ++codes) {
    std::array<UChar, 100> name{};
    std::array<char, 300> utf8{};
    UErrorCode failed = U_ZERO_ERROR;
    name_of((std::string(before) + *codes).c_str(), "en", name.data(), name.size() - 1, &failed);
    u_strToUTF8(utf8.data(), utf8.size() - 1, nullptr, name.data(), -1, &failed);
    if (U_SUCCESS(failed) != 0 && fold(utf8.data()) == fold(word)) return *codes;
  }
  return {};
}

}  // namespace

std::string country_problem(const std::string& code) {
  std::string capitals(code);
  for (char& c : capitals) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c);
  if (capitals == "UK") return "the United Kingdom is GB in ISO 3166: write GB";
  if (capitals == "EL") return "Greece is GR in ISO 3166; EL is the European Union's own: write GR";
  if (capitals == "EU") return "EU is no country: leave country out for an organisation of no one country";
  bool known = is_among(uloc_getISOCountries(), capitals);
  if (known && capitals == code) return {};
  if (known) return fmt::format("country '{}' is written in capitals: write {}", code, capitals);
  auto meant = code_named(uloc_getISOCountries(), "und_", uloc_getDisplayCountry, code);
  return fmt::format("country '{}' is no two-letter code of ISO 3166: write {}", code,
                     meant.empty() ? "one such as PL, GR or SE" : meant);
}

std::string language_problem(const std::string& tag) {
  auto language = tag.substr(0, tag.find('-'));
  if (const auto* found = std::ranges::find(mistaken, tag, &Mistaken::code); found != mistaken.end())
    return fmt::format("'{0}' is {1}: write {2} for {3}, or {0}-{4} if you do mean {1}", tag, found->language,
                       found->meant, found->meant_language, found->country);
  if (is_language(tag) && is_among(uloc_getISOLanguages(), language)) return {};
  if (auto meant = look_up(languages_of_countries, fold(tag)); !meant.empty())
    return fmt::format("'{}' is a country, not a language: write {}", tag, meant);
  auto meant = code_named(uloc_getISOLanguages(), "", uloc_getDisplayLanguage, tag);
  if (meant.empty()) meant = dashed(tag);
  return fmt::format("'{}' is no language tag: write {}", tag, meant.empty() ? "one such as pl or pt-BR" : meant);
}

std::string zone_problem(const std::string& name) {
  std::vector<std::string> names;
  for (const auto& zone : date::get_tzdb().zones) names.push_back(zone.name());
  if (std::ranges::find(names, name) != names.end()) return {};
  auto city = name.size() - std::min(name.size(), name.rfind('/') + 1);
  auto meant = nearest(name, names, std::max<std::size_t>(2, city / 3));  // "Europe/Krakow" is not Kirov
  for (const auto& each : names)                                          // "Warsaw"
    if (meant.empty() && fold(each).ends_with("/" + fold(name))) meant = each;
  return fmt::format("there is no time zone '{}': write an area and a city, such as Europe/Warsaw{}", name,
                     did_you_mean(meant));
}

std::string_view zone_of_country(std::string_view code) { return look_up(zones, code); }

}  // namespace campaignd
