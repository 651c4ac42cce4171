#include <catch2/catch.hpp>

#include "connectors/reading/feeds/syndication.hpp"
#include "tests/unit/support.hpp"

using namespace campaignd;
using namespace campaignd::test;

namespace {

using Words = std::vector<std::string>;

Feed feed_of(std::string_view body, const std::string& base = "https://news.example/feeds/all.json") {
  auto feed = read_feed(body, "application/feed+json", base);
  REQUIRE(feed.has_value());
  return *feed;
}

std::string json_feed(const std::string& items, const std::string& more = "") {
  return R"({"version":"https://jsonfeed.org/version/1.1","title":"News",)" + more + R"("items":[)" + items + "]}";
}

FeedEntry entry_of(const std::string& item) {
  auto feed = feed_of(json_feed(item));
  REQUIRE(feed.entries.size() == 1U);
  return feed.entries.front();
}

}  // namespace

TEST_CASE("a JSON Feed gives its title, language and items", "[feed]") {
  auto feed = feed_of(json_feed(R"({"id":"1","url":"/1?a=1&b=2","title":"R&D <3","summary":"s","language":"de",
      "content_html":"<p>x</p>","content_text":"x","date_published":"2025-06-20T10:00:00+02:00",
      "date_modified":"2025-06-21T10:00:00Z","tags":["a","b",3],"authors":[{"name":"A"},{"name":"B"}]})",
                                R"("language":"pl","home_page_url":"https://news.example/",)"));
  CHECK(feed.title == "News");
  CHECK(feed.language == "pl");
  CHECK(feed.link == "https://news.example/");
  CHECK(feed.complete);
  CHECK_FALSE(feed.manners.expired);
  REQUIRE(feed.entries.size() == 1U);
  const auto& entry = feed.entries.front();
  CHECK(entry.id == "1");
  CHECK(entry.link == "https://news.example/1?a=1&b=2");
  CHECK(entry.title.html == "R&amp;D &lt;3");
  CHECK(entry.summary.html == "s");
  CHECK(entry.content.html == "<p>x</p>");
  CHECK(entry.content.base == "https://news.example/feeds/all.json");
  CHECK(entry.language == "de");
  CHECK(shown(entry.published) == "2025-06-20T08:00:00.000Z");
  CHECK(shown(entry.updated) == "2025-06-21T10:00:00.000Z");
  CHECK(entry.categories == Words{"a", "b"});
  CHECK(entry.author == "A, B");
}

TEST_CASE("JSON Feed 1.0 and feeds that do not say their version are read the same", "[feed]") {
  for (const char* head : {R"("version":"https://jsonfeed.org/version/1",)",
                           R"("version":"http://www.jsonfeed.org/version/1.1/",)", R"("version":2,)", ""}) {
    INFO(head);
    auto feed = feed_of("\n {" + std::string(head) + R"("items":[{"id":"1","content_text":"x"}]})");
    CHECK(feed.entries.size() == 1U);
  }
}

TEST_CASE("text of a JSON Feed is text, whatever it looks like", "[feed]") {
  CHECK(entry_of(R"({"id":"1","content_text":"1 < 2 & <b>"})").content.html == "1 &lt; 2 &amp; &lt;b&gt;");
  CHECK(entry_of(R"({"id":"1","content_html":"","content_text":"x"})").content.html == "x");
  CHECK(entry_of(R"({"id":"1","summary":"<b>"})").summary.html == "&lt;b&gt;");
}

TEST_CASE("an item's authors are a list or an object, of 1.1 or 1.0, else the feed's", "[feed]") {
  CHECK(entry_of(R"({"id":"1","authors":{"name":"A"}})").author == "A");
  CHECK(entry_of(R"({"id":"1","author":{"name":"A"}})").author == "A");
  CHECK(entry_of(R"({"id":"1","author":[{"name":"A"}]})").author == "A");
  CHECK(entry_of(R"({"id":"1","authors":["A","B"]})").author == "A, B");
  CHECK(entry_of(R"({"id":"1","author":"A"})").author == "A");
  CHECK(entry_of(R"({"id":"1","authors":[],"author":{"name":"A"}})").author == "A");
  CHECK(entry_of(R"({"id":"1","authors":[{"url":"https://a.example/"}]})").author == "https://a.example/");
  for (const char* nobody :
       {R"({"id":"1","authors":null})", R"({"id":"1","authors":[null,1,{}]})", R"({"id":"1","author":7})"}) {
    INFO(nobody);
    CHECK(entry_of(nobody).author.empty());
    auto feed = feed_of(json_feed(nobody, R"("authors":[{"name":"Feed"}],)"));
    CHECK(feed.entries.at(0).author == "Feed");
  }
}

TEST_CASE("an item without a url is where it points, or where its id is", "[feed]") {
  CHECK(entry_of(R"({"id":"1","external_url":"https://other.example/1"})").link == "https://other.example/1");
  CHECK(entry_of(R"({"id":"1","url":"https://a.example/","external_url":"https://other.example/1"})").link ==
        "https://a.example/");
  CHECK(entry_of(R"({"id":"https://news.example/1"})").link == "https://news.example/1");
  CHECK(entry_of(R"({"id":"1"})").link.empty());
}

TEST_CASE("an id that is a number is its digits", "[feed]") {
  CHECK(entry_of(R"({"id":42})").id == "42");
  CHECK(entry_of(R"({"id":0})").id == "0");
  CHECK(entry_of(R"({"id":null})").id.empty());
}

TEST_CASE("an item with members of other kinds than promised is read without them", "[feed]") {
  auto entry =
      entry_of(R"({"id":{},"url":[],"title":7,"content_html":{"a":1},"date_published":12,"tags":"a","language":[]})");
  CHECK(entry.id.empty());
  CHECK(entry.link.empty());
  CHECK(entry.content.html.empty());
  CHECK(entry.categories.empty());
  CHECK(entry.language.empty());
}

TEST_CASE("what is no item does not cost the others", "[feed]") {
  auto feed = feed_of(json_feed(R"(null,"x",7,[],{"id":"1"},{"id":"2"})"));
  REQUIRE(feed.entries.size() == 2U);
  CHECK(feed.entries[1].id == "2");
}

TEST_CASE("a JSON Feed that expired says so", "[feed]") {
  CHECK(feed_of(json_feed("", R"("expired":true,)")).manners.expired);
  CHECK_FALSE(feed_of(json_feed("", R"("expired":"yes",)")).manners.expired);
}

TEST_CASE("a date an item has only for its change is its date", "[feed]") {
  CHECK(shown(entry_of(R"({"id":"1","date_modified":"2025-06-20T10:00:00Z"})").published) ==
        "2025-06-20T10:00:00.000Z");
  CHECK(shown(entry_of(R"({"id":"1","date_published":"soon"})").published) == "none");
}

TEST_CASE("without an address of the document links are against the home page", "[feed]") {
  auto feed = feed_of(json_feed(R"({"id":"1","url":"1"})", R"("home_page_url":"https://news.example/",)"), "");
  CHECK(feed.entries.at(0).link == "https://news.example/1");
}

TEST_CASE("RSS written in JSON is read as RSS", "[feed]") {
  auto feed =
      feed_of(R"({"rss":{"version":"2.0","channel":{"title":"News","link":"https://news.example/","language":"pl",
      "item":[{"title":"R&amp;D","link":"https://news.example/1","description":"<p>x</p>","author":"A",
               "guid":{"#value":"g1","isPermaLink":"false"},"pubDate":"Fri, 20 Jun 2025 10:00:00 GMT"},
              {"title":"Two","guid":"https://news.example/2"}]}}})");
  CHECK(feed.title == "News");
  CHECK(feed.language == "pl");
  CHECK(feed.link == "https://news.example/");
  REQUIRE(feed.entries.size() == 2U);
  CHECK(feed.entries[0].title.html == "R&amp;D");
  CHECK(feed.entries[0].link == "https://news.example/1");
  CHECK(feed.entries[0].summary.html == "<p>x</p>");
  CHECK(feed.entries[0].id == "g1");
  CHECK(feed.entries[0].author == "A");
  CHECK(shown(feed.entries[0].published) == "2025-06-20T10:00:00.000Z");
  CHECK(feed.entries[1].link == "https://news.example/2");
}

TEST_CASE("RSS in JSON may give one item without a list", "[feed]") {
  CHECK(feed_of(R"({"rss":{"channel":{"item":{"title":"One"}}}})").entries.at(0).title.html == "One");
  CHECK(feed_of(R"({"rss":{"channel":{}}})").entries.empty());
}

TEST_CASE("JSON that is no feed says so, and never crashes", "[feed]") {
  for (const char* body :
       {"null", "[]", "[{\"id\":\"1\"}]", "{}", "{\"items\":7}", "{\"rss\":null}", "{\"rss\":{\"channel\":[]}}",
        "{\"version\":null}", "{", "{\"version\":\"https://jsonfeed.org/version/1\"", "\"x\"", "7"}) {
    INFO(body);
    auto feed = read_feed(body, "application/feed+json", "");
    REQUIRE_FALSE(feed.has_value());
    CHECK(feed.error().code == Failure::malformed);
  }
}

TEST_CASE("a byte order mark and invalid bytes do not cost a JSON Feed", "[feed]") {
  CHECK(feed_of("\xEF\xBB\xBF" + json_feed(R"({"id":"1","title":"żółw"})")).entries.at(0).title.html == "żółw");
  CHECK(feed_of(json_feed("{\"id\":\"1\",\"title\":\"caf\xE9\"}")).entries.at(0).title.html == "café");
  CHECK(feed_of(json_feed("{\"id\":\"1\",\"title\":\"a\nb\"}")).entries.at(0).title.html.starts_with("a"));
}
