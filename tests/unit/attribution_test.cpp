// Whose a post is: an organisation's own, one that carries an organisation further, or anybody's; and the tags of other
// campaigns, which are nobody's mention.
#include <catch2/catch.hpp>

#include "tests/unit/roster.hpp"

using namespace campaignd;
using namespace campaignd::test;

namespace {

const sys_ms noon = utc("2025-06-20T12:00:00Z");

Config make_config() {
  Config config;
  config.campaign.editions = {edition_2025()};
  config.campaign.outlets_owned = {"campaign.example"};
  config.campaign.terms = {Term{"tag", MatchClass::hashtag, "AllIn"},
                           Term{"rival", MatchClass::comparison, "OtherDay"}};
  Partner partner;
  partner.id = "ngo";
  partner.name = "An Organisation";
  partner.accounts = {"mastodon:ngo@social.ngo.example", "bluesky:ngo.example", "x:ngo"};
  partner.outlets = {"ngo.example"};
  config.campaign.partners = {partner};
  return config;
}

struct GateWorld {
  TempDir dir;
  collect::Gate gate{make_config(), collect::Keys::open(dir.path(), {"2025"}, false)};
  collect::Gated admit(const std::string& author, const std::string& text, const std::vector<std::string>& links = {}) {
    auto finding = make_finding("1", author, noon);
    finding.post.text = text;
    finding.post.links = links;
    return gate.admit({finding}, mastodon_contract, noon);
  }
  bool amplifies(const std::string& author, const std::string& link) {
    auto gated = admit(author, "See this #AllIn", {"https://news.example/", link});
    REQUIRE(gated.facts.size() == 1U);
    return gated.facts.front().amplifies;
  }
};

struct Relations : World {
  Relations() { books.configure({make_source("one", "v1")}, "2025", edition_2025().from); }
  std::string of(const std::string& name) const {
    store::Database db(file, store::Access::read);
    store::Query query(db, "SELECT reading.relation FROM reading JOIN post ON post.id = reading.post WHERE uri = ?",
                       "https://home.example/posts/" + name);
    return query.next() ? query.text(0) : "none";
  }
};

const std::string rival = "[[term]]\nid = \"rival\"\nclass = \"comparison\"\ntext = \"OtherDay\"\n";

}  // namespace

TEST_CASE("a post carries an organisation further by its pages, its accounts and their posts", "[attribution]") {
  GateWorld world;
  for (const auto* link : {"https://www.ngo.example/news/1", "https://campaign.example/",
                           "https://social.ngo.example/@ngo", "https://social.ngo.example/@NGO/1234",
                           "https://social.ngo.example/users/ngo", "https://home.example/@ngo@social.ngo.example",
                           "https://bsky.app/profile/ngo.example/post/3k", "https://x.com/NGO/status/1"}) {
    INFO(link);
    CHECK(world.amplifies("ala@home.example", link));
  }
}

// Mastodon writes every hashtag and every mention as a link to some server, an organisation's own one too.
TEST_CASE("what others have on an organisation's server, and what only looks like it, is not its own",
          "[attribution]") {
  GateWorld world;
  for (const auto* link :
       {"https://social.ngo.example/tags/AllIn", "https://social.ngo.example/@ala", "https://home.example/@ngo",
        "https://news.example/ngo.example", "https://fakengo.example/", "https://x.com/ngo2", "not a link", ""}) {
    INFO(link);
    CHECK_FALSE(world.amplifies("ala@home.example", link));
  }
}

TEST_CASE("an organisation's own post is owned, whatever it links to", "[attribution]") {
  GateWorld world;
  CHECK_FALSE(world.amplifies("ngo@social.ngo.example", "https://ngo.example/news/1"));
}

TEST_CASE("every post is owned, amplified or earned", "[attribution]") {
  Relations world;
  auto owned = make_fact("1", "ngo", noon), amplified = make_fact("2", "ala", noon),
       earned = make_fact("3", "ola", noon);
  owned.author.partner = "ngo";
  amplified.amplifies = true;
  world.see({owned, amplified, earned}, noon);
  CHECK(world.of("1") == "owned");
  CHECK(world.of("2") == "amplified");
  CHECK(world.of("3") == "earned");
  CHECK(world.ask("SELECT count(*) FROM reading WHERE relation IS NULL") == 0);

  amplified.amplifies = false;  // it was edited
  world.see({amplified}, noon + 1h);
  CHECK(world.of("2") == "earned");
}

TEST_CASE("a post is owned as long as its account is registered", "[attribution]") {
  Relations world;
  auto fact = make_fact("1", "ngo", noon);
  fact.author.partner = "ngo";
  world.see({fact}, noon);
  auto nobodys = [](const std::string&, const std::string&) { return store::PageOwner{}; };
  world.books.attribute({}, nobodys, {noon + 1h, std::set<std::string>{"2025"}});
  CHECK(world.of("1") == "earned");
  world.books.attribute({{"2025", "mastodon", digest("author ngo"), "ngo", "An Organisation"}}, nobodys,
                        {noon + 2h, std::set<std::string>{"2025"}});
  CHECK(world.of("1") == "owned");
}

TEST_CASE("another campaign's tag is no mention, and of an organisation only an owned post", "[attribution]") {
  Roster world(rival + five_partners);
  world.read_all();
  world.post("ala@home.example", "#OtherDay");
  world.post("used@social.example", "#OtherDay");
  world.post("ola@home.example", "#OtherDay and #AllIn");
  CHECK(world.ask("SELECT count(*) FROM reading WHERE class = 'comparison'") == 1);
  CHECK(world.ask("SELECT count(*) FROM reading WHERE class = 'owned' AND partner = 'used'") == 1);
  CHECK(world.total("M-01") == 1.0);
  CHECK(world.total("M-02") == 1.0);
  CHECK(world.row("used").state == report::PartnerState::posted_without);
  auto terms = world.sheet("terms");
  CHECK(cell_of(terms, "rival", "posts") == report::Cell(std::int64_t{1}));
  CHECK(cell_of(terms, "tag", "posts") == report::Cell(std::int64_t{1}));
}

TEST_CASE("another campaign's tag moves neither the count of matches nor the tally of those left out",
          "[attribution]") {
  GateWorld world;
  auto gated = world.admit("ala@home.example", "#OtherDay");
  REQUIRE(gated.facts.size() == 1U);
  CHECK(gated.facts.front().match->match_class == MatchClass::comparison);
  CHECK(gated.matched == 0);
  auto finding = make_finding("2", "ala@home.example", noon);
  finding.post.text = "#OtherDay";
  finding.post.author.opted_out = true;
  auto left_out = world.gate.admit({finding}, mastodon_contract, noon);
  CHECK(left_out.facts.empty());
  CHECK(left_out.opted_out == 0);
}

TEST_CASE("the tags a campaign is compared with are asked for where there is room", "[attribution]") {
  auto term = [](const std::string& id, const std::string& match_class, const std::string& text) {
    return "[[term]]\nid = \"" + id + "\"\nclass = \"" + match_class + "\"\ntext = \"" + text + "\"\n";
  };
  auto tags = [&](const std::string& terms) {
    TempDir dir;
    auto config =
        load(dir, roster_head + terms + "[[source]]\nid = \"s\"\nconnector = \"mastodon\"\nhost = \"a.example\"\n");
    return config.campaign.sources.back().settings.tags;
  };
  auto rivals = rival + term("other", "comparison", "#Third");
  auto variants = term("v1", "variant", "AllInn") + term("v2", "variant", "AlIn");
  CHECK(tags(rivals) == std::vector<std::string>{"AllIn", "OtherDay", "Third"});
  CHECK(tags(rivals + variants) == std::vector<std::string>{"AllIn", "AllInn", "AlIn", "OtherDay"});
}
