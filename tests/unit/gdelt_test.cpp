// GDELT's search: how far back it is asked, and the many ways in which it says no.
#include "connectors/platforms/gdelt.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "tests/unit/talk.hpp"

using namespace campaignd;
using namespace campaignd::test;
using namespace std::chrono_literals;

namespace {

const sys_ms noon = utc("2025-06-21T12:00:00Z");
const std::string address = "https://api.gdeltproject.org/api/v2/doc/doc?query=";

SourceSettings searching(const std::string& language = "") {
  SourceSettings out;
  out.query = "\"All In\"";
  out.language = language;
  out.floor = utc("2025-06-01T00:00:00Z");
  return out;
}

Talk poll(const Cursor& cursor = {}, sys_ms now = noon) { return Talk(make_gdelt(searching())->discover(cursor), now); }

std::string articles(int count, const std::string& seen = "20250620T081500Z") {
  std::string out = "{\"articles\": [";
  for (int i = 0; i < count; ++i)
    out += fmt::format("{}{{\"url\":\"https://www.news.example/{}\",\"title\":\"All In\",\"seendate\":\"{}\"}}",
                       i > 0 ? "," : "", i, seen);
  return out + "]}";
}

std::string parameter(const std::string& url, const std::string& name) {
  auto at = url.find("&" + name + "=");
  if (at == std::string::npos) return "none";
  at += name.size() + 2;
  return url.substr(at, url.find('&', at) - at);
}

Failure failure_of(int status, const std::string& body, const Headers& headers = {}) {
  auto talk = poll();
  talk.ask();
  auto result = talk.hear(status, body, headers);
  REQUIRE(result.has_error());
  CHECK(result.error().message.find("api.gdeltproject.org") != std::string::npos);
  return result.error();
}

/// After a first poll that came to its end at noon.
Cursor settled() {
  auto talk = poll();
  talk.ask();
  return talk.page(200, articles(1)).cursor;
}

}  // namespace

TEST_CASE("GDELT: an article is its outlet's, and its date is when it was seen", "[gdelt]") {
  auto talk = poll();
  talk.ask();
  CHECK(talk.asked().bucket == "gdelt");
  auto page = talk.page(200, R"({"articles":[{"url":"https://www.news.example/a?b=1","url_mobile":"",
    "title":"All In : for integration","seendate":"20250620T081500Z","domain":"news.example","language":"Polish",
    "sourcecountry":"Poland"}]})");
  REQUIRE(page.found.size() == 1);
  const auto& post = page.found[0].post;
  const auto& counters = page.found[0].counters;
  const auto& local_id = page.found[0].local_id;
  CHECK(local_id == "https://www.news.example/a?b=1");
  CHECK(post.uri == local_id);
  CHECK(post.url == local_id);
  CHECK(post.host == "news.example");
  CHECK(post.author.key == "news.example");
  CHECK(post.author.media);
  CHECK(post.kind == Kind::article);
  CHECK(shown(post.published) == "2025-06-20T08:15:00.000Z");
  CHECK(post.date_basis == DateBasis::first_seen);
  CHECK(post.language == "pl");
  CHECK(post.title == "All In : for integration");
  CHECK(post.text.empty());
  CHECK(post.place.empty());
  CHECK_FALSE(post.tags.has_value());
  CHECK(counters == Counters{});
}

TEST_CASE("GDELT: a date that is none is not said", "[gdelt]") {
  for (const char* seen : {"", "2025062xT081500Z", "20250631T081500Z", "20250620T256100Z", "20250620081500",
                           "20250621T121500Z", "00000000T000000Z"}) {
    INFO(seen);
    auto talk = poll();
    talk.ask();
    auto page = talk.page(200, articles(1, seen));
    REQUIRE(page.found.size() == 1);
    CHECK_FALSE(page.found[0].post.published.has_value());
  }
}

TEST_CASE("GDELT: the first poll asks back to the floor, in one request if it fits", "[gdelt]") {
  auto talk = poll();
  auto url = talk.ask();
  CHECK(url.starts_with(address + "%22All%20In%22&mode=artlist&format=json&maxrecords=250&sort=datedesc&"));
  CHECK(parameter(url, "startdatetime") == "20250531235959");
  CHECK(parameter(url, "enddatetime") == "20250621120000");
  auto page = talk.page(200, articles(3));
  CHECK_FALSE(page.more);
  CHECK_FALSE(page.joins_last);
  CHECK(shown(page.since) == "2025-06-01T00:00:00.000Z");
}

TEST_CASE("GDELT: beyond its memory of three months nothing is asked for", "[gdelt]") {
  auto settings = searching();
  settings.floor = utc("2024-01-01T00:00:00Z");
  Talk talk(make_gdelt(settings)->discover({}), noon);
  CHECK(parameter(talk.ask(), "startdatetime") == "20250325115959");
  CHECK(shown(talk.page(200, "{}").since) == "2025-03-25T12:00:00.000Z");
}

TEST_CASE("GDELT: an edition that begins tomorrow is asked for all the same", "[gdelt]") {
  auto settings = searching();
  settings.floor = utc("2025-06-22T00:00:00Z");
  Talk talk(make_gdelt(settings)->discover({}), noon);
  CHECK(parameter(talk.ask(), "timespan") == "2h");
  CHECK_FALSE(talk.page(200, "{}").more);
}

TEST_CASE("GDELT: later polls ask from the last success on, with an overlap", "[gdelt]") {
  auto talk = poll(settled(), noon + 6h + 20min);
  auto url = talk.ask();
  CHECK(parameter(url, "timespan") == "9h");
  CHECK(parameter(url, "startdatetime") == "none");
  auto page = talk.page(200, "{}");
  CHECK(page.found.empty());
  CHECK(page.joins_last);
  CHECK_FALSE(page.since.has_value());
  CHECK_FALSE(page.more);
}

TEST_CASE("GDELT: a time with more articles than an answer holds is halved, and nothing is left out", "[gdelt]") {
  auto talk = poll();
  talk.ask();
  auto full = talk.page(200, articles(250));
  CHECK(full.more);
  CHECK(full.found.size() == 250);
  CHECK_FALSE(full.since.has_value());
  auto newer = talk.ask();
  CHECK(parameter(newer, "startdatetime") == "20250611055959");
  CHECK(parameter(newer, "enddatetime") == "20250621120000");
  auto half = talk.page(200, articles(249));
  CHECK(half.more);
  CHECK(shown(half.since) == "2025-06-11T06:00:00.000Z");
  auto older = talk.ask();
  CHECK(parameter(older, "startdatetime") == "20250531235959");
  CHECK(parameter(older, "enddatetime") == "20250611060001");
  auto rest = talk.page(200, articles(2));
  CHECK_FALSE(rest.more);
  CHECK(shown(rest.since) == "2025-06-01T00:00:00.000Z");
}

TEST_CASE("GDELT: a first poll that was broken off is gone on with, after what is new", "[gdelt]") {
  auto first = poll();
  first.ask();
  CHECK(first.page(200, articles(250)).more);
  first.ask();
  auto half = first.page(200, articles(1));

  auto second = poll(half.cursor, noon + 1h);
  CHECK(parameter(second.ask(), "timespan") == "3h");
  auto caught_up = second.page(200, "{}");
  CHECK(caught_up.joins_last);
  CHECK(caught_up.more);
  CHECK(parameter(second.ask(), "enddatetime") == "20250611060001");
  auto rest = second.page(200, "{}");
  CHECK_FALSE(rest.more);
  CHECK(shown(rest.since) == "2025-06-01T00:00:00.000Z");
}

TEST_CASE("GDELT: catching up begins with the oldest, so that what fails then leaves no hole", "[gdelt]") {
  auto cursor = settled();
  auto late = noon + std::chrono::hours(46);
  auto talk = poll(cursor, late);
  talk.ask();
  CHECK(talk.page(200, articles(250)).more);
  auto older = talk.ask();
  CHECK(parameter(older, "startdatetime") == "20250621095959");
  CHECK(parameter(older, "enddatetime") == "20250622100001");
  auto half = talk.page(200, articles(3));
  CHECK(half.more);
  CHECK_FALSE(half.joins_last);
  CHECK(parameter(talk.ask(), "enddatetime") == "20250623100000");

  auto again = poll(half.cursor, late);
  CHECK(parameter(again.ask(), "startdatetime") == "20250622075959");
  CHECK(again.page(200, "{}").joins_last);
}

TEST_CASE("GDELT: a query too wide for a quarter of an hour says so, and claims no more than it read", "[gdelt]") {
  auto talk = poll();
  Page page;
  int requests = 0;
  for (page.more = true; page.more && requests < 100; ++requests) {
    talk.ask();
    page = talk.page(200, articles(250));
  }
  CHECK(requests < 20);
  CHECK(page.since == noon);
  REQUIRE(page.refused.size() == 1);
  CHECK(page.refused[0].why.find("too wide") != std::string::npos);
  auto next = poll(page.cursor, noon + 6h);
  CHECK(parameter(next.ask(), "timespan") == "8h");
}

TEST_CASE("GDELT: what was too much to catch up with is a hole, even if the poll fails behind it", "[gdelt]") {
  auto talk = poll(settled(), noon + 6h);
  Page page;
  while (page.refused.empty()) {
    talk.ask();
    page = talk.page(200, articles(250));
  }
  CHECK(page.more);
  auto again = poll(page.cursor, noon + 12h);
  again.ask();
  auto end = again.page(200, "{}");
  CHECK_FALSE(end.more);
  CHECK_FALSE(end.joins_last);
  REQUIRE(end.since.has_value());
  CHECK(*end.since > noon - 2h);
  CHECK(*end.since < noon + 6h);
  auto healed = poll(end.cursor, noon + 18h);
  healed.ask();
  CHECK(healed.page(200, "{}").joins_last);
}

TEST_CASE("GDELT: a sleep longer than its memory joins nothing", "[gdelt]") {
  auto talk = poll(settled(), noon + std::chrono::days(200));
  talk.ask();
  auto page = talk.page(200, "{}");
  CHECK_FALSE(page.joins_last);
  CHECK(page.since == noon + std::chrono::days(200 - 88));
}

TEST_CASE("GDELT: a clock that was set back begins anew", "[gdelt]") {
  auto talk = poll(settled(), noon - std::chrono::days(5));
  CHECK(parameter(talk.ask(), "startdatetime") == "20250531235959");
}

TEST_CASE("GDELT: a poll ends after so many requests, and the next one goes on", "[gdelt]") {
  auto talk = poll();
  int requests = 0;
  Page page;
  for (page.more = true; page.more && requests < 1000; ++requests) {
    talk.ask();
    page = talk.page(200, articles(requests % 8 == 7 ? 1 : requests < 8 ? 250 : requests % 2 == 0 ? 250 : 1));
  }
  CHECK(requests == 60);
  CHECK(page.cursor.position.find("oldest=0") == std::string::npos);
}

TEST_CASE("GDELT: a language is asked for by its English name", "[gdelt]") {
  auto asked = [](const std::string& language) {
    return Talk(make_gdelt(searching(language))->discover({}), noon).ask();
  };
  CHECK(asked("pl").starts_with(address + "%22All%20In%22%20sourcelang%3Apolish&mode="));
  CHECK(asked("pt-BR").find("sourcelang%3Aportuguese&") != std::string::npos);
  CHECK(asked("nb-NO").find("sourcelang%3Anorwegian&") != std::string::npos);
  CHECK(asked("tlh").find("sourcelang%3Atlh&") != std::string::npos);
}

// GDELT looks for the words in the articles' text, and gives titles: without its word nothing would match.
TEST_CASE("GDELT: it vouches for the phrases that were asked for", "[gdelt]") {
  auto vouched = [](const std::string& query) {
    auto settings = searching("pl");
    settings.query = query;
    Talk talk(make_gdelt(settings)->discover({}), noon);
    talk.ask();
    return talk.page(200, articles(1)).found[0].post.vouched;
  };
  CHECK(vouched("\"all in for integration\"") == std::vector<std::string>{"all in for integration"});
  CHECK(vouched("(\"all in\" OR \"tous ensemble\")") == std::vector<std::string>{"all in", "tous ensemble"});
  CHECK(vouched("integration").empty());
}

TEST_CASE("GDELT: throttling has two forms, and an hour's rest is the least", "[gdelt]") {
  auto limited = "Please limit requests to one every 5 seconds or contact us for larger queries.";
  for (auto failure : {failure_of(429, limited), failure_of(200, limited), failure_of(429, ""),
                       failure_of(429, "<html></html>", {{"retry-after", "5"}})}) {
    CHECK(failure.code == Failure::throttled);
    CHECK(failure.retry_after == 1h);
  }
  CHECK(failure_of(429, "", {{"retry-after", "7200"}}).retry_after == 2h);
}

TEST_CASE("GDELT: a sentence in place of JSON is a query it does not take", "[gdelt]") {
  auto failure = failure_of(200, "\n Boolean OR's may only appear inside of a () clause.\n");
  CHECK(failure.code == Failure::refused);
  CHECK(failure.message.find("\"Boolean OR's may only appear inside of a () clause.\"") != std::string::npos);
  CHECK(failure_of(200, std::string(100'000, 'x')).message.size() < 400);
}

TEST_CASE("GDELT: trouble is not the query's fault", "[gdelt]") {
  for (auto failure : {failure_of(500, ""), failure_of(503, "<html>"), failure_of(404, "Not found"),
                       failure_of(200, "<!DOCTYPE html><title>Busy</title>")}) {
    CHECK(failure.code == Failure::unavailable);
    CHECK(failure.retry_after == 1h);
  }
  CHECK(failure_of(403, "").code == Failure::refused);
  CHECK(failure_of(200, "").code == Failure::malformed);
  CHECK(failure_of(200, " \r\n").code == Failure::malformed);
}

TEST_CASE("GDELT: what is JSON but no list of articles is malformed, and an empty object is none", "[gdelt]") {
  auto hear = [](const std::string& body) {
    auto talk = poll();
    talk.ask();
    return talk.hear(200, body);
  };
  REQUIRE(hear("{}").has_value());
  CHECK(hear("{}")->found.empty());
  CHECK(hear("{\"articles\":[]}")->found.empty());
  for (const char* body : {"[]", "{\"articles\":{}}", "{\"articles\":7}", "{\"articles\":[", "{\"articles\":[]"}) {
    INFO(body);
    REQUIRE(hear(body).has_error());
    CHECK(hear(body).error().code == Failure::malformed);
  }
}

TEST_CASE("GDELT: backslashes and quotation marks nobody escaped cost no article", "[gdelt]") {
  auto talk = poll();
  talk.ask();
  auto page = talk.page(200, R"({"articles":[
    {"url":"https://a.example/1","title":"He said "all in", and left \x"},
    {"url":"https://a.example/2","title":"kept \" \\ \u00e9 \/"},
    {"url":"https://a.example/3","title":"\ud83d alone"}]})");
  REQUIRE(page.found.size() == 2);
  CHECK(page.found[0].post.title == "He said 'all in', and left  x");
  CHECK(page.found[1].post.title == "kept \" \\ é /");
  REQUIRE(page.refused.size() == 1);
  CHECK(page.refused[0].id == "item 3");
}

TEST_CASE("GDELT: what it promises", "[gdelt]") {
  CHECK(gdelt_contract.counters.empty());
  CHECK(gdelt_contract.batch == 0);
  CHECK(gdelt_contract.every == 6h);
  CHECK(std::ranges::count(gdelt_contract.keys, true, &SourceKey::required) == 1);
  CHECK(make_gdelt(searching())->measure({}) == nullptr);
}
