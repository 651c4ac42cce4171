#include "connectors/reading/pages/document.hpp"

#include <catch2/catch.hpp>

#include "connectors/reading/pages/selector.hpp"

using namespace campaignd;

namespace {

Document document(std::string_view html, std::string_view content_type = "text/html; charset=utf-8") {
  auto parsed = Document::parse(html, content_type);
  REQUIRE(parsed.has_value());
  return std::move(*parsed);
}

std::string text_of(std::string_view html) { return flow_of(document(html).body()).text; }

/// The ids of what a selector finds, in order.
std::string found(const Document& page, std::string_view selector) {
  auto nodes = page.select(page.body(), selector);
  if (!nodes) return nodes.error().message;
  std::string out;
  for (Node node : *nodes) out += attribute_of(node, "id") + " ";
  return out;
}

const std::string list =
    "<html lang=pl><head><base href='/x/'></head><body><div id=a class='news list'><h2 id=b>One</h2>"
    "<p id=c class=lead>first <a id=d href='https://a.example/1.pdf' rel=\"next up\">more</a></p>"
    "<p id=e>second <b id=f>bold</b></p></div><ul id=g><li id=h>x</li><li id=i "
    "data-kind='żółw'>y</li></ul></body></html>";

}  // namespace

TEST_CASE("the selectors of CSS that lists need", "[document]") {
  auto page = document(list);
  const std::pair<const char*, const char*> cases[] = {{"p", "c e "},
                                                       {"P", "c e "},
                                                       {"#b", "b "},
                                                       {".list", "a "},
                                                       {"div.news.list", "a "},
                                                       {"div p", "c e "},
                                                       {"div a", "d "},
                                                       {"div > a", ""},
                                                       {"p > a", "d "},
                                                       {"div>p.lead>a", "d "},
                                                       {"h2 + p", "c "},
                                                       {"b, #g", "f g "},
                                                       {"li, #b", "b h i "},
                                                       {"[data-kind]", "i "},
                                                       {"[data-kind=żółw]", "i "},
                                                       {"[data-kind$='łw']", "i "},
                                                       {"a[href^=https]", "d "},
                                                       {"a[href*=\"example\"]", "d "},
                                                       {"a[href$='.pdf']", "d "},
                                                       {"a[rel~=up]", "d "},
                                                       {"a[href*='']", ""},
                                                       {"li:nth-child(2)", "i "},
                                                       {"li:first-child", "h "},
                                                       {"li:last-child", "i "},
                                                       {"p:contains(\"second\")", "e "},
                                                       {"p:not(.lead)", "e "},
                                                       {"ul *", "h i "},
                                                       {"table", ""}};
  for (const auto& [selector, expected] : cases) {
    INFO(selector);
    CHECK(found(page, selector) == expected);
  }
}

TEST_CASE("XPath is XPath, in the order of the document", "[document]") {
  auto page = document(list);
  CHECK(found(page, "//p") == "c e ");
  CHECK(found(page, "(//li)[2]") == "i ");
  CHECK(found(page, ".//li[2] | .//h2") == "b i ");
}

TEST_CASE("a selector that cannot be read says so and does not throw", "[document]") {
  auto page = document(list);
  for (const char* selector : {"",
                               "p >",
                               "> p",
                               ",",
                               "p,",
                               "p[",
                               "p[x",
                               "p[x='y]",
                               "p[x=y",
                               "p:hover",
                               "p:nth-child(2n+1)",
                               "p:nth-child(x)",
                               "#",
                               ".",
                               "..x",
                               "p:not(",
                               "p{",
                               "//p[",
                               "(",
                               "//p[unknown()]",
                               "//p[document('/etc/passwd')]",
                               "żółw",
                               "p:contains('\"x')y",
                               "1",
                               "//p[$x]",
                               "count(//p)"}) {
    INFO(selector);
    auto nodes = page.select(page.body(), selector);
    REQUIRE_FALSE(nodes.has_value());
    CHECK(nodes.error().code == Failure::refused);
    CHECK_FALSE(nodes.error().message.empty());
  }
  CHECK_FALSE(selector_to_xpath(std::string(501, 'p')).has_value());
  CHECK_FALSE(check_selector("p >").has_value());
  CHECK_FALSE(check_selector("//p[").has_value());
  CHECK_FALSE(check_selector("div > p, //x").has_value());
  CHECK(check_selector("div > p").has_value());
}

TEST_CASE("a value cannot leave its quotes", "[document]") {
  auto page = document(list);
  CHECK(found(page, "[id=\"' or '1'='1\"]").empty());
}

TEST_CASE("the work of all selections on a page is bounded", "[document]") {
  std::string html = "<html><body>";
  for (int i = 0; i < 20'000; ++i) html += "<p>x</p>";
  auto page = document(html + "</body></html>");
  auto nodes = page.select(page.body(), "//p[count(//p[. = 'x']) > 1]");
  REQUIRE_FALSE(nodes.has_value());
  CHECK(nodes.error().code == Failure::too_large);
}

TEST_CASE("blocks and <br> end a line, an empty paragraph leaves a blank one", "[document]") {
  CHECK(text_of("<body><p>one</p><p>two <b>bold</b></p></body>") == "one\ntwo bold\n");
  CHECK(text_of("<body>a<br>b<br><br>c</body>") == "a\nb\n\nc\n");
  CHECK(text_of("<body><p>a</p><p>&nbsp;</p><p></p><p>b</p></body>") == "a\n\n\nb\n");
  CHECK(text_of("<body><p>a\u00A0 \n b&#8239;c</p></body>") == "a b c\n");
  CHECK(text_of("<body><table><tr><td>a</td><td>b</td></tr></table></body>") == "a b\n");
}

TEST_CASE("scripts, styles, comments and forms are no text", "[document]") {
  CHECK(text_of("<body>a<script>'</body><p>x'</script><style>p{}</style><!-- <p>y</p> -->b</body>") == "ab\n");
  CHECK(text_of("<body>1 < 2 &amp; <3 &lt;b&gt;</body>") == "1 < 2 & <3 <b>\n");
  auto page =
      document("<body><nav>n</nav><header>h</header><article><header>t</header>x</article><form>f</form></body>");
  CHECK(flow_of(page.body(), Around::left_out).text == "t\nx\n");
}

TEST_CASE("links know their place, their words and their target", "[document]") {
  auto page = document(
      "<body>text <a href='/1?a=1&amp;b=2'>one</a> and <a href=/2><img alt='two'></a> "
      "<a name=x>none</a><a href=/3>mo</a><a href=/3>re</a><a href=/4 aria-label=four></a></body>");
  auto flow = flow_of(page.body());
  REQUIRE(flow.anchors.size() == 4U);
  CHECK(flow.anchors[0].href == "/1?a=1&b=2");
  CHECK(flow.text.substr(flow.anchors[0].begin, flow.anchors[0].end - flow.anchors[0].begin) == " one");
  CHECK(flow.anchors[1].label == "two");
  CHECK(flow.anchors[2].label == "more");
  CHECK(flow.anchors[3].label == "four");
}

TEST_CASE("a page says its language, its base and whether it is whole", "[document]") {
  auto page = document(list);
  CHECK(page.language() == "pl");
  CHECK(page.base_href() == "/x/");
  CHECK(page.whole());
  CHECK_FALSE(document("<html><body><p>broken").whole());
  CHECK_FALSE(document("<html><script>'</body>'</script><p>x").whole());
}

TEST_CASE("the encoding is Content-Type's, else that of <meta>", "[document]") {
  const std::string polish =
      "<html><head><meta charset=windows-1250></head><body>wi\xEA"
      "cej</body></html>";
  CHECK(flow_of(document(polish, "text/html").body()).text == "więcej\n");
  CHECK(flow_of(document("<body>\xEA</body>", "text/html; charset=iso-8859-2").body()).text == "ę\n");
  CHECK(flow_of(document("<body>ę</body>", "text/html; charset=iso-8859-2").body()).text == "ę\n");
}

TEST_CASE("nothing a document declares is loaded or expanded", "[document]") {
  auto text = text_of("<!DOCTYPE html [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><body>&x;|</body>");
  CHECK(text.find("root:") == std::string::npos);
  CHECK(text.find("&x;|") != std::string::npos);
}

TEST_CASE("size, tags and depth are bounded", "[document]") {
  auto large = Document::parse(std::string(5 * 1024 * 1024, 'x'), "");
  REQUIRE_FALSE(large.has_value());
  CHECK(large.error().code == Failure::too_large);
  std::string many, deep, attributes = "<body><p ";
  for (int i = 0; i < 100'001; ++i) many += "<b>";
  for (int i = 0; i < 1000; ++i) deep += "<div>";
  for (int i = 0; i < 200'000; ++i) attributes += "a" + std::to_string(i) + " ";
  CHECK(Document::parse(many, "").error().code == Failure::too_large);
  CHECK(Document::parse(deep + "x</body>", "").error().code == Failure::malformed);
  CHECK(text_of(attributes + ">x</p></body>") == "x\n");
  CHECK(Document::parse("", "").error().code == Failure::malformed);
}
