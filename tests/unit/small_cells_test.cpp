// What one or two people did is told only together with what others did.
#include "daemon/report/small_cells.hpp"

#include "tests/unit/roster.hpp"

using namespace campaignd;
using namespace campaignd::test;
using report::Cell;
using report::Crowd;
using report::Told;
using report::Withheld;

namespace {

std::vector<Told> judged(std::vector<std::set<std::int64_t>> authors) {
  std::vector<Crowd> cells;
  for (auto& each : authors) cells.push_back({std::move(each)});
  return report::judge(cells);
}

using All = std::vector<Told>;
constexpr auto shown_cell = Told::shown;
constexpr auto small_cell = Told::small;
constexpr auto beside_cell = Told::beside;

/// A post with the tag, of another network.
store::Fact elsewhere(const std::string& platform, const std::string& name, const std::string& author, sys_ms at) {
  auto fact = make_fact(platform + name, platform + author, at);
  fact.platform = fact.network = platform;
  fact.host = platform + ".example";
  return fact;
}

/// Posts on three platforms: bluesky's are by two people.
struct ThreePlatforms : Roster {
  ThreePlatforms() {
    read_all();
    auto next_day = campaign_morning + 24h;
    for (int i = 0; i < 5; ++i) add("mastodon", i, std::to_string(i % 4), campaign_morning);
    for (int i = 0; i < 3; ++i) add("bluesky", i, std::to_string(i % 2), campaign_morning);
    for (int i = 0; i < 6; ++i) add("lemmy", i, std::to_string(i), i < 5 ? campaign_morning : next_day);
  }
  void add(const std::string& platform, int post, const std::string& author, sys_ms at) {
    see({elsewhere(platform, std::to_string(post), author, at)}, a_month_later);
  }
};

std::int64_t whole(const Cell& cell) {
  const auto* number = std::get_if<std::int64_t>(&cell);
  return number == nullptr ? 0 : *number;
}

/// What a column of a sheet adds up to, of the rows whose cell in another column is `key`, or of all.
std::int64_t sum(const report::Sheet& sheet, std::string_view column, std::string_view where = {},
                 std::string_view key = {}) {
  auto place = [&](std::string_view name) {
    return static_cast<std::size_t>(std::ranges::find(sheet.columns, name) - sheet.columns.begin());
  };
  std::int64_t out = 0;
  for (const auto& row : sheet.rows)
    if (where.empty() || row.at(place(where)) == Cell(std::string(key))) out += whole(row.at(place(column)));
  return out;
}

}  // namespace

TEST_CASE("P-08 a cell with two authors is withheld, and totals do not allow subtraction", "[small]") {
  ThreePlatforms world;
  auto platforms = world.sheet("by_platform");
  CHECK(cell_of(platforms, "bluesky", "posts") == Cell(Withheld{true}));
  CHECK(cell_of(platforms, "bluesky", "authors") == Cell(Withheld{true}));
  CHECK(cell_of(platforms, "mastodon", "posts") == Cell(Withheld{false}));  // the total minus the rest told it
  CHECK(cell_of(platforms, "lemmy", "posts") == Cell(std::int64_t{6}));
  CHECK(cell_of(platforms, "withheld", "posts") == Cell(std::int64_t{8}));
  CHECK(cell_of(platforms, "withheld", "authors") == Cell(std::int64_t{6}));
  CHECK(cell_of(platforms, "withheld", "audience_upper") == Cell());
  CHECK(cell_of(platforms, "withheld", "note") != Cell());
  CHECK(static_cast<double>(sum(platforms, "posts")) == world.total("M-01"));

  auto table = report::to_table(platforms, report::Cells::whole);
  CHECK(table.find("<3") != std::string::npos);
  CHECK(table.find("withheld") != std::string::npos);
  CHECK(report::to_csv(platforms).find("\"bluesky\",,,") != std::string::npos);
  CHECK(report::to_json_text(platforms).find(R"("platform":"bluesky","posts":null)") != std::string::npos);
}

TEST_CASE("P-08 the days of a platform do not tell what its total does not", "[small]") {
  ThreePlatforms world;
  auto days = world.sheet("by_day");
  CHECK(static_cast<double>(sum(days, "mentions")) == world.total("M-01"));
  // One author on one day, and five on the other: neither is told, their sum is.
  CHECK(sum(days, "mentions", "platform", "lemmy") == 6);
  for (const auto& row : days.rows)
    if (row.at(1) == Cell("lemmy") && row.at(0) != Cell("withheld")) CHECK(whole(row.at(2)) == 0);
  // Withheld by platform, so their days are withheld together.
  CHECK(sum(days, "mentions", "platform", "bluesky") == 0);
  CHECK(sum(days, "mentions", "platform", "withheld") == 8);
}

TEST_CASE("of cells with few authors the smallest other goes along, until three authors stand behind two", "[small]") {
  CHECK(judged({{1, 2}, {3, 4, 5, 6, 7}, {8, 9, 10}, {}}) == All{small_cell, shown_cell, beside_cell, shown_cell});
  CHECK(judged({{1, 2}, {3}, {4, 5, 6}}) == All{small_cell, small_cell, shown_cell});
  CHECK(judged({{1, 2, 3}, {4, 5, 6}}) == All{shown_cell, shown_cell});
  CHECK(judged({}).empty());
}

TEST_CASE("one person in three small cells is one person", "[small]") {
  CHECK(judged({{1}, {1}, {1}, {2, 3, 4}}) == All{small_cell, small_cell, small_cell, beside_cell});
}

TEST_CASE("where all there is are two people, all they did is in one row", "[small]") {
  CHECK(judged({{1}, {2}, {}}) == All{small_cell, small_cell, shown_cell});
  CHECK(judged({{1}}) == All{small_cell});
}

TEST_CASE("a cell whose authors went with their posts is not taken for one of many", "[small]") {
  const std::vector<Crowd> cells{{{}, true}, {{1, 2, 3}, true}, {{4, 5, 6}, false}, {{}, false}};
  CHECK(report::judge(cells) == All{small_cell, beside_cell, shown_cell, shown_cell});
}

TEST_CASE("rows of registered organisations and of media are told, however few they are", "[small]") {
  Roster world;
  world.read_all();
  world.post("used@social.example", "#AllIn");
  world.article("https://onet.example/1", "#AllIn");
  auto platforms = world.sheet("by_platform");
  CHECK(cell_of(platforms, "mastodon", "posts") == Cell(std::int64_t{1}));
  CHECK(cell_of(platforms, "feed", "articles") == Cell(std::int64_t{1}));
  for (const auto& row : platforms.rows) CHECK(row.front() != Cell("withheld"));
}

TEST_CASE("an unknown part of what is withheld is no part, and of unknown parts alone the sum is unknown", "[small]") {
  report::Sheet sheet{"s",
                      {"key", "n", "views", "note"},
                      {{Cell("a"), Cell(std::int64_t{2}), Cell(), Cell()},
                       {Cell("b"), Cell(std::int64_t{3}), Cell(), Cell()},
                       {Cell("c"), Cell(std::int64_t{9}), Cell(std::int64_t{4}), Cell()}}};
  const std::vector<Crowd> crowds{{{1}}, {{2, 3}}, {{4, 5, 6}}};
  report::withhold(sheet, crowds, {{"n", "views"}});
  REQUIRE(sheet.rows.size() == 4U);
  CHECK(sheet.rows[3][1] == Cell(std::int64_t{5}));
  CHECK(sheet.rows[3][2] == Cell());
  CHECK(sheet.rows[2][1] == Cell(std::int64_t{9}));
}
