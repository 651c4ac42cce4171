#include "daemon/config/codes.hpp"

#include <array>
#include <catch2/catch.hpp>

using namespace campaignd;
using Catch::Contains;

namespace {
constexpr std::array members{"AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU",
                             "IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"};
}

TEST_CASE("every member state of the European Union has a zone that exists", "[config]") {
  for (const auto* code : members) {
    INFO(code);
    CHECK(country_problem(code).empty());
    std::string zone(zone_of_country(code));
    REQUIRE_FALSE(zone.empty());
    CHECK(zone_problem(zone).empty());
  }
}

TEST_CASE("neighbours of the European Union have a zone that exists", "[config]") {
  for (const auto* code : {"CH", "GB", "IS", "LI", "MD", "NO", "RS", "TR", "UA"}) {
    INFO(code);
    CHECK(country_problem(code).empty());
    CHECK(zone_problem(std::string(zone_of_country(code))).empty());
  }
  CHECK(zone_of_country("BR").empty());
  CHECK(zone_of_country("pl").empty());
}

TEST_CASE("a country is a code of ISO 3166, and what is close to one is told the code", "[config]") {
  CHECK_THAT(country_problem("UK"), Contains("write GB"));
  CHECK_THAT(country_problem("uk"), Contains("write GB"));
  CHECK_THAT(country_problem("EL"), Contains("write GR"));
  CHECK_THAT(country_problem("EU"), Contains("leave country out"));
  CHECK_THAT(country_problem("se"), Contains("write SE"));
  CHECK_THAT(country_problem("Poland"), Contains("write PL"));
  CHECK_THAT(country_problem("south africa"), Contains("write ZA"));
  for (const auto* wrong : {"", "XX", "P", "POL", "PL ", "Polska", "P\xC5\x81"}) {
    INFO(wrong);
    CHECK_THAT(country_problem(wrong), Contains("one such as PL, GR or SE"));
  }
}

TEST_CASE("a language is one of ISO 639, and what is close to one is told the tag", "[config]") {
  for (const auto* sound : {"pl", "el", "sv", "pt-BR", "sr-Latn-RS", "be", "csb", "se-SE", "si-LK", "uk"}) {
    INFO(sound);
    CHECK(language_problem(sound).empty());
  }
  CHECK_THAT(language_problem("gr"), Contains("is a country") && Contains("write el"));
  CHECK_THAT(language_problem("CZ"), Contains("is a country") && Contains("write cs"));
  CHECK_THAT(language_problem("Polish"), Contains("write pl"));
  CHECK_THAT(language_problem("PL"), Contains("write pl"));
  CHECK_THAT(language_problem("pt_BR"), Contains("write pt-BR"));
  for (const auto* wrong : {"", "xx", "p", "pl-", "-", "_", "pl PL", "12", "x-klingon"}) {
    INFO(wrong);
    CHECK_THAT(language_problem(wrong), Contains("no language tag") && Contains("one such as pl or pt-BR"));
  }
}

// "se" on a Swedish paper would have filed its articles under Northern Sami, and nobody would have seen why.
TEST_CASE("a country's code that happens to be another country's language asks which is meant", "[config]") {
  CHECK_THAT(language_problem("se"), Contains("write sv for Swedish, or se-SE"));
  CHECK_THAT(language_problem("ee"), Contains("write et for Estonian"));
  CHECK_THAT(language_problem("si"), Contains("write sl for Slovene"));
  CHECK_THAT(language_problem("ie"), Contains("English or Irish"));
  for (const auto* way_out : {"se-SE", "ee-GH", "si-LK", "ie-001"}) CHECK(language_problem(way_out).empty());
}

TEST_CASE("a zone is an area and a city of the tz database", "[config]") {
  for (const auto* sound : {"Europe/Warsaw", "UTC", "Europe/Kyiv", "Asia/Nicosia"}) CHECK(zone_problem(sound).empty());
  CHECK_THAT(zone_problem("Warsaw"), Contains("did you mean 'Europe/Warsaw'?"));
  CHECK_THAT(zone_problem("riga"), Contains("did you mean 'Europe/Riga'?"));
  CHECK_THAT(zone_problem("Europe/Varsaw"), Contains("did you mean 'Europe/Warsaw'?"));
  for (const auto* far : {"", "/", "Europe/Krakow", "Europe/", "CEST, in summer", "+02:00"}) {
    INFO(far);
    auto told = zone_problem(far);
    CHECK_THAT(told, Contains("there is no time zone") && !Contains("did you mean"));
  }
}

TEST_CASE("an account is written for each platform in its own form", "[config]") {
  for (const auto* sound :
       {"mastodon:user@social.example", "mastodon:user@127.0.0.1:8443", "lemmy:name@lemmy.example", "x:isp_pl",
        "bluesky:isp.org.pl", "bluesky:did:plc:abc123", "linkedin:company/isp", "linkedin:school/uw", "youtube:@handle",
        "youtube:UCabcdefghijklmnopqrstuv", "facebook:page.name", "telegram:channel"}) {
    INFO(sound);
    CHECK(account_problem(sound).empty());
  }
}

TEST_CASE("the address of an account's page is told as the account", "[config]") {
  const std::pair<const char*, const char*> pages[] = {
      {"https://social.example/@most", "\"mastodon:most@social.example\""},
      {"https://social.example/@most@other.example", "\"mastodon:most@other.example\""},
      {"https://social.example/@most/115", "\"mastodon:most@social.example\""},
      {"https://x.com/most", "\"x:most\""},
      {"https://twitter.com/most?lang=pl", "\"x:most\""},
      {"https://www.facebook.com/most/", "\"facebook:most\""},
      {"https://m.facebook.com/most", "\"facebook:most\""},
      {"https://www.instagram.com/most", "\"instagram:most\""},
      {"https://www.linkedin.com/company/most/posts/", "\"linkedin:company/most\""},
      {"https://bsky.app/profile/most.example", "\"bluesky:most.example\""},
      {"https://www.youtube.com/@most/videos", "\"youtube:@most\""},
      {"https://www.tiktok.com/@most", "\"tiktok:most\""},
      {"https://t.me/most", "\"telegram:most\""}};
  for (const auto& [page, account] : pages) CHECK_THAT(account_problem(page), Contains(account));
  for (const auto* none :
       {"https://most.example", "https://most.example/", "https://x.com/", "https:///@", "https://@"})
    CHECK_THAT(account_problem(none), !Contains("is the address of a page"));
}

TEST_CASE("an account that is nearly right is told what was meant", "[config]") {
  CHECK_THAT(account_problem("@most@social.example"), Contains("did you mean 'mastodon:most@social.example'?"));
  CHECK_THAT(account_problem("twitter:most"), Contains("did you mean 'x:most'?"));
  CHECK_THAT(account_problem("x:@most"), Contains("did you mean 'x:most'?"));
  CHECK_THAT(account_problem("youtube:most"), Contains("did you mean 'youtube:@most'?"));
  CHECK_THAT(account_problem("mastodon:most"), Contains("not of the form mastodon:user@host"));
  CHECK_THAT(account_problem("myspace:most"), Contains("write one of bluesky, facebook"));
  for (const auto* wrong : {"", ":", "x:", ":most", "most", "x: most", "@", "::"}) {
    INFO(wrong);
    CHECK_FALSE(account_problem(wrong).empty());
  }
}

// std::regex descends once for each character: an account of 200,000 letters ended the process.
TEST_CASE("an account without end is a problem, not the end of the process", "[config]") {
  CHECK_THAT(account_problem("mastodon:" + std::string(1'000'000, 'a')), Contains("too long"));
}
