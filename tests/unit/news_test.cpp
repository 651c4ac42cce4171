// The news searches: what they are asked, day by day, and how they say no.
#include "connectors/platforms/news.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "connectors/reading/url.hpp"
#include "tests/unit/talk.hpp"

using namespace campaignd;
using namespace campaignd::test;
using namespace std::chrono_literals;
using std::chrono::days;

namespace {

const sys_ms noon = utc("2025-06-21T12:00:00Z");
const std::string google = "https://news.google.com/rss/search?q=";

SourceSettings searching(const std::string& language = "de-AT", const std::string& engine = "") {
  SourceSettings out;
  out.query = "\"all in\"";
  out.language = language;
  out.engine = engine;
  out.floor = utc("2025-06-01T00:00:00Z");
  return out;
}

Talk poll(const SourceSettings& settings = searching(), const Cursor& cursor = {}, sys_ms now = noon) {
  return Talk(make_news(settings)->discover(cursor), now);
}

std::string feed(const std::string& items) {
  return "<rss version=\"2.0\"><channel><generator>NFE/5.0</generator><title>t</title><language>de</language>" + items +
         "</channel></rss>";
}

std::string articles(int count, const std::string& date = "Fri, 20 Jun 2025 08:15:00 GMT") {
  std::string out;
  for (int i = 0; i < count; ++i)
    out += fmt::format(
        "<item><title>All In - Paper</title><link>https://news.google.com/rss/articles/CBMi{0}?oc=5</link>"
        "<guid isPermaLink=\"false\">CBMi{0}</guid><pubDate>{1}</pubDate>"
        "<source url=\"https://paper.example\">Paper</source></item>",
        100'000 + i, date);
  return feed(out);
}

std::string query_of(const std::string& url) { return query_value(url, "q"); }

Failure failure_of(int status, const std::string& body, const Headers& headers = {}, const std::string& engine = "") {
  auto talk = poll(searching("de-AT", engine));
  talk.ask();
  auto result = talk.hear(status, body, headers);
  REQUIRE(result.has_error());
  return result.error();
}

/// After a first poll that came to its end at noon.
Cursor settled() {
  auto talk = poll();
  Page page;
  for (page.more = true; page.more;) {
    talk.ask();
    page = talk.page(200, articles(1));
  }
  return page.cursor;
}

}  // namespace

TEST_CASE("Google News: the edition is named three times over, and a redirect is an answer", "[news]") {
  auto talk = poll();
  CHECK(talk.ask() == google + "%22all%20in%22%20when%3A8d&hl=de&gl=AT&ceid=AT:de");
  CHECK(talk.asked().bucket == "google-news");
  CHECK_FALSE(talk.asked().follows_redirects);
  CHECK(talk.asked().body.empty());
}

TEST_CASE("Google News: editions are those there are", "[news]") {
  auto asked = [](const std::string& language) {
    auto url = poll(searching(language)).ask();
    return url.substr(url.find("&hl=") + 1);
  };
  CHECK(asked("") == "hl=en-US&gl=US&ceid=US:en");
  CHECK(asked("pt-PT") == "hl=pt-PT&gl=PT&ceid=PT:pt-150");
  CHECK(asked("pt-BR") == "hl=pt-BR&gl=BR&ceid=BR:pt-419");
  CHECK(asked("es-MX") == "hl=es-419&gl=MX&ceid=MX:es-419");
  CHECK(asked("fr-BE") == "hl=fr&gl=BE&ceid=BE:fr");
  CHECK(asked("nl-be") == "hl=nl&gl=BE&ceid=BE:nl");
  CHECK(asked("et-EE") == "hl=et-EE&gl=EE&ceid=EE:et");
  CHECK(asked("nb-NO") == "hl=no&gl=NO&ceid=NO:no");
  CHECK(asked("zh-Hant-TW") == "hl=zh-TW&gl=TW&ceid=TW:zh-Hant");
  CHECK(asked("de") == "hl=de&gl=DE&ceid=DE:de");
  CHECK(asked("de-LU") == "hl=de&gl=DE&ceid=DE:de");
  CHECK(asked("da-DK") == "hl=en-US&gl=US&ceid=US:en");
}

TEST_CASE("Google News: an edition there is none of is said, once a poll", "[news]") {
  auto notices = [](const std::string& language, const std::string& engine = "") {
    auto talk = poll(searching(language, engine));
    std::vector<std::string> out;
    Page page;
    for (page.more = true; page.more;) {
      talk.ask();
      page = talk.page(200, articles(1));
      for (const auto& each : page.refused)
        if (each.id.empty()) out.push_back(each.why);
    }
    return out;
  };
  CHECK(notices("de-AT").empty());
  CHECK(notices("de").empty());
  CHECK(notices("").empty());
  CHECK(notices("da-DK") == std::vector<std::string>{"Google News has no edition in the language of da-DK: the English "
                                                     "one is asked, which finds English words"});
  CHECK(notices("de-LU") == std::vector<std::string>{"Google News has no edition de-LU: de-DE is asked"});
  CHECK(notices("hr-HR", "bing").size() == 1);
}

TEST_CASE("Google News: an article is its outlet's, under the outlet's own link where that can be told", "[news]") {
  auto talk = poll();
  talk.ask();
  // "https://paper.example/a" in a token of the old kind
  auto page = talk.page(
      200, feed("<item><title>All in - for all - The Paper</title>"
                "<link>https://news.google.com/rss/articles/CBMiF2h0dHBzOi8vcGFwZXIuZXhhbXBsZS9h0gEA?oc=5</link>"
                "<guid isPermaLink=\"false\">CBMiF2h0dHBzOi8vcGFwZXIuZXhhbXBsZS9h0gEA</guid>"
                "<pubDate>Fri, 20 Jun 2025 08:15:00 GMT</pubDate><description>&lt;ol&gt;&lt;li&gt;Another title&lt;/li"
                "&gt;&lt;/ol&gt;</description><source url=\"https://www.paper.example\">The Paper</source></item>"
                "<item><title>Hidden - Other</title><link>https://news.google.com/rss/articles/CBMiCkFVX3lxTHh4eHg"
                "</link><guid>g</guid><source url=\"https://www.other.example\">Other</source></item>"));
  REQUIRE(page.found.size() == 2);
  const auto& open = page.found[0].post;
  CHECK(page.found[0].local_id == "CBMiF2h0dHBzOi8vcGFwZXIuZXhhbXBsZS9h0gEA");
  CHECK(open.platform == "news");
  CHECK(open.uri == "https://paper.example/a");
  CHECK(open.url == open.uri);
  CHECK(open.aliases ==
        std::vector<std::string>{"https://news.google.com/rss/articles/CBMiF2h0dHBzOi8vcGFwZXIuZXhhbXBsZS9h0gEA?oc=5"});
  CHECK(open.host == "paper.example");
  CHECK(open.author.key == "paper.example");
  CHECK(open.author.name == "The Paper");
  CHECK(open.author.media);
  CHECK(open.kind == Kind::article);
  CHECK(shown(open.published) == "2025-06-20T08:15:00.000Z");
  CHECK(open.date_basis == DateBasis::stated);
  CHECK(open.language == "de");
  CHECK(open.title == "All in - for all");
  CHECK(open.text.empty());
  CHECK(open.vouched == std::vector<std::string>{"all in"});
  const auto& hidden = page.found[1].post;
  CHECK(hidden.url == "https://news.google.com/rss/articles/CBMiCkFVX3lxTHh4eHg");
  CHECK(hidden.host == "other.example");
  CHECK(hidden.date_basis == DateBasis::first_seen);
}

TEST_CASE("Google News: the first poll reads back to the floor, a week at a time", "[news]") {
  auto talk = poll();
  CHECK(query_of(talk.ask()) == "\"all in\" when:8d");
  auto first = talk.page(200, articles(3));
  CHECK(first.more);
  CHECK(first.since == utc("2025-06-14T00:00:00Z"));
  CHECK(query_of(talk.ask()) == "\"all in\" after:2025-06-06 before:2025-06-14");
  auto second = talk.page(200, feed(""));
  CHECK(second.since == utc("2025-06-07T00:00:00Z"));
  CHECK(query_of(talk.ask()) == "\"all in\" after:2025-05-31 before:2025-06-07");
  auto last = talk.page(200, articles(3));
  CHECK_FALSE(last.more);
  CHECK_FALSE(last.joins_last);
  CHECK(last.since == utc("2025-06-01T00:00:00Z"));
}

TEST_CASE("Google News: a week with a full list is halved, to single days", "[news]") {
  auto talk = poll();
  talk.ask();
  auto full = talk.page(200, articles(95));
  CHECK(full.more);
  CHECK(full.found.size() == 95);
  CHECK_FALSE(full.since.has_value());
  CHECK(query_of(talk.ask()) == "\"all in\" when:5d");
  talk.page(200, articles(100));
  CHECK(query_of(talk.ask()) == "\"all in\" when:3d");
  auto whole = talk.page(200, articles(94));
  CHECK(whole.since == utc("2025-06-19T00:00:00Z"));
  CHECK(query_of(talk.ask()) == "\"all in\" after:2025-06-13 before:2025-06-19");
}

TEST_CASE("Google News: a day with too many articles says so, and no more is claimed than was read", "[news]") {
  auto talk = poll();
  Page page;
  int requests = 0;
  for (page.more = true; page.more && requests < 100; ++requests) {
    talk.ask();
    page = talk.page(200, articles(100));
  }
  CHECK(requests < 10);
  CHECK(page.since == noon);
  REQUIRE(page.refused.size() == 1);
  CHECK(page.refused[0].id.empty());
  CHECK(page.refused[0].why.find("too wide") != std::string::npos);
}

TEST_CASE("Google News: later polls ask since the last one, a day overlapping, by the hour", "[news]") {
  auto talk = poll(searching(), settled(), noon + 1h);
  CHECK(query_of(talk.ask()) == "\"all in\" when:25h");
  auto page = talk.page(200, feed(""));
  CHECK(page.found.empty());
  CHECK(page.joins_last);
  CHECK_FALSE(page.more);
  CHECK_FALSE(page.since.has_value());
  auto late = poll(searching(), settled(), noon + days(20));
  CHECK(query_of(late.ask()) == "\"all in\" after:2025-06-19 before:2025-06-27");
}

TEST_CASE("Google News: a later poll whose list is full joins only when its parts do", "[news]") {
  auto talk = poll(searching(), settled(), noon + days(2));
  CHECK(query_of(talk.ask()) == "\"all in\" when:4d");
  auto full = talk.page(200, articles(100));
  CHECK(full.more);
  CHECK_FALSE(full.joins_last);
  CHECK(query_of(talk.ask()) == "\"all in\" after:2025-06-19 before:2025-06-22");
  CHECK_FALSE(talk.page(200, articles(5)).joins_last);
  CHECK(query_of(talk.ask()) == "\"all in\" when:36h");
  auto rest = talk.page(200, articles(5));
  CHECK(rest.joins_last);
  CHECK_FALSE(rest.more);
}

TEST_CASE("Google News: a poll that broke off is gone on with", "[news]") {
  auto first = poll();
  first.ask();
  auto page = first.page(200, articles(3));
  auto second = poll(searching(), page.cursor, noon + 1h);
  CHECK(query_of(second.ask()) == "\"all in\" when:25h");
  auto caught_up = second.page(200, feed(""));
  CHECK(caught_up.joins_last);
  CHECK(caught_up.more);
  CHECK(query_of(second.ask()) == "\"all in\" after:2025-06-06 before:2025-06-14");
}

TEST_CASE("Google News: a poll comes to an end whatever it is answered", "[news]") {
  auto settings = searching();
  settings.floor = utc("1990-01-01T00:00:00Z");
  auto talk = poll(settings);
  int requests = 0;
  Page page;
  for (page.more = true; page.more && requests < 1000; ++requests) {
    talk.ask();
    page = talk.page(200, articles(requests % 2 == 0 ? 100 : 1));
  }
  CHECK(requests == 40);
}

TEST_CASE("Google News: another spelling of the edition is followed, another edition is not", "[news]") {
  auto talk = poll();
  talk.ask();
  auto moved = talk.page(302, "", {{"location", "/rss/search?q=x&hl=de-AT&gl=AT&ceid=AT:de"}});
  CHECK(moved.more);
  CHECK(talk.ask() == "https://news.google.com/rss/search?q=x&hl=de-AT&gl=AT&ceid=AT:de");
  CHECK(talk.page(200, articles(1)).since == utc("2025-06-14T00:00:00Z"));

  auto other = failure_of(302, "", {{"location", "https://news.google.com/rss/search?q=x&hl=en-US&gl=US&ceid=US:en"}});
  CHECK(other.code == Failure::refused);
  CHECK(other.message.find("US:en") != std::string::npos);

  auto circle = poll();
  for (int i = 0; i < 2; ++i) {
    circle.ask();
    auto answer = circle.hear(302, "", {{"location", "https://news.google.com/rss/search?ceid=AT:de"}});
    CHECK(answer.has_value() == (i == 0));
  }
}

TEST_CASE("Google News: a question of consent is none a program answers", "[news]") {
  auto failure = failure_of(302, "", {{"location", "https://consent.google.com/m?continue=https://news.google.com/"}});
  CHECK(failure.code == Failure::refused);
  CHECK(failure.message.find("consent.google.com") != std::string::npos);
  CHECK(failure_of(302, "", {{"location", "https://elsewhere.example/?secret=1"}}).message.find("secret") ==
        std::string::npos);
  CHECK(failure_of(302, "").code == Failure::refused);
}

TEST_CASE("news searches: no comes in many forms", "[news]") {
  for (const char* engine : {"google", "bing"}) {
    INFO(engine);
    for (int status : {429, 503}) {
      auto failure = failure_of(status, "<html>Sorry</html>", {{"retry-after", "5"}}, engine);
      CHECK(failure.code == Failure::throttled);
      CHECK(failure.retry_after == 1h);
    }
    CHECK(failure_of(429, "", {{"retry-after", "7200"}}, engine).retry_after == 2h);
    CHECK(failure_of(403, "", {}, engine).code == Failure::refused);
    CHECK(failure_of(404, "", {}, engine).code == Failure::unavailable);
    CHECK(failure_of(500, "", {}, engine).code == Failure::unavailable);
    CHECK(failure_of(200, "<!DOCTYPE html><html><body>News</body></html>", {}, engine).code == Failure::unavailable);
    CHECK(failure_of(200, "", {}, engine).code == Failure::malformed);
    CHECK(failure_of(200, "{}", {}, engine).code == Failure::malformed);
    auto whole = articles(2);
    CHECK(failure_of(200, whole.substr(0, whole.size() - 60), {}, engine).code == Failure::malformed);
  }
}

TEST_CASE("news: what it promises", "[news]") {
  CHECK(news_contract.counters.empty());
  CHECK(news_contract.batch == 0);
  CHECK(news_contract.every == 60min);
  CHECK(std::ranges::count(news_contract.keys, true, &SourceKey::required) == 1);
  REQUIRE(news_contract.engines.size() == 2);
  CHECK(news_contract.engines[0] == "google");
  CHECK(news_contract.engines[1] == "bing");
  CHECK(make_news(searching())->measure({}) == nullptr);
}
