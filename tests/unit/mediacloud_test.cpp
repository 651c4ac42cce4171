// Media Cloud: what a collection is asked, and what its refusals mean.
#include "connectors/platforms/mediacloud.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "tests/unit/talk.hpp"

using namespace campaignd;
using namespace campaignd::test;
using namespace std::chrono_literals;

namespace {

const sys_ms noon = utc("2025-06-21T12:00:00Z");
const std::string token = "f00dfeed5ec2e7";
const std::string address = "https://search.mediacloud.org/api/search/story-list?q=%22all%20in%22&start=";

SourceSettings searching() {
  SourceSettings out;
  out.query = "\"all in\"";
  out.url = "https://search.mediacloud.org/collections/34412234";
  out.floor = utc("2025-01-01T00:00:00Z");
  out.session = std::make_shared<Session>();
  out.session->credential = token;
  return out;
}

Talk poll(const SourceSettings& settings = searching(), const Cursor& cursor = {}, sys_ms now = noon) {
  return Talk(make_mediacloud(settings)->discover(cursor), now);
}

std::string stories(int count, const std::string& indexed, const std::string& next = "null") {
  std::string list;
  for (int i = 0; i < count; ++i)
    list += fmt::format(R"({}{{"url":"https://news.example/{}","title":"All in","publish_date":"2025-06-20",)"
                        R"("indexed_date":"{}"}})",
                        i > 0 ? "," : "", i, indexed);
  return "{\"stories\":[" + list + "],\"pagination_token\":" + next + "}";
}

Failure failure_of(int status, const std::string& body, const Headers& headers = {},
                   const SourceSettings& settings = searching()) {
  auto talk = poll(settings);
  talk.ask();
  auto result = talk.hear(status, body, headers);
  REQUIRE(result.has_error());
  CHECK(result.error().message.find(token) == std::string::npos);
  return result.error();
}

}  // namespace

TEST_CASE("Media Cloud: a collection is asked for all since the edition's start, with the token in a header",
          "[mediacloud]") {
  auto talk = poll();
  CHECK(talk.ask() == address + "2025-01-01&end=2025-06-21&p=onlinenews-mediacloud&cs=34412234&sort_order=desc");
  CHECK(header(talk.asked().headers, "authorization") == "Token " + token);
  CHECK(talk.asked().bucket == "mediacloud");
  CHECK_FALSE(talk.asked().follows_redirects);
  auto page = talk.page(200, stories(2, "2025-06-20T10:00:00.123456"));
  CHECK(page.found.size() == 2);
  CHECK_FALSE(page.more);
  CHECK(page.since == searching().floor);
  CHECK(page.cursor.position.find(token) == std::string::npos);
}

TEST_CASE("Media Cloud: a single source can be asked as well", "[mediacloud]") {
  auto settings = searching();
  settings.url = "https://search.mediacloud.org/sources/1092?tab=x";
  CHECK(poll(settings).ask().find("&ss=1092&") != std::string::npos);
}

TEST_CASE("Media Cloud: without a collection or a token nothing is asked", "[mediacloud]") {
  for (const char* url : {"", "https://search.mediacloud.org/", "https://search.mediacloud.org/collections/",
                          "https://search.mediacloud.org/collections/x1"}) {
    auto settings = searching();
    settings.url = url;
    auto failure = failure_of(200, stories(0, ""), {}, settings);
    CHECK(failure.code == Failure::refused);
    CHECK(failure.message.find("collection") != std::string::npos);
  }
  auto settings = searching();
  settings.session = nullptr;
  auto failure = failure_of(200, stories(0, ""), {}, settings);
  CHECK(failure.code == Failure::refused);
  CHECK(failure.message.find("token") != std::string::npos);
}

TEST_CASE("Media Cloud: a story is its outlet's, on the day the page says", "[mediacloud]") {
  auto talk = poll();
  talk.ask();
  auto page = talk.page(200, R"({"stories":[{"url":"https://www.news.example/a?b=1","title":"All in","language":"de",
    "publish_date":"2025-06-20","indexed_date":"2025-06-20T11:22:33.456789","media_name":"news.example"}]})");
  REQUIRE(page.found.size() == 1);
  const auto& post = page.found[0].post;
  CHECK(post.uri == "https://www.news.example/a?b=1");
  CHECK(post.host == "news.example");
  CHECK(post.author.key == "news.example");
  CHECK(post.author.media);
  CHECK(post.kind == Kind::article);
  CHECK(shown(post.published) == "2025-06-20T00:00:00.000Z");
  CHECK(post.date_basis == DateBasis::stated);
  CHECK(post.language == "de");
  CHECK(page.found[0].counters == Counters{});
}

TEST_CASE("Media Cloud: a story without a day is dated by when it was first seen, one of tomorrow not at all",
          "[mediacloud]") {
  auto talk = poll();
  talk.ask();
  auto page = talk.page(200, R"({"stories":[
    {"url":"https://a.example/1","publish_date":null,"indexed_date":"2025-06-20T11:22:33"},
    {"url":"https://a.example/2","publish_date":"2026-06-20","indexed_date":"2025-06-20T11:22:33"}]})");
  REQUIRE(page.found.size() == 2);
  CHECK(shown(page.found[0].post.published) == "2025-06-20T11:22:33.000Z");
  CHECK(page.found[0].post.date_basis == DateBasis::first_seen);
  CHECK(shown(page.found[1].post.published) == "none");
}

TEST_CASE("Media Cloud: pages follow one another by their token", "[mediacloud]") {
  auto talk = poll();
  talk.ask();
  CHECK(talk.page(200, stories(2, "2025-06-20T10:00:00", "\"a+b=\"")).more);
  CHECK(talk.ask().ends_with("&sort_order=desc&pagination_token=a%2Bb%3D"));
  CHECK_FALSE(talk.page(200, stories(2, "2025-06-20T09:00:00")).more);

  auto circle = poll();
  circle.ask();
  circle.page(200, stories(2, "2025-06-20T10:00:00", "\"a\""));
  circle.ask();
  auto page = circle.page(200, stories(2, "2025-06-20T10:00:00", "\"a\""));
  CHECK_FALSE(page.more);
  CHECK_FALSE(page.since.has_value());
}

TEST_CASE("Media Cloud: later polls end where the index was read to, a day overlapping", "[mediacloud]") {
  auto first = poll();
  first.ask();
  auto cursor = first.page(200, stories(1, "2025-06-20T10:00:00")).cursor;
  auto talk = poll(searching(), cursor, noon + 24h);
  CHECK(talk.ask().starts_with(address + "2025-05-21&end=2025-06-22&"));
  CHECK(talk.page(200, stories(2, "2025-06-21T10:00:00", "\"a\"")).more);
  talk.ask();
  auto page = talk.page(200, stories(2, "2025-06-20T11:00:00", "\"b\""));
  CHECK_FALSE(page.more);
  CHECK(page.joins_last);
}

TEST_CASE("Media Cloud: a poll that broke off goes on at its page", "[mediacloud]") {
  auto first = poll();
  first.ask();
  auto cursor = first.page(200, stories(2, "2025-06-20T10:00:00", "\"a\"")).cursor;
  CHECK(poll(searching(), cursor, noon + 1h).ask().ends_with("&pagination_token=a"));
}

TEST_CASE("Media Cloud: each of its refusals says what to do", "[mediacloud]") {
  auto said = [](const std::string& more) { return R"({"status":"error","note":"so it is")" + more + "}"; };
  auto down = failure_of(400, said(R"x(,"temporary":true,"exception":"TemporaryProviderException()")x"));
  CHECK(down.code == Failure::unavailable);
  CHECK(down.message.find("so it is") != std::string::npos);
  auto quota = failure_of(400, said(R"x(,"exception":"OverQuotaException('onlinenews-mediacloud', 4000)")x"));
  CHECK(quota.code == Failure::throttled);
  CHECK(quota.retry_after == 24h);
  CHECK(failure_of(400, said(R"x(,"exception":"ProviderParseException('x')")x")).code == Failure::refused);
  CHECK(failure_of(400, "<html>").code == Failure::refused);
  CHECK(failure_of(422, said("")).code == Failure::refused);
  CHECK(failure_of(401, R"({"detail":"Invalid token."})").code == Failure::refused);
  CHECK(failure_of(403, said("")).message.find("credential file") != std::string::npos);
  CHECK(failure_of(429, said(R"(,"temporary":true)")).retry_after == 60s);
  CHECK(failure_of(429, "", {{"retry-after", "90"}}).retry_after == 90s);
  CHECK(failure_of(502, "<html>").code == Failure::unavailable);
  CHECK(failure_of(200, "<html>").code == Failure::malformed);
  CHECK(failure_of(200, "{}").code == Failure::malformed);
}

TEST_CASE("Media Cloud: nothing is measured, and a file is a page of stories", "[mediacloud]") {
  CHECK(make_mediacloud(searching())->measure({}) == nullptr);
  CHECK(mediacloud_contract.batch == 0);
  CHECK(parse_mediacloud(stories(1, "2025-06-20T10:00:00"), {}).has_value());
  CHECK(parse_mediacloud("{}", {}).has_error());
}
