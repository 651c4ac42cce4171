// Hacker News: what the search is asked, how far it is read, and what becomes of a post.
#include "connectors/platforms/hackernews.hpp"

#include <fmt/format.h>

#include "tests/unit/talk.hpp"

using namespace campaignd;
using namespace campaignd::test;
using namespace std::chrono_literals;

namespace {

const sys_ms noon = utc("2025-06-21T12:00:00Z");
const std::string address =
    "https://hn.algolia.com/api/v1/search_by_date?query=all%20in&tags=(story,comment)"
    "&hitsPerPage=100&numericFilters=";

SourceSettings searching() {
  SourceSettings out;
  out.query = "all in";
  out.floor = utc("2025-06-01T00:00:00Z");
  return out;
}

Talk poll(const Cursor& cursor = {}, sys_ms now = noon) {
  return Talk(make_hackernews(searching())->discover(cursor), now);
}

Talk measurement(const std::vector<std::string>& ids) {
  std::vector<PostRef> posts;
  for (const auto& id : ids) posts.push_back({std::ssize(posts) + 1, "news.ycombinator.com", id, ""});
  return Talk(make_hackernews(searching())->measure(posts), noon);
}

std::int64_t seconds(sys_ms time) { return time.time_since_epoch().count() / 1000; }

/// So many stories, a minute apart, the newest at `from`; all at once where `gap` is zero.
std::string stories(int count, sys_ms from, std::chrono::seconds gap = 1min) {
  std::string out;
  for (int i = 0; i < count; ++i)
    out += fmt::format(R"({}{{"objectID":"{}","author":"a","title":"All in","created_at_i":{},"_tags":["story"]}})",
                       i > 0 ? "," : "", 1000 - i, seconds(from - gap * i));
  return "{\"hits\":[" + out + "]}";
}

std::string between(sys_ms from, std::int64_t until) {
  return fmt::format("created_at_i%3E%3D{}%2Ccreated_at_i%3C{}", seconds(from), until);
}

}  // namespace

TEST_CASE("Hacker News: the first poll asks back to the floor, in one request if it fits", "[hackernews]") {
  auto talk = poll();
  CHECK(talk.ask() == address + "created_at_i%3E%3D1748736000");
  CHECK(talk.asked().bucket == "hackernews");
  auto page = talk.page(200, stories(3, noon - 1h));
  CHECK(page.found.size() == 3);
  CHECK_FALSE(page.more);
  CHECK_FALSE(page.joins_last);
  CHECK(page.since == searching().floor);
}

TEST_CASE("Hacker News: a full page is followed by what is older, by time and never by number", "[hackernews]") {
  auto talk = poll();
  talk.ask();
  auto page = talk.page(200, stories(100, noon - 1h));
  CHECK(page.more);
  CHECK_FALSE(page.since.has_value());
  auto oldest = noon - 1h - 99min;
  CHECK(talk.ask() == address + between(searching().floor, seconds(oldest) + 1));
  page = talk.page(200, stories(1, oldest));
  CHECK_FALSE(page.more);
  CHECK(page.since == searching().floor);
}

TEST_CASE("Hacker News: a hundred posts of one second do not hold a poll up", "[hackernews]") {
  auto talk = poll();
  talk.ask();
  talk.page(200, stories(100, noon - 1h, 0s));
  CHECK(talk.ask() == address + between(searching().floor, seconds(noon - 1h) + 1));
  talk.page(200, stories(100, noon - 1h, 0s));
  CHECK(talk.ask() == address + between(searching().floor, seconds(noon - 1h)));
}

TEST_CASE("Hacker News: a page full of items without a date is not read beyond", "[hackernews]") {
  std::string items;
  for (int i = 0; i < 100; ++i) items += i > 0 ? ",{}" : "{}";
  auto talk = poll();
  talk.ask();
  auto page = talk.page(200, "{\"hits\":[" + items + "]}");
  CHECK_FALSE(page.more);
  CHECK_FALSE(page.since.has_value());
  CHECK(page.refused.size() == 100);
}

TEST_CASE("Hacker News: later polls overlap by two days and join the last", "[hackernews]") {
  auto first = poll();
  first.ask();
  auto cursor = first.page(200, stories(1, noon - 1h)).cursor;
  auto talk = poll(cursor, noon + 24h);
  CHECK(talk.ask() == address + fmt::format("created_at_i%3E%3D{}", seconds(noon - 48h)));
  auto page = talk.page(200, "{\"hits\":[]}");
  CHECK(page.joins_last);
  CHECK_FALSE(page.more);
}

TEST_CASE("Hacker News: a poll that broke off goes on at its page", "[hackernews]") {
  auto first = poll();
  first.ask();
  auto cursor = first.page(200, stories(100, noon - 1h)).cursor;
  auto talk = poll(cursor, noon + 1h);
  CHECK(talk.ask() == address + between(searching().floor, seconds(noon - 1h - 99min) + 1));
  CHECK(talk.page(200, "{\"hits\":[]}").more);  // what came since it broke off
  CHECK(talk.ask() == address + fmt::format("created_at_i%3E%3D{}", seconds(noon - 48h)));
}

TEST_CASE("Hacker News: a backfill ends at its cap and says how far it came", "[hackernews]") {
  auto settings = searching();
  settings.backfill_pages = 1;
  Talk talk(make_hackernews(settings)->discover({}), noon);
  talk.ask();
  auto page = talk.page(200, stories(100, noon - 1h));
  CHECK_FALSE(page.more);
  CHECK(page.since == noon - 1h - 99min);
}

TEST_CASE("Hacker News: a comment has words of its own, and neither title nor points", "[hackernews]") {
  auto talk = poll();
  talk.ask();
  auto page = talk.page(200, R"({"hits":[{"objectID":"5","author":"Bob","created_at_i":1750410000,"points":7,
    "comment_text":"all in &amp; <a href=\"https://a.example/\">here</a>","story_title":"All in","title":"All in",
    "_tags":["comment","author_Bob"]}]})");
  REQUIRE(page.found.size() == 1);
  const auto& post = page.found[0].post;
  CHECK(post.kind == Kind::reply);
  CHECK(post.title.empty());
  CHECK(post.text == "all in & here");
  CHECK(post.links == std::vector<std::string>{"https://a.example/"});
  CHECK(post.author.key == "Bob");
  CHECK(post.uri == "https://news.ycombinator.com/item?id=5");
  CHECK(page.found[0].counters == Counters{});
}

TEST_CASE("Hacker News: its refusals say what to do", "[hackernews]") {
  for (auto [status, body, code] :
       {std::tuple(400, R"({"message":"invalid numericFilters","status":400})", Failure::refused),
        std::tuple(400, "<html>", Failure::refused), std::tuple(403, "", Failure::refused),
        std::tuple(404, "", Failure::gone), std::tuple(429, "", Failure::throttled),
        std::tuple(503, "", Failure::unavailable), std::tuple(200, "<html>", Failure::malformed),
        std::tuple(200, "{}", Failure::malformed)}) {
    INFO(status << body);
    auto talk = poll();
    talk.ask();
    auto result = talk.hear(status, body);
    REQUIRE(result.has_error());
    CHECK(result.error().code == code);
  }
}

TEST_CASE("Hacker News: posts are measured one by one, where they live", "[hackernews]") {
  auto talk = measurement({"7", "8", "9", "10", "11"});
  CHECK(talk.ask() == "https://hacker-news.firebaseio.com/v0/item/7.json");
  CHECK(talk.asked().bucket == "hackernews");
  auto page = talk.page(200, R"({"by":"a","descendants":71,"id":7,"score":111,"time":1750410000,"title":"All in",
    "type":"story","url":"https://a.example/"})");
  CHECK(page.more);
  REQUIRE(page.readings.size() == 1);
  CHECK(page.readings[0].of.post == 1);
  CHECK(page.readings[0].counters == Counters{.likes = 111, .replies = 71});
  CHECK(page.readings[0].now->post.title == "All in");

  CHECK(talk.ask() == "https://hacker-news.firebaseio.com/v0/item/8.json");
  page =
      talk.page(200, R"({"by":"a","id":8,"kids":[1,2],"parent":7,"text":"all in","time":1750410000,"type":"comment"})");
  REQUIRE(page.readings.size() == 1);
  CHECK(page.readings[0].counters == Counters{});
  CHECK(page.readings[0].now->post.kind == Kind::reply);
  CHECK(page.readings[0].now->post.text == "all in");

  talk.ask();
  page = talk.page(200, R"({"deleted":true,"id":9,"time":1750410000,"type":"story"})");
  REQUIRE(page.gone.size() == 1);
  CHECK(page.gone[0].of.post == 3);
  talk.ask();
  CHECK(talk.page(200, R"({"dead":true,"by":"a","id":10,"time":1750410000,"type":"story"})").gone.size() == 1);
  talk.ask();
  page = talk.page(200, "null");
  CHECK(page.gone.size() == 1);
  CHECK_FALSE(page.more);
}

TEST_CASE("Hacker News: what cannot be read of a post is no proof that it is gone", "[hackernews]") {
  auto talk = measurement({"7", "8"});
  talk.ask();
  auto page = talk.page(200, R"({"id":8,"by":"a","time":1750410000,"type":"story"})");
  CHECK(page.refused.size() == 1);
  CHECK(page.gone.empty());
  talk.ask();
  page = talk.page(200, R"({"id":8,"type":"story"})");
  CHECK(page.refused.size() == 1);
  CHECK(page.gone.empty());
  CHECK_FALSE(page.more);

  auto trouble = measurement({"7"});
  trouble.ask();
  CHECK(trouble.hear(404, "").error().code == Failure::gone);
  CHECK(trouble.hear(401, R"({"error":"Permission denied"})").error().code == Failure::refused);
}

TEST_CASE("Hacker News: a file may be a page of the search or an item", "[hackernews]") {
  auto hits = parse_hackernews(stories(2, noon), {});
  REQUIRE(hits.has_value());
  CHECK(hits->find("item?id=1000") != std::string::npos);
  auto item = parse_hackernews(R"({"by":"a","id":7,"score":1,"time":1750410000,"title":"All in","type":"story"})", {});
  REQUIRE(item.has_value());
  CHECK(item->find("item?id=7") != std::string::npos);
  CHECK(parse_hackernews("nothing", {}).has_error());
}
