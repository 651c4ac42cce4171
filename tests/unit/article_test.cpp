#include "connectors/reading/articles/article.hpp"

#include <bit>
#include <catch2/catch.hpp>
#include <vector>

#include "connectors/reading/articles/domain.hpp"

using namespace campaignd;

namespace {

/// A Google News token of before 2024: 08 13 22, the length, the URL.
const std::string old_token = "CBMiHGh0dHBzOi8vbmV3cy5leGFtcGxlL2EvMT9iPTI";

const std::string agency_text =
    "The government presented its plan for the integration of refugees on Friday. Municipalities will receive money "
    "for language courses, and employers are to be paid for every apprentice they take on. Organisations that work "
    "with refugees welcomed the plan, but asked why the courses end after a single year. The minister said that the "
    "budget of the next year will show whether more is possible, and that nobody will be left without a place.";

}  // namespace

TEST_CASE("all links to one page come to one form", "[article]") {
  struct Case {
    std::string form;
    std::vector<std::string> links;
  };
  const std::vector<Case> cases{
      {"news.example/a/1",
       {"https://news.example/a/1", "http://www.news.example/a/1/", "HTTPS://WWW.News.Example:443/a/1#comments",
        "http://news.example:80/a//1", "https://m.news.example/a/1", "https://mobile.news.example/a/1",
        "https://amp.news.example/a/1", "https://www.m.news.example/a/1", "//news.example/a/1", "news.example./a/1",
        "https://user:secret@news.example/a/1", "https://news.example/a/b/../1", "https://news.example/%61/1",
        "https://news.example/a/1/index.html", "https://news.example/a/1?", " https://news.example/a/1\n"}},
      {"news.example/a/1",
       {"https://news.example/a/1/amp", "https://news.example/a/1/amp/", "https://news.example/a/1.amp",
        "https://news.example/a/1?amp=1", "https://news.example/a/1?amp", "https://news.example/a/1?outputType=amp",
        "https://www.google.com/amp/s/www.news.example/a/1/amp", "https://www.google.pl/amp/news.example/a/1",
        "https://www-news-example.cdn.ampproject.org/c/s/www.news.example/a/1/amp/",
        "https://news-example.cdn.ampproject.org/v/s/news.example/a/1?amp_js_v=0.1&usqp=mq331AQ",
        "https://news.example/a/1#amp_tf=From%20%251%24s"}},
      {"news.example/a.html", {"https://news.example/a.amp.html", "https://news.example/a.html"}},
      {"news.example?id=7&page=2",
       {"https://news.example/?page=2&id=7", "https://news.example/index.php?id=7&page=2&utm_source=rss&fbclid=x",
        "https://news.example/?id=7&gclid=1&page=2&mc_cid=3&at_medium=4&xtor=RSS-1&wt_zmc=5&oc=5&_ga=2.1&ref=rss"}},
      {"news.example?ref=4711", {"https://news.example/?ref=4711"}},
      {"news.example?q=a%20b", {"https://news.example/?q=a+b", "https://news.example/?q=a%20b"}},
      {"news.example/za%C5%BC%C3%B3%C5%82%C4%87",
       {"https://news.example/zażółć", "https://news.example/za%c5%bc%c3%b3%c5%82%c4%87"}},
      {"xn--dziennik-p8a.example/a", {"https://dzienniką.example/a", "https://xn--dziennik-p8a.example/a"}},
      {"news.example:8443/a", {"https://news.example:8443/a"}},
      {"news.example/app#!/a/1", {"https://news.example/app#!/a/1"}},
      {"news.example", {"https://www.news.example/", "https://news.example/#top", "https://news.example/index.html"}},
      {"gov.pl/web/a", {"https://www.gov.pl/web/a"}},
      {"m.pl/a", {"https://m.pl/a"}},
  };
  for (const auto& each : cases)
    for (const auto& link : each.links) {
      INFO(link);
      CHECK(canonical_url(link) == each.form);
      CHECK(canonical_url(canonical_url(link)) == each.form);
    }
}

TEST_CASE("a wrapped link is undone without asking anybody", "[article]") {
  const std::string target = "https://news.example/a/1?b=2";
  for (const std::string link :
       {"http://www.bing.com/news/"
        "apiclick.aspx?ref=FexRss&aid=&tid=6F&url=https%3a%2f%2fnews.example%2fa%2f1%3fb%3d2&c=9"
        "&mkt=en-ww",
        "https://www.google.com/url?rct=j&sa=t&url=https://news.example/a/1%3Fb%3D2&ct=ga",
        "https://www.google.pl/url?q=https%3A%2F%2Fnews.example%2Fa%2F1%3Fb%3D2",
        "https://l.facebook.com/l.php?u=https%3A%2F%2Fnews.example%2Fa%2F1%3Fb%3D2&h=AT0",
        "https://consent.google.com/m?continue=https://news.google.com/rss/articles/"
        "CBMiHGh0dHBzOi8vbmV3cy5leGFtcGxlL2EvMT9iPTI"}) {
    INFO(link);
    CHECK(real_link(link) == target);
    CHECK(canonical_url(link) == "news.example/a/1?b=2");
    CHECK_FALSE(hides_page(link));
  }
  for (const char* path : {"/rss/articles/", "/articles/", "/__i/rss/rd/articles/"})
    CHECK(real_link("https://news.google.com" + std::string(path) + old_token + "?oc=5") ==
          "https://news.example/a/1?b=2");
}

TEST_CASE("a link that does not carry its target stays, and is known to hide it", "[article]") {
  for (const std::string link :
       {"https://news.google.com/rss/articles/CBMiB0FVX3lxTE0?oc=5", "https://news.google.com/rss/articles/CBMi?oc=5",
        "https://feedproxy.google.com/~r/news/~3/abc/", "https://t.co/abc",
        "https://www.bing.com/news/apiclick.aspx?ref=1", "https://www.google.com/url?q=javascript:alert(1)"}) {
    INFO(link);
    CHECK(real_link(link) == link);
    CHECK(hides_page(link));
  }
  CHECK(canonical_url("https://news.google.com/rss/articles/CBMiB0FVX3lxTE0?oc=5&hl=pl") ==
        "news.google.com/rss/articles/CBMiB0FVX3lxTE0?hl=pl");
  CHECK_FALSE(hides_page("https://news.example/url?q=https://other.example/"));
  CHECK_FALSE(hides_page("https://google.example/"));
}

TEST_CASE("what is no link to a page has no form", "[article]") {
  for (const std::string& link : std::vector<std::string>{
           "", "mailto:a@news.example", "javascript:alert(1)", "ftp://news.example/a", "tag:news.example,2025:1",
           "urn:uuid:1", "https://", "https://localhost/a", "https://news example/a", "https://news.example:x/",
           "https://news.example/" + std::string(9000, 'a')}) {
    INFO(link);
    CHECK(canonical_url(link).empty());
    CHECK_FALSE(hides_page(link));
  }
}

TEST_CASE("a link wrapped a thousand times over is undone in time", "[article]") {
  std::string link = "https://news.example/";
  for (int i = 0; i < 1000; ++i) link = "https://google.com/amp/s/" + link.substr(8);
  CHECK(real_link(link).size() <= link.size());
  CHECK(canonical_url(std::string(8000, '%')).empty());
}

TEST_CASE("the outlet's name behind a title is no part of it", "[article]") {
  CHECK(without_outlet("Headline - Le Monde", "Le Monde") == "Headline");
  CHECK(without_outlet("Headline – a longer one | LE MONDE", "Le Monde") == "Headline – a longer one");
  CHECK(without_outlet("Headline - Le Monde", "Le Figaro") == "Headline - Le Monde");
  CHECK(without_outlet("Le Monde", "Le Monde") == "Le Monde");
  CHECK(without_outlet(" - Le Monde", "Le Monde") == " - Le Monde");
  CHECK(without_outlet("Headline", "") == "Headline");
}

TEST_CASE("two ways to set one headline have one key", "[article]") {
  auto key = title_key("Refugees welcome: “all in” for integration!", "");
  CHECK_FALSE(key.empty());
  CHECK(title_key("REFUGEES  WELCOME – \"All In\" for Integration - The Paper", "The Paper") == key);
  CHECK(title_key("Refugees welcome: all out of integration", "") != key);
  CHECK(title_key("Уходящий год: что было важного", "") != title_key("Уходящий год: что стало важным", ""));
}

TEST_CASE("a title too short to identify has no key", "[article]") {
  CHECK(title_key("Photo of the day", "").empty());
  CHECK(title_key("Internationalisation everywhere today", "").empty());
  CHECK_FALSE(title_key("Internationalisation is everywhere today", "").empty());
  CHECK(title_key("", "").empty());
}

TEST_CASE("one text in two papers is a near-duplicate, another text on the subject is not", "[article]") {
  auto one = fingerprint("Government presents integration plan", agency_text);
  REQUIRE(one.has_value());
  CHECK(fingerprint("GOVERNMENT presents integration plan!", "  " + agency_text) == one);
  auto signed_copy = fingerprint("Government presents integration plan", agency_text + " (pap)");
  REQUIRE(signed_copy.has_value());
  CHECK(near_duplicates(*one, *signed_copy));
  auto other = fingerprint("Government presents integration plan",
                           "Refugees asked the government on Friday for language courses that last longer than a year, "
                           "and for places to live near work. The minister will answer them in the budget debate, in "
                           "which municipalities and employers want to be heard too.");
  REQUIRE(other.has_value());
  CHECK_FALSE(near_duplicates(*one, *other));
  CHECK(std::popcount(*one ^ *other) > 10);
}

TEST_CASE("near-duplicates share a band", "[article]") {
  const std::uint64_t print = 0x0123456789ABCDEFULL;
  for (int first = 0; first < 64; ++first)
    for (int step = 1; step < 64; step += 2) {
      auto other = print;
      for (int i = 0; i < alike_within; ++i) other ^= 1ULL << ((first + i * step) % 64);
      REQUIRE(near_duplicates(print, other));
      CHECK_FALSE(near_duplicates(print, other ^ (1ULL << ((first + alike_within * step) % 64))));
      bool shared = false;
      for (int i = 0; i < fingerprint_bands; ++i)
        shared = shared || fingerprint_band(print, i) == fingerprint_band(other, i);
      REQUIRE(shared);
    }
}

TEST_CASE("too little text has no fingerprint", "[article]") {
  CHECK_FALSE(fingerprint("", "").has_value());
  CHECK_FALSE(fingerprint("Eleven words are too few", "to tell two texts apart").has_value());
  CHECK(fingerprint("With twelve words there are ten", "shingles to go by, just enough").has_value());
}

TEST_CASE("a host belongs to the domain that was registered", "[article]") {
  CHECK(registrable_domain("news.bbc.co.uk") == "bbc.co.uk");
  CHECK(registrable_domain("wiadomosci.onet.pl") == "onet.pl");
  CHECK(registrable_domain("lemonde.fr") == "lemonde.fr");
  CHECK(registrable_domain("ala.blogspot.com") == "ala.blogspot.com");
  CHECK(registrable_domain("gov.pl") == "gov.pl");
  CHECK(registrable_domain("www.gov.pl") == "gov.pl");
  CHECK(registrable_domain("192.0.2.7") == "192.0.2.7");
  CHECK(registrable_domain("localhost") == "localhost");
  CHECK(registrable_domain("news.example.") == "news.example");
  CHECK(registrable_domain("").empty());
}
