#include "connectors/platforms/feed_flavours.hpp"

#include <catch2/catch.hpp>

#include "connectors/platforms/feed.hpp"
#include "tests/unit/support.hpp"

using namespace campaignd;
using namespace campaignd::test;

namespace {

const sys_ms now = utc("2025-06-21T12:00:00Z");

Page polled(const std::string& url, const std::string& body) {
  SourceSettings settings;
  settings.url = url;
  auto job = make_feed(settings)->discover({});
  auto page = job->read(reply(job->ask(now), 200, body, now));
  REQUIRE(page.has_value());
  return *page;
}

std::string rss(const std::string& items) {
  return "<rss version=\"2.0\" "
         "xmlns:News=\"https://www.bing.com/news/search?q=x&amp;format=rss\"><channel><title>t</title>" +
         items + "</channel></rss>";
}

std::string flavour(const std::string& url) {
  const auto* found = flavour_of(url);
  return found == nullptr ? "" : std::string(found->name);
}

}  // namespace

TEST_CASE("a feed's maker is known by its address", "[flavours]") {
  CHECK(flavour("https://news.google.com/rss/search?q=x") == "google news");
  CHECK(flavour("https://www.bing.com/news/search?q=x&format=rss") == "bing news");
  CHECK(flavour("https://www.reddit.com/r/europe/search.rss?q=x") == "reddit");
  CHECK(flavour("https://www.youtube.com/feeds/videos.xml?channel_id=UC1") == "youtube");
  CHECK(flavour("https://social.example/tags/allin.rss") == "fediverse");
  CHECK(flavour("https://social.example/@ania.rss") == "fediverse");
  for (const char* plain :
       {"https://paper.example/feed.xml", "https://paper.example/tags/rss", "https://notreddit.com/.rss",
        "https://www.bing.com/search?q=x&format=rss", "https://paper.example", "nonsense", ""})
    CHECK(flavour(plain).empty());
}

TEST_CASE("Google News: the outlet is the one it names, its name no part of the title, the link stays", "[flavours]") {
  auto page =
      polled("https://news.google.com/rss/search?q=x",
             rss("<item><title>All in - for all - The Outlet</title>"
                 "<link>https://news.google.com/rss/articles/CBMi?oc=5</link><guid isPermaLink=\"false\">CBMi</guid>"
                 "<source url=\"https://www.outlet.example\">The Outlet</source></item>"
                 "<item><title>Only - Other</title><link>https://news.google.com/rss/articles/CBMj</link>"
                 "<source url=\"https://outlet.example\">The Outlet</source></item>"));
  REQUIRE(page.found.size() == 2U);
  const auto& post = page.found[0].post;
  CHECK(post.title == "All in - for all");
  CHECK(post.host == "outlet.example");
  CHECK(post.author.key == "outlet.example");
  CHECK(post.author.name == "The Outlet");
  CHECK(post.author.media);
  CHECK(post.url == "https://news.google.com/rss/articles/CBMi?oc=5");
  CHECK(page.found[1].post.title == "Only - Other");
}

// A cluster's description lists what other outlets wrote: their words would count as this one's.
TEST_CASE("Google News: what it calls a description is no text of the article", "[flavours]") {
  auto page = polled("https://news.google.com/rss/search?q=x",
                     rss("<item><title>One - Outlet</title><link>https://news.google.com/rss/articles/CBMi</link>"
                         "<description>&lt;ol&gt;&lt;li&gt;&lt;a href=\"https://a.example\"&gt;#AllIn&lt;/a&gt;&lt;/li"
                         "&gt;&lt;/ol&gt;</description><source url=\"https://outlet.example\">Outlet</source></item>"));
  REQUIRE(page.found.size() == 1U);
  CHECK(page.found[0].post.text.empty());
  CHECK(page.found[0].post.links.empty());
}

TEST_CASE("Bing: the article's own address counts; a link that hides it is refused", "[flavours]") {
  auto wrapped = [](const std::string& visit) {
    return rss(
        "<item><title>One</title><link>http://www.bing.com/news/apiclick.aspx?ref=FexRss&amp;aid=&amp;tid=" + visit +
        "&amp;url=https%3a%2f%2fwww.outlet.example%2fa-b%3fid%3d1&amp;c=4&amp;mkt=pl-pl</link>"
        "<News:Source>The Outlet</News:Source></item>"
        "<item><title>Two</title><link>https://www.bing.com/news/search?q=x</link></item>"
        "<item><title>Three</title><link>https://other.example/3</link></item>");
  };
  const std::string url = "https://www.bing.com/news/search?q=x&format=rss";
  auto page = polled(url, wrapped("12AB"));
  REQUIRE(page.found.size() == 2U);
  CHECK(page.found[0].post.url == "https://www.outlet.example/a-b?id=1");
  CHECK(page.found[0].post.uri == "https://www.outlet.example/a-b?id=1");
  CHECK(page.found[0].post.host == "outlet.example");
  CHECK(page.found[1].post.url == "https://other.example/3");
  REQUIRE(page.refused.size() == 1U);
  CHECK(page.refused[0].why.find("search engine") != std::string::npos);
}

// The links differ on every visit; the entries are the same.
TEST_CASE("Bing: the next poll joins though every link has changed", "[flavours]") {
  auto body = [](const std::string& visit) {
    return rss("<item><title>One</title><link>http://www.bing.com/news/apiclick.aspx?tid=" + visit +
               "&amp;url=https%3a%2f%2foutlet.example%2fa</link></item>");
  };
  SourceSettings settings;
  settings.url = "https://www.bing.com/news/search?q=x&format=rss";
  auto job = make_feed(settings)->discover(polled(settings.url, body("1")).cursor);
  auto page = job->read(reply(job->ask(now), 200, body("2"), now));
  REQUIRE(page.has_value());
  CHECK(page->joins_last);
}

TEST_CASE("Reddit: a person's post, and what it links to outside", "[flavours]") {
  auto page =
      polled("https://www.reddit.com/r/europe/search.rss?q=x",
             "<feed xmlns=\"http://www.w3.org/2005/Atom\"><entry><author><name>/u/Some_One</name></author><id>t3_1</id>"
             "<link href=\"https://www.reddit.com/r/europe/comments/1/x/\"/><title>All in</title>"
             "<content type=\"html\">submitted by &lt;a "
             "href=\"https://www.reddit.com/user/Some_One\"&gt;/u/Some_One&lt;/a&gt; "
             "&lt;a href=\"https://outlet.example/1\"&gt;[link]&lt;/a&gt; "
             "&lt;a href=\"https://www.reddit.com/r/europe/comments/1/x/\"&gt;[comments]&lt;/a&gt;</content>"
             "<published>2025-06-20T08:00:00+00:00</published></entry></feed>");
  REQUIRE(page.found.size() == 1U);
  const auto& post = page.found[0].post;
  CHECK(post.author.key == "some_one@reddit.com");
  CHECK_FALSE(post.author.media);
  CHECK(post.kind == Kind::original);
  CHECK(post.host == "reddit.com");
  CHECK(post.links == std::vector<std::string>{"https://outlet.example/1"});
}

TEST_CASE("YouTube: a video with its counters, of the channel whose feed it is", "[flavours]") {
  auto page =
      polled("https://www.youtube.com/feeds/videos.xml?channel_id=UC1a",
             "<feed xmlns=\"http://www.w3.org/2005/Atom\" xmlns:media=\"http://search.yahoo.com/mrss/\"><entry>"
             "<id>yt:video:abc</id><title>All in</title><author><name>A Channel</name></author>"
             "<link rel=\"alternate\" href=\"https://www.youtube.com/watch?v=abc\"/>"
             "<published>2025-06-20T08:00:00+00:00</published><media:group><media:description>d</media:description>"
             "<media:community><media:starRating count=\"12\" average=\"5.00\" min=\"1\" max=\"5\"/>"
             "<media:statistics views=\"345\"/></media:community></media:group></entry></feed>");
  REQUIRE(page.found.size() == 1U);
  CHECK(page.found[0].post.kind == Kind::video);
  CHECK(page.found[0].post.author.key == "uc1a@youtube.com");
  CHECK_FALSE(page.found[0].post.author.media);
  CHECK(page.found[0].counters.views == 345);
  CHECK(page.found[0].counters.likes == 12);
}

TEST_CASE("the fediverse: posts without titles are of the people their links name", "[flavours]") {
  auto page =
      polled("https://social.example/tags/allin.rss",
             rss("<item><guid isPermaLink=\"true\">https://home.example/@Ania/1</guid>"
                 "<link>https://home.example/@Ania/1</link><description>&lt;p&gt;#AllIn&lt;/p&gt;</description></item>"
                 "<item><link>https://home.example/users/jan/statuses/2</link><description>b</description></item>"
                 "<item><link>https://other.example/notes/3</link><description>c</description></item>"
                 "<item><link>https://other.example/notes/4</link><description>d</description></item>"));
  REQUIRE(page.found.size() == 4U);
  CHECK(page.found[0].post.author.key == "ania@home.example");
  CHECK_FALSE(page.found[0].post.author.media);
  CHECK(page.found[0].post.kind == Kind::original);
  CHECK(page.found[0].post.host == "home.example");
  CHECK(page.found[1].post.author.key == "jan@home.example");
  CHECK(page.found[2].post.author.key != page.found[3].post.author.key);
  CHECK_FALSE(page.found[2].post.author.media);
  auto noted = polled("https://social.example/tags/allin.rss",
                      rss("<item><guid>https://social.example/@Iga/6</guid><link>https://social.example/n/6</link>"
                          "<description>e</description></item>"));
  CHECK(noted.found.at(0).post.author.key == "iga@social.example");
  auto own = polled("https://social.example/@Ewa.rss", rss("<item><link>https://social.example/p/5</link></item>"));
  CHECK(own.found.at(0).post.author.key == "ewa@social.example");
}

TEST_CASE("a newspaper's feed of a tag is a newspaper's, for its articles have titles and no user in their links",
          "[flavours]") {
  for (const char* url : {"https://paper.example/tags/m.rss", "https://paper.example/@desk.rss"}) {
    auto page = polled(url, rss("<item><title>Food</title><link>https://www.paper.example/2025/food</link></item>"
                                "<item><title>Fun</title><link>https://blogs.example/@Ola/fun</link></item>"));
    REQUIRE(page.found.size() == 2U);
    CHECK(page.found[0].post.kind == Kind::article);
    CHECK(page.found[0].post.author.media);
    CHECK(page.found[0].post.author.key == "paper.example");
    CHECK_FALSE(page.found[1].post.author.media);
    CHECK(page.found[1].post.author.key == "ola@blogs.example");
  }
}

TEST_CASE("a search says nothing of what it left out: it covers nothing by its dates", "[flavours]") {
  const auto items =
      rss("<item><title>New</title><link>https://outlet.example/2</link><pubDate>Fri, 20 Jun 2025 08:00:00 "
          "GMT</pubDate></item><item><title>Old</title><link>https://outlet.example/1</link><pubDate>Mon, 20 Jan 2025 "
          "08:00:00 GMT</pubDate></item>");
  CHECK_FALSE(polled("https://news.google.com/rss/search?q=x", items).since.has_value());
  CHECK_FALSE(polled("https://www.bing.com/news/search?q=x&format=rss", items).since.has_value());
  CHECK(shown(polled("https://outlet.example/feed.xml", items).since) == "2025-01-20T08:00:00.000Z");
}
