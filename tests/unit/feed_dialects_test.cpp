#include <catch2/catch.hpp>

#include "connectors/reading/feeds/syndication.hpp"
#include "tests/unit/support.hpp"

using namespace campaignd;
using namespace campaignd::test;

namespace {

using Words = std::vector<std::string>;

const std::string document_url = "https://cdn.example/feeds/all.xml";

Feed feed_of(std::string_view body, const std::string& base = document_url) {
  auto feed = read_feed(body, "", base);
  REQUIRE(feed.has_value());
  return *feed;
}

FeedEntry entry_of(std::string_view body) {
  auto feed = feed_of(body);
  REQUIRE(feed.entries.size() == 1U);
  return feed.entries.front();
}

std::string rss(const std::string& items, const std::string& attributes = "") {
  return "<rss version=\"2.0\" " + attributes + "><channel><link>https://news.example/</link>" + items +
         "</channel></rss>";
}

std::string atom(const std::string& entries, const std::string& attributes = "") {
  return "<feed xmlns=\"http://www.w3.org/2005/Atom\" " + attributes + ">" + entries + "</feed>";
}

std::string atom_03(const std::string& entries) {
  return "<feed version=\"0.3\" xmlns=\"http://purl.org/atom/ns#\">" + entries + "</feed>";
}

FeedEntry rss_item(const std::string& inside, const std::string& attributes = "") {
  return entry_of(rss("<item>" + inside + "</item>", attributes));
}

FeedEntry atom_entry(const std::string& inside) { return entry_of(atom("<entry>" + inside + "</entry>")); }

const std::string dublin = "xmlns:dc=\"http://purl.org/dc/elements/1.1/\"";

}  // namespace

TEST_CASE("RSS 0.90 and 1.0 have their items beside the channel", "[feed]") {
  for (const char* space : {"http://my.netscape.com/rdf/simple/0.9/", "http://channel.netscape.com/rdf/simple/0.9/",
                            "http://purl.org/rss/1.0/"}) {
    INFO(space);
    auto feed = feed_of("<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" xmlns=\"" +
                        std::string(space) + "\" " + dublin +
                        "><channel rdf:about=\"https://news.example/rss\"><title>News</title>"
                        "<link>https://news.example/</link><dc:language>pl</dc:language></channel>"
                        "<image><title>Logo</title><link>https://news.example/logo</link></image>"
                        "<item rdf:about=\"https://news.example/1\"><title>One</title><link>/1?from=rss</link>"
                        "<dc:date>2025-06-20T10:00:00+02:00</dc:date></item>"
                        "<item rdf:about=\"https://news.example/2\"><title>Two</title></item>"
                        "<textinput><title>Search</title><link>https://news.example/find</link></textinput></rdf:RDF>");
    CHECK(feed.title == "News");
    CHECK(feed.link == "https://news.example/");
    CHECK(feed.language == "pl");
    REQUIRE(feed.entries.size() == 2U);
    CHECK(feed.entries[0].title.html == "One");
    CHECK(feed.entries[0].link == "https://news.example/1?from=rss");
    CHECK(feed.entries[0].id == "https://news.example/1");
    CHECK(shown(feed.entries[0].published) == "2025-06-20T08:00:00.000Z");
    CHECK(feed.entries[1].link == "https://news.example/2");
  }
}

TEST_CASE("RSS 1.1 has its channel for a root and its items in a list", "[feed]") {
  auto feed = feed_of(
      "<Channel xmlns=\"http://purl.org/net/rss1.1#\" xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" "
      "rdf:about=\"https://news.example/rss\"><title>News</title><link>https://news.example/</link>"
      "<items rdf:parseType=\"Collection\"><item rdf:about=\"https://news.example/1\"><title>One</title>"
      "<link>https://news.example/1</link><description>d</description></item></items></Channel>");
  CHECK(feed.title == "News");
  REQUIRE(feed.entries.size() == 1U);
  CHECK(feed.entries[0].title.html == "One");
  CHECK(feed.entries[0].summary.html == "d");
}

TEST_CASE("every version of RSS is one dialect, with or without its word on it", "[feed]") {
  for (const char* version : {"version=\"0.91\"", "version=\"0.92\"", "version=\"0.94\"", "version=\"2.0\"",
                              "version=\"99\"", "", "xmlns=\"http://backend.userland.com/rss2\"",
                              "xmlns=\"http://blogs.law.harvard.edu/tech/rss\"", "xmlns=\"urn:my-own-invention\""}) {
    INFO(version);
    auto feed = feed_of("<rss " + std::string(version) +
                        "><channel><title>News</title><image><title>Logo</title></image>"
                        "<item><title>One</title><link>https://news.example/1</link></item></channel></rss>");
    CHECK(feed.title == "News");
    REQUIRE(feed.entries.size() == 1U);
    CHECK(feed.entries[0].title.html == "One");
    CHECK(feed.entries[0].link == "https://news.example/1");
  }
}

TEST_CASE("RSS without a channel, and items outside it, are read", "[feed]") {
  CHECK(feed_of("<rss><item><title>One</title></item></rss>").entries.size() == 1U);
  CHECK(feed_of("<rss><channel></channel><item><title>One</title></item></rss>").entries.size() == 1U);
  CHECK(feed_of("<channel><title>News</title><item><title>One</title></item></channel>").entries.size() == 1U);
}

TEST_CASE("a feed without entries is a feed", "[feed]") {
  for (const auto& body :
       {rss(""), atom(""), std::string("<rss/>"), std::string("{\"version\":\"https://jsonfeed.org/version/1\"}")})
    CHECK(feed_of(body).entries.empty());
}

TEST_CASE("names in capitals mean the same", "[feed]") {
  auto feed = feed_of(
      "<RSS><CHANNEL><TITLE>News</TITLE><ITEM><TITLE>One</TITLE><LINK>https://news.example/1</LINK>"
      "<PUBDATE>Fri, 20 Jun 2025 10:00:00 GMT</PUBDATE><GUID ISPERMALINK=\"FALSE\">x</GUID></ITEM></CHANNEL></RSS>");
  CHECK(feed.title == "News");
  REQUIRE(feed.entries.size() == 1U);
  CHECK(feed.entries[0].link == "https://news.example/1");
  CHECK(feed.entries[0].id == "x");
  CHECK(shown(feed.entries[0].published) == "2025-06-20T10:00:00.000Z");
}

TEST_CASE("CDF says in attributes where its items are and when they changed", "[feed]") {
  auto feed = feed_of(
      "<CHANNEL HREF=\"https://news.example/\"><TITLE>News</TITLE><ABSTRACT>All</ABSTRACT>"
      "<ITEM HREF=\"https://news.example/1\" LASTMOD=\"2025-06-20T10:00Z\"><TITLE>One</TITLE><ABSTRACT>First</ABSTRACT>"
      "</ITEM></CHANNEL>");
  CHECK(feed.title == "News");
  REQUIRE(feed.entries.size() == 1U);
  CHECK(feed.entries[0].title.html == "One");
  CHECK(feed.entries[0].summary.html == "First");
  CHECK(feed.entries[0].link == "https://news.example/1");
  CHECK(shown(feed.entries[0].published) == "2025-06-20T10:00:00.000Z");
}

TEST_CASE("a prefix that nobody declared means what it customarily does", "[feed]") {
  auto entry = rss_item(
      "<dc:creator>Ania</dc:creator><content:encoded>long</content:encoded>"
      "<slash:comments>7</slash:comments><dc:date>2025-06-20</dc:date>");
  CHECK(entry.author == "Ania");
  CHECK(entry.content.html == "long");
  CHECK(entry.counters.replies == 7);
  CHECK(shown(entry.published) == "2025-06-20T00:00:00.000Z");
  CHECK(entry_of("<atom:feed><atom:entry><atom:title>x</atom:title></atom:entry></atom:feed>").title.html == "x");
}

TEST_CASE("a namespace counts by its address, whatever its prefix, scheme, case and end", "[feed]") {
  for (const char* space :
       {"http://purl.org/dc/elements/1.1/", "https://purl.org/dc/elements/1.1", "http://PURL.org/DC/elements/1.1/"}) {
    INFO(space);
    CHECK(rss_item("<x:creator>Ania</x:creator>", "xmlns:x=\"" + std::string(space) + "\"").author == "Ania");
  }
  CHECK(rss_item("<x:creator>Ania</x:creator>", "xmlns:x=\"urn:something-else\"").author.empty());
  CHECK(rss_item("<x:title>no</x:title><title>yes</title>", "xmlns:x=\"urn:x\"").title.html == "yes");
}

TEST_CASE("Atom with a prefix, and Atom's elements inside RSS, are Atom", "[feed]") {
  auto entry = entry_of(
      "<a:feed xmlns:a=\"http://www.w3.org/2005/Atom\"><a:entry><a:id>1</a:id><a:title>One</a:title>"
      "<a:link href=\"https://news.example/1\"/></a:entry></a:feed>");
  CHECK(entry.id == "1");
  CHECK(entry.link == "https://news.example/1");
  auto item = rss_item(
      "<a:link rel=\"self\" href=\"https://news.example/self\"/><a:link href=\"https://news.example/1\"/>"
      "<a:updated>2025-06-20T10:00:00Z</a:updated>",
      "xmlns:a=\"http://www.w3.org/2005/Atom\"");
  CHECK(item.link == "https://news.example/1");
  CHECK(shown(item.updated) == "2025-06-20T10:00:00.000Z");
}

TEST_CASE("Atom 0.3 says how its texts are written: as markup, escaped, or in base64", "[feed]") {
  auto entry =
      entry_of(atom_03("<entry><id>1</id><title mode=\"escaped\" type=\"text/html\">a &lt;b&gt;b&lt;/b&gt;</title>"
                       "<summary type=\"text/plain\" mode=\"escaped\">1 &lt; 2</summary>"
                       "<content type=\"application/xhtml+xml\" mode=\"xml\"><p "
                       "xmlns=\"http://www.w3.org/1999/xhtml\">x <i>y</i></p></content>"
                       "<link rel=\"alternate\" type=\"text/html\" href=\"https://news.example/1\"/>"
                       "<issued>2025-06-20T10:00:00Z</issued><modified>2025-06-21T10:00:00Z</modified>"
                       "<created>2025-06-19T10:00:00Z</created></entry>"));
  CHECK(entry.title.html == "a <b>b</b>");
  CHECK(entry.summary.html == "1 &lt; 2");
  CHECK(entry.content.html == "<p>x <i>y</i></p>");
  CHECK(entry.link == "https://news.example/1");
  CHECK(shown(entry.published) == "2025-06-20T10:00:00.000Z");
  CHECK(shown(entry.updated) == "2025-06-21T10:00:00.000Z");
  auto coded =
      entry_of(atom_03("<entry><content type=\"text/html\" mode=\"base64\">PHA+xbzDs8WCdzwvcD4=\n</content></entry>"));
  CHECK(coded.content.html == "<p>żółw</p>");
}

TEST_CASE("Atom's tagline and 0.3 texts without a namespace are read", "[feed]") {
  auto feed = feed_of(
      "<feed version=\"0.3\"><title>News</title><tagline>t</tagline><entry><title>One</title>"
      "<issued>2025-06-20T10:00:00Z</issued></entry></feed>");
  CHECK(feed.title == "News");
  REQUIRE(feed.entries.size() == 1U);
  CHECK(shown(feed.entries[0].published) == "2025-06-20T10:00:00.000Z");
}

TEST_CASE("Atom 1.0 gives text, escaped HTML and XHTML, all as HTML", "[feed]") {
  auto entry = atom_entry(
      "<title type=\"text\">R&amp;D &lt;b&gt;</title><summary type=\"html\">&lt;b&gt;R&amp;amp;D&lt;/b&gt;</summary>"
      "<content type=\"xhtml\"><div xmlns=\"http://www.w3.org/1999/xhtml\">1 &lt; 2<br/><em>x</em></div></content>");
  CHECK(entry.title.html == "R&amp;D &lt;b&gt;");
  CHECK(entry.summary.html == "<b>R&amp;D</b>");
  CHECK(entry.content.html == "1 &lt; 2<br /><em>x</em>");
  entry = atom_entry(
      "<content type=\"xhtml\" xmlns:h=\"http://www.w3.org/1999/xhtml\"><h:div><h:p "
      "class=\"q\">x</h:p></h:div></content>");
  CHECK(entry.content.html == "<p class=\"q\">x</p>");
}

TEST_CASE("Atom text without a type is HTML only where it looks so", "[feed]") {
  CHECK(atom_entry("<title>a &lt; b</title>").title.html == "a &lt; b");
  CHECK(atom_entry("<title>R&amp;D</title>").title.html == "R&amp;D");
  CHECK(atom_entry("<title>&lt;i&gt;x&lt;/i&gt;</title>").title.html == "<i>x</i>");
  CHECK(atom_entry("<title>It&amp;#8217;s</title>").title.html == "It&#8217;s");
}

TEST_CASE("Atom content of another type is base64, where it is that at all", "[feed]") {
  CHECK(atom_entry("<content type=\"application/x-any\">PGI+eDwvYj4=</content>").content.html == "<b>x</b>");
  CHECK(atom_entry("<content type=\"application/x-any\">it is not!</content>").content.html == "it is not!");
  CHECK(atom_entry("<content type=\"text\">PGI+eDwvYj4=</content>").content.html == "PGI+eDwvYj4=");
}

TEST_CASE("an Atom entry's author is its own, its source's, else the feed's", "[feed]") {
  auto feed = feed_of(atom(
      "<author><name>Feed</name></author>"
      "<entry><author><name>Own</name><email>own@a.example</email></author></entry>"
      "<entry><source><title>Agency</title><id>s</id><author><name>Source</name></author>"
      "<link href=\"https://agency.example/\"/><updated>2020-01-01T00:00:00Z</updated></source><title>t</title></entry>"
      "<entry><title>x</title></entry>"
      "<entry><source><author><name>Source</name></author></source><author><name>Own</name></author></entry>"
      "<entry><author><name>A</name></author><author><name>B</name></author></entry>"));
  REQUIRE(feed.entries.size() == 5U);
  CHECK(feed.entries[0].author == "Own (own@a.example)");
  CHECK(feed.entries[1].author == "Source");
  CHECK(feed.entries[1].source == "Agency");
  CHECK(feed.entries[1].source_url == "https://agency.example/");
  CHECK(feed.entries[1].title.html == "t");
  CHECK(feed.entries[1].id.empty());
  CHECK(shown(feed.entries[1].updated) == "none");
  CHECK(feed.entries[2].author == "Feed");
  CHECK(feed.entries[3].author == "Own");
  CHECK(feed.entries[4].author == "A, B");
}

TEST_CASE("of an Atom entry's links the page stands, whatever the order", "[feed]") {
  CHECK(atom_entry(
            "<link rel=\"enclosure\" href=\"https://a.example/f\"/><link rel=\"self\" href=\"https://a.example/s\"/>"
            "<link rel=\"related\" href=\"https://a.example/r\"/><link rel=\"edit\" href=\"https://a.example/e\"/>"
            "<link rel=\"alternate\" type=\"text/plain\" href=\"https://a.example/t\"/>"
            "<link rel=\"alternate\" type=\"text/html\" href=\"https://a.example/h\"/><link "
            "href=\"https://a.example/n\"/>")
            .link == "https://a.example/h");
  CHECK(atom_entry("<link rel=\"edit\" href=\"https://a.example/e\"/><id>https://a.example/i</id>").link ==
        "https://a.example/i");
  CHECK(atom_entry("<link rel=\"replies\" href=\"https://a.example/r\"/>").link.empty());
}

TEST_CASE("xml:base and xml:lang hold for what is inside, each building on the outer one", "[feed]") {
  auto feed =
      feed_of(atom("<entry><link href=\"1\"/><content type=\"html\">x</content></entry>"
                   "<entry xml:base=\"c/\" xml:lang=\"de\"><link href=\"2\"/><content xml:base=\"/d/\" "
                   "type=\"html\">y</content></entry>"
                   "<entry><link href=\"3\"/></entry>",
                   "xml:base=\"https://a.example/b/\" xml:lang=\"pl\""));
  REQUIRE(feed.entries.size() == 3U);
  CHECK(feed.entries[0].link == "https://a.example/b/1");
  CHECK(feed.entries[0].content.base == "https://a.example/b/");
  CHECK(feed.entries[0].language == "pl");
  CHECK(feed.entries[1].link == "https://a.example/b/c/2");
  CHECK(feed.entries[1].content.base == "https://a.example/d/");
  CHECK(feed.entries[1].language == "de");
  CHECK(feed.entries[2].link == "https://a.example/b/3");
  CHECK(feed.entries[2].language == "pl");
  CHECK(feed.language == "pl");
  CHECK(entry_of(atom("<entry><link href=\"1\"/></entry>", "xml:base=\"sub/\"")).link ==
        "https://cdn.example/feeds/sub/1");
}

TEST_CASE("RSS's relative links are against the feed's own link, Atom's against the document", "[feed]") {
  auto item = entry_of(rss("<item><link>1</link><description>d</description></item>"));
  CHECK(item.link == "https://news.example/1");
  CHECK(item.summary.base == "https://news.example/");
  auto entry =
      entry_of(atom("<link href=\"https://news.example/\"/><entry><link href=\"1\"/><summary>d</summary></entry>"));
  CHECK(entry.link == "https://cdn.example/feeds/1");
  CHECK(entry.summary.base == document_url);
  CHECK(entry_of("<rss><channel><item><link>1</link></item></channel></rss>").link == "https://cdn.example/feeds/1");
  CHECK(entry_of("<rss><channel><item><link>1</link></item><link>/home/</link></channel></rss>").link ==
        "https://cdn.example/home/1");
}

TEST_CASE("without an address of the document what the feed says of itself is the base", "[feed]") {
  auto feed = feed_of(atom("<link href=\"https://news.example/\"/><entry><link href=\"1\"/></entry>"), "");
  CHECK(feed.entries.at(0).link == "https://news.example/1");
  feed = feed_of(atom("<link rel=\"self\" href=\"https://news.example/feed\"/><entry><link href=\"1\"/></entry>"), "");
  CHECK(feed.entries.at(0).link == "https://news.example/1");
  feed = feed_of("<rss><channel><item><link>1</link></item></channel></rss>", "");
  CHECK(feed.entries.at(0).link == "1");
}

TEST_CASE("feedburner's word on the article is kept beside its counting link", "[feed]") {
  auto entry = rss_item(
      "<link>http://feedproxy.example/~r/1</link><feedburner:origLink>https://news.example/1</feedburner:origLink>",
      "xmlns:feedburner=\"http://rssnamespace.org/feedburner/ext/1.0\"");
  CHECK(entry.link == "http://feedproxy.example/~r/1");
  CHECK(entry.original == "https://news.example/1");
}

TEST_CASE("of RSS's addresses the link stands before the guid, and the guid before an enclosure", "[feed]") {
  const std::string guid = "<guid>https://news.example/guid</guid>", link = "<link>https://news.example/link</link>",
                    enclosure = "<enclosure url=\"https://news.example/a.mp3\" type=\"audio/mpeg\"/>";
  CHECK(rss_item(enclosure + guid + link).link == "https://news.example/link");
  CHECK(rss_item(link + guid + enclosure).link == "https://news.example/link");
  CHECK(rss_item(enclosure + guid).link == "https://news.example/guid");
  CHECK(rss_item(enclosure + "<guid isPermaLink=\"false\">https://news.example/guid</guid>").link ==
        "https://news.example/a.mp3");
  CHECK(rss_item("<link/><link></link>" + guid).link == "https://news.example/guid");
}

TEST_CASE("a guid is what is written, white space around it aside", "[feed]") {
  CHECK(rss_item("<guid>\n AbC 0 \n</guid>").id == "AbC 0");
  CHECK(rss_item("<guid>0</guid>").id == "0");
  CHECK(rss_item("<guid></guid><id>2</id>").id == "2");
  CHECK(rss_item("<guid>42</guid>").link.empty());
}

TEST_CASE("of several elements that say the same the one nearest to the dialect stands", "[feed]") {
  const auto spaces = dublin +
                      " xmlns:media=\"http://search.yahoo.com/mrss/\" "
                      "xmlns:itunes=\"http://www.itunes.com/dtds/podcast-1.0.dtd\"";
  auto entry = rss_item(
      "<media:title>media</media:title><itunes:title>itunes</itunes:title><dc:title>dc</dc:title><title>own</title>"
      "<media:description>media</media:description><itunes:summary>itunes</itunes:summary>"
      "<dc:creator>dc</dc:creator><itunes:author>itunes</itunes:author><author>own</author>"
      "<dc:date>2025-06-19</dc:date><pubDate>20 Jun 2025 00:00:00 GMT</pubDate>",
      spaces);
  CHECK(entry.title.html == "own");
  CHECK(entry.summary.html == "itunes");
  CHECK(entry.author == "dc");
  CHECK(shown(entry.published) == "2025-06-20T00:00:00.000Z");
  CHECK(rss_item("<media:title>media</media:title><dc:title>dc</dc:title>", spaces).title.html == "dc");
  CHECK(rss_item("<media:title>media</media:title><title> </title>", spaces).title.html == "media");
  CHECK(rss_item("<title>first</title><title>second</title>").title.html == "first");
}

TEST_CASE("a date that is none does not stand before one that is", "[feed]") {
  auto entry = rss_item("<pubDate>soon</pubDate><dc:date>2025-06-20</dc:date>", dublin);
  CHECK(shown(entry.published) == "2025-06-20T00:00:00.000Z");
  CHECK(shown(rss_item("<pubDate>soon</pubDate>").published) == "none");
}

TEST_CASE("counters are what slash, thr and media say", "[feed]") {
  auto entry =
      rss_item("<slash:comments>1,234</slash:comments>", "xmlns:slash=\"http://purl.org/rss/1.0/modules/slash/\"");
  CHECK(entry.counters.replies == 1234);
  for (const std::string none : {"", "many", "-1"})
    CHECK_FALSE(rss_item("<slash:comments>" + none + "</slash:comments>").counters.replies);
  CHECK_FALSE(rss_item("<comments>https://news.example/1#comments</comments>").counters.replies);
  CHECK(atom_entry("<thr:total xmlns:thr=\"http://purl.org/syndication/thread/1.0\">3</thr:total>").counters.replies ==
        3);
  CHECK(atom_entry("<link rel=\"replies\" thr:count=\"5\" href=\"https://a.example/r\" "
                   "xmlns:thr=\"http://purl.org/syndication/thread/1.0\"/>")
            .counters.replies == 5);
  auto video = atom_entry(
      "<media:group xmlns:media=\"http://search.yahoo.com/mrss/\"><media:title>x</media:title>"
      "<media:description>y</media:description><media:community><media:starRating count=\"7\"/>"
      "<media:statistics views=\"99\"/></media:community></media:group>");
  CHECK(video.counters.views == 99);
  CHECK(video.counters.likes == 7);
  CHECK(video.title.html == "x");
  CHECK(video.summary.html == "y");
}

TEST_CASE("categories are collected from all that name them", "[feed]") {
  CHECK(rss_item("<category>a</category><category domain=\"d\"> b </category><category/><dc:subject>c</dc:subject>",
                 dublin)
            .categories == Words{"a", "b", "c"});
  CHECK(atom_entry("<category term=\"a\" label=\"A\"/><category label=\"B\"/>").categories == Words{"a", "B"});
}

TEST_CASE("a feed asks for rest by ttl, else by the period of sy", "[feed]") {
  const std::string sy = "xmlns:sy=\"http://purl.org/rss/1.0/modules/syndication/\"";
  auto refresh = [&](const std::string& said) { return feed_of(rss(said, sy)).manners.refresh; };
  CHECK(refresh("<ttl>60</ttl>") == std::chrono::minutes(60));
  CHECK(refresh("<sy:updatePeriod> Hourly </sy:updatePeriod>") == std::chrono::minutes(60));
  CHECK(refresh("<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>") ==
        std::chrono::minutes(360));
  CHECK(refresh("<sy:updatePeriod>daily</sy:updatePeriod><ttl>30</ttl>") == std::chrono::minutes(30));
  CHECK(refresh("<ttl>99999999999</ttl>") <= std::chrono::minutes(525'600));
  for (const char* nothing :
       {"", "<ttl>0</ttl>", "<ttl>soon</ttl>", "<ttl>-5</ttl>", "<sy:updatePeriod>always</sy:updatePeriod>"})
    CHECK_FALSE(refresh(nothing));
}
