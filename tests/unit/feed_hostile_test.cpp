// Feeds as broken, or as malicious, as they come.
#include <catch2/catch.hpp>

#include "connectors/reading/charset.hpp"
#include "connectors/reading/feeds/mend.hpp"
#include "connectors/reading/feeds/syndication.hpp"
#include "connectors/reading/feeds/xml.hpp"
#include "connectors/reading/html.hpp"
#include "connectors/reading/url.hpp"

using namespace campaignd;

namespace {

Feed feed_of(std::string_view body) {
  auto feed = read_feed(body, "", "https://cdn.example/feeds/all.xml");
  REQUIRE(feed.has_value());
  return *feed;
}
std::string rss(const std::string& inside) { return "<rss><channel>" + inside + "</channel></rss>"; }
std::string atom(const std::string& inside) {
  return "<feed xmlns=\"http://www.w3.org/2005/Atom\">" + inside + "</feed>";
}
std::string many(std::string_view piece, std::size_t bytes) {
  std::string out;
  while (out.size() < bytes) out += piece;
  return out;
}
std::size_t said(const Feed& feed) {
  std::size_t total = 0;
  for (const auto& e : feed.entries)
    total += e.title.base.size() + e.summary.base.size() + e.content.base.size() + e.link.size() + e.language.size() +
             e.author.size() + e.source_url.size();
  return total;
}
}  // namespace

TEST_CASE("what a feed says once does not grow with its entries", "[feed]") {
  const auto items = many("<item><link>1</link></item>", 20'000), longest = std::string(20'000, 'x');
  CHECK(said(feed_of(rss("<link>https://a.example/" + longest + "/</link>" + items))) < 2'000'000);
  CHECK(said(feed_of("<rss xml:base=\"https://a.example/" + longest + "/\"><channel>" + items + "</channel></rss>")) <
        2'000'000);
  CHECK(said(feed_of("<rss xml:lang=\"" + longest + "\"><channel>" + items + "</channel></rss>")) < 2'000'000);
  CHECK(said(feed_of(rss("<language>" + longest + "</language><managingEditor>" + longest + "</managingEditor>" +
                         items))) < 2'000'000);
}

TEST_CASE("hours and days to skip are read", "[feed]") {
  auto manners =
      feed_of(rss("<skipHours><hour>0</hour><hour>3</hour><hour>24</hour><hour>25</hour><hour>x</hour></skipHours>"
                  "<skipDays><day>Sunday</day><day> saturday </day><day>Someday</day></skipDays>"))
          .manners;
  CHECK(manners.skip_hours.to_ulong() == (1UL << 0 | 1UL << 3));
  CHECK(manners.skip_days.to_ulong() == (1UL << 0 | 1UL << 6));
}

TEST_CASE("windows-1252 references mean the same in a well-formed feed", "[feed]") {
  CHECK(feed_of(rss("<item><title>don&#146;t</title></item>")).entries.at(0).title.html == "don’t");
}

TEST_CASE("a DOCTYPE ends behind its quotes and comments", "[feed]") {
  CHECK(mend("<!DOCTYPE a [<!ENTITY e \"]><b>boom</b>\">]><a>x</a>").text == "<a>x</a>");
  CHECK(mend("<!DOCTYPE a [<!-- ]><b>boom</b> -->]><a>x</a>").text == "<a>x</a>");
}

TEST_CASE("an item that is never closed ends where the next begins", "[feed]") {
  auto feed = feed_of(rss("<item><title>A</title><item><title>B</title></item><item><title>C</title></item>"));
  CHECK(feed.entries.size() == 3U);
}

TEST_CASE("a script's warnings before the feed do not cost it", "[feed]") {
  CHECK(feed_of("<br />\n<b>Warning</b>: x<br />\n<?xml version=\"1.0\"?>" + rss("<item><title>A</title></item>"))
            .entries.size() == 1U);
}

TEST_CASE("one broken byte does not make windows-1252 of declared UTF-8", "[feed]") {
  CHECK(to_utf8("<?xml version=\"1.0\" encoding=\"UTF-8\"?><a>Żółw \xC5</a>", "").find("<a>Żółw \uFFFD") !=
        std::string::npos);
  CHECK(to_utf8("<a>Żółw \xC5</a>", "utf-8").find("<a>Żółw \uFFFD") != std::string::npos);
}

TEST_CASE("valid UTF-8 beyond ASCII is no encoding of seven bits", "[feed]") {
  CHECK(to_utf8("<?xml encoding=\"iso-2022-jp\"?><a>ż</a>", "").ends_with("<a>ż</a>"));
}

TEST_CASE("a quote in an address stays within its attribute", "[feed]") {
  CHECK(with_absolute_links("<a href='https://x.example/&#39; onclick=&#39;evil'>", "https://n.example/") ==
        "<a href='https://x.example/&#39; onclick=&#39;evil'>");
  CHECK(with_absolute_links("<a href='/it&#39;s'>", "https://n.example/") == "<a href='https://n.example/it&#39;s'>");
  CHECK(with_absolute_links("<a href=https://x.example/&#32;onclick=evil>", "https://n.example/") ==
        "<a href=\"https://x.example/ onclick=evil\">");
}

TEST_CASE("references above the root and empty ones are RFC 3986's", "[feed]") {
  CHECK(resolve("http://a/b/c/d;p?q", "../../../g") == "http://a/g");
  CHECK(resolve("http://a/b/c/d;p?q", "../../../../g") == "http://a/g");
  CHECK(resolve("http://a/b/c/d;p?q", "/../g") == "http://a/g");
  CHECK(resolve("http://a/b?q#f", "") == "http://a/b?q");
}

TEST_CASE("a link that is no http address is none", "[feed]") {
  CHECK(feed_of(rss("<item><link>javascript:alert(1)</link><guid>https://a.example/1</guid></item>"))
            .entries.at(0)
            .link == "https://a.example/1");
}

TEST_CASE("of a source's links the page stands, and its categories are its own", "[feed]") {
  auto entry =
      feed_of(
          atom("<entry><source><link rel=\"self\" href=\"https://s.example/feed\"/><link href=\"https://s.example/\"/>"
               "<category term=\"no\"/></source></entry>"))
          .entries.at(0);
  CHECK(entry.source_url == "https://s.example/");
  CHECK(entry.categories.empty());
}

TEST_CASE("base64 of plain text is shown, and of pictures is none", "[feed]") {
  auto entry = feed_of(
                   "<feed version=\"0.3\" xmlns=\"http://purl.org/atom/ns#\"><entry>"
                   "<title type=\"text/plain\" mode=\"base64\">YTxiPmM=</title></entry></feed>")
                   .entries.at(0);
  CHECK(entry.title.html == "a&lt;b&gt;c");
  CHECK(feed_of(atom("<entry><content type=\"image/png\">iVBORw0KGgo=</content></entry>"))
            .entries.at(0)
            .content.html.empty());
}

TEST_CASE("a JSON Feed without a home page has no link; RSS in JSON heeds isPermaLink and resolves links", "[feed]") {
  CHECK(feed_of("{\"version\":\"https://jsonfeed.org/version/1\"}").link.empty());
  auto feed = feed_of(R"({"rss":{"channel":{"link":"https://n.example/","item":[
      {"guid":{"#value":"https://n.example/1","isPermaLink":"false"}},{"link":"/x"},{"category":"c"}]}}})");
  CHECK(feed.entries.at(0).link.empty());
  CHECK(feed.entries.at(1).link == "https://n.example/x");
  CHECK(feed.entries.at(2).categories == std::vector<std::string>{"c"});
}

TEST_CASE("an author whose name is within another's is another", "[feed]") {
  CHECK(feed_of(atom("<entry><author><name>Ann Lee</name></author><author><name>Ann</name></author></entry>"))
            .entries.at(0)
            .author == "Ann Lee, Ann");
}

TEST_CASE("a name with two colons does not end the document", "[feed]") {
  struct Count final : XmlHandler {
    int starts = 0;
    void start(XmlName, const std::vector<XmlAttribute>&) override { ++starts; }
    void text(std::string_view) override {}
    void end(XmlName) override {}
  } count;
  read_mended_xml("<r><x:c:->t</x:c:-><d/></r>", count);
  CHECK(count.starts >= 2);
}

TEST_CASE("a CDATA section that is never closed keeps the markup in it", "[feed]") {
  auto feed =
      feed_of(rss("<item><description><![CDATA[<b>x</b> y</description><link>https://a.example/1</link></item>"));
  CHECK(feed.entries.at(0).summary.html == "<b>x</b> y");
}

TEST_CASE("markup inside an author is not shown", "[feed]") {
  CHECK(feed_of("<rss xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:f=\"urn:foaf\"><channel><item><dc:creator>"
                "<f:name>Ann</f:name></dc:creator></item></channel></rss>")
            .entries.at(0)
            .author == "Ann");
}

TEST_CASE("what a JSON feed says once does not grow with its items", "[feed]") {
  const auto longest = std::string(20'000, 'x'), items = many("{},", 6'000) + "{}";
  auto one = feed_of(R"({"version":"https://jsonfeed.org/version/1","author":{"name":")" + longest + R"("},"items":[)" +
                     items + "]}");
  CHECK(one.entries.size() == 2001U);
  CHECK(said(one) < 1'000'000);
  CHECK(said(feed_of(R"({"rss":{"channel":{"link":"http://a.example/)" + longest + R"(","item":[)" +
                     many(R"({"link":"x"},)", 6'000) + "{}]}}}")) < 1'000'000);
}

TEST_CASE("namespaces too many or too long are left out, and the feed stands", "[feed]") {
  std::string spaces;
  for (int i = 0; i < 5'000; ++i) spaces += " xmlns:a" + std::to_string(i) + "=\"urn:x\"";
  CHECK(feed_of("<rss" + spaces + "><channel><item><title>A</title></item></channel></rss>").entries.size() == 1U);
  auto longest = "<rss xmlns:x=\"urn:" + std::string(100'000, 'x') + "\">";
  CHECK(feed_of(longest + "<channel><item><title>A</title></item></channel></rss>").entries.size() == 1U);
}

TEST_CASE("a '<!' in a text costs no more than itself", "[feed]") {
  auto feed = feed_of(rss("<item><description>I <![love it</description></item><item><title>B</title></item>"));
  CHECK(feed.entries.size() == 2U);
}
