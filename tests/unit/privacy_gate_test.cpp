// What passes the gate in each profile, and what of a finding nothing may keep.
#include <catch2/catch.hpp>

#include "connectors/platforms/mastodon.hpp"
#include "daemon/collect/collector.hpp"
#include "tests/unit/support.hpp"

using namespace campaignd;
using namespace campaignd::test;
using collect::Gate;
using collect::Keys;

namespace {

const sys_ms noon = utc("2025-06-20T12:00:00Z");

Config config_of(Profile profile) {
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
  config.campaign.partners = {partner};
  return config;
}

Finding post_of(const std::string& author) {
  auto finding = make_finding("1", author, noon);
  finding.post.uri = finding.post.url = "https://home.example/@" + author + "/1";
  finding.post.author.name = "Ala Secret";
  finding.post.author.indexable = true;
  finding.post.text = "A secret sentence #AllIn";
  return finding;
}

struct Passing {
  TempDir dir;
  Keys keys = Keys::open(dir.path(), {"2025"}, false);
  Gate gate;
  explicit Passing(Profile profile) : gate(config_of(profile), keys) {}
  collect::Gated admit(const Finding& finding, sys_ms now = noon) {
    return gate.admit({finding}, mastodon_contract, now);
  }
};

}  // namespace

TEST_CASE("P-01 of a private post the profile strict keeps its id and its server, and no address or hash of its text",
          "[privacy]") {
  Passing passing(Profile::strict);
  auto gated = passing.admit(post_of("ala@home.example"));
  REQUIRE(gated.facts.size() == 1U);
  const auto& fact = gated.facts.front();
  CHECK(fact.uri.empty());
  CHECK(fact.url.empty());
  CHECK_FALSE(fact.text_key.has_value());
  CHECK_FALSE(fact.title.has_value());
  CHECK_FALSE(fact.text.has_value());
  CHECK_FALSE(fact.author.name.has_value());
  CHECK(fact.local_id == "1");
  CHECK(fact.host == "home.example");
  REQUIRE(fact.keys.size() == 1U);  // its identity is the keyed hash of its address
  CHECK(fact.keys.front().key == passing.keys.alias("https://home.example/@ala@home.example/1"));
}

TEST_CASE("P-01 the profile standard keeps the two links and nothing else that names a person", "[privacy]") {
  Passing passing(Profile::standard);
  auto gated = passing.admit(post_of("ala@home.example"));
  REQUIRE(gated.facts.size() == 1U);
  const auto& fact = gated.facts.front();
  CHECK_FALSE(fact.url.empty());
  CHECK_FALSE(fact.author.name.has_value());
  CHECK_FALSE(fact.title.has_value());
  CHECK_FALSE(fact.text.has_value());
}

TEST_CASE("P-07 an account that asked to be left alone moves the anonymous tally alone", "[privacy]") {
  for (auto profile : {Profile::standard, Profile::strict}) {
    Passing passing(profile);
    auto finding = post_of("ala@home.example");
    finding.post.author.opted_out = true;  // noindex, #nobot in the biography, !no-unauthenticated
    auto gated = passing.admit(finding);
    CHECK(gated.facts.empty());
    CHECK(gated.matched == 0);
    CHECK(gated.opted_out == 1);
    CHECK(passing.admit(finding).opted_out == 0);  // the same post again
  }
}

TEST_CASE("P-07 a missing or false word on indexing is a no in the profile strict alone", "[privacy]") {
  for (auto said : {std::optional<bool>(), std::optional<bool>(false)}) {
    auto finding = post_of("ala@home.example");
    finding.post.author.indexable = said;
    Passing strict(Profile::strict), standard(Profile::standard);
    CHECK(strict.admit(finding).facts.empty());
    CHECK(strict.admit(finding).opted_out == 0);
    CHECK(standard.admit(finding).facts.size() == 1U);
    CHECK(standard.admit(finding).opted_out == 0);
  }
}

TEST_CASE("P-07 in the profile strict such an account is counted once", "[privacy]") {
  Passing strict(Profile::strict);
  auto finding = post_of("ala@home.example");
  finding.post.author.indexable.reset();
  CHECK(strict.admit(finding).opted_out == 1);
}

TEST_CASE("private posts of an edition whose retention is over are not kept, an organisation's are", "[privacy]") {
  Passing passing(Profile::standard);
  auto late = edition_2025().forget_at();
  CHECK(passing.admit(post_of("ala@home.example"), late - std::chrono::hours(1)).facts.size() == 1U);
  CHECK(passing.admit(post_of("ala@home.example"), late).facts.empty());
  CHECK(passing.admit(post_of("ngo@home.example"), late).facts.size() == 1U);
}

TEST_CASE("without the edition's key nobody asks for a pseudonym", "[privacy]") {
  Passing passing(Profile::standard);
  CHECK(passing.gate.partner_accounts().size() > 0U);
  passing.gate.destroy_key("2025");
  CHECK_FALSE(passing.gate.has_key("2025"));
  CHECK(passing.gate.partner_accounts().empty());
  CHECK(passing.gate.pseudonyms_of("bluesky", "did:plc:ala").empty());
  CHECK(passing.admit(post_of("ala@home.example")).facts.empty());
  CHECK(passing.admit(post_of("ngo@home.example")).facts.size() == 1U);
}

TEST_CASE("a private account is looked up among the forgotten by each of its names, an organisation's is not",
          "[privacy]") {
  Passing passing(Profile::standard);
  auto finding = post_of("did:plc:ala");
  finding.post.platform = "bluesky";
  finding.post.author.handle = "Ala.example";
  auto gated = passing.admit(finding);
  REQUIRE(gated.facts.size() == 1U);
  const auto& names = gated.facts.front().author.suppressed_as;
  auto holds = [&](const store::Digest& hash) { return std::ranges::find(names, hash) != names.end(); };
  CHECK(holds(passing.keys.suppression("bluesky", "did:plc:ala")));
  CHECK(holds(passing.keys.suppression("bluesky", "ala.example")));
  CHECK(holds(passing.keys.suppression(gated.facts.front().author.pseudonym)));
  CHECK(passing.admit(post_of("ngo@home.example")).facts.at(0).author.suppressed_as.empty());
}
