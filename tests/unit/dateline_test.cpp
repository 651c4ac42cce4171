#include "connectors/reading/dates/dateline.hpp"

#include <catch2/catch.hpp>

#include "connectors/reading/dates/time.hpp"

using namespace campaignd;

namespace {

std::string day(const std::optional<sys_ms>& time) { return time ? format_utc(*time).substr(0, 10) : "none"; }
std::string date_in(std::string_view text) { return day(read_dateline(text).date); }
bool conflict_in(std::string_view text) { return read_dateline(text).conflict; }

}  // namespace

TEST_CASE("date, place, country and title of a header", "[dateline]") {
  auto line = read_dateline("25.01.2017 PLOVDIV, BULGARIA // Joint efforts");
  CHECK(day(line.date) == "2017-01-25");
  CHECK(line.basis == DateBasis::header);
  CHECK(line.place == "PLOVDIV, BULGARIA");
  CHECK(line.city == "PLOVDIV");
  CHECK(line.country == "BG");
  CHECK(line.title == "Joint efforts");
  CHECK_FALSE(line.until.has_value());
  CHECK_FALSE(line.conflict);
}

TEST_CASE("a date without an hour is noon in UTC, the same day all over Europe", "[dateline]") {
  auto line = read_dateline("20.06.2017 RIGA, LATVIA // Day");
  REQUIRE(line.date.has_value());
  CHECK(format_utc(*line.date) == "2017-06-20T12:00:00.000Z");
}

TEST_CASE("the digits of a date come in many shapes, always day first", "[dateline]") {
  const std::pair<const char*, const char*> shapes[] = {{"9.03.2017 LUND, SWEDEN // Title", "2017-03-09"},
                                                        {"26.11.2018, Cluj, Romania, The Center", "2018-11-26"},
                                                        {"29.05.18 Koper, Meeting of the coalition", "2018-05-29"},
                                                        {"17. 12.18, Volos, Greece “Round table”", "2018-12-17"},
                                                        {"3 . 4 . 2017 Title", "2017-04-03"},
                                                        {"25.01.2017PLOVDIV, BULGARIA // Title", "2017-01-25"},
                                                        {"1.2.69 Title", "2069-02-01"},
                                                        {"1.2.70 Title", "1970-02-01"},
                                                        {"29.02.2016 Title", "2016-02-29"},
                                                        {"25.01.2017", "2017-01-25"}};
  for (const auto& [text, expected] : shapes) {
    INFO(text);
    CHECK(date_in(text) == expected);
  }
}

TEST_CASE("what is no day of the calendar is no date", "[dateline]") {
  for (const char* text : {"01.13.2017 Title", "12.25.2017 Title", "29.02.2017 Title", "0.1.2017 Title",
                           "1.0.2017 Title", "32.1.2017 Title", "1.1.201 Title", "1.1.20171 Title", "1.1.7 Title",
                           "111.1.2017 Title", "1.1 Title", "1.2.", "33 400 people", "31.04.2017 Title", "", "."}) {
    INFO(text);
    CHECK(date_in(text) == "none");
    CHECK(read_dateline(text).basis == DateBasis::first_seen);
  }
}

TEST_CASE("of a range the first day counts, and the last is kept", "[dateline]") {
  auto line = read_dateline("30-31.08.2017 LUND, SWEDEN\n\nWhat can a city do?");
  CHECK(day(line.date) == "2017-08-30");
  CHECK(day(line.until) == "2017-08-31");
  CHECK(line.country == "SE");
  CHECK(line.title == "What can a city do?");
  CHECK(date_in("30.08-1.09.2017 Title") == "2017-08-30");
  CHECK(day(read_dateline("30.12.2016 – 2.01.2017 Title").until) == "2017-01-02");
  CHECK(day(read_dateline("31-30.08.2017 Title").until) == "none");
}

TEST_CASE("a header may name a country alone", "[dateline]") {
  for (const char* text : {"13.04.2017, ITALY // Title", "31.01.2017  ITALY // Title", "11.04.2018 Italy, Title"}) {
    INFO(text);
    auto line = read_dateline(text);
    CHECK(line.country == "IT");
    CHECK(line.city.empty());
    CHECK(line.title == "Title");
  }
}

TEST_CASE("without // the place ends where it stops looking like one", "[dateline]") {
  struct Case {
    const char *text, *place, *country, *title;
  };
  const Case cases[] = {{"26.11.2018, Cluj, Romania, The Center met", "Cluj, Romania", "RO", "The Center met"},
                        {"17. 12.18, Volos, Greece “Round table” held", "Volos, Greece", "GR", "“Round table” held"},
                        {"29.05.18 Koper, National meeting", "Koper", "", "National meeting"},
                        {"15.12.2017 UTRECHT NETHERLANDS// The team met", "UTRECHT NETHERLANDS", "NL", "The team met"},
                        {"17.12.19 The Compact was affirmed by the Assembly, it says", "", "",
                         "The Compact was affirmed by the Assembly, it says"},
                        {"29.11.19 World Report 2020 was published", "", "", "World Report 2020 was published"},
                        {"25.11.2019 Germany adopts a law", "", "", "Germany adopts a law"},
                        {"1.2.2017 See https://a.example/b", "", "", "See https://a.example/b"}};
  for (const auto& each : cases) {
    INFO(each.text);
    auto line = read_dateline(each.text);
    CHECK(line.place == each.place);
    CHECK(line.country == each.country);
    CHECK(line.title == each.title);
  }
}

TEST_CASE("a date may stand alone on a line of its own, before the title or after it", "[dateline]") {
  auto after = read_dateline("A title\n20.06.2017\nThe text.");
  CHECK(day(after.date) == "2017-06-20");
  CHECK(after.basis == DateBasis::header);
  CHECK(after.title == "A title");
  auto before = read_dateline("20 June 2017\nA title\nThe text.");
  CHECK(day(before.date) == "2017-06-20");
  CHECK(before.title == "A title");
  CHECK(day(read_lone_date("2017-06-20")) == "2017-06-20");
  CHECK(day(read_lone_date("20.06.2017 and more")) == "none");
}

TEST_CASE("a sentence that begins with On and a date dates an item without a header", "[dateline]") {
  const std::pair<const char*, const char*> texts[] = {{"On December 13, 2017, the institute met.", "2017-12-13"},
                                                       {"On 14-15 February 2018 the institute met.", "2018-02-14"},
                                                       {"On July 3rd, 2017 it met.", "2017-07-03"},
                                                       {"On the 19th of May 2017 it met.", "2017-05-19"},
                                                       {"The Award 2019 On 17th December 2019, it gave.", "2019-12-17"},
                                                       {"On Tuesday, 27 June 2017, it met.", "2017-06-27"},
                                                       {"On the 27th of February, it met.", "none"},
                                                       {"On 20th June at the hall, in 2017.", "none"},
                                                       {"At most (it was July 7, 2014) it held 4000.", "none"},
                                                       {"The law changes on 1 July 2019.", "none"}};
  for (const auto& [text, expected] : texts) {
    INFO(text);
    CHECK(date_in(text) == expected);
    if (date_in(text) != "none") CHECK(read_dateline(text).basis == DateBasis::prose);
  }
  CHECK(day(read_dateline("On 14-15 February 2018 it met").until) == "2018-02-15");
}

TEST_CASE("trap: the body contradicts the header, which stands", "[dateline]") {
  auto year = read_dateline("15.12.2015 PECS, HUNGARY // Meeting\n\nOn 15 December 2016, it took part.");
  CHECK(day(year.date) == "2015-12-15");
  CHECK(year.conflict);
  auto month = read_dateline("27.06.2017 Volos, GREECE // Meeting\n\nIt met on Tuesday, July 27, 2017, at the centre.");
  CHECK(day(month.date) == "2017-06-27");
  CHECK(month.conflict);
}

TEST_CASE("another event's date is no contradiction", "[dateline]") {
  CHECK_FALSE(conflict_in("17.12.19 The Compact was affirmed on 17 December 2018."));
  CHECK_FALSE(conflict_in("5.05.2017 Invitation\nThe seminar is on Monday, 5 June 2017."));
  CHECK_FALSE(conflict_in("19.05.2017 Title\nThe discussion takes place on 19th of May 2017"));
  CHECK_FALSE(conflict_in("15.11.2017 Title\nOn 26 October 2017 a round table was held."));
  CHECK_FALSE(conflict_in("15.12.2016 Title\nOn 15 December 2016 it met. On 15 December 2015 it had not."));
  CHECK_FALSE(conflict_in("6.04.2017 Title\nOn April 6th, citizenship was discussed."));
}

TEST_CASE("trap: the country is the word that names one, whatever the city", "[dateline]") {
  auto line = read_dateline("19.05.2017 TALLIN, LATVIA // Title");
  CHECK(line.country == "LV");
  CHECK(line.city == "TALLIN");
}

TEST_CASE("trap: spelling variants stay as they are written", "[dateline]") {
  for (const char* city : {"BUKAREST", "Bucharest", "MALMÖ", "Malmo", "Tessaloniki", "Thessaloniki"}) {
    auto line = read_dateline("25.01.2017 " + std::string(city) + ", Romania // Title");
    CHECK(line.city == city);
    CHECK(line.place == std::string(city) + ", Romania");
  }
}

TEST_CASE("trap: no-break spaces and missing ones", "[dateline]") {
  auto line = read_dateline("25.01.2017\u00A0PLOVDIV,\u00A0BULGARIA\u00A0//\u00A0A\u00A0title");
  CHECK(day(line.date) == "2017-01-25");
  CHECK(line.place == "PLOVDIV, BULGARIA");
  CHECK(line.title == "A title");
  CHECK(date_in("On\u00A0\u00A0February 2nd\u00A0 2017, it met") == "2017-02-02");
  auto missing = read_dateline("10.05.2018 Gdynia, Coalition Meeting in PolandIPA organized it");
  CHECK(missing.place == "Gdynia");
  CHECK(missing.title == "Coalition Meeting in PolandIPA organized it");
}

TEST_CASE("trap: two digits of a year are of this century, and a month above 12 is refused", "[dateline]") {
  CHECK(date_in("29.05.18 Koper, Title") == "2018-05-29");
  CHECK(date_in("05.29.18 Koper, Title") == "none");
}

TEST_CASE("hostile text is read in bounded time", "[dateline]") {
  std::string on, digits(1'000'000, '1'), slashes(1'000'000, '/');
  for (int i = 0; i < 100'000; ++i) on += "On Monday ";
  CHECK(date_in(on) == "none");
  CHECK(date_in(digits) == "none");
  CHECK(date_in("1.1.2017 " + slashes) == "2017-01-01");
}
