// What ties an account to its organisation besides that somebody wrote it down.
#include "daemon/config/evidence.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "connectors/platforms/mastodon.hpp"
#include "connectors/platforms/mastodon_status.hpp"
#include "daemon/collect/gate.hpp"
#include "daemon/report/evidence.hpp"
#include "tests/unit/support.hpp"
#include "tests/unit/talk.hpp"

using namespace campaignd;
using namespace campaignd::test;

namespace {

const sys_ms noon = utc("2025-06-20T12:00:00Z");
const std::string on_mastodon = "mastodon:ngo@social.ngo.example";

Partner make_partner() {
  Partner out;
  out.id = "ngo";
  out.name = "An Organisation";
  out.accounts = {on_mastodon, "mastodon:ngo@elsewhere.example", "bluesky:ngo.example", "x:ngo"};
  out.sites = {"https://www.ngo.example/news", "https://blogs.example/ngo/"};
  out.outlets = {"ngo.example", "gov.example/web/interior"};
  return out;
}

/// "account: why (detail)", of what is more than configured.
std::vector<std::string> told(const std::vector<Evidence>& evidence) {
  std::vector<std::string> out;
  for (const auto& each : evidence)
    if (each.why != "configured") out.push_back(each.account + ": " + each.why + " (" + each.detail + ")");
  return out;
}

Finding read_one(const std::string& fields) {
  auto status = make_status("7");
  std::string before = "\"acct\":\"a@home.example\",";
  status.insert(status.find(before) + before.size(), "\"fields\":" + fields + ",");
  auto timeline = read_timeline(make_list({status}), "social.example");
  REQUIRE(timeline.has_value());
  REQUIRE(timeline->found.size() == 1U);
  return timeline->found.front();
}

struct EvidenceWorld : World {
  Config config;
  EvidenceWorld() {
    config.campaign.editions = {edition_2025()};
    config.campaign.terms = {Term{"tag", MatchClass::hashtag, "AllIn"}};
    config.campaign.partners = {make_partner()};
  }
  void configure(sys_ms now) {
    std::vector<Evidence> evidence;
    for (const auto& partner : config.campaign.partners)
      for (auto& each : evidence_of(partner)) evidence.push_back(std::move(each));
    books.note_evidence(
        evidence, [this](const Evidence& each) { return still_holds(config.campaign, each); }, now);
  }
  void post(const std::string& author, const std::vector<std::string>& verified, sys_ms now = noon) {
    collect::Gate gate(config, collect::Keys::open(dir.path(), {"2025"}, std::exchange(has_keys_, true)));
    auto finding = make_finding("1", author, noon);
    finding.post.text = "#AllIn";
    finding.post.author.verified = verified;
    see(gate.admit({finding}, mastodon_contract, now).facts, now);
  }
  /// When it was known first; "none" where it is not.
  std::string since(const std::string& account, const std::string& why) const {
    store::Database db(file, store::Access::read);
    auto evidence = report::evidence_by_partner(db, sys_ms::max());
    for (const auto& each : evidence["ngo"])
      if (each.account == account && each.why == why) return format_utc(each.since);
    return "none";
  }

 private:
  bool has_keys_ = false;
};

}  // namespace

TEST_CASE("every account and site is configured, and some prove more by their names", "[evidence]") {
  auto evidence = evidence_of(make_partner());
  CHECK(std::ranges::count(evidence, "configured", &Evidence::why) == 6);
  CHECK(told(evidence) == std::vector<std::string>{on_mastodon + ": own server (ngo.example)",
                                                   "bluesky:ngo.example: domain handle (ngo.example)",
                                                   "https://www.ngo.example/news: own domain (ngo.example)"});
}

TEST_CASE("a name on a host that is shared, or that only ends like the own one, proves nothing", "[evidence]") {
  auto partner = make_partner();
  partner.sites.clear();
  partner.accounts = {"bluesky:gov.example", "bluesky:notngo.example", "bluesky:did:plc:ngo.example",
                      "mastodon:ngo@gov.example", "x:ngo.example"};
  CHECK(told(evidence_of(partner)).empty());
  partner.accounts = {"bluesky:press.ngo.example", "peertube:tv@video.ngo.example", "mastodon:ngo@ngo.example:8443"};
  CHECK(told(evidence_of(partner)).size() == 3U);
}

TEST_CASE("a page is the organisation's on its outlets and below its sites", "[evidence]") {
  auto partner = make_partner();
  for (auto [page, own] :
       {std::pair("https://ngo.example", true), std::pair("http://www.NGO.example/about?x=1", true),
        std::pair("https://gov.example/web/interior/", true), std::pair("https://gov.example/web/Interior/a", true),
        std::pair("https://blogs.example/ngo/post", true), std::pair("https://gov.example/web/interior-fake", false),
        std::pair("https://gov.example/", false), std::pair("https://blogs.example/other", false),
        std::pair("https://fakengo.example/", false), std::pair("ngo.example", false), std::pair("", false)}) {
    INFO(page);
    CHECK(is_own_page(partner, page) == own);
  }
}

TEST_CASE("an account's pages are those its server found to link back", "[evidence]") {
  auto finding = read_one(
      R"([{"name":"Web","value":"<a href=\"https://ngo.example/\" rel=\"me\">ngo.example</a>","verified_at":"2025-01-02T03:04:05.000+00:00"},
          {"name":"Other","value":"<a href=\"https://claimed.example/\">claimed</a>","verified_at":null},
          {"name":"Words","value":"no page","verified_at":"2025-01-02T03:04:05.000+00:00"}])");
  CHECK(finding.post.author.verified == std::vector<std::string>{"https://ngo.example/"});
  for (const char* fields : {"null", "[]", "{}", "[null,1,\"x\",{}]", "[{\"verified_at\":\"2025\"}]"}) {
    INFO(fields);
    CHECK(read_one(fields).post.author.verified.empty());
  }
}

TEST_CASE("a verified link is evidence where it is the organisation's own page", "[evidence]") {
  EvidenceWorld world;
  world.post("ngo@social.ngo.example", {"https://friends.example/", "https://ngo.example/about"});
  CHECK(world.since(on_mastodon, "verified link") == format_utc(noon));
  store::Database db(world.file, store::Access::read);
  CHECK(report::evidence_by_partner(db, sys_ms::max())["ngo"].front().detail == "https://ngo.example/about");
}

TEST_CASE("what anybody else's server has verified is not kept", "[evidence]") {
  EvidenceWorld world;
  world.post("ala@home.example", {"https://ngo.example/", "https://ala.example/"});
  world.post("ngo@social.ngo.example", {"https://friends.example/"});
  CHECK(world.ask("SELECT count(*) FROM evidence") == 0);
}

TEST_CASE("evidence says since when it is known, and goes when it does not hold any more", "[evidence]") {
  using namespace std::chrono_literals;
  EvidenceWorld world;
  world.configure(noon);
  world.post("ngo@social.ngo.example", {"https://ngo.example/"}, noon + 1h);
  world.configure(noon + 2h);
  world.post("ngo@social.ngo.example", {"https://ngo.example/"}, noon + 3h);
  CHECK(world.since(on_mastodon, "configured") == format_utc(noon));
  CHECK(world.since(on_mastodon, "own server") == format_utc(noon));
  CHECK(world.since(on_mastodon, "verified link") == format_utc(noon + 1h));

  world.config.campaign.partners[0].outlets = {"other.example"};
  world.configure(noon + 4h);
  CHECK(world.since(on_mastodon, "configured") == format_utc(noon));
  CHECK(world.since(on_mastodon, "own server") == "none");
  CHECK(world.since(on_mastodon, "verified link") == "none");

  world.config.campaign.partners.clear();
  world.configure(noon + 5h);
  CHECK(world.ask("SELECT count(*) FROM evidence") == 0);
}
