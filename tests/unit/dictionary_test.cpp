// The data dictionary: the headers of the metric files, in three places that cannot part. With UPDATE_GOLDEN=1 in the
// environment the table in schema/metrics/README.md is written anew.
#include <catch2/catch.hpp>

#include <algorithm>
#include <set>

#include "tests/unit/roster.hpp"

using namespace campaignd;
using namespace campaignd::test;

namespace {

const std::filesystem::path readme = std::filesystem::path(TEST_FIXTURES) / "../../schema/metrics/README.md";
constexpr std::string_view begins = "<!-- dictionary -->\n", ends = "<!-- /dictionary -->";

std::string as_markdown() {
  std::string out =
      "| id | name | definition | unit | caveat | valid from | version |\n|---|---|---|---|---|---|---|\n";
  for (const auto& each : store::definitions())
    out += "| " + each.id + " | " + each.name + " | " + each.formula + " | " + each.unit + " | " + each.caveat + " | " +
           each.valid_from + " | " + each.version + " |\n";
  return out;
}

}  // namespace

TEST_CASE("the table of definitions says what the metric files say: else run this with UPDATE_GOLDEN=1",
          "[dictionary]") {
  auto text = read_file(readme);
  auto from = text.find(begins), until = text.find(ends);
  REQUIRE(from != text.npos);
  REQUIRE(until != text.npos);
  from += begins.size();
  if (std::getenv("UPDATE_GOLDEN") != nullptr)
    std::ofstream(readme, std::ios::binary) << text.substr(0, from) << as_markdown() << text.substr(until);
  CHECK(text.substr(from, until - from) == as_markdown());
}

TEST_CASE("the sheet of definitions has all of them", "[dictionary]") {
  Roster world;
  auto sheet = world.sheet("dictionary");
  REQUIRE(sheet.rows.size() == store::definitions().size());
  for (const auto& each : store::definitions()) {
    INFO(each.id);
    CHECK(cell_of(sheet, each.id, "definition") == report::Cell(each.formula));
    CHECK(cell_of(sheet, each.id, "version") == report::Cell(each.version));
  }
}

TEST_CASE("every rule from M-00 to M-19 is defined, once", "[dictionary]") {
  std::set<std::string> ids;
  for (const auto& each : store::definitions()) CHECK(ids.insert(each.id).second);
  for (int i = 0; i < 20; ++i) {
    auto rule = std::string("M-") + (i < 10 ? "0" : "") + std::to_string(i);
    INFO(rule);  // or in parts: M-09 is three
    CHECK(std::ranges::any_of(ids, [&](const auto& id) { return id == rule || id.starts_with(rule + "-"); }));
  }
}

TEST_CASE("a rule without a query is no metric", "[dictionary]") {
  for (const auto& each : store::metrics()) {
    INFO(each.id);
    CHECK_FALSE(each.sql.empty());
    CHECK((each.of == "posts" || each.of == "articles" || each.of == "both"));
    CHECK((each.range.empty() || each.range == "bound" || each.range == "interval90" || each.range == "interval95"));
  }
  CHECK(store::metric("M-18").sql.empty());
}

TEST_CASE("a definition is found by its version, and one this program does not have is told", "[dictionary]") {
  for (const auto& each : store::definitions()) CHECK(store::metric(each.id, each.version).formula == each.formula);
  CHECK_THROWS_WITH(store::metric("M-07", "99"), "this program has no version 99 of the definition M-07");
  CHECK_THROWS_AS(store::metric("M-77", "1"), std::out_of_range);
}
