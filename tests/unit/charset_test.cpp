#include "connectors/reading/charset.hpp"

#include <catch2/catch.hpp>

#include "connectors/reading/text.hpp"

using namespace campaignd;
using namespace std::string_view_literals;

namespace {

std::string declaring(std::string_view charset, std::string_view text) {
  return "<?xml version=\"1.0\" encoding=\"" + std::string(charset) + "\"?><a>" + std::string(text) + "</a>";
}

/// What the element of `declaring` holds when it is read.
std::string read_as(std::string_view declared, std::string_view text, std::string_view told = "") {
  auto out = to_utf8(declaring(declared, text), told);
  auto from = out.find("<a>") + 3;
  return out.substr(from, out.find("</a>") - from);
}

/// ASCII in units of `width` bytes.
std::string widened(std::string_view text, std::size_t width, bool big_endian) {
  std::string out;
  for (char c : text) {
    std::string unit(width, '\0');
    unit[big_endian ? width - 1 : 0] = c;
    out += unit;
  }
  return out;
}

}  // namespace

TEST_CASE("a byte order mark goes before every other word", "[charset]") {
  CHECK(to_utf8("\xEF\xBB\xBFżółw", "windows-1250") == "żółw");
  CHECK(to_utf8("\xEF\xBB\xBF" + declaring("iso-8859-2", "ż"), "") == declaring("iso-8859-2", "ż"));
  CHECK(to_utf8("\xFF\xFE\x7C\x01"sv, "utf-8") == "ż");
  CHECK(to_utf8("\xFE\xFF\x01\x7C"sv, "utf-8") == "ż");
  CHECK(to_utf8("\xFF\xFE\0\0\x7C\x01\0\0"sv, "") == "ż");
  CHECK(to_utf8("\0\0\xFE\xFF\0\0\x01\x7C"sv, "") == "ż");
}

TEST_CASE("zero bytes around the first '<' betray UTF-16 and UTF-32 without a mark", "[charset]") {
  const auto document = declaring("utf-8", "wide");
  for (std::size_t width : {2U, 4U})
    for (bool big_endian : {false, true}) {
      INFO(width << (big_endian ? " big" : " little"));
      CHECK(to_utf8(widened(document, width, big_endian), "utf-8") == document);
    }
  CHECK(to_utf8(widened("{\"a\":1}", 2, false), "") == "{\"a\":1}");
  CHECK(to_utf8(widened("{\"a\":1}", 2, true), "") == "{\"a\":1}");
}

TEST_CASE("characters beyond the basic plane and broken surrogates come out of UTF-16", "[charset]") {
  CHECK(to_utf8("\xFF\xFE\x3C\xD8\x89\xDF"sv, "") == "🎉");
  auto broken = to_utf8("\xFF\xFE\x3C\xD8\x41\0"sv, "");
  CHECK(is_valid_utf8(broken));
  CHECK(broken.ends_with('A'));
  CHECK(is_valid_utf8(to_utf8("\xFF\xFE\x41\0\x42"sv, "")));
}

TEST_CASE("valid UTF-8 is UTF-8, whatever the declaration and the answer say", "[charset]") {
  CHECK(read_as("iso-8859-1", "żółw", "us-ascii") == "żółw");
  CHECK(read_as("utf-16", "żółw") == "żółw");
  CHECK(read_as("no-such-charset", "żółw", "windows-1250") == "żółw");
}

TEST_CASE("the declaration goes before the charset of the answer", "[charset]") {
  CHECK(read_as("iso-8859-2", "\xBF\xF3\xB3w", "windows-1251") == "żółw");
  CHECK(read_as("windows-1251", "\xC8\xED\xF2", "iso-8859-2") == "Инт");
  CHECK(read_as("WINDOWS-1253", "\xC1\xE8\xDE\xED\xE1") == "Αθήνα");
}

TEST_CASE("a declaration is found in single quotes, with spaces and behind blank lines", "[charset]") {
  auto starts = {"<?xml version='1.0' encoding='iso-8859-2'?>",
                 "\r\n <?xml version=\"1.0\" encoding = \"iso-8859-2\"?>",
                 "<?xml encoding=\"ISO-8859-2\" standalone=\"yes\" version=\"1.0\"?>"};
  for (const char* start : starts) {
    INFO(start);
    CHECK(to_utf8(std::string(start) + "<a>\xBF</a>", "").ends_with("<a>ż</a>"));
  }
}

TEST_CASE("the charset of the answer goes before windows-1252", "[charset]") {
  CHECK(to_utf8("<a>\xBF</a>", "iso-8859-2") == "<a>ż</a>");
  CHECK(to_utf8("<a>\xE9</a>", "") == "<a>é</a>");
  CHECK(read_as("no-such-charset", "\xBF", "iso-8859-2") == "ż");
  CHECK(read_as("no-such-charset", "\x93x\x94", "nor-this") == "“x”");
  CHECK(read_as("utf-16", "caf\xE9") == "café");
}

TEST_CASE("labels mean what browsers take them for", "[charset]") {
  CHECK(read_as("iso-8859-1", "\x93x\x94 \x80") == "“x” €");
  CHECK(read_as("us-ascii", "\x93x\x94") == "“x”");
  CHECK(read_as("ISO-8859-9", "\xFE\x80") == "ş€");
  CHECK(read_as("tis-620", "\xA1\x85") == "ก…");
  CHECK(read_as("gb2312", "\x96\x7C") == read_as("gb18030", "\x96\x7C"));
  CHECK(read_as("gb2312", "\xD6\xD0\xCE\xC4 \x81\x30\x8A\x31") ==
        read_as("gb18030", "\xD6\xD0\xCE\xC4 \x81\x30\x8A\x31"));
  CHECK(read_as("gb2312", "\xD6\xD0\xCE\xC4") == "中文");
  CHECK(read_as("shift_jis", "\x87\x40\x93\xFA") == "①日");
  CHECK(read_as("euc-kr", "\xC7\xD1\x8C\x63") == "한똠");
  CHECK(read_as("big5", "\xA4\xA4\xA4\xE5") == "中文");
  CHECK(read_as("koi8-r", "\xE9\xCE\xD4") == "Инт");
}

TEST_CASE("an encoding of seven bits is read as declared though its bytes are UTF-8 too", "[charset]") {
  CHECK(read_as("iso-2022-jp", "\x1B$BF|K\\\x1B(B") == "日本");
  CHECK(to_utf8("<a>\x1B$BF|K\\\x1B(B</a>", "ISO-2022-JP") == "<a>日本</a>");
}

TEST_CASE("a document that breaks off inside its last character is UTF-8 all the same", "[charset]") {
  for (std::string_view part : {"\xC5"sv, "\xE2\x82"sv, "\xF0\x9F\x8E"sv}) {
    auto text = to_utf8("<a>żółw " + std::string(part), "windows-1252");
    CHECK(text.starts_with("<a>żółw "));
    CHECK(is_valid_utf8(text));
  }
  CHECK(is_valid_utf8(to_utf8(declaring("gb18030", "\xD6\xD0").substr(0, 43), "")));
}

TEST_CASE("EBCDIC is read as the code page it declares in itself", "[charset]") {
  const auto start = "\x4C\x6F\xA7\x94\x93\x40\xA5\x85\x99\xA2\x89\x96\x95\x7E\x7F\xF1\x4B\xF0\x7F\x40"sv;
  const auto undeclared = "\x6F\x6E\x4C\x81\x6E\x9F\x4C\x61\x81\x6E"sv;
  const auto in_1140 =
      "\x85\x95\x83\x96\x84\x89\x95\x87\x7E\x7F\xC9\xC2\xD4\xF0\xF1\xF1\xF4\xF0\x7F\x6F\x6E"
      "\x4C\x81\x6E\x9F\x4C\x61\x81\x6E"sv;
  CHECK(to_utf8(std::string(start).append(undeclared), "").ends_with("?><a>¤</a>"));
  CHECK(to_utf8(std::string(start).append(in_1140), "").ends_with("encoding=\"IBM01140\"?><a>€</a>"));
}

TEST_CASE("whatever the bytes, text comes out without control characters", "[charset]") {
  for (std::string_view bytes : {"a\0b"sv, "a\x01\x1F\x7F"sv, "\xFF\xFF\xFE\xC0\x80"sv, "\xED\xA0\x80"sv, ""sv, "<"sv,
                                 "\xFF\xFE"sv, "\0"sv, "<\0\0"sv, "\x4C\x6F\xA7\x94"sv})
    for (const char* told : {"", "utf-8", "utf-16", "utf-7", "iso-2022-jp", "ibm037", "\x01\xFF", "big5"}) {
      auto text = to_utf8(bytes, told);
      INFO(told);
      CHECK(is_valid_utf8(text));
      CHECK(clean_utf8(text) == text);
    }
}

TEST_CASE("the charset of a Content-Type is found in whatever quotes and case", "[charset]") {
  CHECK(charset_of("text/xml; charset=UTF-8") == "utf-8");
  CHECK(charset_of("text/xml;CHARSET=\"Windows-1251\"; x=y") == "windows-1251");
  CHECK(charset_of("text/xml; charset='koi8-r'") == "koi8-r");
  CHECK(charset_of("text/xml").empty());
  CHECK(charset_of("text/xml; charset=").empty());
  CHECK(charset_of("").empty());
}
