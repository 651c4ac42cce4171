// Sheets by country, language, voice and hour: their rows add up.
#include "tests/unit/roster.hpp"

using namespace campaignd;
using namespace campaignd::test;
using report::Cell;
using report::Withheld;

namespace {

Cell count(std::int64_t n) { return n; }

const std::string partners_and_outlets = R"([[partner]]
id = "polish"
name = "P"
country = "PL"
accounts = ["mastodon:polish@social.example"]
[[partner]]
id = "anywhere"
name = "A"
accounts = ["mastodon:anywhere@social.example"]
[[outlet]]
domain = "onet.pl"
name = "Onet"
country = "PL"
)";

/// Posts with the tag, each by somebody else.
void add_posts(Roster& world, const std::string& language, int posts, sys_ms at = campaign_morning) {
  for (int i = 0; i < posts; ++i) {
    auto name = language + std::to_string(i) + shown(at);
    auto fact = make_fact(name, name, at);
    fact.language = language;
    world.see({fact}, a_month_later);
  }
}

}  // namespace

TEST_CASE("T-22 the countries' rows add up to the total, `unknown` among them", "[breakdowns]") {
  Roster world(partners_and_outlets);
  world.read_all();
  for (const char* author :
       {"polish@social.example", "polish@social.example", "anywhere@social.example", "ala@home.example"})
    world.post(author, "#AllIn");
  for (const char* url : {"https://onet.pl/1", "https://onet.pl/2", "https://nobody.example/1"})
    world.article(url, "#AllIn");
  auto sheet = world.sheet("by_country");
  REQUIRE(sheet.rows.size() == 2U);
  CHECK(cell_of(sheet, "PL", "partner_posts") == count(2));
  CHECK(cell_of(sheet, "PL", "other_posts") == count(0));
  CHECK(cell_of(sheet, "PL", "articles") == count(2));
  CHECK(cell_of(sheet, "PL", "outlets") == count(1));
  CHECK(cell_of(sheet, "unknown", "partner_posts") == count(1));
  CHECK(cell_of(sheet, "unknown", "other_posts") == count(1));
  CHECK(cell_of(sheet, "unknown", "articles") == count(1));
  CHECK(world.total("M-01") == 4.0);
  CHECK(world.total("M-13") == 3.0);
}

TEST_CASE("T-22 the languages' rows add up to the total, `und` and `withheld` among them", "[breakdowns]") {
  Roster world;
  world.read_all();
  add_posts(world, "pl", 7);
  add_posts(world, "bg", 4);
  add_posts(world, "uk", 1);
  add_posts(world, "", 5);
  auto sheet = world.sheet("by_language");
  CHECK(cell_of(sheet, "pl", "posts") == count(7));
  CHECK(cell_of(sheet, "und", "posts") == count(5));
  CHECK(cell_of(sheet, "uk", "posts") == Cell(Withheld{true}));
  CHECK(cell_of(sheet, "bg", "posts") == Cell(Withheld{false}));
  CHECK(cell_of(sheet, "withheld", "posts") == count(5));
  CHECK(world.total("M-01") == 17.0);
}

TEST_CASE("T-22 owned, amplified and earned add up, and what belongs to no organisation is told", "[breakdowns]") {
  Roster world;
  world.read_all();
  for (int i = 0; i < 2; ++i) world.post("used@social.example", "#AllIn");
  add_posts(world, "pl", 4);
  auto sheet = world.sheet("attribution");
  CHECK(cell_of(sheet, "owned", "posts") == count(2));
  CHECK(cell_of(sheet, "owned", "authors") == count(1));
  CHECK(cell_of(sheet, "owned", "actions") == count(6));
  CHECK(cell_of(sheet, "amplified", "posts") == count(0));
  CHECK(cell_of(sheet, "earned", "posts") == count(4));
  CHECK(cell_of(sheet, "unattributed", "posts") == count(4));
  CHECK(cell_of(sheet, "unattributed", "sums_to_total") == Cell("no"));
  CHECK(cell_of(sheet, "earned", "sums_to_total") == Cell("yes"));
}

TEST_CASE("an hour with many mentions after quiet ones is a spike, and the hours add up", "[breakdowns]") {
  Roster world;
  world.read_all();
  add_posts(world, "pl", 8);
  add_posts(world, "bg", 3, campaign_morning - 2h);
  add_posts(world, "uk", 1, campaign_morning - 48h);
  auto sheet = world.sheet("by_hour");
  CHECK(cell_of(sheet, "2025-06-20T08:00:00.000Z", "mentions") == count(8));
  CHECK(cell_of(sheet, "2025-06-20T08:00:00.000Z", "spike") == Cell("yes"));
  CHECK(cell_of(sheet, "2025-06-20T08:00:00.000Z", "local_hour_label") == Cell("2025-06-20 10:00"));
  CHECK(cell_of(sheet, "2025-06-20T09:00:00.000Z", "mentions") == count(0));
  CHECK(cell_of(sheet, "2025-06-20T09:00:00.000Z", "spike") == Cell("no"));
  CHECK(cell_of(sheet, "2025-06-18T08:00:00.000Z", "mentions") == Cell(Withheld{true}));
  CHECK(cell_of(sheet, "2025-06-20T06:00:00.000Z", "mentions") == Cell(Withheld{false}));
  CHECK(cell_of(sheet, "withheld", "mentions") == count(4));
}

TEST_CASE("an hour in which no source that shows posts was read is unknown", "[breakdowns]") {
  Roster world;
  world.cover(campaign_morning, campaign_morning + 3h, "tags");
  world.cover(campaign_morning - 3h, campaign_morning + 3h, "silent.example/news");
  auto sheet = world.sheet("by_hour");
  CHECK(cell_of(sheet, "2025-06-20T08:00:00.000Z", "mentions") == count(0));
  CHECK(cell_of(sheet, "2025-06-20T08:00:00.000Z", "sources_read") == count(1));
  CHECK(cell_of(sheet, "2025-06-20T07:00:00.000Z", "mentions") == Cell());
  CHECK(cell_of(sheet, "2025-06-20T07:00:00.000Z", "note") != Cell());
}
