#include <catch2/catch.hpp>
#include <optional>
#include <random>

#include "connectors/reading/text.hpp"
#include "daemon/report/sheets.hpp"

using namespace campaignd;
using report::Cell;
using report::csv_text;
using report::Sheet;

namespace {

using Rows = std::vector<std::vector<std::string>>;

const std::string bom = "\xEF\xBB\xBF";

/// RFC 4180 and nothing else: CRLF ends a record, a quoted field may hold anything, its quotes doubled.
std::optional<Rows> read_csv(std::string_view text) {
  Rows rows(1);
  std::string field;
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] == '"') {
      if (!field.empty()) return std::nullopt;
      for (++i;; ++i) {
        if (i >= text.size()) return std::nullopt;
        if (text[i] != '"') {
          field += text[i];
        } else if (i + 1 < text.size() && text[i + 1] == '"') {
          field += '"';
          ++i;
        } else {
          break;
        }
      }
      ++i;
      if (i < text.size() && text[i] != ',' && text[i] != '\r') return std::nullopt;
    }
    if (i < text.size() && text[i] == ',') {
      rows.back().push_back(std::move(field));
      field.clear();
      ++i;
    } else if (text.substr(i, 2) == "\r\n") {
      rows.back().push_back(std::move(field));
      field.clear();
      rows.emplace_back();
      i += 2;
    } else if (i < text.size()) {
      if (text[i] == '\r' || text[i] == '\n' || text[i] == '"') return std::nullopt;
      field += text[i++];
    }
  }
  if (!rows.back().empty() || !field.empty()) return std::nullopt;
  rows.pop_back();
  return rows;
}

bool starts_with_trigger(std::string_view text) {
  for (bool again = true; again;) {
    again = false;
    for (std::string_view skipped : {" ", "\u00A0", "\uFEFF", "\u200B", "\u200C", "\u200D"})
      if (text.starts_with(skipped)) {
        text.remove_prefix(skipped.size());
        again = true;
      }
  }
  for (std::string_view trigger : {"=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"})
    if (text.starts_with(trigger)) return true;
  return false;
}

/// What a cell keeps of a text: line ends and tabs are spaces, other control characters are gone.
std::string kept(std::string text) {
  for (char& c : text)
    if (c == '\t' || c == '\r' || c == '\n') c = ' ';
  return clean_utf8(text);
}

Rows csv_of(const std::vector<std::vector<Cell>>& rows, const std::vector<std::string>& columns) {
  auto text = report::to_csv(Sheet{"s", columns, rows});
  REQUIRE(text.starts_with(bom));
  auto read = read_csv(std::string_view(text).substr(bom.size()));
  REQUIRE(read.has_value());
  return *read;
}

}  // namespace

TEST_CASE("OWASP's own examples are made harmless", "[csv]") {
  CHECK(csv_text("=1+2\";=1+2") == "\"'=1+2\"\";=1+2\"");
  CHECK(csv_text("=1+2'\" ;,=1+2") == "\"'=1+2'\"\" ;,=1+2\"");
}

TEST_CASE("a text that a spreadsheet would take for a formula gets an apostrophe", "[csv]") {
  for (const char* text : {"=1", "+1", "-1", "@x", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠x", " =1",
                           "  \u00A0=1", "\uFEFF=1", "\u200B@x", "\u200C\u200D-1", " \t1"}) {
    auto cell = csv_text(text);
    INFO(cell);
    CHECK(cell.starts_with("\"'"));
  }
}

// The guard looked before the control character went, so "\x01=1+2" came out as a formula.
TEST_CASE("a control character does not hide a formula", "[csv]") {
  CHECK(csv_text("\x01=1+2") == "\"'=1+2\"");
  CHECK(csv_text(std::string("\0@x", 3)) == "\"'@x\"");
  CHECK(csv_text(" \x0B+1") == "\"' +1\"");
}

TEST_CASE("a text that is no formula stays as it is, in quotes", "[csv]") {
  CHECK(csv_text("Warsaw") == "\"Warsaw\"");
  CHECK(csv_text("a = b") == "\"a = b\"");
  CHECK(csv_text("1-2") == "\"1-2\"");
  CHECK(csv_text("") == "\"\"");
  CHECK(csv_text("He said \"no\", twice") == "\"He said \"\"no\"\", twice\"");
}

TEST_CASE("line ends and tabs inside a cell become spaces, other control characters go", "[csv]") {
  CHECK(csv_text("a\nb\tc") == "\"a b c\"");
  CHECK(csv_text(std::string("a\0b\x1F", 4)) == "\"ab\"");
  CHECK(csv_text("a\xFFz") == "\"a\uFFFDz\"");
}

TEST_CASE("a carriage return does not glue two words together", "[csv]") {
  auto cell = csv_text("a\rb");
  CHECK(cell == "\"a b\"");
}

TEST_CASE("numbers are exempt, unknown is empty and never 0", "[csv]") {
  auto text = report::to_csv(
      Sheet{"s", {"a", "b", "c", "d"}, {{Cell(std::int64_t{-2}), Cell(0.5), Cell(), Cell(std::string())}}});
  CHECK(text == bom + "a,b,c,d\r\n-2,0.5,,\"\"\r\n");
}

TEST_CASE("numbers are written with a point and without noise", "[csv]") {
  auto rows = csv_of(
      {{Cell(1.0), Cell(91.666666666), Cell(-0.0000001), Cell(1e15), Cell(std::int64_t{9'000'000'000'000'000'000})}},
      {"a", "b", "c", "d", "e"});
  CHECK(rows.at(1) == std::vector<std::string>{"1", "91.666667", "0", "1000000000000000", "9000000000000000000"});
}

TEST_CASE("no random text starts a formula, a cell or a row, and every one can be had back", "[csv]") {
  const std::vector<std::string> pieces{
      "=",    "+",   "-", "@", "\t", "\r", "\n",     "\"",     ",",      ";",    "'",    " ",
      "a",    "1",   "ż", "🎉", "＝", "＠", "\u00A0", "\uFEFF", "\u200B", "\x01", "\x0B", std::string(1, '\0'),
      "\xFF", "\r\n"};
  std::mt19937 dice(20250620);  // the same texts every time
  for (int round = 0; round < 3000; ++round) {
    std::string text;
    auto length = dice() % 8;
    for (std::size_t i = 0; i < length; ++i) text += pieces[dice() % pieces.size()];
    auto rows = csv_of({{Cell(text), Cell(std::string("next"))}}, {"text", "other"});
    INFO(csv_text(text));
    REQUIRE(rows.size() == 2U);
    REQUIRE(rows[1].size() == 2U);
    CHECK(rows[1][1] == "next");
    const auto& cell = rows[1][0];
    CHECK_FALSE(starts_with_trigger(cell));
    bool same = cell == kept(text) || cell == "'" + kept(text);
    CHECK(same);
  }
}

TEST_CASE("a sheet as JSON keeps unknown apart from 0", "[csv]") {
  auto text =
      report::to_json_text(Sheet{"s", {"a", "b", "c"}, {{Cell(), Cell(std::int64_t{0}), Cell(std::string("x"))}}});
  CHECK(text == R"({"sheet":"s","rows":[{"a":null,"b":0,"c":"x"}]})");
}

TEST_CASE("a sheet as a table is aligned by characters, not bytes", "[csv]") {
  auto text = report::to_table(
      Sheet{
          "s", {"name", "n"}, {{Cell(std::string("żółw")), Cell(std::int64_t{1})}, {Cell(std::string("ab")), Cell()}}},
      report::Cells::cut);
  CHECK(text == "name  n\nżółw  1\nab    unknown\n");
}

// A message that said why a source failed ended in the middle of it, without a sign that more was there.
TEST_CASE("a terminal's long cells end with an ellipsis, the last column and a file keep theirs whole", "[csv]") {
  std::string longer(70, 'x');
  Sheet sheet{"s", {"a", "b"}, {{Cell(longer), Cell(longer)}}};
  auto narrow = report::to_table(sheet, report::Cells::cut);
  CHECK(narrow.find("\n" + std::string(59, 'x') + "…  " + longer + "\n") != std::string::npos);
  auto whole = report::to_table(sheet, report::Cells::whole);
  CHECK(whole.find("\n" + longer + "  " + longer + "\n") != std::string::npos);
}

TEST_CASE("a cell that breaks its line stays on one line of the table", "[csv]") {
  Sheet sheet{"s", {"a"}, {{Cell(std::string("one\ntwo\tthree"))}}};
  CHECK(report::to_table(sheet, report::Cells::whole) == "a\none two three\n");
}

TEST_CASE("a table says shares as percent, rounded down as on the page, and a spreadsheet keeps the number", "[csv]") {
  auto percent = [](double share) { return report::percent_text(share); };
  CHECK(percent(0) == "0 %");
  CHECK(percent(0.0004) == "under 0.1 %");
  CHECK(percent(0.0123) == "1.2 %");
  CHECK(percent(0.978) == "97 %");
  CHECK(percent(0.9999) == "99.9 %");
  CHECK(percent(1) == "100 %");
  Sheet sheet{"s",
              {"value", "unit", "completeness_pct"},
              {{Cell(0.5), Cell(std::string("share")), Cell(0.04)},
               {Cell(std::int64_t{1}), Cell(std::string("share")), Cell(100.0)},
               {Cell(std::int64_t{7}), Cell(std::string("posts")), Cell()}}};
  CHECK(report::to_table(sheet, report::Cells::whole) ==
        "value  unit   completeness_pct\n50 %   share  under 0.1 %\n100 %  share  100 %\n7      posts  unknown\n");
  CHECK(report::to_csv(sheet).find("0.5,\"share\",0.04\r\n") != std::string::npos);
}

TEST_CASE("a table for people shows the brief columns, and once what every row repeats", "[csv]") {
  Sheet sheet{"s",
              {"id", "state", "posts", "from_utc", "until_utc", "as_of_utc", "edition", "definition_version",
               "standing", "profile"},
              {{Cell(std::string("ipa")), Cell(std::string("silent")), Cell(), Cell(std::string("a")),
                Cell(std::string("b")), Cell(std::string("c")), Cell(std::string("2027")), Cell(std::string("d")),
                Cell(std::string("final")), Cell(std::string("strict"))}},
              {{"id", "partner"}, {"posts", "posts", "-"}}};
  CHECK(
      report::to_table(sheet, report::Cells::whole) ==
      "partner  posts\nipa      -\n\nEdition 2027 from a until b, as of c, definitions of d, privacy profile strict. 1 "
      "more column with --format csv.\n");
}

TEST_CASE("a sheet for European spreadsheets has semicolons and decimal commas, and is guarded alike", "[csv]") {
  Sheet sheet{"s", {"a", "b", "c"}, {{Cell(0.5), Cell(std::string("=1;2")), Cell(std::int64_t{-2})}}};
  CHECK(report::to_csv(sheet, report::Dialect::excel_eu) ==
        "\xEF\xBB\xBF"
        "a;b;c\r\n0,5;\"'=1;2\";-2\r\n");
  CHECK(report::dialect_named("excel-eu") == report::Dialect::excel_eu);
  CHECK(report::dialect_named("") == report::Dialect::rfc4180);
  CHECK_FALSE(report::dialect_named("klingon").has_value());
}

TEST_CASE("a chance that is small is never written as none", "[csv]") {
  Sheet sheet{"s", {"p_value"}, {{Cell(0.0000000017)}, {Cell(0.0000031)}, {Cell(0.0)}}};
  CHECK(report::to_csv(sheet) == "\xEF\xBB\xBFp_value\r\n1.7e-09\r\n0.000003\r\n0\r\n");
}
