#include "daemon/collect/gate.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "connectors/platforms/feed.hpp"
#include "connectors/platforms/mastodon.hpp"
#include "tests/unit/support.hpp"

using namespace campaignd;
using namespace campaignd::test;
using collect::Gate;
using collect::Keys;

namespace {

const sys_ms noon = utc("2025-06-20T12:00:00Z");

Config make_config(Profile profile = Profile::standard) {
  Config config;
  config.profile = profile;
  config.campaign.editions = {edition_2025()};
  Term tag;
  tag.id = "tag";
  tag.text = "AllIn";
  config.campaign.terms = {tag};
  Partner partner;
  partner.id = "ngo";
  partner.name = "An Organisation";
  partner.accounts = {"mastodon:ngo@home.example"};
  partner.outlets = {"ngo.example", "gov.example/web/interior"};
  config.campaign.partners = {partner};
  return config;
}

/// A post of a private person, with everything a gate must not let through.
Finding private_post(const std::string& name = "1") {
  auto finding = make_finding(name, "ala@home.example", noon);
  finding.post.author.name = "Ala Secret";
  finding.post.author.followers = 12;
  finding.post.title = "Secret title";
  finding.post.text = "Secret text #AllIn";
  finding.post.alt_text = "Secret card";
  return finding;
}

Finding article(const std::string& url, const std::string& title) {
  Finding finding;
  finding.post.platform = "feed";
  finding.post.host = "news.example";
  finding.post.uri = url;
  finding.post.url = url;
  finding.post.kind = Kind::article;
  finding.post.published = noon;
  finding.post.title = title;
  finding.post.text = "Body #AllIn";
  finding.post.author.key = "news.example";
  finding.post.author.name = "News";
  finding.post.author.media = true;
  return finding;
}

struct GateWorld {
  TempDir dir;
  Gate gate;
  explicit GateWorld(const Config& config) : gate(config, Keys::open(dir.path(), {"2025"}, false)) {}
  collect::Gated admit(const Finding& finding, sys_ms now = noon, const Contract& contract = mastodon_contract) {
    return gate.admit({finding}, contract, now);
  }
  store::Fact fact(const Finding& finding, const Contract& contract = mastodon_contract) {
    auto gated = admit(finding, noon, contract);
    REQUIRE(gated.facts.size() == 1U);
    return gated.facts.front();
  }
};

}  // namespace

TEST_CASE("no name and no text of a private person passes the gate", "[gate]") {
  GateWorld world(make_config());
  auto fact = world.fact(private_post());
  CHECK_FALSE(fact.author.name.has_value());
  CHECK_FALSE(fact.author.partner.has_value());
  CHECK_FALSE(fact.title.has_value());
  CHECK_FALSE(fact.text.has_value());
  CHECK(fact.author.followers == 12);
  CHECK(fact.uri == "https://home.example/posts/1");
  REQUIRE(fact.match.has_value());
  CHECK(fact.match->match_class == MatchClass::hashtag);
}

TEST_CASE("a registered organisation is named, with 300 characters of its text at most", "[gate]") {
  GateWorld world(make_config());
  auto finding = private_post();
  finding.post.author.key = "ngo@home.example";
  finding.post.text.clear();
  for (int i = 0; i < 1000; ++i) finding.post.text += "ż";
  auto fact = world.fact(finding);
  CHECK(fact.author.name == std::optional<std::string>("An Organisation"));
  CHECK(fact.author.partner == std::optional<std::string>("ngo"));
  REQUIRE(fact.text.has_value());
  CHECK(fact.text->size() == 600U);
  REQUIRE(fact.match.has_value());
  CHECK(fact.match->match_class == MatchClass::owned);
}

TEST_CASE("whom an organisation answers or thanks is not kept with its text", "[gate]") {
  GateWorld world(make_config());
  auto finding = private_post();
  finding.post.author.key = "ngo@home.example";
  finding.post.text = "@ala@home.example thank you! Write to info@ngo.example (or to @ola).";
  auto fact = world.fact(finding);
  CHECK(fact.text == std::optional<std::string>("@… thank you! Write to info@ngo.example (or to @…)."));
}

TEST_CASE("an article keeps its title and its outlet, not its text", "[gate]") {
  GateWorld world(make_config());
  auto fact = world.fact(article("https://news.example/1", std::string(1000, 'x')), feed_contract);
  CHECK(fact.author.name == std::optional<std::string>("News"));
  REQUIRE(fact.title.has_value());
  CHECK(fact.title->size() == 300U);
  CHECK_FALSE(fact.text.has_value());
  CHECK_FALSE(fact.author.partner.has_value());
}

TEST_CASE("an article is a partner's below its domains and paths only", "[gate]") {
  GateWorld world(make_config());
  auto partner_of = [&](const std::string& url) {
    return world.fact(article(url, "t"), feed_contract).partner.value_or("none");
  };
  CHECK(partner_of("https://www.ngo.example/a") == "ngo");
  CHECK(partner_of("https://gov.example/web/interior/a") == "ngo");
  CHECK(partner_of("https://gov.example/web/finance") == "none");
  CHECK(partner_of("https://fakengo.example/") == "none");
  CHECK(partner_of("https://news.example/ngo.example") == "none");
}

TEST_CASE("an account that opted out is only counted, once a day", "[gate]") {
  GateWorld world(make_config());
  auto finding = private_post();
  finding.post.author.opted_out = true;
  auto first = world.admit(finding);
  CHECK(first.facts.empty());
  CHECK(first.opted_out == 1);
  CHECK(first.matched == 0);
  CHECK(world.admit(finding, noon + std::chrono::hours(1)).opted_out == 0);
  CHECK(world.admit(finding, noon + std::chrono::hours(24)).opted_out == 1);
  auto silent = private_post("2");
  silent.post.author.opted_out = true;
  silent.post.text = "nothing of ours";
  CHECK(world.admit(silent).opted_out == 0);
}

TEST_CASE("an organisation and an outlet cannot opt out of being named", "[gate]") {
  GateWorld world(make_config());
  auto finding = private_post();
  finding.post.author.key = "ngo@home.example";
  finding.post.author.opted_out = true;
  CHECK(world.admit(finding).facts.size() == 1U);
  auto outlet = article("https://news.example/1", "t");
  outlet.post.author.opted_out = true;
  CHECK(world.admit(outlet, noon, feed_contract).facts.size() == 1U);
}

TEST_CASE("two keys give no common pseudonym and no common alias", "[gate]") {
  GateWorld first(make_config());
  GateWorld second(make_config());
  auto one = first.fact(private_post());
  auto other = second.fact(private_post());
  CHECK(one.author.pseudonym != other.author.pseudonym);
  CHECK(one.keys.at(0).key != other.keys.at(0).key);
  CHECK(one.author.pseudonym == first.fact(private_post("2")).author.pseudonym);
  CHECK(one.author.pseudonym != one.keys.at(0).key);
}

TEST_CASE("a person has another pseudonym on every platform and in every edition", "[gate]") {
  TempDir dir;
  auto keys = Keys::open(dir.path(), {"2025", "2026"}, false);
  CHECK(keys.pseudonym("2025", "mastodon", "ala") != keys.pseudonym("2026", "mastodon", "ala"));
  CHECK(keys.pseudonym("2025", "mastodon", "ala") != keys.pseudonym("2025", "bluesky", "ala"));
  auto again = Keys::open(dir.path(), {"2025", "2026"}, true);
  CHECK(again.pseudonym("2025", "mastodon", "ala") == keys.pseudonym("2025", "mastodon", "ala"));
  CHECK(again.alias("x") == keys.alias("x"));
}

TEST_CASE("strict drops the link and address of a private post and keeps those of an organisation", "[gate]") {
  GateWorld world(make_config(Profile::strict));
  auto finding = private_post();
  finding.post.author.indexable = true;
  auto fact = world.fact(finding);
  CHECK(fact.uri.empty());
  CHECK(fact.url.empty());
  CHECK(fact.keys.size() == 1U);
  finding.post.author.key = "ngo@home.example";
  CHECK_FALSE(world.fact(finding).url.empty());
}

TEST_CASE("strict takes a missing word on indexing for a no", "[gate]") {
  GateWorld strict(make_config(Profile::strict));
  auto finding = private_post();
  CHECK(strict.admit(finding).opted_out == 1);
  finding.post.author.indexable = false;
  CHECK(strict.admit(finding).facts.empty());
  GateWorld standard(make_config());
  CHECK(standard.admit(finding).facts.size() == 1U);
}

TEST_CASE("a post outside every edition is dropped, one dated in the future belongs to now", "[gate]") {
  GateWorld world(make_config());
  auto finding = private_post();
  finding.post.published = utc("2024-06-20T12:00:00Z");
  CHECK(world.admit(finding).facts.empty());
  finding.post.published = utc("2031-06-20T12:00:00Z");
  auto gated = world.admit(finding);
  REQUIRE(gated.facts.size() == 1U);
  CHECK(gated.facts[0].edition == "2025");
}

TEST_CASE("keys that are missing, short or open to others are a problem that names the file", "[gate]") {
  TempDir dir;
  CHECK_THROWS_AS(Keys::open(dir.path(), {"2025"}, true), collect::KeyProblem);
  Keys::open(dir.path(), {"2025"}, false);
  auto root = dir.path() / "root.key";
  std::filesystem::permissions(root, std::filesystem::perms::group_read, std::filesystem::perm_options::add);
  CHECK_THROWS_WITH(Keys::open(dir.path(), {"2025"}, true), Catch::Contains("root.key") && Catch::Contains("chmod"));
  dir.write("root.key", "sixteen bytes !!");
  std::filesystem::permissions(root, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  CHECK_THROWS_WITH(Keys::open(dir.path(), {"2025"}, true), Catch::Contains("16 bytes"));
  std::filesystem::remove(dir.path() / "edition-2025.key");
  dir.write("root.key", std::string(32, 'k'));
  CHECK_THROWS_AS(Keys::open(dir.path(), {"2025"}, true), collect::KeyProblem);
}

TEST_CASE("an account anywhere in the fediverse is known when a Mastodon server shows it", "[gate]") {
  auto config = make_config();
  config.campaign.partners[0].accounts = {"misskey:ngo@mk.example", "lemmy:news@lemmy.example", "x:ala"};
  GateWorld world(config);
  auto partner_of = [&](const std::string& author) {
    auto finding = private_post();
    finding.post.author.key = author;
    return world.fact(finding).author.partner.value_or("none");
  };
  CHECK(partner_of("ngo@mk.example") == "ngo");
  CHECK(partner_of("news@lemmy.example") == "ngo");
  CHECK(partner_of("ala") == "none");
  CHECK(partner_of("ngo@other.example") == "none");
  // What is stored already is told to be theirs under the same name.
  std::vector<std::string> platforms;
  for (const auto& account : world.gate.partner_accounts()) platforms.push_back(account.platform);
  CHECK(std::ranges::count(platforms, "mastodon") == 2);
}
