// Tumblr: lists that end early, numbers that stand for nothing by themselves, and a key that must not show.
#include "connectors/platforms/tumblr.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "tests/unit/talk.hpp"

using namespace campaignd;
using namespace campaignd::test;
using namespace std::chrono_literals;

namespace {

const sys_ms noon = utc("2025-06-21T12:00:00Z");
const std::string key = "fuiKNFp9vQ";
const std::string tagged = "https://api.tumblr.com/v2/tagged?tag=all%20in&limit=20&npf=true";
const std::string with_key = "&api_key=" + key;

std::shared_ptr<Session> a_session() {
  auto out = std::make_shared<Session>();
  out->credential = key;
  return out;
}

SourceSettings tags(std::vector<std::string> names = {"all in"}) {
  SourceSettings out;
  out.tags = std::move(names);
  out.floor = utc("2025-06-01T00:00:00Z");
  out.session = a_session();
  return out;
}

Talk poll(const SourceSettings& settings = tags(), const Cursor& cursor = {}, sys_ms now = noon) {
  return Talk(make_tumblr(settings)->discover(cursor), now);
}

Talk measurement(const std::vector<std::string>& ids) {
  std::vector<PostRef> posts;
  for (const auto& id : ids) posts.push_back({std::ssize(posts) + 1, "tumblr.com", id, ""});
  return Talk(make_tumblr(tags())->measure(posts), noon);
}

std::int64_t seconds(sys_ms time) { return time.time_since_epoch().count() / 1000; }

std::string make_post(const std::string& id, sys_ms at, const std::string& more = "") {
  return fmt::format(R"({{"blog_name":"Ewa","id_string":"{}","timestamp":{},"tags":["All In"],"note_count":99{}}})", id,
                     seconds(at), more);
}

std::string response(const std::vector<std::string>& posts) {
  std::string list;
  for (const auto& each : posts) list += (list.empty() ? "" : ",") + each;
  return "{\"meta\":{\"status\":200,\"msg\":\"OK\"},\"response\":[" + list + "]}";
}

std::string before(sys_ms time) { return fmt::format("&before={}", seconds(time)); }

Failure failure_of(int status, const std::string& body, const Headers& headers = {},
                   const SourceSettings& settings = tags()) {
  auto talk = poll(settings);
  talk.ask();
  auto result = talk.hear(status, body, headers);
  REQUIRE(result.has_error());
  CHECK(result.error().message.find(key) == std::string::npos);
  return result.error();
}

}  // namespace

TEST_CASE("Tumblr: a post is its blog's, with the tags its author typed and no numbers", "[tumblr]") {
  auto talk = poll();
  CHECK(talk.ask() == tagged + with_key);
  CHECK(talk.asked().bucket == "tumblr");
  CHECK_FALSE(talk.asked().follows_redirects);
  auto page = talk.page(
      200,
      response({make_post("7", noon - 1h,
                          R"(,"post_url":"https://ewa.example/post/7/x","blog":{"title":"E","description":"#nobot"},)"
                          R"("content":[{"type":"text","text":"We are","formatting":[{"type":"link","url":)"
                          R"("https://href.li/?https://allin.example/?a=1"}]},{"type":"text","text":"all in"},)"
                          R"({"type":"image","alt_text":"a stove"}])")}));
  REQUIRE(page.found.size() == 1);
  const auto& post = page.found[0].post;
  CHECK(page.found[0].local_id == "ewa/7");
  CHECK(post.platform == "tumblr");
  CHECK(post.host == "tumblr.com");
  CHECK(post.uri == "https://www.tumblr.com/ewa/7");
  CHECK(post.url == "https://ewa.example/post/7/x");
  CHECK(post.aliases == std::vector<std::string>{"https://ewa.tumblr.com/post/7"});
  CHECK(post.author.key == "ewa");
  CHECK(post.author.opted_out);
  CHECK(post.kind == Kind::original);
  CHECK(post.published == noon - 1h);
  CHECK(post.text == "We are\nall in");
  CHECK(post.alt_text == "a stove");
  CHECK(post.links == std::vector<std::string>{"https://allin.example/?a=1"});
  CHECK(post.media_count == 1);
  CHECK(post.tags == std::vector<std::string>{"All In"});
  CHECK(page.found[0].counters == Counters{});
  CHECK(page.cursor.position.find(key) == std::string::npos);
}

TEST_CASE("Tumblr: a reblog with words or tags of its own is a quote, a plain one is none", "[tumblr]") {
  auto talk = poll();
  talk.ask();
  const std::string trail = R"(,"content":[],"trail":[{"content":[{"type":"text","text":"all in"}]}])";
  auto page = talk.page(200, response({make_post("7", noon - 1h, trail),
                                       fmt::format(R"({{"blog_name":"b","id_string":"8","timestamp":{},"tags":[]{}}})",
                                                   seconds(noon - 1h), trail)}));
  REQUIRE(page.found.size() == 1);
  CHECK(page.found[0].post.kind == Kind::quote);
  CHECK(page.found[0].post.text.empty());
  CHECK(page.found[0].local_id == "ewa/7/reblog");
  CHECK(page.refused.empty());
}

TEST_CASE("Tumblr: a list is read downward by time", "[tumblr]") {
  auto talk = poll();
  talk.ask();
  auto page = talk.page(200, response({make_post("9", noon - 1h), make_post("8", noon - 2h)}));
  CHECK(page.more);
  CHECK(talk.ask() == tagged + before(noon - 2h + 1s) + with_key);
  page = talk.page(200, response({make_post("1", utc("2025-05-31T00:00:00Z"))}));
  CHECK_FALSE(page.more);
  CHECK(page.since == tags().floor);
}

TEST_CASE("Tumblr: a page that ends within a second does not hide what else that second has", "[tumblr]") {
  auto talk = poll();
  talk.ask();
  talk.page(200, response({make_post("9", noon - 1h), make_post("8", noon - 2h)}));
  CHECK(talk.ask() == tagged + before(noon - 2h + 1s) + with_key);
  auto page = talk.page(200, response({make_post("8", noon - 2h), make_post("7", noon - 2h)}));
  CHECK(page.found.size() == 2);
  CHECK(talk.ask() == tagged + before(noon - 2h) + with_key);
}

TEST_CASE("Tumblr: an old post among new ones leads past nothing, and its list covers nothing", "[tumblr]") {
  auto first = poll();
  first.ask();
  auto page = first.page(200, response({make_post("9", noon - 1h), make_post("1", utc("2025-05-01T00:00:00Z")),
                                        make_post("8", noon - 2h)}));
  CHECK(page.more);
  CHECK(first.ask() == tagged + before(noon - 2h + 1s) + with_key);
  auto resumed = poll(tags(), page.cursor);
  resumed.ask();
  resumed.page(200, response({make_post("1", utc("2025-05-01T00:00:00Z"))}));
  for (page.more = true; page.more;) {  // and once more from the top
    resumed.ask();
    page = resumed.page(200, response({}));
  }
  CHECK_FALSE(page.since.has_value());
  CHECK_FALSE(page.joins_last);

  page = first.page(200, response({make_post("1", utc("2025-05-01T00:00:00Z"))}));
  CHECK_FALSE(page.more);
  CHECK_FALSE(page.since.has_value());
  CHECK_FALSE(page.joins_last);
  CHECK(page.cursor.position.find("mixed") == std::string::npos);
}

TEST_CASE("Tumblr: a featured tag is read by when posts were featured", "[tumblr]") {
  auto talk = poll();
  talk.ask();
  talk.page(200,
            response({make_post("9", noon - 100h, fmt::format(",\"featured_timestamp\":{}", seconds(noon - 1h)))}));
  CHECK(talk.ask() == tagged + before(noon - 1h + 1s) + with_key);
}

TEST_CASE("Tumblr: an early end is looked behind, in ever longer steps", "[tumblr]") {
  auto talk = poll();
  talk.ask();
  talk.page(200, response({make_post("9", noon - 1h)}));
  auto at = noon - 1h + 1s;
  for (auto step : {6h, 12h, 24h}) {
    talk.ask();
    CHECK(talk.page(200, response({})).more);
    at -= step;
    CHECK(talk.ask() == tagged + before(at) + with_key);
  }
  talk.page(200, response({make_post("8", at - 1h)}));
  CHECK(talk.ask() == tagged + before(at - 1h + 1s) + with_key);
  talk.page(200, response({}));
  CHECK(talk.ask() == tagged + before(at - 7h + 1s) + with_key);
}

TEST_CASE("Tumblr: a tag nobody uses ends before long, and covers all", "[tumblr]") {
  auto settings = tags();
  settings.floor = utc("2020-01-01T00:00:00Z");
  auto talk = poll(settings);
  Page page;
  int requests = 0;
  for (page.more = true; page.more && requests < 50; ++requests) {
    talk.ask();
    page = talk.page(200, response({}));
  }
  CHECK(requests == 9);
  CHECK(page.since == settings.floor);
}

TEST_CASE("Tumblr: a list that shows the same page again and again is left", "[tumblr]") {
  auto talk = poll();
  Page page;
  int requests = 0;
  for (page.more = true; page.more && requests < 50; ++requests) {
    talk.ask();
    page = talk.page(200, response({make_post("9", noon - 1h)}));
  }
  CHECK(requests < 15);
}

TEST_CASE("Tumblr: a later poll reads two days back and joins the last", "[tumblr]") {
  auto settings = tags();
  settings.floor = noon - 20h;
  auto first = poll(settings);
  first.ask();
  auto cursor = first.page(200, response({make_post("1", noon - 30h)})).cursor;
  settings.floor = utc("2025-06-01T00:00:00Z");
  auto talk = poll(settings, cursor, noon + 30min);
  CHECK(talk.ask() == tagged + with_key);
  auto page = talk.page(200, response({make_post("1", noon - 49h)}));
  CHECK_FALSE(page.more);
  CHECK(page.joins_last);
}

TEST_CASE("Tumblr: a poll that broke off goes on at its page", "[tumblr]") {
  auto first = poll();
  first.ask();
  auto cursor = first.page(200, response({make_post("9", noon - 1h)})).cursor;
  auto talk = poll(tags(), cursor, noon + 1h);
  CHECK(talk.ask() == tagged + before(noon - 1h + 1s) + with_key);
}

TEST_CASE("Tumblr: one tag is read after the other", "[tumblr]") {
  auto talk = poll(tags({"one", "zwei"}));
  CHECK(talk.ask().find("tag=one&") != std::string::npos);
  CHECK(talk.page(200, response({make_post("1", utc("2025-05-01T00:00:00Z"))})).more);
  CHECK(talk.ask().find("tag=zwei&") != std::string::npos);
  CHECK_FALSE(talk.page(200, response({make_post("1", utc("2025-05-01T00:00:00Z"))})).more);
}

TEST_CASE("Tumblr: a blog is read by its name", "[tumblr]") {
  for (const char* name : {"Ewa", "@ewa", "ewa.tumblr.com"}) {
    auto settings = tags();
    settings.account = name;
    auto talk = poll(settings);
    CHECK(talk.ask() == "https://api.tumblr.com/v2/blog/ewa.tumblr.com/posts?limit=20&npf=true" + with_key);
    auto page = talk.page(
        200, "{\"meta\":{\"status\":200},\"response\":{\"blog\":{},\"posts\":[" + make_post("7", noon - 1h) + "]}}");
    CHECK(page.found.size() == 1);
  }
  auto settings = tags();
  settings.account = "ewa";
  auto failure = failure_of(404, R"({"meta":{"status":404,"msg":"Not Found"},"response":[]})", {}, settings);
  CHECK(failure.code == Failure::gone);
  CHECK(failure.message.find("no blog ewa") != std::string::npos);
}

TEST_CASE("Tumblr: without a key, or without tags, nothing is asked", "[tumblr]") {
  auto no_key = tags();
  no_key.session = nullptr;
  CHECK(failure_of(200, response({}), {}, no_key).code == Failure::refused);
  no_key.session = std::make_shared<Session>();
  CHECK(failure_of(200, response({}), {}, no_key).message.find("consumer key") != std::string::npos);
  CHECK(failure_of(200, response({}), {}, tags({})).code == Failure::refused);
}

TEST_CASE("Tumblr: each of its refusals says what to do, and never shows the key", "[tumblr]") {
  auto said = [](int status, const char* words) {
    return fmt::format(R"({{"meta":{{"status":{},"msg":"{}"}},"response":[]}})", status, words);
  };
  CHECK(failure_of(401, said(401, "Unauthorized")).code == Failure::refused);
  CHECK(failure_of(403, said(403, "Forbidden")).code == Failure::refused);
  auto bad = failure_of(400, R"({"meta":{"status":400,"msg":"Bad Request"},"errors":[{"detail":"no tag"}]})");
  CHECK(bad.code == Failure::refused);
  CHECK(bad.message.find("no tag") != std::string::npos);
  CHECK(failure_of(404, "").code == Failure::gone);
  CHECK(failure_of(302, "").code == Failure::refused);
  CHECK(failure_of(500, "<html>").code == Failure::unavailable);
  CHECK(failure_of(503, "").code == Failure::unavailable);
  CHECK(failure_of(200, "<html>").code == Failure::malformed);
  CHECK(failure_of(200, R"({"meta":{"status":200},"response":{}})").code == Failure::malformed);
}

TEST_CASE("Tumblr: a limit that is used up is waited for: the day's before the hour's", "[tumblr]") {
  Headers hour{{"x-ratelimit-perday-remaining", "400"},
               {"x-ratelimit-perday-reset", "50000"},
               {"x-ratelimit-perhour-remaining", "0"},
               {"x-ratelimit-perhour-reset", "1800"}};
  CHECK(failure_of(429, "", hour).retry_after == 30min);
  Headers day = hour;
  day[0].second = "0";
  CHECK(failure_of(429, "", day).retry_after == 50000s);
  CHECK(failure_of(429, "").retry_after == 10min);
  CHECK(failure_of(429, "", {{"retry-after", "7"}}).retry_after == 7s);
  CHECK(failure_of(429, "", {{"x-ratelimit-perhour-remaining", "0"}, {"x-ratelimit-perhour-reset", "soon"}})
            .retry_after == 10min);
}

TEST_CASE("Tumblr: a post is measured by the notes that count likes and reblogs apart", "[tumblr]") {
  auto talk = measurement({"ewa/7", "bob/8/reblog", "cat/9", "dog/10"});
  CHECK(talk.ask() == "https://api.tumblr.com/v2/blog/ewa.tumblr.com/notes?id=7&mode=conversation" + with_key);
  const std::string notes = R"({"meta":{"status":200},"response":{"notes":[],"rollup_notes":[],"total_notes":9,
    "total_likes":5,"total_reblogs":3}})";
  auto page = talk.page(200, notes);
  CHECK(page.more);
  REQUIRE(page.readings.size() == 1);
  CHECK(page.readings[0].counters == Counters{.likes = 5, .reposts = 3});

  talk.ask();
  page = talk.page(200, notes);  // of the original and all its reblogs
  REQUIRE(page.readings.size() == 1);
  CHECK(page.readings[0].counters == Counters{});

  talk.ask();
  page = talk.page(404, R"({"meta":{"status":404,"msg":"Not Found"},"response":[]})");
  REQUIRE(page.gone.size() == 1);
  CHECK(page.gone[0].of.post == 3);
  talk.ask();
  page = talk.page(404, R"({"meta":{"status":404},"response":[],"errors":[{"title":"Not Found","code":4012}]})");
  REQUIRE(page.gone.size() == 1);
  CHECK(page.gone[0].why.find("own users") != std::string::npos);
  CHECK_FALSE(page.more);
}

TEST_CASE("Tumblr: what Tumblr itself does not say is no proof that a post is gone", "[tumblr]") {
  auto bare = measurement({"ewa/7"});
  bare.ask();
  CHECK(bare.hear(404, "<html>").error().code == Failure::gone);
  auto odd = measurement({"ewa/7"});
  odd.ask();
  CHECK(odd.hear(200, R"({"meta":{"status":200},"response":[]})").error().code == Failure::malformed);
  for (const char* id : {"", "7", "ewa/", "/7", "ewa/x", "../a/7", "ewa/7/reblog/reblog"}) {
    auto talk = measurement({id});
    CHECK(talk.ask().find("..") == std::string::npos);
    auto page = talk.page(404, R"({"meta":{"status":404}})");
    CHECK(page.gone.empty());
    CHECK(page.refused.size() == 1);
  }
}

TEST_CASE("Tumblr: a file may be a search or a blog", "[tumblr]") {
  CHECK(parse_tumblr(response({make_post("7", noon)}), {}).has_value());
  CHECK(parse_tumblr("{\"response\":{\"posts\":[" + make_post("7", noon) + "]}}", {}).has_value());
  CHECK(parse_tumblr("{}", {}).has_error());
}
