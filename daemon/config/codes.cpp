#include "daemon/config/codes.hpp"

#include <date/tz.h>
#include <fmt/format.h>
#include <unicode/uloc.h>

#include <algorithm>
#include <array>
#include <regex>

#include "connectors/reading/url.hpp"
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
constexpr std::array languages_of_countries{
    Pair{"gr", "el"}, Pair{"cz", "cs"}, Pair{"dk", "da"}, Pair{"ee", "et"}, Pair{"si", "sl"}, Pair{"se", "sv"},
    Pair{"ua", "uk"}, Pair{"at", "de"}, Pair{"gb", "en"}, Pair{"us", "en"}, Pair{"ie", "en"}, Pair{"be", "nl or fr"}};

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

/// How an account is written on each platform; what has a connector that reads accounts is another question.
struct AccountForm {
  std::string_view platform, example, form;  ///< of what follows "platform:"
};
constexpr std::string_view at_a_server = "[\\w.-]+@[\\w.-]+\\.[\\w-]+(:\\d+)?", name = "[\\w.-]+";
constexpr std::array account_forms{AccountForm{"bluesky", "name.example", "[\\w.-]+\\.[\\w-]+|did:[a-z]+:[\\w.:-]+"},
                                   AccountForm{"facebook", "page", name},
                                   AccountForm{"flickr", "name", "[\\w.@-]+"},
                                   AccountForm{"instagram", "name", name},
                                   AccountForm{"lemmy", "name@host", at_a_server},
                                   AccountForm{"linkedin", "company/name", "(company|school|showcase)/[^/\\s]+"},
                                   AccountForm{"mastodon", "user@host", at_a_server},
                                   AccountForm{"misskey", "user@host", at_a_server},
                                   AccountForm{"peertube", "name@host", at_a_server},
                                   AccountForm{"reddit", "name", name},
                                   AccountForm{"telegram", "channel", name},
                                   AccountForm{"threads", "name", name},
                                   AccountForm{"tiktok", "name", name},
                                   AccountForm{"tumblr", "name", name},
                                   AccountForm{"x", "name", "\\w{1,15}"},
                                   AccountForm{"youtube", "@handle", "@[^\\s/@]+|UC[\\w-]{22}"}};

constexpr std::array renamed{Pair{"twitter", "x"},   Pair{"bsky", "bluesky"}, Pair{"fediverse", "mastodon"},
                             Pair{"fb", "facebook"}, Pair{"yt", "youtube"},   Pair{"insta", "instagram"}};

/// "Did you mean": a platform's old or short name, or one a letter away.
std::string platform_meant(const std::string& word) {
  if (auto now = look_up(renamed, word); !now.empty()) return std::string(now);
  std::vector<std::string> names;
  for (const auto& each : account_forms) names.emplace_back(each.platform);
  return nearest(word, names);
}

/// "https://host/@user", as one copies it from a browser, the way we write it.
std::string from_address(const std::string& url) {
  auto at = url.rfind("/@");
  auto host = host_of(url);
  if (at == url.npos || host.empty()) return {};
  auto user = url.substr(at + 2, url.find_first_of("/?#", at + 2) - at - 2);
  if (host_within(host, "youtube.com")) return "youtube:@" + user;
  if (host_within(host, "tiktok.com")) return "tiktok:" + user;
  if (host_within(host, "threads.net") || host_within(host, "threads.com")) return "threads:" + user;
  return "mastodon:" + user + "@" + host;
}

}  // namespace

std::string country_problem(const std::string& code) {
  if (code == "UK") return "the United Kingdom is GB in ISO 3166: write GB";
  if (code == "EL") return "Greece is GR in ISO 3166; EL is the European Union's own: write GR";
  if (code == "EU") return "EU is no country: leave country out for an organisation of no one country";
  if (is_among(uloc_getISOCountries(), code)) return {};
  std::string capitals(code);
  for (char& c : capitals) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c);
  if (capitals != code && country_problem(capitals).empty())
    return fmt::format("country '{}' is written in capitals: {}", code, capitals);
  return fmt::format("country '{}' is no two-letter code of ISO 3166: write one such as PL, GR or SE", code);
}

std::string language_problem(const std::string& tag) {
  auto hint = "write one such as pl or pt-BR";
  if (!is_language(tag)) return fmt::format("'{}' is no language tag: {}", tag, hint);
  auto language = tag.substr(0, tag.find('-'));
  if (is_among(uloc_getISOLanguages(), language)) return {};
  auto meant = look_up(languages_of_countries, language);
  if (meant.empty()) return fmt::format("there is no language '{}': {}", language, hint);
  return fmt::format("'{}' is a country, not a language: write {}", language, meant);
}

std::string zone_problem(const std::string& name) {
  std::vector<std::string> names;
  for (const auto& zone : date::get_tzdb().zones) names.push_back(zone.name());
  if (std::ranges::find(names, name) != names.end()) return {};
  auto meant = nearest(name, names);
  for (const auto& each : names)  // "Warsaw"
    if (meant.empty() && each.ends_with("/" + name)) meant = each;
  return fmt::format("there is no time zone '{}': write one such as Europe/Warsaw{}", name, did_you_mean(meant));
}

std::string account_problem(const std::string& account) {
  if (auto meant = from_address(account); !meant.empty())
    return fmt::format("'{}' is an address: write \"{}\"", account, meant);
  auto colon = account.find(':');
  auto platform = account.substr(0, colon);
  const auto* form = std::ranges::find(account_forms, platform, &AccountForm::platform);
  if (colon == account.npos || form == account_forms.end()) {
    auto meant = colon == account.npos ? std::string{} : platform_meant(platform);
    return fmt::format(
        "account '{}' names no platform: write \"mastodon:user@host\", \"bluesky:name.example\", "
        "\"x:name\" or the like{}",
        account, did_you_mean(meant));
  }
  auto rest = account.substr(colon + 1);
  if (std::regex_match(rest, std::regex(std::string(form->form)))) return {};
  return fmt::format("account '{}' is not of the form {}:{}", account, platform, form->example);
}

std::string_view zone_of_country(std::string_view code) { return look_up(zones, code); }

}  // namespace campaignd
