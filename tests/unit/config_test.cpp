#include "daemon/config/config.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>

#include "tests/unit/support.hpp"

using namespace campaignd;
using namespace campaignd::test;

namespace {

const std::string sound_campaign = R"([campaign]
id = "c"
name = "C"
zone = "Europe/Warsaw"
[[edition]]
id = "2025"
day = 2025-06-20
from = 2025-01-01
until = 2026-01-01
[[term]]
id = "tag"
class = "hashtag"
text = "AllIn"
)";

/// Both files in a folder of their own.
struct Files {
  TempDir dir;
  std::variant<Config, std::vector<Problem>> load(const std::string& campaign = sound_campaign,
                                                  const std::string& rest = "") const {
    dir.write("c.toml", campaign);
    return load_config(dir.write("main.toml", "include = [\"c.toml\"]\n" + rest));
  }
  Config config(const std::string& campaign = sound_campaign, const std::string& rest = "") const {
    auto loaded = load(campaign, rest);
    if (auto* wrong = std::get_if<std::vector<Problem>>(&loaded))
      for (const auto& each : *wrong) UNSCOPED_INFO(each.text());
    REQUIRE(std::holds_alternative<Config>(loaded));
    return std::get<Config>(loaded);
  }
  /// "main.toml:3:9: …" without the folder.
  std::vector<std::string> problems(const std::string& campaign = sound_campaign, const std::string& rest = "") const {
    std::vector<std::string> out;
    auto loaded = load(campaign, rest);
    if (auto* found = std::get_if<std::vector<Problem>>(&loaded))
      for (const auto& each : *found) {
        auto text = each.text();
        auto folder = dir.path().string() + "/";
        out.push_back(text.starts_with(folder) ? text.substr(folder.size()) : text);
      }
    return out;
  }
};

bool says(const std::vector<std::string>& problems, std::string_view place, std::string_view words) {
  for (const auto& each : problems) UNSCOPED_INFO(each);
  return std::ranges::any_of(problems, [&](const std::string& each) {
    return each.starts_with(place) && each.find(words) != std::string::npos;
  });
}

}  // namespace

TEST_CASE("a sound configuration loads with its defaults", "[config]") {
  Files files;
  auto config = files.config();
  CHECK(config.address == "127.0.0.1");
  CHECK(config.port == 8620);
  CHECK(config.profile == Profile::standard);
  CHECK_FALSE(config.clock.has_value());
  REQUIRE(config.campaign.editions.size() == 1U);
  CHECK(shown(config.campaign.editions[0].from) == "2024-12-31T23:00:00.000Z");
  CHECK(shown(config.campaign.editions[0].day_from) == "2025-06-19T22:00:00.000Z");
  CHECK(shown(config.campaign.editions[0].day_until) == "2025-06-20T22:00:00.000Z");
}

TEST_CASE("a campaign day has 23 or 25 hours when the clocks change", "[config]") {
  Files files;
  auto day_of = [&](const std::string& day) {
    auto text = sound_campaign;
    text.replace(text.find("2025-06-20"), 10, day);
    auto edition = files.config(text).campaign.editions.at(0);
    return std::chrono::duration_cast<std::chrono::hours>(edition.day_until - edition.day_from).count();
  };
  CHECK(day_of("2025-03-30") == 23);
  CHECK(day_of("2025-10-26") == 25);
  CHECK(day_of("2025-12-30") == 24);
}

TEST_CASE("a day begins at its first instant in every zone", "[config]") {
  CHECK(shown(day_start("Europe/Lisbon", 2025, 6, 20)) == "2025-06-19T23:00:00.000Z");
  CHECK(shown(day_start("Europe/Sofia", 2025, 6, 20)) == "2025-06-19T21:00:00.000Z");
  CHECK(shown(day_start("UTC", 2024, 2, 29)) == "2024-02-29T00:00:00.000Z");
  CHECK(shown(day_start("UTC", 2025, 2, 29)) == "none");
  CHECK(shown(day_start("Europe/Atlantis", 2025, 6, 20)) == "none");
}

TEST_CASE("an unknown key is told with its place and the key that was meant", "[config]") {
  Files files;
  CHECK(says(files.problems(sound_campaign, "[serve]\nlistn = \"127.0.0.1:8620\"\n"),
             "main.toml:3:1:", "did you mean 'listen'?"));
  CHECK(says(files.problems(sound_campaign, "nonsense = 1\n"), "main.toml:2:", "unknown key 'nonsense'"));
  CHECK(says(files.problems(sound_campaign + "txt = \"x\"\n"), "c.toml:14:1:", "did you mean 'text'?"));
}

TEST_CASE("every problem is told at once, in order of place", "[config]") {
  Files files;
  auto problems = files.problems(sound_campaign + "[[term]]\nid = \"tag\"\nclass = \"hashtg\"\ntext = 7\n",
                                 "[privacy]\nprofile = \"lax\"\n");
  CHECK(problems.size() == 4U);
  CHECK(says(problems, "main.toml:3:11:", "there is no profile 'lax': write one of standard, strict"));
  CHECK(says(problems, "c.toml:15:6:", "term 'tag' is there twice: first in line 11"));
  CHECK(says(problems, "c.toml:16:9:", "there is no class 'hashtg'"));
  CHECK(says(problems, "c.toml:17:8:", "text is written in quotes"));
}

TEST_CASE("days that will be as busy as the campaign day are days of its zone, within its edition", "[config]") {
  Files files;
  auto with = [](const std::string& peaks) {
    auto text = sound_campaign;
    return text.insert(text.find("day = "), "peaks = " + peaks + "\n");
  };
  const auto edition = files.config(with("[2025-06-21, 2025-06-18, 2025-06-20, 2025-06-18]")).campaign.editions.at(0);
  REQUIRE(edition.peaks.size() == 2U);  // the campaign day is one anyway
  CHECK(shown(edition.peaks[0].from) == "2025-06-17T22:00:00.000Z");
  CHECK(shown(edition.peaks[1].until) == "2025-06-21T22:00:00.000Z");
  CHECK(edition.is_busy(edition.peaks[0].from));
  CHECK_FALSE(edition.is_busy(edition.peaks[0].until));
  CHECK(edition.is_busy(edition.day_from));
  CHECK(says(files.problems(with("[2026-06-18]")), "c.toml:", "2026-06-18 lies outside the edition"));
  CHECK(says(files.problems(with("[\"2025-06-18\"]")), "c.toml:", "write each like 2027-06-18"));
  CHECK(says(files.problems(with("2025-06-18")), "c.toml:", "write peaks = [2027-06-18]"));
}

TEST_CASE("editions of one campaign do not overlap, but may touch", "[config]") {
  Files files;
  auto next = [](const std::string& from) {
    return sound_campaign + "[[edition]]\nid = \"2026\"\nday = 2026-06-20\nfrom = " + from + "\nuntil = 2027-01-01\n";
  };
  CHECK(says(files.problems(next("2025-12-31")), "c.toml:17:8:", "edition '2026' overlaps edition '2025'"));
  auto campaign = files.config(next("2026-01-01")).campaign;
  REQUIRE(campaign.editions.size() == 2U);
  CHECK(campaign.edition_at(campaign.editions[1].from)->id == "2026");
  CHECK(campaign.edition_at(campaign.editions[1].from - std::chrono::milliseconds(1))->id == "2025");
  CHECK(campaign.edition_at(campaign.editions[1].until) == nullptr);
}

TEST_CASE("the edition to show is the running one, else the next, else the last", "[config]") {
  Files files;
  auto campaign = files
                      .config(sound_campaign +
                              "[[edition]]\nid = \"2027\"\nday = 2027-06-20\nfrom = 2027-01-01\nuntil = 2028-01-01\n")
                      .campaign;
  CHECK(campaign.edition_to_show(utc("2025-06-20T08:00:00Z"))->id == "2025");
  CHECK(campaign.edition_to_show(utc("2026-06-20T08:00:00Z"))->id == "2027");
  CHECK(campaign.edition_to_show(utc("2030-06-20T08:00:00Z"))->id == "2027");
  CHECK(campaign.edition_named("2025") != nullptr);
  CHECK(campaign.edition_named("1999") == nullptr);
}

TEST_CASE("an edition's days are dates, in order, around the campaign day", "[config]") {
  Files files;
  auto with = [](const std::string& old, const std::string& text) {
    auto out = sound_campaign;
    return out.replace(out.find(old), old.size(), text);
  };
  CHECK(says(files.problems(with("day = 2025-06-20", "day = \"2025-06-20\"")), "c.toml:7:7:", "without quotes"));
  CHECK(says(files.problems(with("until = 2026-01-01", "until = 2024-01-01")), "c.toml:9:9:", "ends after it begins"));
  CHECK(says(files.problems(with("day = 2025-06-20", "day = 2026-06-20")), "c.toml:7:7:", "outside the edition"));
  CHECK(says(files.problems(with("from = 2025-01-01\n", "")), "c.toml:", "from is missing"));
  CHECK(says(files.problems(with("Europe/Warsaw", "Europe/Warschau")), "c.toml:4:8:", "no time zone"));
  CHECK(says(files.problems(with("day = 2025-06-20", "day = 2025-06-31")), "c.toml:7:", "TOML"));
}

TEST_CASE("sources are checked against their connector", "[config]") {
  Files files;
  auto source = [&](const std::string& text) {
    return files.problems(sound_campaign + "[[source]]\nid = \"s\"\n" + text);
  };
  CHECK(says(source("connector = \"myspace\"\nhost = \"a.example\"\ntags = [\"x\"]\n"),
             "c.toml:16:13:", "no connector 'myspace'"));
  CHECK(says(source("connector = \"feed\"\n"), "c.toml:14:", "url is missing"));
  CHECK(says(source("connector = \"feed\"\nurl = \"ftp://a.example/\"\n"), "c.toml:17:7:", "http(s)"));
  CHECK(says(source("connector = \"mastodon\"\nhost = \"a.example\"\ntags = [\"1\",\"2\",\"3\",\"4\",\"5\"]\n"),
             "c.toml:18:8:", "at most 4"));
  CHECK(says(source("connector = \"feed\"\nurl = \"https://a.example/\"\nevery = \"5 parsecs\"\n"),
             "c.toml:18:9:", "no duration"));
  CHECK(source("connector = \"mastodon\"\nhost = \"A.Example\"\ntags = [\"#AllIn\"]\nevery = \"90s\"\n").empty());
}

TEST_CASE("a source is read with its host in lower case, its tags bare and its interval", "[config]") {
  Files files;
  auto campaign = files
                      .config(sound_campaign +
                              "[[source]]\nid = \"s\"\nconnector = \"mastodon\"\nhost = \"A.Example\"\ntags = "
                              "[\"#AllIn\"]\nevery = \"90s\"\n"
                              "[[source]]\nid = \"f\"\nconnector = \"feed\"\nurl = \"https://News.Example/rss\"\n")
                      .campaign;
  REQUIRE(campaign.sources.size() == 2U);
  CHECK(campaign.sources[0].host == "a.example");
  CHECK(campaign.sources[0].settings.tags == std::vector<std::string>{"AllIn"});
  CHECK(campaign.sources[0].every.count() == 90'000);
  CHECK(campaign.sources[1].host == "news.example");
  CHECK(campaign.sources[1].every.count() == 1'800'000);
}

// Whoever wrote "rss" was told of five unknown keys and a missing host, and of no connector there is.
TEST_CASE("a connector that does not exist is the one problem of its source", "[config]") {
  Files files;
  auto source = [&](const std::string& text) {
    return files.problems(sound_campaign + "[[source]]\nid = \"s\"\n" + text);
  };
  auto rss = source("connector = \"rss\"\nurl = \"isp.org.pl\"\nitem = \"li\"\nevery = \"soon\"\n");
  CHECK(rss.size() == 1U);
  CHECK(says(rss, "c.toml:16:13:", "there is no connector 'rss': there are "));
  CHECK(says(rss, "c.toml:16:13:", "; did you mean 'feed'?"));
  CHECK(says(source("connector = \"pages\"\n"), "c.toml:16:13:", "did you mean 'page'?"));
  CHECK(says(source("connector = \"Website\"\n"), "c.toml:16:13:", "did you mean 'page'?"));
  CHECK_FALSE(says(source("connector = \"gopher\"\n"), "c.toml:16:13:", "did you mean"));
  auto none = source("url = \"https://a.example/\"\n");
  CHECK(none.size() == 1U);
  CHECK(says(none, "c.toml:14:", "connector is missing: there are "));
}

TEST_CASE("a source's address is told apart from none, and its port must be allowed", "[config]") {
  Files files;
  auto feed = [&](const std::string& url, const std::string& rest = "") {
    return files.problems(sound_campaign + "[[source]]\nid = \"s\"\nconnector = \"feed\"\nurl = \"" + url + "\"\n",
                          rest);
  };
  CHECK(
      says(feed("isp.org.pl/news"), "c.toml:17:7:", "'isp.org.pl/news' is no address: write https://isp.org.pl/news"));
  CHECK(says(feed("gopher://a.example/"), "c.toml:17:7:", "'gopher://a.example/' is no http(s) address"));
  CHECK(says(feed("https://a.example:8443/feed"), "c.toml:17:7:", "write ports = [8443] under [fetch]"));
  CHECK(feed("https://a.example:8443/feed", "[fetch]\nports = [8443]\n").empty());
  CHECK(feed("http://a.example:80/?at=1:2").empty());
  auto server = files.problems(sound_campaign +
                               "[[source]]\nid = \"s\"\nconnector = \"mastodon\"\nhost = \"a.example:3000\"\ntags = "
                               "[\"x\"]\n");
  CHECK(says(server, "c.toml:17:8:", "ports = [3000]"));
}

TEST_CASE("a key of another connector is told, with that connector where it is the only one", "[config]") {
  Files files;
  auto problems = files.problems(sound_campaign +
                                 "[[source]]\nid = \"s\"\nconnector = \"feed\"\nurl = \"https://a.example/\"\nitem = "
                                 "\"li\"\nhost = \"a.example\"\ntags = [\"x\"]\n"
                                 "[[source]]\nid = \"m\"\nconnector = \"mastodon\"\nhost = \"a.example\"\ntags = "
                                 "[\"x\"]\nlanguage = \"pl\"\n");
  CHECK(problems.size() == 4U);
  CHECK(says(problems, "c.toml:18:8:", "'item' belongs to connector = \"page\""));
  CHECK(says(problems, "c.toml:19:8:", "'host' is no key of connector = \"feed\""));
  CHECK(says(problems, "c.toml:20:8:", "'tags' is no key of connector = \"feed\""));
  CHECK(says(problems, "c.toml:26:12:", "'language' is no key of connector = \"mastodon\""));
}

TEST_CASE("a language is a tag of BCP 47", "[config]") {
  Files files;
  auto language = [&](const std::string& tag) {
    return files.problems(sound_campaign +
                          "[[source]]\nid = \"s\"\nconnector = \"feed\"\nurl = \"https://a.example/\"\nlanguage = \"" +
                          tag + "\"\n");
  };
  for (const char* tag : {"pl", "pt-BR", "sr-Latn-RS", "zh-Hant", "es-419", "csb"}) {
    INFO(tag);
    CHECK(language(tag).empty());
  }
  for (const char* tag : {"p", "pl-", "-pl", "12", "pl PL"}) {
    INFO(tag);
    CHECK(says(language(tag), "c.toml:18:12:", "is no language tag: write one such as pl or pt-BR"));
  }
}

TEST_CASE("minutes may be written as m", "[config]") {
  Files files;
  auto every = [&](const std::string& text) {
    return files
        .config(sound_campaign +
                "[[source]]\nid = \"s\"\nconnector = \"feed\"\nurl = \"https://a.example/\"\nevery = \"" + text +
                "\"\n")
        .campaign.sources.at(0)
        .every.count();
  };
  CHECK(every("5m") == 300'000);
  CHECK(every("5min") == 300'000);
}

TEST_CASE("whatever is there twice is told with the line of the first", "[config]") {
  Files files;
  std::string one = "[[source]]\nid = \"s\"\nconnector = \"feed\"\nurl = \"https://a.example/\"\n";
  CHECK(
      says(files.problems(sound_campaign + one + one), "c.toml:19:6:", "source 's' is there twice: first in line 15"));
  std::string partner = "[[partner]]\nid = \"p\"\nname = \"P\"\n";
  CHECK(says(files.problems(sound_campaign + partner + partner),
             "c.toml:18:6:", "partner 'p' is there twice: first in line 15"));
}

TEST_CASE("partners' countries and accounts have their form", "[config]") {
  Files files;
  auto partner = [&](const std::string& text) {
    return files.problems(sound_campaign + "[[partner]]\nid = \"p\"\nname = \"P\"\n" + text);
  };
  CHECK(says(partner("country = \"pl\"\n"), "c.toml:17:11:", "capitals"));
  CHECK(says(partner("accounts = [\"p@a.example\"]\n"), "c.toml:17:", "mastodon:user@host"));
  CHECK(partner("country = \"PL\"\naccounts = [\"mastodon:P@A.Example\"]\n").empty());
}

TEST_CASE("a file that is missing or no TOML is a problem with its name", "[config]") {
  Files files;
  auto missing = load_config(files.dir.path() / "none.toml");
  REQUIRE(std::holds_alternative<std::vector<Problem>>(missing));
  CHECK(std::get<std::vector<Problem>>(missing).at(0).line == 0U);
  CHECK(says(files.problems("x = [\n"), "c.toml:", "no valid TOML"));
  CHECK(says(files.problems("[campaign]\nid = \"c\"\nname = \"C\"\n"), "main.toml:", "no [[edition]]"));
}

// A typing error here opened nothing and said nothing: the feed stayed blocked for no visible reason.
TEST_CASE("what is no address range, and what is no port, is a problem", "[config]") {
  Files files;
  CHECK(says(files.problems(sound_campaign, "[fetch]\nallow = [\"192.168.7.0/99\"]\n"),
             "main.toml:3:", "192.168.7.0/99"));
  CHECK(says(files.problems(sound_campaign, "[fetch]\nports = [\"8443\"]\n"), "main.toml:3:", "port"));
  CHECK(says(files.problems(sound_campaign, "[fetch]\nports = 8443\n"), "main.toml:3:", "port"));
}

TEST_CASE("a source without tags asks for the campaign's own, hashtags first", "[config]") {
  Files files;
  auto campaign = files
                      .config(sound_campaign +
                              "[[term]]\nid = \"typo\"\nclass = \"variant\"\ntext = \"#AllInn\"\n[[term]]\nid = "
                              "\"word\"\nclass = \"plain\"\ntext = \"AllIn\"\n[[source]]\nid = \"s\"\nconnector = "
                              "\"mastodon\"\nhost = \"a.example\"\n")
                      .campaign;
  CHECK(campaign.sources.at(0).settings.tags == std::vector<std::string>{"AllIn", "AllInn"});
}

TEST_CASE("a tag no source asks for is a warning", "[config]") {
  Files files;
  auto config = files.config(sound_campaign +
                             "[[source]]\nid = \"s\"\nconnector = \"mastodon\"\nhost = \"a.example\"\ntags = "
                             "[\"Other\"]\n");
  REQUIRE(config.warnings.size() == 2U);
  CHECK(config.warnings[0].message.find("contact is not set") != std::string::npos);
  CHECK(config.warnings[1].message.find("no source asks for the tag 'AllIn'") != std::string::npos);
}

TEST_CASE("two partners share no page, but may share a host", "[config]") {
  Files files;
  auto two = [](const std::string& first, const std::string& second) {
    return sound_campaign + "[[partner]]\nid = \"a\"\nname = \"A\"\n" + first +
           "[[partner]]\nid = \"b\"\nname = \"B\"\n" + second;
  };
  CHECK(says(files.problems(two("sites = [\"https://www.gov.example/a\"]\n", "sites = [\"https://gov.example/b\"]\n")),
             "c.toml:21:9:", "what stands on gov.example is partner 'a' already"));
  CHECK(files.problems(two("outlets = [\"gov.example/a\"]\n", "outlets = [\"gov.example/b\"]\n")).empty());
}

TEST_CASE("a channel's id keeps its letters' case, a handle does not", "[config]") {
  Files files;
  auto accounts = files
                      .config(sound_campaign +
                              "[[partner]]\nid = \"a\"\nname = \"A\"\naccounts = "
                              "[\"youtube:UCabcdefghijKLMNOPQRST-_\", \"mastodon:Ala@A.Example\"]\n")
                      .campaign.partners.at(0)
                      .accounts;
  CHECK(accounts.at(0).find("UCabcdefghijKLMNOPQRST") != std::string::npos);
  CHECK(accounts.at(1) == "mastodon:ala@a.example");
}

TEST_CASE("partners' accounts share the purse of their platform's sources, and the least said binds them", "[config]") {
  const std::string partner =
      "[[partner]]\nid = \"p\"\nname = \"P\"\naccounts = [\"x:partner\", \"bluesky:partner.example\"]\n";
  auto source = [](const std::string& id, const std::string& rest) {
    return "[[source]]\nid = \"" + id + "\"\nconnector = \"x\"\ncredential = \"x-key\"\n" + rest;
  };
  auto spend = [](const Campaign& campaign) {
    std::map<std::string, std::optional<int>> out;
    for (const auto& each : campaign.sources) out[each.id] = each.settings.spend_monthly;
    for (const auto& each : campaign.off) out[each.source.id] = each.source.settings.spend_monthly;
    return out;
  };
  Files files;
  auto shared = spend(files
                          .config(sound_campaign + partner + source("dear", "spend_monthly = 20\n") +
                                  source("cheap", "spend_monthly = 5\n") + source("silent", ""))
                          .campaign);
  CHECK(shared["dear"] == 2'000);
  CHECK(shared["cheap"] == 500);
  CHECK(shared["silent"] == 500);
  CHECK(shared["x:partner"] == 500);
  CHECK_FALSE(shared["bluesky:partner.example"].has_value());
  CHECK_FALSE(spend(files.config(sound_campaign + partner).campaign)["x:partner"].has_value());

  Campaign campaign;
  for (int cents : {900, 300, 700}) {
    Source each;
    each.connector = "x";
    each.settings.spend_monthly = cents;
    campaign.sources.push_back(std::move(each));
  }
  CHECK(campaign.least_spend("x") == 300);
  CHECK_FALSE(campaign.least_spend("feed").has_value());
}
