#include "connectors/reading/dates/loose_date.hpp"

#include <catch2/catch.hpp>
#include <sstream>

#include "tests/unit/support.hpp"

using namespace campaignd;
using namespace campaignd::test;

namespace {

/// What read_date makes of it, to the second: "2025-06-20T08:00:00".
std::string as_date(std::string_view text) { return shown(read_date(text)).substr(0, 19); }

using Dates = std::vector<std::pair<std::string, std::string>>;

void check_dates(const Dates& dates) {
  for (const auto& [text, expected] : dates) {
    INFO(text);
    CHECK(as_date(text) == expected);
  }
}

}  // namespace

TEST_CASE("a bare year is its first day, and so is a month, where nothing else is said", "[time]") {
  check_dates({{"2003", "2003-01-01T00:00:00"},
               {"Nov. 2020", "2020-11-01T00:00:00"},
               {"juin 2025", "2025-06-01T00:00:00"},
               {"2010-", "none"},
               {"2020 10:20", "none"},
               {"1997 or so", "none"}});
}

TEST_CASE("what fails a standard by a little is read as it is meant", "[time]") {
  check_dates({{"Sun, 17 Dec 2017 1:55 PM EST", "2017-12-17T18:55:00"},
               {"Mon, 16th Nov 2020 13:16:28 GMT", "2020-11-16T13:16:28"},
               {"Fri, 20 Jun 2025 10:00:00 MST -07:00", "2025-06-20T17:00:00"},
               {"Thu, 01 Jan 104 10:00:00 GMT", "2004-01-01T10:00:00"},
               {"Friday, December 8, 2017 - 3:07pm", "2017-12-08T15:07:00"},
               {"Nov. 16, 2020, 10:57 a.m.", "2020-11-16T10:57:00"},
               {"Jan. 4, 2016, 12:37 p. m.", "2016-01-04T12:37:00"},
               {"5 August, 2019", "2019-08-05T00:00:00"},
               {"26 Sep 2022 GMT", "2022-09-26T00:00:00"},
               {"20 Jun 2025 0800", "2025-06-20T08:00:00"},
               {"20 Jun 2025 8 pm", "2025-06-20T20:00:00"},
               {"20 Jun '25", "2025-06-20T00:00:00"},
               {"10:30, 20 June 2025", "2025-06-20T10:30:00"},
               {"20 June 2025 | 10:30", "2025-06-20T10:30:00"},
               {"Sat, Oct 28 2023 08:28:28 PM", "2023-10-28T20:28:28"},
               {"Fri, 23rd Jun 2023 09:32:20 GMT", "2023-06-23T09:32:20"},
               {"2003-12-31 10:14:55 -0500", "2003-12-31T15:14:55"},
               {"2025-06-20_10:15", "2025-06-20T10:15:00"},
               {"2025-06-20T10.15.30Z", "2025-06-20T10:15:30"},
               {"Fri, 2006/09/15 08:19:53 EDT", "2006-09-15T12:19:53"}});
}

TEST_CASE("asctime is read, with a zone in the middle or without", "[time]") {
  check_dates({{"Sun Jan  4 16:29:06 PST 2004", "2004-01-05T00:29:06"},
               {"Sun Jan  4 16:29:06 XYZ 2004", "2004-01-04T16:29:06"},
               {"Fri Jun 20 08:00:00 CEST 2025", "2025-06-20T06:00:00"},
               {"Thu Nov 12 2020 17:00:00 GMT+0000 (Coordinated Universal Time)", "2020-11-12T17:00:00"}});
}

TEST_CASE("ISO 8601 is read in its basic form, by weeks and by days of the year", "[time]") {
  check_dates({{"2003-335", "2003-12-01T00:00:00"},
               {"2003335", "2003-12-01T00:00:00"},
               {"20031231", "2003-12-31T00:00:00"},
               {"20031231T101415Z", "2003-12-31T10:14:15"},
               {"20031231101415", "2003-12-31T10:14:15"},
               {"200312311014", "2003-12-31T10:14:00"},
               {"2004-W53-6", "2005-01-01T00:00:00"},
               {"2004W536", "2005-01-01T00:00:00"},
               {"2009-W01", "2008-12-29T00:00:00"},
               {"2003-12-31T10", "2003-12-31T10:00:00"},
               {"2003-12-31Z", "2003-12-31T00:00:00"},
               {"2003-12-31+02:00", "2003-12-30T22:00:00"},
               {"20250620 101500", "2025-06-20T10:15:00"}});
}

TEST_CASE("a bare number is a count since 1970, by its length", "[time]") {
  check_dates({{"1520932969", "2018-03-13T09:22:49"},
               {"1520932969.25", "2018-03-13T09:22:49"},
               {"1520932969250", "2018-03-13T09:22:49"},
               {"1520932969250123", "2018-03-13T09:22:49"}});
}

TEST_CASE("of a day and a month in numbers, what exists wins, then what the weekday says, then the habit", "[time]") {
  check_dates({{"Sat, 11 04 2020 08:51:49 +0100", "2020-04-11T07:51:49"},
               {"Fri, 26/06/2020", "2020-06-26T00:00:00"},
               {"09/15/2014 4:20 pm PST", "2014-09-16T00:20:00"},
               {"05/06/2025 10:30", "2025-06-05T10:30:00"},
               {"am 05/06/2025", "2025-06-05T00:00:00"},
               {"5/6/2025 10:30:00 AM", "2025-05-06T10:30:00"},
               {"31.12.03", "2003-12-31T00:00:00"},
               {"03-12-31", "2003-12-31T00:00:00"},
               {"12/31/03", "2003-12-31T00:00:00"},
               {"06/2025", "2025-06-01T00:00:00"},
               {"12.05.2020 10.20", "2020-05-12T10:20:00"},
               {"20.06.2025., 10:20", "2025-06-20T10:20:00"}});
}

TEST_CASE("dates in the languages of Europe are read as their readers write them", "[time]") {
  check_dates({{"Lundi, 16. Novembre 2020 - 15:54", "2020-11-16T15:54:00"},
               {"mar., 01 déc. 2020 16:11:02 +0000", "2020-12-01T16:11:02"},
               {"mar. 3 mars 2020", "2020-03-03T00:00:00"},
               {"le 1er août 2024", "2024-08-01T00:00:00"},
               {"3 mai 2024 à 15h54", "2024-05-03T15:54:00"},
               {"Di, 23 Jan 2018 00:00:00 +0100", "2018-01-22T23:00:00"},
               {"Freitag, den 3. Mai 2024 um 10:20 Uhr", "2024-05-03T10:20:00"},
               {"Freitag am 3. Mai 2024, 10.20 Uhr", "2024-05-03T10:20:00"},
               {"3 de mayo de 2024 a las 10:20", "2024-05-03T10:20:00"},
               {"sexta-feira, 3 de maio de 2024 às 10h20", "2024-05-03T10:20:00"},
               {"3 maggio 2024 alle ore 15.20", "2024-05-03T15:20:00"},
               {"vrijdag 3 mei 2024 om 10:20", "2024-05-03T10:20:00"},
               {"piątek, 3 maja 2024, 10:20", "2024-05-03T10:20:00"},
               {"PIĄTEK, 11 PAŹDZIERNIKA 2024", "2024-10-11T00:00:00"},
               {"pátek 3. května 2024 10:20", "2024-05-03T10:20:00"},
               {"vineri, 3 mai 2024, ora 10:20", "2024-05-03T10:20:00"},
               {"2004-július-13T9:15-05:00", "2004-07-13T14:15:00"},
               {"2024. május 3. 10:20", "2024-05-03T10:20:00"},
               {"fredag den 3. maj 2024 kl. 10.20", "2024-05-03T10:20:00"},
               {"3. toukokuuta 2024 klo 10.20", "2024-05-03T10:20:00"},
               {"R, 03 mai 2024 10:20", "2024-05-03T10:20:00"},
               {"2024. gada 3. maijā 10:20", "2024-05-03T10:20:00"},
               {"2024 m. gegužės 3 d., 10:20", "2024-05-03T10:20:00"},
               {"3 MAYIS 2024", "2024-05-03T00:00:00"},
               {"03.05.2024 ÖS 03:20", "2024-05-03T15:20:00"},
               {"петък, 3 май 2024 г. 10:20 ч.", "2024-05-03T10:20:00"},
               {"3 мая 2024 г. в 10:20", "2024-05-03T10:20:00"},
               {"П'ятниця, 3 травня 2024", "2024-05-03T00:00:00"},
               {"Παρ, 3 Μάι 2024 10:20:00 +0300", "2024-05-03T07:20:00"},
               {"ΠΑΡΑΣΚΕΥΉ, 3 ΜΑΪ́ΟΥ 2024, 3:20 μ.μ.", "2024-05-03T15:20:00"}});
}

TEST_CASE("a word that is two months is the one whose weekday is written, else the one more people mean", "[time]") {
  check_dates(
      {{"12 listopada 2024", "2024-11-12T00:00:00"}, {"sub., 12. listopada 2024. 10:20", "2024-10-12T10:20:00"}});
}

TEST_CASE("Japanese, Chinese and Korean dates are read, and Korean ones are of Korea", "[time]") {
  check_dates({{"2024年5月3日(金) 10時20分30秒", "2024-05-03T10:20:30"},
               {"2024年05月28日下午3:20", "2024-05-28T15:20:00"},
               {"2024年5月3日 星期五 10:20", "2024-05-03T10:20:00"},
               {"２０２４年５月３日", "2024-05-03T00:00:00"},
               {"2024年5月", "2024-05-01T00:00:00"},
               {"2004년 05월 28일  01:31:15", "2004-05-27T16:31:15"},
               {"2004-05-25 오후 11:23:17", "2004-05-25T14:23:17"},
               {"2004-05-25 오전 12:23:17", "2004-05-24T15:23:17"},
               {"2024년 5월 3일 (금) 오후 3:20", "2024-05-03T06:20:00"},
               {"2024년 5월 3일 금요일 오후 3시 20분", "2024-05-03T06:20:00"}});
}

TEST_CASE("what is no date is not made one", "[time]") {
  for (const char* text : {"Thu, 31 Jun 2004 19:48:21 GMT",
                           "2003-12-31T25:14:55Z",
                           "2003-12-31T10:61:55Z",
                           "0",
                           "-1",
                           "12345",
                           "2025-13-01",
                           "2025-31-12",
                           "1.5",
                           "192.168.1.1",
                           "1-800-2020",
                           "Version 1.2.2020",
                           "12:00",
                           "10:20 GMT",
                           "May",
                           "5 May",
                           "Friday",
                           "0001-01-01T00:00:00Z",
                           "9999-12-31T23:59:59Z",
                           "Mon, 01 Jan 0001 00:00:00 +0000",
                           "now",
                           "yesterday 10:00",
                           "2 hours ago",
                           "May 5 June 2020",
                           "2020 10:20",
                           "20200231",
                           "99999999999999999999999",
                           "()",
                           "(2025-06-20)",
                           "1999-366",
                           "2010w",
                           "2024-W60-1",
                           "Marathon 5 2020",
                           "Date: Fri, 20 Jun 2025 10:15:30 GMT",
                           "/Date(1750406400000)/",
                           "Sun, 16 Dec 2012 1:2:3:4 GMT",
                           "Sun, 16 Dec zz 11:47:32 GMT",
                           "Ost, 11 Urt 2007 16:00:00 +0000",
                           "Sat, 11 00:00:01 GMT",
                           "-0-0T::Z",
                           "013",
                           "Fri, 28 Xyz 2010 21:03:38 GMT"}) {
    INFO(text);
    CHECK(as_date(text) == "none");
  }
}

TEST_CASE("what follows a full date and makes no sense is left aside", "[time]") {
  check_dates(
      {{"2020-11-08T16:20:00-05:00Z", "2020-11-08T21:20:00"},
       {"2010-08-20Thh:08:ssZ", "2010-08-20T00:00:00"},
       {"Monday, October 6, 2023 - 16:29\\n", "2023-10-06T16:29:00"},
       {"2025-06-20T10:15:30.123456789+02:00[Europe/Warsaw]", "2025-06-20T08:15:30"},
       {"Thu(oh how I hate thursdays), 9(th) Feb(ruary) 2006 23:59:45 +0000(GMT r0x0rz)", "2006-02-09T23:59:45"}});
}

TEST_CASE("a text of more than 200 bytes is no date", "[time]") {
  CHECK(as_date("2025-06-20 " + std::string(189, 'x')) == "2025-06-20T00:00:00");
  CHECK(as_date("2025-06-20 " + std::string(190, 'x')) == "none");
}

TEST_CASE("the years 1 and 9999 stand for no date", "[time]") {
  check_dates({{"Thu, 01 Jan 0100 00:00:01 +0100", "0099-12-31T23:00:01"},
               {"1899-12-30T00:00:00Z", "1899-12-30T00:00:00"},
               {"0001-01-01T00:00:00Z", "none"},
               {"9999-12-31T23:59:59Z", "none"},
               {"Sun, 31 Dec 9999 23:59:59 -9999", "none"},
               {"0002-01-01T00:00:00+01:00", "none"}});
}

TEST_CASE("every month is known by its name", "[time]") {
  for (const char* year :
       {"enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
        "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.",
        "Jänner Feb. März Apr. Mai Juni Juli Aug. Sept. Okt. Nov. Dez.",
        "Janeiro Fevereiro Março Abril Maio Junho Julho Agosto Setembro Outubro Novembro Dezembro",
        "gen. feb. mar. apr. mag. giu. lug. ago. set. ott. nov. dic.",
        "januari februari maart april mei juni juli augustus september oktober november december",
        "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
        "styczeń luty marzec kwiecień maj czerwiec lipiec sierpień wrzesień październik listopad grudzień",
        "sty lut mar kwi maj cze lip sie wrz paź lis gru",
        "ledna února března dubna května června července srpna září října listopadu prosince",
        "januára februára marca apríla mája júna júla augusta septembra októbra novembra decembra",
        "jan. feb. mar. apr. maj jun. jul. avg. sep. okt. nov. dec.",
        "ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie",
        "január február március április május június július augusztus szeptember október november december",
        "jan. febr. márc. ápr. máj. jún. júl. aug. szept. okt. nov. dec.",
        "януари февруари март април май юни юли август септември октомври ноември декември",
        "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
        "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
        "Ιανουαρίου Φεβρουαρίου Μαρτίου Απριλίου Μαΐου Ιουνίου Ιουλίου Αυγούστου Σεπτεμβρίου Οκτωβρίου Νοεμβρίου "
        "Δεκεμβρίου",
        "Ιαν Φεβ Μάρ Απρ Μάι Ιούν Ιούλ Αύγ Σεπ Οκτ Νοέ Δεκ",
        "januari februari mars april maj juni juli augusti september oktober november december",
        "januar februar marts april mai juni juli august september oktober november desember",
        "tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta syyskuuta lokakuuta "
        "marraskuuta joulukuuta",
        "jaanuar veebruar märts aprill mai juuni juuli august september oktoober november detsember",
        "janvāris februāris marts aprīlis maijs jūnijs jūlijs augusts septembris oktobris novembris decembris",
        "sausio vasario kovo balandžio gegužės birželio liepos rugpjūčio rugsėjo spalio lapkričio gruodžio",
        "Ocak Şubat Mart Nisan Mayıs Haziran Temmuz Ağustos Eylül Ekim Kasım Aralık",
        "siječnja veljače ožujka travnja svibnja lipnja srpnja kolovoza rujna Oct studenoga prosinca"}) {
    std::istringstream names(year);
    std::string name;
    for (int month = 1; names >> name; ++month) {
      INFO(name);
      CHECK(as_date("3 " + name + " 2024 10:20") ==
            shown(sys_ms(std::chrono::sys_days(std::chrono::year(2024) / month / 3)) + std::chrono::minutes(620))
                .substr(0, 19));
    }
  }
}

TEST_CASE("a comment, a word or a zone of any length takes no longer than the text is", "[time]") {
  for (const char* part : {"(", "-", "1 ", "12:00 ", "a", "\xC5", "listopada ", "\xEF\xB7\xBA"}) {
    std::string text;
    while (text.size() < 100000) text += part;
    CHECK(as_date(text) == "none");
    CHECK(as_date("Fri, 20 Jun 2025 " + text.substr(0, 150)).size() <= 19);
  }
}
