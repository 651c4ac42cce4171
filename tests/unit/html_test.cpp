#include "connectors/reading/html.hpp"

#include <catch2/catch.hpp>

using namespace campaignd;

namespace {
using Links = std::vector<std::string>;
std::string text_of(std::string_view html) { return read_html(html).text; }
}  // namespace

TEST_CASE("blocks and <br> end a line, inline elements do not", "[html]") {
  CHECK(text_of("<p>We are <b>all</b> in</p><p>for integration</p>") == "We are all in\nfor integration");
  CHECK(text_of("one<br>two<BR/>three") == "one\ntwo\nthree");
  CHECK(text_of("<ul><li>a</li><li>b</li></ul>") == "a\nb");
  CHECK(text_of("#<span>AllIn</span>") == "#AllIn");
}

TEST_CASE("script, style and comments are no text", "[html]") {
  CHECK(text_of("a<script>if (1 < 2) alert('#AllIn')</script>b") == "ab");
  CHECK(text_of("a<style>p { color: red }</style>b") == "ab");
  CHECK(text_of("a<!-- <p>#AllIn</p> -->b") == "ab");
  CHECK(text_of("a<script>never closed") == "a");
  CHECK(text_of("a<!-- never closed") == "a");
}

TEST_CASE("every href is a link, its entities decoded", "[html]") {
  auto fragment = read_html(
      "<a href=\"https://a.example/?x=1&amp;y=2\">a</a> <A HREF='https://b.example/'>b</A> "
      "<a class=x href=https://c.example/c>c</a> <a data-href=\"https://d.example/\">d</a>");
  CHECK(fragment.links == Links{"https://a.example/?x=1&y=2", "https://b.example/", "https://c.example/c"});
  CHECK(fragment.text == "a b c d");
}

TEST_CASE("a '>' inside a quoted attribute does not end the tag", "[html]") {
  auto fragment = read_html("<a title=\"1 > 0\" href=\"https://a.example/\">x</a>y");
  CHECK(fragment.text == "xy");
  CHECK(fragment.links == Links{"https://a.example/"});
}

TEST_CASE("a '<' that starts no tag is text", "[html]") {
  CHECK(text_of("1 < 2 and 3") == "1 < 2 and 3");
  CHECK(text_of("ends with <") == "ends with <");
}

// "We <3 #AllIn" lost everything behind the heart: a tag's name begins with a letter (HTML 13.2.5.6), not a digit.
TEST_CASE("a heart is text and does not swallow what follows", "[html]") {
  CHECK(text_of("We <3 #AllIn") == "We <3 #AllIn");
}

TEST_CASE("a tag that never closes ends with the text", "[html]") {
  CHECK(text_of("a<a href=\"https://a.example/") == "a");
  CHECK(text_of("a<b") == "a");
}

TEST_CASE("entities are decoded once", "[html]") {
  CHECK(decode_entities("&lt;b&gt; &amp;amp; &quot;&apos;") == "<b> &amp; \"'");
  CHECK(decode_entities("Caf&eacute;&nbsp;x") == "Café\u00A0x");
  CHECK(decode_entities("&#8217;&#x2019;&#X2019;") == "’’’");
  CHECK(text_of("&lt;script&gt;") == "<script>");
}

TEST_CASE("numeric references are read as HTML 5 reads them", "[html]") {
  CHECK(decode_entities("&#150;") == "\u2013");
  CHECK(decode_entities("&#0;&#xD800;&#x110000;&#99999999999;") == "\uFFFD\uFFFD\uFFFD\uFFFD");
  CHECK(decode_entities("&#127881;") == "🎉");
  CHECK(decode_entities("&#65") == "A");
}

TEST_CASE("what is no reference stays as it was written", "[html]") {
  CHECK(decode_entities("AT&T R&D; &unknown; & &; &# &#x;") == "AT&T R&D; &unknown; & &; &# &#x;");
  CHECK(decode_entities("ends with &") == "ends with &");
}

TEST_CASE("trailing white space goes and nothing comes of nothing", "[html]") {
  CHECK(text_of("<p>a</p>\n \n") == "a");
  CHECK(text_of("").empty());
  CHECK(text_of("<p></p>").empty());
}

TEST_CASE("one reference is decoded behind its '&', and told how long it is", "[html]") {
  auto decoded = [](std::string_view behind) {
    std::string out;
    auto length = decode_reference(behind, out);
    return out + "|" + std::to_string(length);
  };
  CHECK(decoded("amp; x") == "&|4");
  CHECK(decoded("eacute;") == "é|7");
  CHECK(decoded("apos;") == "'|5");
  CHECK(decoded("#8217;x") == "’|6");
  CHECK(decoded("#x41") == "A|4");
  CHECK(decoded("#150;") == "\u2013|5");
  CHECK(decoded("amp x") == "&|0");
  CHECK(decoded("unknown;") == "&|0");
  CHECK(decoded("#;") == "&|0");
  CHECK(decoded("#x;") == "&|0");
  CHECK(decoded(" b") == "&|0");
  CHECK(decoded("") == "&|0");
}

TEST_CASE("escaped text shows what it was", "[html]") {
  CHECK(escape_html("<b title=\"x\">R&D</b>") == "&lt;b title=&quot;x&quot;&gt;R&amp;D&lt;/b&gt;");
  CHECK(escape_html("&amp;") == "&amp;amp;");
  CHECK(escape_html("żółw 🎉").starts_with("żółw"));
  CHECK(escape_html("").empty());
  for (const char* text : {"a < b && c > \"d\"", "&lt;", "<script>", "it's"}) CHECK(text_of(escape_html(text)) == text);
}

TEST_CASE("every relative address in a fragment becomes absolute", "[html]") {
  const std::string base = "https://news.example/a/b";
  CHECK(with_absolute_links("<a href=\"c\">x</a><img src='/d.png' alt=\"e\">", base) ==
        "<a href=\"https://news.example/a/c\">x</a><img src='https://news.example/d.png' alt=\"e\">");
  CHECK(with_absolute_links("<A HREF = ../c>x</A>", base) == "<A HREF = \"https://news.example/c\">x</A>");
  CHECK(with_absolute_links("<blockquote cite=\"//other.example/q\">", base) ==
        "<blockquote cite=\"https://other.example/q\">");
  CHECK(with_absolute_links("<a href=\"?x=1&amp;y=2#z\">", base) ==
        "<a href=\"https://news.example/a/b?x=1&amp;y=2#z\">");
  CHECK(with_absolute_links("<video poster=p.jpg><object data=o></object></video>", base) ==
        "<video poster=\"https://news.example/a/p.jpg\"><object data=\"https://news.example/a/o\"></object></video>");
}

TEST_CASE("what is no relative address in a tag stays as it is written", "[html]") {
  const std::string base = "https://news.example/a/b";
  for (const char* html : {"plain text", "", "<a href=\"https://other.example/?x=1&amp;y=2\">x</a>",
                           "<a href=\"mailto:a@b.example\">x</a>", "<p title=\"c\" data-href=\"d\" class=e>x</p>",
                           "href=\"c\" 1 < 2 <3 href=\"c\"", "<!-- <a href=\"c\"> -->", "<a href=\"c", "x <a href='c' ",
                           "<!-- never closed <a href=\"c\">", "</a href=\"c\">"}) {
    INFO(html);
    CHECK(with_absolute_links(html, base) == html);
  }
  CHECK(with_absolute_links("<a href=\"c\">", "") == "<a href=\"c\">");
}

TEST_CASE("an address made absolute cannot leave its attribute", "[html]") {
  CHECK(with_absolute_links("<a href=\"/&quot;&gt;&lt;script&gt;\">", "https://news.example/") ==
        "<a href=\"https://news.example/%22%3E%3Cscript%3E\">");
  CHECK(with_absolute_links("<a href=\"https://x.example/&quot;&gt;\">", "https://news.example/") ==
        "<a href=\"https://x.example/&quot;&gt;\">");
}

TEST_CASE("megabytes of tags that never end stay as they are", "[html]") {
  std::string html;
  while (html.size() < 1'000'000) html += "<a href=\"c ";
  CHECK(with_absolute_links(html, "https://news.example/") == html);
}
