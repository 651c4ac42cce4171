// What coordinators read of articles: the media sheet, the sentence, the sources.
#include "daemon/store/as_of.hpp"
#include "tests/unit/newsroom.hpp"

using namespace campaignd;
using namespace campaignd::test;

TEST_CASE("a title that a spreadsheet would take for a formula is guarded in the media sheet", "[articles]") {
  Newsroom world;
  world.read(article("https://onet.pl/a/1", "=HYPERLINK(\"https://evil.example\") all in for integration"));
  CHECK(report::to_csv(world.sheet("media")).find("\"'=HYPERLINK(") != std::string::npos);
}

TEST_CASE("the media sheet gives a day where only a day is known, the outlet's name, the place and the class",
          "[articles]") {
  Newsroom world;
  auto listed = article("https://onet.pl/a/1", headline, utc("2025-06-20T00:00:00Z"));
  listed.post.date_basis = DateBasis::header;
  listed.post.place = "WARSAW, POLAND";
  world.read(listed);
  CHECK(world.cell("media", "date") == report::Cell("2025-06-20"));
  CHECK(world.cell("media", "date_basis") == report::Cell("header"));
  CHECK(world.cell("media", "outlet_name") == report::Cell("Onet"));
  CHECK(world.cell("media", "outlet_country") == report::Cell("PL"));
  CHECK(world.cell("media", "place") == report::Cell("WARSAW, POLAND"));
  CHECK(world.cell("media", "class") == report::Cell("hashtag"));
  Newsroom other;
  other.read(article("https://nobody.example/a/1", headline));
  CHECK(other.cell("media", "date") == report::Cell("2025-06-20T08:00:00.000Z"));
  CHECK(other.cell("media", "outlet_name") == report::Cell());
}

// "none with the tag and 8 articles" read as if the articles had been counted among the mentions.
TEST_CASE("the sentence tells posts with the tag apart from articles", "[articles]") {
  Newsroom world;
  INFO(world.sentence());
  CHECK(world.sentence().find("Edition 2025: how many posts have the tag is not known (no source") !=
        std::string::npos);
  world.watch_posts();
  CHECK(world.sentence().find("Edition 2025: no post with the tag.") != std::string::npos);
  for (const auto& outlet : outlets)
    world.read(article("https://" + outlet + "/news/1", headline, morning, agency_text));
  CHECK(world.sentence().find("no post with the tag; 6 articles in 6 outlets, 5 of them copies of a text.") !=
        std::string::npos);
  world.see({make_fact("1", "A", morning)}, later);
  CHECK(world.sentence().find("1 post with the tag; 6 articles in 6 outlets, ") != std::string::npos);
}

TEST_CASE("the sentence counts the days to the campaign day by the calendar of the campaign's zone", "[articles]") {
  Newsroom world;
  CHECK(world.sentence(utc("2025-06-18T21:30:00Z")).find("next campaign day in 2 days.") != std::string::npos);
  CHECK(world.sentence(utc("2025-06-18T22:30:00Z")).find("next campaign day in 1 day.") != std::string::npos);
  CHECK(world.sentence(utc("2025-06-19T21:59:00Z")).find("next campaign day in 1 day.") != std::string::npos);
  CHECK(world.sentence(utc("2025-06-19T22:00:00Z")).find("the campaign day is today.") != std::string::npos);
}

// Ten polls of a list of 79 items were told as 790 items.
TEST_CASE("a source's items are those of its last successful poll that showed any", "[articles]") {
  Newsroom world;
  auto poll = [&](const std::string& outcome, std::int64_t found, std::int64_t matched, sys_ms now) {
    auto page = make_page({}, now);
    page.poll.outcome = outcome;
    page.poll.found = found;
    page.poll.matched = matched;
    world.books.finish(page.poll, store::SourceState{}, "");
  };
  CHECK(world.cell("sources", "last_found") == report::Cell(std::int64_t{0}));
  poll("ok", 80, 3, morning);
  poll("ok", 79, 2, morning + 1h);
  poll("ok", 0, 0, morning + 2h);  // not modified
  poll("malformed", 12, 1, morning + 3h);
  CHECK(world.cell("sources", "last_found") == report::Cell(std::int64_t{79}));
  CHECK(world.cell("sources", "last_matched") == report::Cell(std::int64_t{2}));
}

TEST_CASE("as of a moment of the past an article is told as it was told then", "[articles]") {
  Newsroom world;
  auto first = article("https://onet.pl/a/1", headline, utc("2025-06-21T08:00:00Z"));
  first.post.date_basis = DateBasis::prose;
  world.read(first, utc("2025-06-22T08:00:00Z"));
  auto mended = article("https://onet.pl/a/1", "A headline that was mended", morning);
  mended.post.edited = utc("2025-07-10T08:00:00Z");
  world.read(mended, utc("2025-07-10T08:00:00Z"));
  CHECK(world.cell("media", "title") == report::Cell("A headline that was mended"));
  CHECK(world.cell("media", "date") == report::Cell("2025-06-20T08:00:00.000Z"));
  auto told = [&](sys_ms at) {
    store::Database db(world.file, store::Access::read);
    store::AsOf past(db, "2025", at);
    auto edition = edition_2025();
    auto sheet = report::make_sheet("media", db, world.config.campaign, edition, {edition.from, edition.until, ""}, at);
    auto at_column = [&](std::string_view column) {
      auto place = std::ranges::find(sheet->columns, column) - sheet->columns.begin();
      return sheet->rows.at(0).at(static_cast<std::size_t>(place));
    };
    return std::pair(at_column("title"), at_column("date"));
  };
  CHECK(told(utc("2025-07-04T08:00:00Z")) == std::pair(report::Cell(headline), report::Cell("2025-06-21")));
  CHECK(told(utc("2025-07-11T08:00:00Z")) ==
        std::pair(report::Cell("A headline that was mended"), report::Cell("2025-06-20T08:00:00.000Z")));
  store::Database db(world.file, store::Access::read);
  CHECK_FALSE(store::Query(db, "SELECT 1 FROM temp.sqlite_schema").next());
  for (int i = 0; i < 200; ++i) {  // a page that says something else every time
    auto again = article("https://onet.pl/a/1", headline + std::to_string(i), morning);
    again.post.edited = utc("2025-07-11T08:00:00Z") + i * 1h;
    world.read(again, *again.post.edited);
  }
  CHECK(world.ask("SELECT count(*) FROM former") == 50);
}
