#include "daemon/config/layers.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/unit/support.hpp"

using namespace campaignd;
using namespace campaignd::test;
namespace fs = std::filesystem;

namespace {

const std::string sound_campaign = R"([campaign]
id = "most"
name = "#MostDay"
[[edition]]
id = "2027"
day = 2027-06-20
from = 2027-01-01
until = 2028-01-01
[[term]]
id = "tag"
class = "hashtag"
text = "MostDay"
)";

const std::string partner = R"([[partner]]
id = "most"
name = "Fundacja Most"
country = "PL"
aliases = ["Most"]
sites = ["https://www.most.example/news/"]
)";

const std::string server = R"([[source]]
id = "social"
connector = "mastodon"
host = "social.example"
tags = ["MostDay"]
)";

/// main.toml, campaign.toml which it includes, and main.d.
struct Layered {
  TempDir dir;
  explicit Layered(const std::string& more = {}) {
    fs::create_directory(dir.path() / "main.d");
    dir.write("campaign.toml", sound_campaign);
    dir.write("main.toml", "include = [\"campaign.toml\"]\n" + more);
  }
  void drop_in(const std::string& name, const std::string& text) const { dir.write("main.d/" + name, text); }

  Config config() const {
    auto loaded = load_config(dir.path() / "main.toml");
    if (auto* wrong = std::get_if<Problems>(&loaded))
      for (const auto& each : *wrong) UNSCOPED_INFO(each.text());
    REQUIRE(std::holds_alternative<Config>(loaded));
    return std::get<Config>(loaded);
  }
  std::vector<std::string> problems() const {
    std::vector<std::string> out;
    auto loaded = load_config(dir.path() / "main.toml");
    if (auto* found = std::get_if<Problems>(&loaded))
      for (const auto& each : *found) out.push_back(each.text());
    return out;
  }
};

std::vector<std::string> ids(const std::vector<Source>& sources) {
  std::vector<std::string> out;
  for (const auto& each : sources) out.push_back(each.id);
  return out;
}
using Ids = std::vector<std::string>;

}  // namespace

TEST_CASE("an included file is looked for beside the file that names it", "[config]") {
  Layered layered;
  fs::create_directory(layered.dir.path() / "ours");
  layered.dir.write("ours/partners.toml", partner);
  layered.dir.write("main.toml", "include = [\"campaign.toml\", \"ours/partners.toml\"]\n");
  CHECK(layered.config().campaign.partner_named("most") != nullptr);
  layered.dir.write(
      "main.toml", "include = [\"campaign.toml\", \"" + (layered.dir.path() / "ours/partners.toml").string() + "\"]\n");
  CHECK(layered.config().campaign.partner_named("most") != nullptr);
}

// The list of files was read anew while it was walked.
TEST_CASE("a file that includes itself, or another twice, is told so", "[config]") {
  Layered layered;
  layered.dir.write("main.toml", "include = [\"campaign.toml\", \"main.toml\", \"./campaign.toml\"]\n");
  auto problems = layered.problems();
  REQUIRE(problems.size() == 2U);
  CHECK_THAT(problems[0], Catch::Contains("main.toml:1:29: 'main.toml' is read already"));
  CHECK_THAT(problems[1], Catch::Contains("main.toml:1:42: './campaign.toml' is read already"));
}

TEST_CASE("a name no file can have is a problem like any other", "[config]") {
  Layered layered;
  layered.dir.write("main.toml", "include = [\"campaign.toml\", \"" + std::string(5000, 'x') + "\"]\n" +
                                     "[fetch]\nca_file = \"" + std::string(5000, 'y') + "\"\n");
  auto problems = layered.problems();
  REQUIRE(problems.size() == 2U);
  CHECK_THAT(problems[0], Catch::Contains("main.toml:1:29: there is no file"));
  CHECK_THAT(problems[1], Catch::Contains("main.toml:3:11: there is no file"));
}

TEST_CASE("files of the folder beside are read in order of name, the last one wins", "[config]") {
  Layered layered("[serve]\nlisten = \"127.0.0.1:8621\"\n");
  layered.drop_in("20-later.toml", "[serve]\nlisten = \"127.0.0.1:8623\"\n");
  layered.drop_in("10-early.toml",
                  "[serve]\nlisten = \"127.0.0.1:8622\"\npublic_url = \"https://most.example/\"\n"
                  "[privacy]\nprofile = \"strict\"\n");
  auto config = layered.config();
  CHECK(config.port == 8623);
  CHECK(config.public_url == "https://most.example/");
  CHECK(config.profile == Profile::strict);
}

TEST_CASE("an entry of the folder beside replaces the keys it gives and no others", "[config]") {
  Layered layered(partner + server);
  layered.drop_in("10-ours.toml",
                  "[[partner]]\nid = \"MOST\"\nname = \"Most Foundation\"\naliases = []\n"
                  "[[source]]\nid = \"social\"\nevery = \"10min\"\n"
                  "[[term]]\nid = \"tag\"\nuntil = 2027-07-01\n");
  auto campaign = layered.config().campaign;
  REQUIRE(campaign.partners.size() == 1U);
  CHECK(campaign.partners[0].name == "Most Foundation");
  CHECK(campaign.partners[0].aliases.empty());
  CHECK(campaign.partners[0].country == "PL");
  REQUIRE(campaign.sources.size() == 2U);
  CHECK(campaign.sources[0].every == std::chrono::minutes(10));
  CHECK(campaign.sources[0].host == "social.example");
  CHECK(campaign.terms.at(0).text == "MostDay");
  CHECK(shown(campaign.terms.at(0).until) == "2027-06-30T22:00:00.000Z");
}

TEST_CASE("the folder beside adds entries, and takes away", "[config]") {
  Layered layered(partner + server);
  layered.drop_in("10-ours.toml",
                  "[[source]]\nid = \"social\"\nremove = true\n"
                  "[[source]]\nid = \"news\"\nconnector = \"feed\"\nurl = \"https://news.example/feed\"\n");
  CHECK(ids(layered.config().campaign.sources) == Ids{"news", "most.example/news"});
  layered.drop_in("20-back.toml", server);
  CHECK(ids(layered.config().campaign.sources) == Ids{"news", "social", "most.example/news"});
  layered.drop_in("30-gone.toml", "[[partner]]\nid = \"most\"\nremove = true\n");
  auto campaign = layered.config().campaign;
  CHECK(campaign.partners.empty());
  CHECK(ids(campaign.sources) == Ids{"news", "social"});
}

// A configuration without an edition was sound, and whoever asked for the one to show met a null pointer.
TEST_CASE("not every edition, nor every term, can be taken away", "[config]") {
  Layered layered;
  layered.drop_in("10-ours.toml", "[[edition]]\nid = \"2027\"\nremove = true\n");
  REQUIRE(layered.problems().size() == 1U);
  CHECK_THAT(layered.problems()[0], Catch::Contains("there is no [[edition]]"));
  layered.drop_in("10-ours.toml", "[[term]]\nid = \"tag\"\nremove = true\n");
  REQUIRE(layered.problems().size() == 1U);
  CHECK_THAT(layered.problems()[0], Catch::Contains("there is no [[term]]"));
}

TEST_CASE("an account given to a partner in the folder beside is read as a source", "[config]") {
  Layered layered(partner);
  layered.drop_in("10-ours.toml",
                  "[[partner]]\nid = \"most\"\naccounts = [\"mastodon:Most@Social.Example\", \"x:most\"]\n");
  auto campaign = layered.config().campaign;
  REQUIRE(ids(campaign.sources) == Ids{"mastodon:most@social.example", "most.example/news"});
  CHECK(campaign.sources[0].connector == "mastodon");
  CHECK(campaign.sources[0].partner == "most");
  CHECK(campaign.sources[0].host == "social.example");
  CHECK(campaign.sources[0].settings.account == "most@social.example");
  CHECK(campaign.partners.at(0).accounts == Ids{"mastodon:most@social.example", "x:most"});
  CHECK(campaign.partners.at(0).name == "Fundacja Most");
}

TEST_CASE("a source written out stands in for a partner's site, and is the partner's channel", "[config]") {
  Layered layered(partner);
  REQUIRE(ids(layered.config().campaign.sources) == Ids{"most.example/news"});
  layered.drop_in("10-ours.toml",
                  "[[source]]\nid = \"most-news\"\nconnector = \"page\"\nurl = \"https://MOST.example/news\"\n");
  auto sources = layered.config().campaign.sources;
  REQUIRE(ids(sources) == Ids{"most-news"});
  CHECK(sources[0].connector == "page");
  CHECK(sources[0].partner == "most");
  layered.drop_in(
      "10-ours.toml",
      "[[source]]\nid = \"most.example/news\"\nconnector = \"feed\"\nurl = \"https://feeds.example/most\"\n");
  sources = layered.config().campaign.sources;
  REQUIRE(ids(sources) == Ids{"most.example/news"});
  CHECK(sources[0].host == "feeds.example");
  CHECK(sources[0].partner == "most");
}

TEST_CASE("settings that are equal are equal, whatever files and order they stand in", "[config]") {
  Layered one(partner + server + "[serve]\nlisten = \"127.0.0.1:8621\"\n");
  Layered other(server);
  other.dir.write("partners.toml", partner);
  other.dir.write("main.toml", "include = [\"partners.toml\", \"campaign.toml\"]\n# a remark\n" + server +
                                   "[serve]\nlisten='127.0.0.1:8620'\n");
  other.drop_in("10-ours.toml",
                "[serve]\nlisten = \"127.0.0.1:8621\"\n[[source]]\nid = \"SOCIAL\"\ntags = [ \"MostDay\" ]\n");
  CHECK(one.config().written == other.config().written);
}

TEST_CASE("a setting that changed is told by entry and key", "[config]") {
  Layered layered(partner + server);
  auto before = layered.config().written;
  layered.drop_in("10-ours.toml", "[[source]]\nid = \"social\"\ntags = [\"MostDay\", \"Bridge\"]\n");
  auto after = layered.config().written;
  CHECK(before.at("source social").at("tags") == R"(["MostDay"])");
  CHECK(after.at("source social").at("tags") == R"(["MostDay", "Bridge"])");
  CHECK(after.at("edition 2027").at("day") == "2027-06-20");
  after["source social"]["tags"] = before.at("source social").at("tags");
  CHECK(before == after);
}

TEST_CASE("hidden files, copies of an editor and other kinds of file are not read", "[config]") {
  Layered layered;
  for (const auto* name : {".10-ours.toml", "10-ours.toml.bak", "10-ours.toml~", "README.md", "10-ours.TOML.swp"})
    layered.drop_in(name, "this is no TOML");
  auto config = layered.config();
  CHECK(config.port == 8620);
  Problems problems;
  auto layers = read_layers(layered.dir.path() / "main.toml", problems);
  CHECK(layers.files.size() == 2U);
}

// The folder was passed over, and with it every change in it, without a word.
TEST_CASE("a folder of changes that cannot be listed is a problem", "[config]") {
  Layered layered;
  fs::remove(layered.dir.path() / "main.d");
  CHECK(layered.problems().empty());
  layered.dir.write("main.d", "");
  REQUIRE(layered.problems().size() == 1U);
  CHECK_THAT(layered.problems()[0], Catch::Contains("main.d: cannot be read as a folder"));
}
