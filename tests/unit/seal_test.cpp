// A report frozen, and held against the database later: what was said stays, and a change of the facts is seen.
#include <fmt/format.h>

#include <algorithm>

#include "daemon/serve/respond.hpp"
#include "tests/unit/sealing.hpp"

using namespace campaignd;
using namespace campaignd::test;
using namespace std::chrono_literals;

namespace {

/// Two posts of the day with three and five likes, sealed two weeks later.
struct TwoPosts : Sealing {
  store::KeptSeal kept;
  TwoPosts() {
    see({liked_post("1", 3), liked_post("2", 5)}, on_the_day);
    kept = seal();
  }
  report::Verification verified() const { return verify(opened(kept.body)); }
};

bool says(const std::vector<std::string>& sentences, std::string_view words) {
  return std::ranges::any_of(sentences, [&](const std::string& each) { return each.find(words) != each.npos; });
}

bool has(const std::vector<report::CellDifference>& cells, std::string_view sheet, std::string_view row,
         std::string_view column, std::string_view sealed, std::string_view now) {
  return std::ranges::any_of(cells, [&](const report::CellDifference& each) {
    return each.sheet == sheet && each.row == row && each.column == column && each.sealed == sealed && each.now == now;
  });
}

double live_mentions(const Sealing& world) {
  store::Database db(world.file, store::Access::read);
  report::Figures figures(db, world.config.campaign, world.edition(), world.whole(), after_the_seal);
  return figures.of("M-01").value.value_or(-1);
}

}  // namespace

TEST_CASE("T-17 a post removed after the seal leaves the live number and no sealed byte", "[seal]") {
  TwoPosts world;
  auto before = report::to_csv(*opened(world.kept.body).sheet("summary"));
  CHECK(before.find("\"M-01\",\"Mentions\",2,") != std::string::npos);
  CHECK(live_mentions(world) == 2.0);
  world.remove("1");
  CHECK(live_mentions(world) == 1.0);
  store::Database db(world.file, store::Access::read);
  auto stored = store::last_seal(db, "2025");
  REQUIRE(stored.has_value());
  CHECK(*stored == world.kept.body);
  CHECK(report::to_csv(*opened(*stored).sheet("summary")) == before);
}

TEST_CASE("a sealed sheet is the sheet, byte for byte", "[seal]") {
  TwoPosts world;
  store::Database db(world.file, store::Access::read);
  store::Snapshot snapshot(db);
  store::AsOf past(db, "2025", sealed_as_of);
  report::Scope scope{db,
                      world.config.campaign,
                      world.edition(),
                      world.whole(),
                      sealed_as_of,
                      store::SealTimes{sealed_as_of, sealed_as_of}};
  for (const auto& sealed : opened(world.kept.body).sheets) {
    INFO(sealed.name);
    CHECK(report::to_csv(sealed) == report::to_csv(report::make_sheet(sealed.name, scope).value()));
  }
}

TEST_CASE("a seal of the same facts and time is the same, and ends with its digest", "[seal]") {
  TwoPosts world;
  CHECK(world.seal().body == world.kept.body);
  CHECK(world.kept.body.ends_with(",\"digest\":\"" + world.kept.digest + "\"}\n"));
  CHECK(world.kept.digest.size() == 64U);
}

TEST_CASE("nothing in a seal names a post or an author", "[seal]") {
  TwoPosts world;
  for (const char* word : {"home.example/posts", "author of"}) CHECK(world.kept.body.find(word) == std::string::npos);
}

TEST_CASE("what comes after the seal does not change what it is made from", "[seal]") {
  TwoPosts world;
  CHECK(world.verified().verdict() == "identical");
  world.see({liked_post("1", 30), liked_post("3", 1)}, after_the_seal);
  world.cover(sealed_as_of, after_the_seal);
  auto found = world.verified();
  CHECK(found.verdict() == "identical");
  CHECK(found.carried.empty());
  CHECK(found.remarks.empty());
}

TEST_CASE("a post that is read again and has not changed is no difference, though nobody knows when it was read before",
          "[seal]") {
  TwoPosts world;
  world.see({liked_post("1", 3), liked_post("2", 5)}, on_the_day + 24h);
  auto sealed = opened(world.seal().body);
  world.see({liked_post("1", 3), liked_post("2", 5)}, after_the_seal);
  auto found = world.verify(sealed);
  CHECK(found.verdict() == "identical");
  CHECK(found.carried.empty());
}

TEST_CASE("an erased post is told with the figures it carried", "[seal]") {
  TwoPosts world;
  world.remove("1");
  auto found = world.verified();
  CHECK(found.verdict() == "identical but for 1 erased or expired row");
  CHECK_FALSE(found.differs());
  CHECK(has(found.carried, "summary", "\"M-01\"", "value", "2", "1"));
  CHECK(has(found.carried, "summary", "\"M-07\"", "value", "8", "5"));
}

TEST_CASE("an erased post accounts for one less of a count, and for no more", "[seal]") {
  TwoPosts world;
  world.remove("1");
  auto settled = GENERATE(0.0, 4.0);  // a sum that was tampered with: by then 1 and 5 mentions
  world.tamper(fmt::format("INSERT INTO settled(edition, metric, version, breakdown, key, from_utc, until_utc, at_utc, "
                           "value, n) VALUES ('2025', 'M-01', '1', 'platform', 'mastodon', 1750406400000, "
                           "1750410000000, 1751536800000, {0}, {0})",
                           settled)
                   .c_str());
  auto found = world.verified();
  INFO(report::to_text(found));
  CHECK(found.differs() == (settled > 0));
  CHECK(has(found.cells, "summary", "\"M-01\"", "value", "2", "5") == (settled > 0));
}

TEST_CASE("a post that is gone without a record of its removal is a difference", "[seal]") {
  TwoPosts world;
  world.remove("1");
  world.tamper("DELETE FROM removal");
  auto found = world.verified();
  CHECK(found.verdict() == "differs");
  CHECK(says(found.differences, "only 0 removals are on record"));
}

TEST_CASE("a changed reading is told with the post's digest, the sheet, the row and the column", "[seal]") {
  TwoPosts world;
  world.tamper("UPDATE observation SET likes = 99 WHERE likes = 3");
  auto found = world.verified();
  CHECK(found.verdict() == "differs");
  CHECK(says(found.differences, "1 post differs: counters"));
  CHECK(has(found.cells, "summary", "\"M-07\"", "value", "8", "104"));
  CHECK(found.carried.empty());
}

TEST_CASE("each part of a row that changes is told apart", "[seal]") {
  auto [sql, where] = GENERATE(table<const char*, const char*>(
      {{"UPDATE match SET term = 'other'", "class and term"},
       {"UPDATE author SET partner = 'ngo'", "attribution"},
       {"INSERT INTO audience SELECT author, first_seen_utc, 7 FROM post", "followers"},
       {"UPDATE match SET until_utc = from_utc", "identity: taken for another post now, or counted no more"}}));
  TwoPosts world;
  world.tamper(sql);
  INFO(sql);
  CHECK(says(world.verified().differences, std::string("2 posts differ: ") + where));
}

TEST_CASE("an edit that takes a link to an organisation away is no difference", "[seal]") {
  TwoPosts world;
  world.tamper("UPDATE post SET relation = 'amplified'");
  auto found = world.verified();
  INFO(report::to_text(found));
  CHECK(found.verdict() == "identical");
}

TEST_CASE("a post slipped in behind the seal's back is a difference", "[seal]") {
  TwoPosts world;
  world.see({liked_post("3", 1)}, on_the_day + 1h);
  CHECK(says(world.verified().differences, "not in the seal, though of its time"));
}

TEST_CASE("two posts that are one by now differ in identity, and none is erased", "[seal]") {
  TwoPosts world;
  auto both = liked_post("1", 3);
  both.keys.push_back({digest("2"), "alias"});
  world.see({both}, after_the_seal);
  auto found = world.verified();
  CHECK(found.erased == 0);
  CHECK(says(found.differences, "taken for another post now"));
}

TEST_CASE("after retention, with every private row and the ledger gone, a seal is still verified", "[seal]") {
  TwoPosts world;
  world.remove("1");
  world.remove("2");
  world.tamper(
      "INSERT INTO settled(edition, metric, version, breakdown, key, from_utc, until_utc, at_utc, value, n) VALUES "
      "('2025', 'M-01', '1', 'platform', 'mastodon', 1750406400000, 1750410000000, 1754042400000, 2, 2)");
  world.tamper("DELETE FROM poll");
  auto found = world.verified();
  CHECK_FALSE(found.differs());
  CHECK(found.erased == 2);
  CHECK(found.polls == 1);
  CHECK(found.verdict() == "identical but for 3 erased or expired rows");
  CHECK_FALSE(found.carried.empty());
}

TEST_CASE("a definition that is written otherwise is told, and one that nobody has is a difference", "[seal]") {
  TwoPosts world;
  auto sealed = opened(world.kept.body);
  sealed.definitions.front().sha256 = "00";
  sealed.definitions.back().version = "0";
  auto found = world.verify(sealed);
  CHECK(says(found.remarks, "is written otherwise now"));
  CHECK_FALSE(says(found.differences, "is written otherwise now"));
  CHECK(says(found.differences, "this program has no version 0"));
}

TEST_CASE("under another key nothing can be compared, and that is said", "[seal]") {
  TwoPosts world;
  world.keyed = [](std::string_view text) { return collect::keyed_hash("another", text); };
  auto found = world.verified();
  CHECK(found.verdict() == "differs");
  CHECK(says(found.differences, "another root.key"));
}

TEST_CASE("where the page is served and how fast a test's clock runs is nothing that figures rest on", "[seal]") {
  Written written{{"campaign", {{"id", "\"c\""}}}, {"partner ipa", {{"country", "\"PL\""}}}};
  auto before = report::configuration_digest(written);
  written["serve"]["port"] = "8621";
  written["clock"]["rate"] = "60";
  written["fetch"]["contact"] = "\"https://campaign.example/\"";
  CHECK(report::configuration_digest(written) == before);
  written["partner ipa"]["country"] = "\"PT\"";
  CHECK(report::configuration_digest(written) != before);
}

TEST_CASE("a changed configuration is said, and is no difference while the facts give the same", "[seal]") {
  TwoPosts world;
  world.config.written["campaign"]["name"] = "\"Other\"";
  auto found = world.verified();
  CHECK(found.verdict() == "identical");
  CHECK(says(found.remarks, "the configuration has changed since"));
}

TEST_CASE("a damaged seal is told apart from a changed database", "[seal]") {
  TwoPosts world;
  auto wrong = [](const std::string& text) { return std::get<std::string>(report::read_seal(text)); };
  auto changed = world.kept.body;
  changed[changed.find("Mentions")] = 'm';
  CHECK(wrong(changed).find("changed or damaged") != std::string::npos);
  CHECK(wrong(world.kept.body.substr(0, world.kept.body.size() / 2)).find("cut off") != std::string::npos);
  CHECK(wrong("{\"format\":\"something else\"}").find("no seal") != std::string::npos);
  CHECK(wrong("").find("no seal") != std::string::npos);
}

TEST_CASE("cells of a line keep their quotes, and a comma within them parts nothing", "[seal]") {
  CHECK(report::cells_of("\"a, \"\"b\"\"\",,3") == std::vector<std::string>{"\"a, \"\"b\"\"\"", "", "3"});
}

TEST_CASE("the port shows the seal and its sheets as they were sealed", "[seal]") {
  TwoPosts world;
  store::Database db(world.file, store::Access::read);
  serve::Facts facts;
  facts.config = std::make_shared<const Config>(world.config);
  facts.now = after_the_seal;
  auto ask = [&](const std::string& path, const std::string& parameters) {
    serve::Query query;
    query.path = path;
    query.target = path + parameters;
    return serve::respond(query, db, facts);
  };
  CHECK(ask("/report/seal.json", "?edition=2025").body == world.kept.body);
  CHECK(ask("/report/summary.csv", "?edition=2025&sealed=1").body ==
        report::to_csv(*opened(world.kept.body).sheet("summary")));
  CHECK(ask("/report/sources.csv", "?edition=2025&sealed=1").status == 404);
  CHECK(ask("/api/v1/summary", "?edition=2025").body.find("\"standing\":{\"word\":\"final\"") != std::string::npos);
}
