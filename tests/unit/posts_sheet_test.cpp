// Post by post: nothing in it leads to a private person.
#include "tests/unit/roster.hpp"

using namespace campaignd;
using namespace campaignd::test;
using report::Cell;

namespace {

constexpr std::size_t export_id = 0, partner_id = 2, url = 4;

std::string text_at(const report::Sheet& sheet, std::size_t row, std::size_t column) {
  const auto* text = std::get_if<std::string>(&sheet.rows.at(row).at(column));
  return text == nullptr ? std::string{} : *text;
}

std::string upper(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  return text;
}

}  // namespace

TEST_CASE("P-11 the posts' sheet has no link of a private post, no name, no text", "[posts]") {
  Roster world;
  world.read_all();
  world.post("ala@home.example", "Private words #AllIn");
  world.post("used@social.example", "Public words #AllIn", campaign_morning + 1h);
  world.article("https://news.example/1", "About #AllIn", campaign_morning + 2h);
  auto sheet = world.sheet("posts");
  REQUIRE(sheet.rows.size() == 3U);
  CHECK(text_at(sheet, 0, url).empty());
  CHECK(text_at(sheet, 0, partner_id).empty());
  CHECK(text_at(sheet, 1, url) == "https://home.example/posts/2");
  CHECK(text_at(sheet, 1, partner_id) == "used");
  CHECK(text_at(sheet, 2, url) == "https://news.example/1");
  auto csv = report::to_csv(sheet);
  for (const char* never : {"posts/1", "ala", "words"}) {
    INFO(never);
    CHECK(csv.find(never) == std::string::npos);
  }
}

TEST_CASE("P-11 an export id is nothing of the database, and another one in every sheet", "[posts]") {
  Roster world;
  world.read_all();
  for (int i = 0; i < 3; ++i) world.post("ala@home.example", "#AllIn", campaign_morning + i * 1h);
  auto one = world.sheet("posts"), other = world.sheet("posts");
  store::Database db(world.file, store::Access::read);
  for (std::size_t i = 0; i < 3; ++i) {
    auto id = text_at(one, i, export_id);
    CHECK(id.size() == 32U);
    CHECK(id != text_at(other, i, export_id));
    store::Query query(db,
                       "SELECT count(*) FROM (SELECT hex(pseudonym) AS id FROM author UNION ALL SELECT hex(key) FROM "
                       "alias UNION ALL SELECT hex(text_key) FROM post) WHERE id = ?",
                       upper(id));
    REQUIRE(query.next());
    CHECK(query.integer(0) == 0);
  }
  CHECK(text_at(one, 0, export_id) != text_at(one, 1, export_id));
}

TEST_CASE("P-11 of a post on X the sheet says that it is there, and no more", "[posts]") {
  Roster world;
  world.read_all();
  auto fact = make_fact("1", "somebody", campaign_morning);
  fact.platform = fact.network = "x";
  fact.counters.likes = 7;
  fact.text = "never";
  world.see({fact}, a_month_later);
  auto sheet = world.sheet("posts");
  REQUIRE(sheet.rows.size() == 1U);
  CHECK(text_at(sheet, 0, 3) == "x");
  for (std::size_t column = url; column <= 13; ++column) {
    INFO(sheet.columns[column]);
    CHECK(sheet.rows[0][column] == Cell());
  }
}

TEST_CASE("the posts' sheet is nobody's but the lead's", "[posts]") {
  auto open = report::sheet_names(), all = report::sheet_names(report::Readers::lead);
  CHECK(std::ranges::find(open, "posts") == open.end());
  CHECK(std::ranges::find(all, "posts") != all.end());
  CHECK(all.size() == open.size() + 1);
}

TEST_CASE("the posts' sheet flags dates that cannot be", "[posts]") {
  Roster world;
  world.read_all();
  auto fact = make_fact("1", "somebody", a_month_later + 3h);
  world.see({fact}, a_month_later);
  auto sheet = world.sheet("posts");
  REQUIRE(sheet.rows.size() == 1U);
  CHECK(sheet.rows[0][13] == Cell("future_dated"));
  CHECK(text_at(sheet, 0, 5) == shown(a_month_later));
}
