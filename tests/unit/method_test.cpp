// What a reader must know beside the figures, what goes with the campaign, and this edition beside the last one.
#include "daemon/report/comparison.hpp"
#include "daemon/store/as_of.hpp"
#include "tests/unit/roster.hpp"

using namespace campaignd;
using namespace campaignd::test;
using report::Cell;
using report::Withheld;

namespace {

Cell count(std::int64_t n) { return n; }

/// Posts by accounts `first`, `first` + 1 … of their own.
void add_posts(World& world, const std::string& name, int posts, const std::function<void(store::Fact&)>& change = {},
               sys_ms at = campaign_morning) {
  for (int i = 0; i < posts; ++i) {
    auto fact = make_fact(name + std::to_string(i), name + std::to_string(i), at + i * 1min);
    if (change) change(fact);
    world.see({fact}, a_month_later);
  }
}

/// A name beside the posts of that kind of account, as whoever reads posts notes it.
void note_beside(const World& world, const std::string& kind, const std::string& text, int posts) {
  store::Database db(world.file, store::Access::write);
  auto name = digest(kind + text);
  store::Query(db, "INSERT INTO beside_name(name, kind, text) VALUES (?, ?, ?)", name, kind, text).run();
  store::Query(db, "INSERT INTO beside(post, kind, name) SELECT id, ?, ? FROM post ORDER BY id LIMIT ?", kind, name,
               posts)
      .run();
}

}  // namespace

TEST_CASE("M-17 declared bots are a row, with the mentions that are left without them", "[method]") {
  Roster world;
  world.read_all();
  add_posts(world, "person", 6);
  add_posts(world, "machine", 4, [](store::Fact& fact) { fact.author.bot = true; });
  auto sheet = world.sheet("method");
  CHECK(cell_of(sheet, "bots", "value") == count(4));
  CHECK(cell_of(sheet, "bots", "mentions") == count(10));
  CHECK(cell_of(sheet, "bots", "mentions_without") == count(6));
}

TEST_CASE("P-08 what two bots did is not told, nor what is left without them", "[method]") {
  Roster world;
  world.read_all();
  add_posts(world, "person", 6);
  add_posts(world, "machine", 2, [](store::Fact& fact) { fact.author.bot = true; });
  auto sheet = world.sheet("method");
  CHECK(cell_of(sheet, "bots", "value") == Cell(Withheld{true}));
  CHECK(cell_of(sheet, "bots", "mentions_without") == Cell(Withheld{true}));
  CHECK(cell_of(sheet, "top_five", "value_without_bots") == Cell(Withheld{false}));
}

TEST_CASE("concentration is told with and without the accounts and copies it speaks of", "[method]") {
  Roster world;
  world.read_all();
  add_posts(world, "person", 7);
  add_posts(
      world, "copy", 3, [](store::Fact& fact) { fact.text_key = digest("the same"); }, campaign_morning + 3h);
  auto sheet = world.sheet("method");
  CHECK(cell_of(sheet, "top_five", "value") == Cell(0.5));
  CHECK(cell_of(sheet, "top_five", "mentions_without") == count(5));
  CHECK(cell_of(sheet, "gini", "value") == count(0));
  CHECK(cell_of(sheet, "bursts", "value") == count(3));
  CHECK(cell_of(sheet, "bursts", "n") == count(1));
  CHECK(cell_of(sheet, "bursts", "mentions_without") == count(7));
}

TEST_CASE("the method of a campaign that nobody has read is unknown, and says why", "[method]") {
  Roster world;
  auto sheet = world.sheet("method");
  CHECK(cell_of(sheet, "mentions", "value") == Cell());
  CHECK(cell_of(sheet, "mentions", "note") != Cell());
  CHECK(cell_of(sheet, "opted_out", "value") == Cell());
}

TEST_CASE("what goes with the campaign is named from three authors on", "[companions]") {
  Roster world;
  world.read_all();
  add_posts(world, "person", 5, [](store::Fact& fact) { fact.language = "pl"; });
  note_beside(world, "tag", "refugees", 4);
  note_beside(world, "tag", "alin", 3);
  note_beside(world, "tag", "rare", 2);
  note_beside(world, "tag", "allin", 5);
  note_beside(world, "link", "unhcr.org", 3);
  auto sheet = world.sheet("companions");
  REQUIRE(sheet.rows.size() == 4U);
  auto row = [&](std::size_t i) { return std::pair(sheet.rows[i][0], sheet.rows[i][1]); };
  CHECK(row(0) == std::pair(Cell("tag"), Cell("refugees")));
  CHECK(row(1) == std::pair(Cell("tag"), Cell("alin")));
  CHECK(row(2) == std::pair(Cell("link"), Cell("unhcr.org")));
  CHECK(row(3) == std::pair(Cell("language"), Cell("pl")));
  CHECK(sheet.rows[0][2] == count(4));
  CHECK(sheet.rows[0][3] == count(4));
  CHECK(sheet.rows[0][4] == Cell());
  CHECK(sheet.rows[1][4] == Cell("AllIn"));  // nobody told the campaign of this form
}

namespace {

Edition edition_2024() {
  Edition out;
  out.id = "2024";
  out.day = "2024-06-20";
  out.from = utc("2023-12-31T23:00:00Z");
  out.until = utc("2024-12-31T23:00:00Z");
  out.day_from = utc("2024-06-19T22:00:00Z");
  out.day_until = utc("2024-06-20T22:00:00Z");
  out.baseline_from = utc("2023-12-03T23:00:00Z");
  return out;
}

/// Two editions; thirty posts by ten accounts in this one, five in the last one until the same day.
struct TwoEditions : World {
  Campaign campaign = small_campaign();
  const sys_ms now = utc("2025-06-21T12:00:00Z");
  TwoEditions() {
    campaign.editions.insert(campaign.editions.begin(), edition_2024());
    books.configure({make_source("one", "v1")}, "2024", edition_2024().from);
    books.configure({make_source("one", "v1")}, "2025", edition_2025().from);
    for (int i = 0; i < 30; ++i) {
      auto fact = make_fact("now" + std::to_string(i), "now" + std::to_string(i % 10), campaign_morning);
      fact.counters.likes = 1;
      see({fact}, now);
    }
    for (int i = 0; i < 25; ++i) {
      auto at = i < 5 ? utc("2024-06-20T08:00:00Z") : utc("2024-07-01T08:00:00Z");
      auto fact = make_fact("then" + std::to_string(i), "then" + std::to_string(i), at);
      fact.edition = "2024";
      fact.counters.likes = 1;
      see({fact}, at);
    }
    cover(edition_2025().from, now);
  }
  report::Sheet sheet() const {
    store::Database db(file, store::Access::read);
    auto edition = edition_2025();
    return report::make_sheet("comparison", db, campaign, edition, {edition.from, edition.until, ""}, now).value();
  }
};

}  // namespace

TEST_CASE("this edition is held against the last one at equal day, and no difference is told that chance may make",
          "[comparison]") {
  TwoEditions world;
  world.cover(edition_2024().from, utc("2024-12-01T00:00:00Z"));
  auto sheet = world.sheet();
  CHECK(cell_of(sheet, "M-01", "against") == Cell("edition 2024"));
  CHECK(cell_of(sheet, "M-01", "value") == count(30));
  CHECK(cell_of(sheet, "M-01", "value_then") == count(5));
  CHECK(cell_of(sheet, "M-01", "difference") == Cell("more"));
  CHECK(cell_of(sheet, "M-02", "value") == count(10));
  CHECK(cell_of(sheet, "M-02", "difference") == Cell("not distinguishable"));
  CHECK(cell_of(sheet, "M-07", "value_then") == count(5));
  CHECK(cell_of(sheet, "M-07", "difference") == Cell());
  CHECK(cell_of(sheet, "M-13", "difference") == Cell());
  auto number = [&](const char* column) { return std::get<double>(cell_of(sheet, "M-01", column)); };
  CHECK(number("low95") == Approx(20.24).epsilon(0.001));
  CHECK(number("high95") == Approx(42.83).epsilon(0.001));
  CHECK(number("days") == number("days_then"));
}

TEST_CASE("with an edition that nobody watched then nothing is compared", "[comparison]") {
  TwoEditions world;
  auto sheet = world.sheet();
  CHECK(cell_of(sheet, "M-01", "difference") == Cell());
  CHECK(cell_of(sheet, "M-01", "note") == Cell("one of the two times was not watched"));
}

TEST_CASE("as of a moment of the past the last edition stands beside this one, where it was asked for",
          "[comparison]") {
  TwoEditions world;
  world.cover(edition_2024().from, edition_2024().until);
  auto then = [&](std::vector<std::string> beside) {
    store::Database db(world.file, store::Access::read);
    store::Known known{world.now, world.now};
    known.beside = std::move(beside);
    store::AsOf past(db, "2025", known);
    auto edition = edition_2025();
    report::Window window{edition.from, edition.until, ""};
    return report::make_sheet("comparison", db, world.campaign, edition, window, world.now).value();
  };
  auto sheet = then(report::compared_with(world.campaign, edition_2025()));
  CHECK(sheet.rows == world.sheet().rows);
  CHECK(cell_of(sheet, "M-01", "value_then") == count(5));
  auto alone = then({});
  CHECK(cell_of(alone, "M-01", "value") == count(30));
  CHECK(cell_of(alone, "M-01", "value_then") == Cell());
}

// Of contiguous editions the weeks before one lie in the other: none was found there, and any number was "more".
TEST_CASE("what organisations posted in the weeks before is counted in the edition that kept it", "[comparison]") {
  TwoEditions world;
  world.cover(edition_2024().from, edition_2024().until);
  world.campaign.sources.front().partner = "ngo";
  auto post = [&](const std::string& name, const std::string& edition, sys_ms at) {
    auto fact = make_fact(name, "ngo", at);
    fact.edition = edition;
    fact.author.partner = "ngo";
    world.see({fact}, at);
  };
  for (int i = 0; i < 12; ++i) {
    post("before" + std::to_string(i), "2024", utc("2024-12-10T08:00:00Z") + i * 24h);
    post("since" + std::to_string(i), "2025", utc("2025-01-10T08:00:00Z") + i * 24h);
  }
  post("long before", "2024", utc("2024-11-01T08:00:00Z"));
  auto sheet = world.sheet();
  CHECK(cell_of(sheet, "M-01-owned", "against") == Cell("the weeks before"));
  CHECK(cell_of(sheet, "M-01-owned", "value") == count(12));
  CHECK(cell_of(sheet, "M-01-owned", "value_then") == count(12));
  CHECK(cell_of(sheet, "M-01-owned", "difference") == Cell("fewer"));  // in six months as many as in four weeks
}

TEST_CASE("the weeks before are covered by organisations' sources: others were not read then", "[comparison]") {
  TwoEditions world;
  world.campaign.sources.front().partner = "ngo";
  world.campaign.sources.push_back(world.campaign.sources.front());
  world.campaign.sources.back().id = "anybody";
  world.campaign.sources.back().partner.clear();
  world.books.configure({make_source("one", "v1"), make_source("anybody", "v1")}, "2024", edition_2024().from);
  world.cover(edition_2024().from, edition_2024().until);
  auto sheet = world.sheet();
  CHECK(cell_of(sheet, "M-01-owned", "completeness_then_pct") == Cell(100.0));
}
