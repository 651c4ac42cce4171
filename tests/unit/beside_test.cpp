// What stands beside the campaign's tag: hashes of tags and sites, and names only where three accounts use them.
#include "daemon/collect/beside.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "connectors/platforms/feed.hpp"
#include "connectors/platforms/mastodon.hpp"
#include "daemon/collect/gate.hpp"
#include "tests/unit/support.hpp"

using namespace campaignd;
using namespace campaignd::test;
using namespace std::chrono_literals;

namespace {

const sys_ms noon = utc("2025-06-20T12:00:00Z");

Config make_config(Profile profile = Profile::standard) {
  Config config;
  config.profile = profile;
  config.campaign.editions = {edition_2025()};
  config.campaign.terms = {Term{"tag", MatchClass::hashtag, "AllIn"}, Term{"typo", MatchClass::variant, "AlIn"},
                           Term{"page", MatchClass::link, "www.campaign.example/join"},
                           Term{"rival", MatchClass::comparison, "OtherDay"}};
  Partner partner;
  partner.id = "ngo";
  partner.name = "An Organisation";
  partner.accounts = {"mastodon:ngo@home.example"};
  config.campaign.partners = {partner};
  return config;
}

Finding post_by(const std::string& author, const std::string& text) {
  auto finding = make_finding("1", author, noon);
  finding.post.text = text;
  finding.post.author.indexable = true;
  return finding;
}

struct GateWorld {
  TempDir dir;
  collect::Gate gate;
  explicit GateWorld(const Config& config = make_config())
      : gate(config, collect::Keys::open(dir.path(), {"2025"}, false)) {}
  std::vector<store::Beside> beside(const Finding& finding, const Contract& contract = mastodon_contract) {
    auto gated = gate.admit({finding}, contract, noon);
    REQUIRE(gated.facts.size() == 1U);
    return gated.facts.front().beside;
  }
};

std::vector<std::string> texts(const std::vector<store::Beside>& beside) {
  std::vector<std::string> out;
  for (const auto& each : beside) out.push_back(each.kind + " " + each.text);
  return out;
}

const std::set<std::string> nothing;

/// A post of that author with those tags beside the campaign's.
store::Fact with_tags(const std::string& name, const std::string& author, const std::vector<std::string>& tags) {
  auto fact = make_fact(name, author, noon);
  for (const auto& tag : tags) fact.beside.push_back({"tag", tag, digest("tag:" + tag)});
  return fact;
}

struct Besides : World {
  Besides() { books.configure({make_source("one", "v1")}, "2025", edition_2025().from); }
  std::int64_t names() const { return ask("SELECT count(*) FROM beside_name"); }
  std::int64_t rows() const { return ask("SELECT count(*) FROM beside"); }
};

}  // namespace

TEST_CASE("beside the tag stand other tags and linked sites, folded and once each", "[beside]") {
  GateWorld world;
  auto finding = post_by("ala@home.example", "#AllIn, #AlIn: #Refugees, #REFUGEES, #OtherDay, ＃Ｗelcome");
  finding.post.links = {"https://www.ngo.example/a?x=1", "https://news.bbc.co.uk/1", "https://ngo.example/b"};
  CHECK(texts(world.beside(finding)) ==
        std::vector<std::string>{"tag refugees", "tag welcome", "link ngo.example", "link bbc.co.uk"});
}

TEST_CASE("accounts, lists of a tag, the post's own server and the campaign's page are no sites", "[beside]") {
  Post post;
  post.host = "home.example";
  post.links = {"https://home.example/about",         "https://other.example/@ola",
                "https://other.example/users/ola",    "https://other.example/tags/refugees",
                "https://campaign.example/join/here", "https://x.com/ola",
                "mailto:ola@other.example",           "https://youtube.com/watch?v=1"};
  auto own = collect::own_names(make_config().campaign.terms);
  CHECK(collect::sites_beside(post, own) == std::vector<std::string>{"youtube.com"});
}

TEST_CASE("30 tags of 60 characters are kept at most", "[beside]") {
  Post post;
  post.tags.emplace();
  post.tags->push_back(std::string(61, 'x'));
  std::string long_tag;
  for (int i = 0; i < 60; ++i) long_tag += "ż";
  post.tags->push_back(long_tag);
  for (int i = 0; i < 40; ++i) post.tags->push_back("tag" + std::to_string(i));
  auto tags = collect::tags_beside(post, nothing);
  REQUIRE(tags.size() == 30U);
  CHECK(tags.front() == long_tag);
  CHECK(tags.back() == "tag28");
}

TEST_CASE("a post that is not about the campaign has nothing beside it", "[beside]") {
  GateWorld world;
  CHECK(world.beside(post_by("ngo@home.example", "Ours, #Refugees alone")).empty());
  CHECK(world.beside(post_by("ala@home.example", "#OtherDay #Refugees")).empty());
  auto article = post_by("news.example", "#AllIn #Refugees");
  article.post.kind = Kind::article;
  article.post.author.media = true;
  CHECK(world.beside(article, feed_contract).empty());
}

TEST_CASE("strict keeps nothing beside a private person's post, and an organisation's", "[beside]") {
  GateWorld world(make_config(Profile::strict));
  CHECK(world.beside(post_by("ala@home.example", "#AllIn #Refugees")).empty());
  CHECK(world.beside(post_by("ngo@home.example", "#AllIn #Refugees")).size() == 1U);
}

TEST_CASE("names are keyed: two campaigns share none, and a tag is no site", "[beside]") {
  GateWorld first, second;
  auto finding = post_by("ala@home.example", "#AllIn #Refugees");
  CHECK(first.beside(finding).front().name == first.beside(finding).front().name);
  CHECK(first.beside(finding).front().name != second.beside(finding).front().name);
  finding.post.text = "#AllIn";
  finding.post.tags = std::vector<std::string>{"AllIn", "ngo.example"};
  finding.post.links = {"https://ngo.example/"};
  auto both = first.beside(finding);
  REQUIRE(both.size() == 2U);
  CHECK(both[0].name != both[1].name);
}

TEST_CASE("a tag is named in clear once three accounts have used it", "[beside]") {
  Besides world;
  world.see({with_tags("1", "A", {"refugees"}), with_tags("2", "A", {"refugees"}), with_tags("3", "A", {"refugees"}),
             with_tags("4", "B", {"refugees", "rare"})},
            noon);
  CHECK(world.rows() == 5);
  CHECK(world.names() == 0);
  world.see({with_tags("5", "C", {"refugees"})}, noon + 1h);
  CHECK(world.names() == 1);
  CHECK(world.ask("SELECT text = 'refugees' AND kind = 'tag' FROM beside_name") == 1);
}

TEST_CASE("one account in three editions may be one person: it names nothing", "[beside]") {
  Besides world;
  for (const char* edition : {"2024", "2025", "2026"}) {
    auto fact = with_tags(edition, "A", {"refugees"});
    fact.edition = edition;
    fact.author.pseudonym = digest(std::string("A in ") + edition);
    world.see({fact}, noon);
  }
  CHECK(world.rows() == 3);
  CHECK(world.names() == 0);
}

TEST_CASE("an edit replaces what stands beside a post, and a lost match takes it away", "[beside]") {
  Besides world;
  world.see({with_tags("1", "A", {"one", "two"})}, noon);
  world.see({with_tags("1", "A", {"two", "three"})}, noon + 1h);
  CHECK(world.rows() == 2);
  auto lost = make_fact("1", "A", noon);
  lost.match.reset();
  world.see({lost}, noon + 2h);
  CHECK(world.rows() == 0);
}

TEST_CASE("a name that fewer than three accounts use goes with the next tidying", "[beside]") {
  Besides world;
  world.see({with_tags("1", "A", {"refugees"}), with_tags("2", "B", {"refugees"}), with_tags("3", "C", {"refugees"})},
            noon);
  CHECK(world.books.drop_rare_names() == 0);
  auto page = make_page({}, noon + 1h);
  page.deleted = {digest("3")};
  world.books.save(page, noon + 1h);
  CHECK(world.rows() == 2);
  CHECK(world.books.drop_rare_names() == 1);
  CHECK(world.names() == 0);
  world.see({with_tags("4", "D", {"refugees"})}, noon + 2h);
  CHECK(world.names() == 1);
}

TEST_CASE("the profile strict drops what stands beside private posts that are there already", "[beside]") {
  Besides world;
  auto ours = with_tags("2", "ngo", {"refugees"});
  ours.author.partner = "ngo";
  ours.author.name = "An Organisation";
  world.see({with_tags("1", "A", {"refugees"}), ours}, noon);
  auto nobodys = [](const std::string&, const std::string&) { return store::PageOwner{}; };
  world.books.attribute({{"2025", "mastodon", digest("author ngo"), "ngo", "An Organisation"}}, nobodys,
                        {noon, {"2025"}, false});
  CHECK(world.rows() == 1);
}
