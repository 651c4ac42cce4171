// Bing's news search: what it is asked, and what its lists prove.
#include <fmt/format.h>

#include "connectors/platforms/news.hpp"
#include "tests/unit/talk.hpp"

using namespace campaignd;
using namespace campaignd::test;
using namespace std::chrono_literals;
using std::chrono::days;

namespace {

const sys_ms noon = utc("2025-06-21T12:00:00Z");
const std::string bing = "https://www.bing.com/news/search?q=%22all%20in%22&format=rss&mkt=";

SourceSettings searching(const std::string& language) {
  SourceSettings out;
  out.query = "\"all in\"";
  out.language = language;
  out.engine = "bing";
  out.floor = utc("2025-06-01T00:00:00Z");
  return out;
}

Talk poll(const SourceSettings& settings, const Cursor& cursor = {}, sys_ms now = noon) {
  return Talk(make_news(settings)->discover(cursor), now);
}

std::string feed(const std::string& items) {
  return "<rss version=\"2.0\"><channel><generator>NFE/5.0</generator><title>t</title><language>de</language>" + items +
         "</channel></rss>";
}

/// `hours[i]` before noon.
std::string bing_articles(const std::vector<int>& hours) {
  std::string out;
  for (std::size_t i = 0; i < hours.size(); ++i) {
    auto time = std::chrono::floor<std::chrono::hours>(noon - std::chrono::hours(hours[i]));
    auto day = std::chrono::floor<days>(time);
    auto date = std::chrono::year_month_day(day);
    out += fmt::format(
        "<item><title>A</title><link>http://www.bing.com/news/apiclick.aspx?tid=1&amp;url=https%3a%2f%2f"
        "paper.example%2f{}</link><pubDate>{} Jun {} {:02}:00:00 GMT</pubDate></item>",
        i, static_cast<unsigned>(date.day()), static_cast<int>(date.year()), (time - day).count());
  }
  return feed(out);
}

}  // namespace

TEST_CASE("Bing News: the newest first, of a market, and no more often than it likes", "[news]") {
  auto talk = poll(searching("de-AT"));
  CHECK(talk.ask() == bing + "de-AT&qft=interval%3d%229%22+sortbydate%3d%221%22");
  CHECK(talk.asked().bucket == "bing-news");
  CHECK_FALSE(talk.asked().follows_redirects);
  auto page = talk.page(200, bing_articles({1, 2, 3}));
  CHECK(page.pause == 150min);
  CHECK_FALSE(page.more);
  auto first = searching("pl-PL");
  first.engine = "Bing";
  first.floor = utc("2025-01-01T00:00:00Z");
  CHECK(poll(first).ask() == bing + "pl-PL&qft=sortbydate%3d%221%22");
}

TEST_CASE("Bing News: a short list is whole, a full one covers as far as its dates are in order", "[news]") {
  auto page_of = [](const std::string& body, const Cursor& cursor = {}, sys_ms now = noon) {
    auto talk = poll(searching("de-AT"), cursor, now);
    talk.ask();
    return talk.page(200, body);
  };
  auto whole = page_of(bing_articles({1, 2, 30}));
  CHECK_FALSE(whole.joins_last);
  CHECK(whole.since == noon - days(30));
  auto full = page_of(bing_articles({1, 2, 3, 4, 5, 6, 7, 8, 9, 10}));
  CHECK(full.since == noon - 10h);
  auto mixed = page_of(bing_articles({1, 2, 40, 4, 5, 6, 7, 8, 9, 10}));
  CHECK(mixed.since == noon - 2h);
  CHECK_FALSE(page_of(bing_articles({9, 1, 2, 3, 4, 5, 6, 7, 8, 10})).since.has_value());

  auto later = noon + 3h;
  CHECK(page_of(bing_articles({1, 2}), whole.cursor, later).joins_last);
  CHECK(page_of(bing_articles({-2, -2, -2, -2, -1, -1, -1, -1, 0, 1}), whole.cursor, later).joins_last);
  auto cut_off = page_of(bing_articles({-2, -2, -2, -2, -1, -1, -1, -1, -1, -1}), whole.cursor, later);
  CHECK_FALSE(cut_off.joins_last);
  CHECK(cut_off.since == noon + 1h);
}

TEST_CASE("Bing News: an empty list proves nothing, and the next poll asks from where this one did", "[news]") {
  auto first = poll(searching("de-AT"));
  first.ask();
  auto known = first.page(200, bing_articles({1})).cursor;
  auto second = poll(searching("de-AT"), known, noon + 3h);
  CHECK(second.ask().find("qft=interval%3d%227%22+") != std::string::npos);
  auto empty = second.page(200, feed(""));
  CHECK_FALSE(empty.joins_last);
  CHECK_FALSE(empty.since.has_value());
  CHECK(empty.cursor == known);
  auto third = poll(searching("de-AT"), empty.cursor, noon + 24h);
  CHECK(third.ask().find("qft=interval%3d%228%22+") != std::string::npos);
}

TEST_CASE("Bing News: the article's own address, and links of the engine refused", "[news]") {
  auto talk = poll(searching("de-AT"));
  talk.ask();
  auto page = talk.page(
      200,
      "<rss version=\"2.0\"><channel><item><title>A</title><link>http://www.bing.com/news/apiclick.aspx?ref=FexRss"
      "&amp;tid=1&amp;url=https%3a%2f%2fwww.paper.example%2fa%3fid%3d1&amp;c=2&amp;mkt=de-at</link><description>All"
      " in, they said</description><News:Source>The Paper</News:Source></item>"
      "<item><title>B</title><link>https://www.bing.com/x</link></item></channel></rss>");
  REQUIRE(page.found.size() == 1);
  const auto& post = page.found[0].post;
  CHECK(post.uri == "https://www.paper.example/a?id=1");
  CHECK(page.found[0].local_id == post.uri);
  CHECK(post.host == "paper.example");
  CHECK(post.author.name == "The Paper");
  CHECK(post.text == "All in, they said");
  CHECK(post.language == "de-AT");
  REQUIRE(page.refused.size() == 1);
  CHECK(page.refused[0].id == "https://www.bing.com/x");
}
