#include "connectors/platforms/feed.hpp"

#include <catch2/catch.hpp>

#include "connectors/reading/feeds/syndication.hpp"
#include "connectors/reading/html.hpp"
#include "tests/unit/support.hpp"

using namespace campaignd;
using namespace campaignd::test;

namespace {

const std::string base = "https://news.example/feed.xml";

Feed feed_of(std::string_view body, std::string_view content_type = "application/xml") {
  auto feed = read_feed(body, content_type, base);
  REQUIRE(feed.has_value());
  return *feed;
}

std::string rss(const std::string& items, const std::string& head = "") {
  return head +
         R"(<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" )"
         R"(xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>News</title>)"
         R"(<link>https://news.example/</link><language>pl</language>)" +
         items + "</channel></rss>";
}

std::string item(const std::string& title, const std::string& id) {
  return "<item><title>" + title + "</title><link>https://news.example/" + id + "</link></item>";
}

}  // namespace

TEST_CASE("an RSS item gives its title, link, dates, texts and categories", "[feed]") {
  auto feed = feed_of(rss(R"(<item><title> All in </title><link>/a?x=1&amp;y=2</link><guid isPermaLink="false">42</guid>
    <pubDate>Fri, 20 Jun 2025 10:00:00 +0200</pubDate><dc:creator>Desk</dc:creator><category>Refugees</category>
    <description>&lt;p&gt;We are &lt;b&gt;in&lt;/b&gt;&lt;/p&gt;</description>
    <content:encoded><![CDATA[<p>Long & "raw"</p>]]></content:encoded>
    <source url="https://agency.example/rss">Agency</source></item>)"));
  CHECK(feed.title == "News");
  CHECK(feed.language == "pl");
  CHECK(feed.link == "https://news.example/");
  CHECK(feed.complete);
  REQUIRE(feed.entries.size() == 1U);
  const auto& entry = feed.entries.front();
  CHECK(entry.title.html == "All in");
  CHECK(entry.link == "https://news.example/a?x=1&y=2");
  CHECK(entry.id == "42");
  CHECK(shown(entry.published) == "2025-06-20T08:00:00.000Z");
  CHECK(entry.author == "Desk");
  CHECK(entry.summary.html == "<p>We are <b>in</b></p>");
  CHECK(entry.content.html == "<p>Long & \"raw\"</p>");
  CHECK(entry.categories == std::vector<std::string>{"Refugees"});
  CHECK(entry.source == "Agency");
  CHECK(entry.source_url == "https://agency.example/rss");
}

TEST_CASE("a guid stands in for a missing link only where it is a permalink", "[feed]") {
  auto feed =
      feed_of(rss("<item><title>a</title><guid>https://news.example/a</guid></item>"
                  "<item><title>b</title><guid isPermaLink=\"false\">https://news.example/b</guid></item>"
                  "<item><title>c</title><guid>https://news.example/c</guid></item>"));
  REQUIRE(feed.entries.size() == 3U);
  CHECK(feed.entries[0].link == "https://news.example/a");
  CHECK(feed.entries[1].link.empty());
  CHECK(feed.entries[2].link == "https://news.example/c");
}

TEST_CASE("Atom entries are read with html and xhtml, xml:base and xml:lang", "[feed]") {
  auto feed = feed_of(R"(<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fr" xml:base="https://blog.example/b/">
    <title type="html">A &amp;amp; B</title><link href="."/>
    <entry xml:lang="de"><id>tag:blog.example,2025:1</id><title type="html">We &amp;lt;3 it</title>
      <link rel="self" href="self"/><link rel="alternate" href="posts/1"/><updated>2025-06-20T10:00:00+02:00</updated>
      <content type="html">&lt;p&gt;one&lt;/p&gt;</content></entry>
    <entry><id>2</id><title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">Le <b>titre</b> &amp; co</div></title>
      <link href="posts/2"/><published>2025-06-19T08:00:00Z</published><updated>2025-06-20T08:00:00Z</updated>
      <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>See <a href="../x?a=1&amp;b=2">it</a></p></div></content>
    </entry></feed>)");
  CHECK(feed.title == "A &amp; B");
  REQUIRE(feed.entries.size() == 2U);
  CHECK(feed.entries[0].title.html == "We &lt;3 it");
  CHECK(feed.entries[0].link == "https://blog.example/b/posts/1");
  CHECK(feed.entries[0].language == "de");
  CHECK(shown(feed.entries[0].published) == "2025-06-20T08:00:00.000Z");
  CHECK(feed.entries[0].content.html == "<p>one</p>");
  CHECK(feed.entries[1].title.html == "Le <b>titre</b> &amp; co");
  CHECK(feed.entries[1].language == "fr");
  CHECK(shown(feed.entries[1].published) == "2025-06-19T08:00:00.000Z");
  const auto& content = feed.entries[1].content;
  CHECK(content.html == "<p>See <a href=\"../x?a=1&amp;b=2\">it</a></p>");
  CHECK(content.base == "https://blog.example/b/");
  CHECK(with_absolute_links(content.html, content.base) ==
        "<p>See <a href=\"https://blog.example/x?a=1&amp;b=2\">it</a></p>");
}

TEST_CASE("a web page is no feed and says so", "[feed]") {
  for (const char* body : {"<html><body>login</body></html>", "", "not XML", "{\"a\":1}", "<"}) {
    INFO(body);
    auto feed = read_feed(body, "text/html", base);
    REQUIRE_FALSE(feed.has_value());
    CHECK(feed.error().code == Failure::malformed);
  }
}

TEST_CASE("a DOCTYPE alone does not cost the feed", "[feed]") {
  auto feed = feed_of(
      rss(item("a", "1"),
          R"(<?xml version="1.0"?><!DOCTYPE rss PUBLIC "-//N//DTD RSS 0.91//EN" "http://dtd.example/rss.dtd">)"));
  CHECK(feed.entries.size() == 1U);
}

// The first level of an entity was expanded: 50 KB declared once and named 50,000 times made 2.5 GB of a small feed.
TEST_CASE("entities a document declares are not expanded, so a bomb stays small", "[feed]") {
  std::string bomb = "<?xml version=\"1.0\"?><!DOCTYPE rss [<!ENTITY e0 \"boom\">";
  for (int i = 1; i < 10; ++i) {
    bomb += "<!ENTITY e" + std::to_string(i) + " \"";
    for (int j = 0; j < 10; ++j) bomb += "&e" + std::to_string(i - 1) + ";";
    bomb += "\">";
  }
  bomb += "<!ENTITY big \"" + std::string(1000, 'A') + "\">]>";
  std::string names;
  for (int i = 0; i < 1000; ++i) names += "&big;";
  auto feed = feed_of(rss(item("x &e9; y", "1") + item(names, "2"), bomb));
  REQUIRE(feed.entries.size() == 2U);
  CHECK(feed.entries[0].title.html.find("boom") == std::string::npos);
  CHECK(feed.entries[1].title.html.size() <= names.size());
}

TEST_CASE("an external entity reads no file", "[feed]") {
  TempDir dir;
  auto secret = dir.write("secret.txt", "swordfish");
  auto head = "<!DOCTYPE rss [<!ENTITY x SYSTEM \"file://" + secret.string() + "\"><!ENTITY % p SYSTEM \"file://" +
              secret.string() + "\"> %p;]>";
  auto feed = feed_of(
      rss("<item><title>a&x;b</title><link>https://news.example/1</link><description>&x;</description></item>", head));
  REQUIRE(feed.entries.size() == 1U);
  CHECK((feed.entries[0].title.html + feed.entries[0].summary.html).find("swordfish") == std::string::npos);
}

// libxml2 drops a name nobody declared, and after any error every later &amp; and &lt; with it: links lost their '&'.
TEST_CASE("HTML's entity names are known without a declaration", "[feed]") {
  CHECK(feed_of(rss(item("Caf&eacute; noir", "1"))).entries.at(0).title.html == "Café noir");
}

TEST_CASE("an error in one entry does not take the ampersands of the next", "[feed]") {
  auto feed = feed_of(rss(item("Food & music", "1") + item("We &lt;3 it &amp; more", "2?a=1&amp;b=2")));
  REQUIRE(feed.entries.size() == 2U);
  CHECK(feed.entries[1].title.html == "We <3 it & more");
  CHECK(feed.entries[1].link == "https://news.example/2?a=1&b=2");
}

TEST_CASE("a document that breaks off keeps its whole entries", "[feed]") {
  auto whole = rss(item("one", "1") + item("two", "2"));
  auto feed = feed_of(whole.substr(0, whole.find("two")));
  CHECK_FALSE(feed.complete);
  REQUIRE(feed.entries.size() == 1U);
  CHECK(feed.entries[0].title.html == "one");
}

// Its last bytes are no UTF-8, so the whole of it was taken for windows-1252: "Żółw" became "Å»Ã³Å‚w".
TEST_CASE("a document that breaks off inside a character is still UTF-8", "[feed]") {
  auto whole = rss(item("Żółw", "1") + item("ó", "2"));
  auto feed = feed_of(whole.substr(0, whole.rfind("ó") + 1));
  REQUIRE(feed.entries.size() == 1U);
  CHECK(feed.entries[0].title.html == "Żółw");
}

TEST_CASE("a byte order mark and blank lines before the declaration do no harm", "[feed]") {
  auto plain = rss(item("Żółw", "1"), "<?xml version=\"1.0\" encoding=\"utf-8\"?>");
  CHECK(feed_of("\xEF\xBB\xBF" + plain).entries.at(0).title.html == "Żółw");
  CHECK(feed_of("\r\n\n " + plain).entries.at(0).title.html == "Żółw");
  std::string wide = "\xFF\xFE";
  for (char c : rss(item("wide", "1"), "<?xml version=\"1.0\" encoding=\"utf-16\"?>")) {
    wide += c;
    wide += '\0';
  }
  CHECK(feed_of(wide).entries.at(0).title.html == "wide");
}

TEST_CASE("the encoding is the declared one, then the answer's, unless the bytes are UTF-8", "[feed]") {
  const std::string cyrillic = "\xC8\xED\xF2\xE5\xE3\xF0\xE0\xF6\xE8\xFF";
  CHECK(
      feed_of(rss(item(cyrillic, "1"), "<?xml version=\"1.0\" encoding=\"windows-1251\"?>")).entries.at(0).title.html ==
      "Интеграция");
  CHECK(feed_of(rss(item(cyrillic, "1")), "text/xml; charset=\"Windows-1251\"").entries.at(0).title.html ==
        "Интеграция");
  CHECK(feed_of(rss(item("caf\xE9", "1"))).entries.at(0).title.html == "café");
  CHECK(feed_of(rss(item("Żółw", "1"), "<?xml version=\"1.0\" encoding=\"iso-8859-1\"?>"), "text/xml; charset=us-ascii")
            .entries.at(0)
            .title.html == "Żółw");
}
