#include "connectors/platforms/news_editions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>

#include "connectors/reading/text.hpp"

namespace campaignd {

namespace {

/// Google's: what keeps its `ceid` when it is asked for, and shows the country's own press (2026-10). Denmark, Croatia,
/// Cyprus, Malta, Luxembourg and Iceland have none. A language's main edition comes first.
constexpr std::array google{
    NewsEdition{"en-US", "en-US", "US", "US:en"},      NewsEdition{"en-GB", "en-GB", "GB", "GB:en"},
    NewsEdition{"en-IE", "en-IE", "IE", "IE:en"},      NewsEdition{"en-AU", "en-AU", "AU", "AU:en"},
    NewsEdition{"en-CA", "en-CA", "CA", "CA:en"},      NewsEdition{"en-GH", "en-GH", "GH", "GH:en"},
    NewsEdition{"en-IN", "en-IN", "IN", "IN:en"},      NewsEdition{"en-KE", "en-KE", "KE", "KE:en"},
    NewsEdition{"en-MY", "en-MY", "MY", "MY:en"},      NewsEdition{"en-NG", "en-NG", "NG", "NG:en"},
    NewsEdition{"en-NZ", "en-NZ", "NZ", "NZ:en"},      NewsEdition{"en-PH", "en-PH", "PH", "PH:en"},
    NewsEdition{"en-PK", "en-PK", "PK", "PK:en"},      NewsEdition{"en-SG", "en-SG", "SG", "SG:en"},
    NewsEdition{"en-ZA", "en-ZA", "ZA", "ZA:en"},      NewsEdition{"ar-EG", "ar", "EG", "EG:ar"},
    NewsEdition{"ar-AE", "ar", "AE", "AE:ar"},         NewsEdition{"ar-LB", "ar", "LB", "LB:ar"},
    NewsEdition{"ar-SA", "ar", "SA", "SA:ar"},         NewsEdition{"bg-BG", "bg", "BG", "BG:bg"},
    NewsEdition{"bn-BD", "bn", "BD", "BD:bn"},         NewsEdition{"cs-CZ", "cs", "CZ", "CZ:cs"},
    NewsEdition{"de-DE", "de", "DE", "DE:de"},         NewsEdition{"de-AT", "de", "AT", "AT:de"},
    NewsEdition{"de-CH", "de", "CH", "CH:de"},         NewsEdition{"el-GR", "el", "GR", "GR:el"},
    NewsEdition{"es-ES", "es", "ES", "ES:es"},         NewsEdition{"es-AR", "es-419", "AR", "AR:es-419"},
    NewsEdition{"es-CL", "es-419", "CL", "CL:es-419"}, NewsEdition{"es-CO", "es-419", "CO", "CO:es-419"},
    NewsEdition{"es-MX", "es-419", "MX", "MX:es-419"}, NewsEdition{"es-PE", "es-419", "PE", "PE:es-419"},
    NewsEdition{"es-US", "es-419", "US", "US:es-419"}, NewsEdition{"et-EE", "et-EE", "EE", "EE:et"},
    NewsEdition{"fi-FI", "fi-FI", "FI", "FI:fi"},      NewsEdition{"fr-FR", "fr", "FR", "FR:fr"},
    NewsEdition{"fr-BE", "fr", "BE", "BE:fr"},         NewsEdition{"fr-CA", "fr-CA", "CA", "CA:fr"},
    NewsEdition{"fr-CH", "fr", "CH", "CH:fr"},         NewsEdition{"fr-MA", "fr", "MA", "MA:fr"},
    NewsEdition{"he-IL", "he", "IL", "IL:he"},         NewsEdition{"hi-IN", "hi", "IN", "IN:hi"},
    NewsEdition{"hu-HU", "hu", "HU", "HU:hu"},         NewsEdition{"id-ID", "id", "ID", "ID:id"},
    NewsEdition{"it-IT", "it", "IT", "IT:it"},         NewsEdition{"ja-JP", "ja", "JP", "JP:ja"},
    NewsEdition{"ko-KR", "ko", "KR", "KR:ko"},         NewsEdition{"lt-LT", "lt", "LT", "LT:lt"},
    NewsEdition{"lv-LV", "lv", "LV", "LV:lv"},         NewsEdition{"nl-NL", "nl", "NL", "NL:nl"},
    NewsEdition{"nl-BE", "nl", "BE", "BE:nl"},         NewsEdition{"no-NO", "no", "NO", "NO:no"},
    NewsEdition{"pl-PL", "pl", "PL", "PL:pl"},         NewsEdition{"pt-PT", "pt-PT", "PT", "PT:pt-150"},
    NewsEdition{"pt-BR", "pt-BR", "BR", "BR:pt-419"},  NewsEdition{"ro-RO", "ro", "RO", "RO:ro"},
    NewsEdition{"ru-RU", "ru", "RU", "RU:ru"},         NewsEdition{"ru-UA", "ru", "UA", "UA:ru"},
    NewsEdition{"sk-SK", "sk", "SK", "SK:sk"},         NewsEdition{"sl-SI", "sl", "SI", "SI:sl"},
    NewsEdition{"sr-RS", "sr", "RS", "RS:sr"},         NewsEdition{"sv-SE", "sv", "SE", "SE:sv"},
    NewsEdition{"ta-IN", "ta", "IN", "IN:ta"},         NewsEdition{"th-TH", "th", "TH", "TH:th"},
    NewsEdition{"tr-TR", "tr", "TR", "TR:tr"},         NewsEdition{"uk-UA", "uk", "UA", "UA:uk"},
    NewsEdition{"vi-VN", "vi", "VN", "VN:vi"},         NewsEdition{"zh-CN", "zh-CN", "CN", "CN:zh-Hans"},
    NewsEdition{"zh-HK", "zh-HK", "HK", "HK:zh-Hant"}, NewsEdition{"zh-TW", "zh-TW", "TW", "TW:zh-Hant"},
};

/// Bing's markets: "Bing returns content for only these" (its own list, of 2025).
constexpr std::array<std::string_view, 38> bing{
    "en-US", "en-GB", "en-AU", "en-CA", "en-ID", "en-IN", "en-MY", "en-NZ", "en-PH", "en-ZA", "da-DK", "de-DE", "de-AT",
    "de-CH", "es-ES", "es-AR", "es-CL", "es-MX", "es-US", "fi-FI", "fr-FR", "fr-BE", "fr-CA", "fr-CH", "it-IT", "ja-JP",
    "ko-KR", "nl-NL", "nl-BE", "no-NO", "pl-PL", "pt-BR", "ru-RU", "sv-SE", "tr-TR", "zh-CN", "zh-HK", "zh-TW"};

std::string_view language_of(std::string_view tag) {
  auto language = tag.substr(0, tag.find('-'));
  return language == "nb" || language == "nn" ? "no" : language;
}

/// "DE" of "de-DE" and of "de-Latn-DE"; empty where the tag names no country.
std::string_view country_of(std::string_view tag) {
  auto hyphen = tag.rfind('-');
  return hyphen == tag.npos || tag.size() - hyphen != 3 ? std::string_view{} : tag.substr(hyphen + 1);
}

ChosenEdition choose(std::span<const NewsEdition> editions, std::string_view engine, std::string_view wanted) {
  if (wanted.empty()) return {editions.front(), {}};
  auto tag = fold(wanted);
  std::string language(language_of(tag)), country(country_of(tag));
  auto same_language = [&](const NewsEdition& each) { return language_of(each.tag) == language; };
  auto same = [&](const NewsEdition& each) { return same_language(each) && fold(country_of(each.tag)) == country; };
  if (auto found = std::ranges::find_if(editions, same); found != editions.end()) return {*found, {}};
  auto found = std::ranges::find_if(editions, same_language);
  if (found == editions.end())
    return {editions.front(), fmt::format("{} has no edition in the language of {}: the English one is asked, which "
                                          "finds English words",
                                          engine, wanted)};
  if (country.empty()) return {*found, {}};
  return {*found, fmt::format("{} has no edition {}: {} is asked", engine, wanted, found->tag)};
}

constexpr auto bing_editions = [] {
  std::array<NewsEdition, bing.size()> out;
  for (std::size_t i = 0; i < bing.size(); ++i) out[i].tag = bing[i];
  return out;
}();

}  // namespace

ChosenEdition google_edition(std::string_view wanted) { return choose(google, "Google News", wanted); }
ChosenEdition bing_edition(std::string_view wanted) { return choose(bing_editions, "Bing News", wanted); }

}  // namespace campaignd
