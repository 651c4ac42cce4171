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
