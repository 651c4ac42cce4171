#include "connectors/platforms/peertube.hpp"

#include <catch2/catch.hpp>

#include "tests/unit/talk.hpp"

using namespace campaignd;
using namespace campaignd::test;

namespace {

const sys_ms now = utc("2025-06-20T12:00:00Z");
const std::string tags_of_index =
    "https://index.example/api/v1/search/videos?nsfw=both&tagsOneOf=AllIn&tagsOneOf=Integra%C3%A7%C3%A3o&startDate=";
const std::string words_of_index = "https://index.example/api/v1/search/videos?nsfw=both&search=AllIn&startDate=";
const std::string from_floor = "2025-01-01T00%3A00%3A00.000Z&sort=-publishedAt&count=100&start=";
const std::string videos_of_account =
    "https://tube.example/api/v1/accounts/a/videos?nsfw=both&sort=-publishedAt&count=100&start=";
const std::string videos_of_channel =
    "https://tube.example/api/v1/video-channels/a/videos?nsfw=both&sort=-publishedAt&count=100&start=";

SourceSettings index_settings() {
  SourceSettings out;
  out.host = "index.example";
  out.tags = {"AllIn", "Integração"};
  out.query = "#AllIn";
  out.floor = utc("2025-01-01T00:00:00Z");
  return out;
}

SourceSettings account_settings() {
  SourceSettings out;
  out.account = "A@tube.example";
  out.floor = utc("2025-01-01T00:00:00Z");
  return out;
}

/// A video of account a, channel c. `more` is further members, each beginning with a comma.
std::string make_video(const std::string& id, const std::string& published = "2025-06-20T08:00:00.000Z",
                       const std::string& more = R"(,"tags":["AllIn"])") {
  return R"({"uuid":")" + id + R"(","url":"https://tube.example/videos/watch/)" + id +
         R"(","name":"A film","description":"x","publishedAt":")" + published +
         R"(","views":5,"likes":1,"comments":0,"account":{"name":"a","host":"tube.example"},)" +
         R"("channel":{"name":"c","host":"tube.example"})" + more + "}";
}

std::string make_videos(const std::vector<std::string>& items, int total) {
  return R"({"total":)" + std::to_string(total) + R"(,"data":)" + make_list(items) + "}";
}

Cursor caught_up(const std::string& more = "") {
  auto known = now - std::chrono::minutes(10);
  Cursor out;
  out.position = "known=" + std::to_string(known.time_since_epoch().count()) + more;
  return out;
}

Talk polling(const SourceSettings& settings, const Cursor& cursor = {}) {
  return Talk(make_peertube(settings)->discover(cursor), now);
}

PostRef ref(const std::string& id, const std::string& host, const std::string& uri) { return {1, host, id, uri}; }

Talk measuring(std::vector<PostRef> refs) {
  return Talk(make_peertube(index_settings())->measure(std::move(refs)), now);
}

const std::string problem = R"({"type":"about:blank","title":"Not Found","status":404,"detail":"Video not found"})";

}  // namespace

TEST_CASE("the first poll of an index pages through the tags, then through the words", "[peertube]") {
  auto talk = polling(index_settings());
  CHECK(talk.ask() == tags_of_index + from_floor + "0");
  CHECK(talk.asked().bucket == "peertube");
  auto first = talk.page(200, make_videos({make_video("v1")}, 101));
  CHECK(first.found.size() == 1U);
  CHECK(first.more);
  CHECK(talk.ask() == tags_of_index + from_floor + "100");
  CHECK(talk.page(200, make_videos({make_video("v2")}, 101)).more);
  CHECK(talk.ask() == words_of_index + from_floor + "0");
  auto last = talk.page(200, make_videos({}, 0));
  CHECK_FALSE(last.more);
  CHECK_FALSE(last.joins_last);
  CHECK(shown(last.since) == "2025-01-01T00:00:00.000Z");
}

TEST_CASE("a later poll of an index reads two days back and joins the last", "[peertube]") {
  auto settings = index_settings();
  settings.query.clear();
  auto talk = polling(settings, caught_up());
  CHECK(talk.ask() == tags_of_index + "2025-06-18T11%3A50%3A00.000Z&sort=-publishedAt&count=100&start=0");
  auto page = talk.page(200, make_videos({make_video("v1")}, 1));
  CHECK_FALSE(page.more);
  CHECK(page.joins_last);
  CHECK_FALSE(page.since.has_value());
}

TEST_CASE("a video's numbers, names and tags are read", "[peertube]") {
  auto talk = polling(index_settings());
  talk.ask();
  auto page = talk.page(
      200, make_videos(
               {make_video(
                   "v1", "1970-01-01T00:00:00.000Z",
                   R"(,"createdAt":"2025-06-19T00:00:00Z","shortUUID":"s1","tags":["AllIn"],"language":{"id":"pl"})")},
               1));
  REQUIRE(page.found.size() == 1U);
  const auto& post = page.found[0].post;
  const auto& counters = page.found[0].counters;
  const auto& local_id = page.found[0].local_id;
  const auto& home_id = page.found[0].home_id;
  CHECK(local_id == "v1");
  CHECK(home_id == "v1");  // the index is not its home
  CHECK(post.host == "tube.example");
  CHECK(post.author.key == "a@tube.example");
  CHECK(post.author.handle == "c@tube.example");
  CHECK(post.kind == Kind::video);
  CHECK(shown(post.published) == "2025-06-19T00:00:00.000Z");
  CHECK(post.aliases == std::vector<std::string>{"https://tube.example/w/s1"});
  CHECK(post.language == "pl");
  CHECK(counters.views == 5);
  CHECK(counters.likes == 1);
  CHECK(counters.replies == 0);
  CHECK_FALSE(counters.reposts.has_value());
}

TEST_CASE("an instance leaves out tags, so the details of each new video are asked for", "[peertube]") {
  auto settings = index_settings();
  settings.query.clear();
  auto talk = polling(settings, caught_up());
  talk.ask();
  auto old = make_video("old", "2025-06-18T00:00:00Z", "");
  auto list = talk.page(
      200, make_videos(
               {make_video("v1", "2025-06-20T08:00:00Z", ""), make_video("v2", "2025-06-20T07:00:00Z", ""), old}, 3));
  CHECK(list.found.empty());
  CHECK(list.more);
  CHECK(talk.ask() == "https://index.example/api/v1/videos/v2");
  auto one = talk.page(200, make_video("v2"));
  REQUIRE(one.found.size() == 1U);
  CHECK(one.more);
  CHECK(talk.ask() == "https://index.example/api/v1/videos/v1");
  auto two = talk.page(404, problem);
  CHECK(two.found.empty());
  CHECK(two.refused.size() == 1U);
  CHECK_FALSE(two.more);
  CHECK(two.joins_last);
}

TEST_CASE("a poll that broke off among the details reads their page again", "[peertube]") {
  auto talk = polling(account_settings());
  talk.ask();
  auto cursor = talk.page(200, make_videos({make_video("v1", "2025-06-20T08:00:00Z", "")}, 300)).cursor;
  talk.ask();
  CHECK_FALSE(talk.hear(429, "").has_value());
  CHECK(polling(account_settings(), cursor).ask() == videos_of_account + "0");
}

TEST_CASE("details that were read are not asked for again where a poll broke off", "[peertube]") {
  auto settings = index_settings();
  settings.query.clear();
  const std::string details = "https://index.example/api/v1/videos/";
  auto bare = [](const std::string& id) { return make_video(id, "2025-06-20T08:00:00Z", ""); };
  auto talk = polling(settings, caught_up());
  talk.ask();
  talk.page(200, make_videos({bare("v1"), bare("v2"), bare("v3")}, 3));
  CHECK(talk.ask() == details + "v3");
  talk.page(200, make_video("v3"));
  CHECK(talk.ask() == details + "v2");
  auto cursor = talk.page(404, problem).cursor;
  talk.ask();
  CHECK_FALSE(talk.hear(429, "").has_value());

  auto next = polling(settings, cursor);
  next.ask();
  CHECK(next.page(200, make_videos({bare("v0"), bare("v1"), bare("v2"), bare("v3")}, 4)).more);
  CHECK(next.ask() == details + "v1");
  next.page(200, make_video("v1"));
  CHECK(next.ask() == details + "v0");
  CHECK(next.page(200, make_video("v0")).cursor.position.find("done") == std::string::npos);

  auto moved = polling(settings, cursor);  // what was read stands on the next page by now
  moved.ask();
  moved.page(200, make_videos({bare("v0"), bare("v1")}, 4));
  CHECK(moved.ask() == details + "v1");
}

TEST_CASE("a video is passed over at PeerTube's own word only, not for trouble on the way to it", "[peertube]") {
  const std::pair<int, std::string> troubles[] = {
      {502, "<html>Bad Gateway</html>"},
      {403, "<html>Just a moment...</html>"},
      {403, R"({"title":"Error 1010","status":403,"detail":"blocked","type":"https://gate.example/1010"})"},
      {404, R"({"detail":"Not Found"})"},
      {200, "<html>Just a moment...</html>"}};
  for (const auto& [status, body] : troubles) {
    INFO(status << body);
    auto talk = polling(account_settings());
    talk.ask();
    talk.page(200, make_videos({make_video("v1", "2025-06-20T08:00:00Z", "")}, 1));
    talk.ask();
    CHECK_FALSE(talk.hear(status, body).has_value());
  }
  for (int status : {401, 403, 404, 500}) {
    auto talk = polling(account_settings());
    talk.ask();
    talk.page(200, make_videos({make_video("v1", "2025-06-20T08:00:00Z", "")}, 1));
    talk.ask();
    CHECK(talk.page(status, problem).refused.size() == 1U);
  }
}

TEST_CASE("a description cut off before the words searched for stands for nothing", "[peertube]") {
  std::string shortened(245, 'x');
  auto cut = [&](const std::string& tags) {
    return R"(,"tags":)" + tags + R"(,"truncatedDescription":")" + shortened + R"(..."})";
  };
  auto video = [&](const std::string& id, const std::string& tags) {
    auto out = make_video(id, "2025-06-20T08:00:00Z", cut(tags).substr(0, cut(tags).size() - 1));
    return out.replace(out.find("\"x\""), 3, "\"" + shortened + "...\"");
  };
  auto talk = polling(index_settings());
  talk.ask();
  auto page = talk.page(200, make_videos({video("v1", R"(["other"])"), video("v2", R"(["allin"])")}, 2));
  REQUIRE(page.found.size() == 1U);
  CHECK(page.found[0].local_id == "v2");
  REQUIRE(page.refused.size() == 1U);
  CHECK(page.refused[0].id == "v1");
}

TEST_CASE("the cap on pages of videos is said in its coverage", "[peertube]") {
  auto settings = index_settings();
  settings.query.clear();
  settings.backfill_pages = 1;
  auto talk = polling(settings);
  talk.ask();
  auto page = talk.page(
      200, make_videos({make_video("v1", "2025-05-02T00:00:00Z"), make_video("v2", "2025-05-01T00:00:00Z")}, 500));
  CHECK_FALSE(page.more);
  CHECK(shown(page.since) == "2025-05-02T00:00:00.000Z");
}

TEST_CASE("a source without tags and words is refused before it asks for everything", "[peertube]") {
  SourceSettings settings;
  settings.host = "index.example";
  settings.query = "#";
  auto talk = polling(settings);
  CHECK(talk.ask().find("search") == std::string::npos);
  auto result = talk.hear(200, "{}");
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().code == Failure::refused);
  CHECK(result.error().message.find("tags or a query") != std::string::npos);
}

TEST_CASE("an account's videos are read at its home down to the floor", "[peertube]") {
  auto talk = polling(account_settings());
  CHECK(talk.ask() == videos_of_account + "0");
  auto page = talk.page(200, make_videos({make_video("v1"), make_video("v0", "2024-06-01T00:00:00Z")}, 900));
  CHECK(page.found.size() == 1U);
  CHECK_FALSE(page.more);
  CHECK(shown(page.since) == "2025-01-01T00:00:00.000Z");
}

TEST_CASE("what is no account may be a channel, and that is remembered", "[peertube]") {
  auto talk = polling(account_settings());
  talk.ask();
  CHECK(talk.page(404, problem).more);
  CHECK(talk.ask() == videos_of_channel + "0");
  auto own = make_video("v1");
  own.replace(own.find("\"c\""), 3, "\"A\"");
  auto page = talk.page(200, make_videos({own, make_video("v2")}, 2));
  REQUIRE(page.found.size() == 1U);
  CHECK(page.found[0].post.author.handle == "a@tube.example");
  REQUIRE(page.refused.size() == 1U);
  CHECK(page.refused[0].why == "a video of another account");
  CHECK(polling(account_settings(), page.cursor).ask() == videos_of_channel + "0");

  auto unknown = polling(account_settings());
  unknown.ask();
  unknown.page(404, problem);
  unknown.ask();
  auto result = unknown.hear(404, problem);
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().code == Failure::gone);
  CHECK(result.error().message.find("knows no account or channel a") != std::string::npos);
}

TEST_CASE("each refusal of PeerTube is told apart", "[peertube]") {
  struct Case {
    int status;
    std::string body;
    Failure::Code code;
  };
  const Case cases[] = {{400, R"({"status":400,"detail":"Incorrect request parameters: count"})", Failure::malformed},
                        {403, "<html>", Failure::refused},
                        {404, problem, Failure::gone},
                        {429, "", Failure::throttled},
                        {451, problem, Failure::refused},
                        {500, R"({"status":500,"detail":"x"})", Failure::unavailable},
                        {200, "<html>", Failure::malformed},
                        {200, "[]", Failure::malformed},
                        {200, R"({"total":1,"data":{"uuid":"x"}})", Failure::malformed}};
  for (const auto& each : cases) {
    INFO(each.status << " " << each.body);
    auto talk = polling(index_settings());
    talk.ask();
    auto result = talk.hear(each.status, each.body);
    REQUIRE_FALSE(result.has_value());
    CHECK(result.error().code == each.code);
    CHECK(result.error().message.find("AllIn") == std::string::npos);
  }
  auto talk = polling(index_settings());
  talk.ask();
  auto waits = talk.hear(429, "", {{"x-ratelimit-limit", "50"}, {"x-ratelimit-reset", "1750420810"}});
  REQUIRE_FALSE(waits.has_value());
  CHECK(waits.error().retry_after == std::chrono::seconds(10));
}

TEST_CASE("videos are measured at the host that is asked, one by one", "[peertube]") {
  auto talk = measuring({ref("v1", "tube.example", "https://tube.example/videos/watch/v1"),
                         ref("v2", "tube.example", "https://tube.example/videos/watch/v2")});
  CHECK(talk.ask() == "https://tube.example/api/v1/videos/v1");
  auto page = talk.page(200, make_video("v1", "2025-06-20T08:00:00Z", R"(,"tags":["AllIn"],"privacy":{"id":1})"));
  REQUIRE(page.readings.size() == 1U);
  CHECK(page.readings[0].counters.views == 5);
  REQUIRE(page.readings[0].now.has_value());
  CHECK(page.readings[0].now->post.tags == std::vector<std::string>{"AllIn"});
  CHECK(page.readings[0].now->home_id.empty());
  CHECK(page.more);
  CHECK(talk.ask() == "https://tube.example/api/v1/videos/v2");
  CHECK_FALSE(talk.page(200, make_video("v2")).more);
  CHECK(measuring({ref("v1", "copy.example", "https://tube.example/videos/watch/v1")}).ask() ==
        "https://copy.example/api/v1/videos/v1");
}

TEST_CASE("a video its home does not show any more is gone", "[peertube]") {
  const std::pair<int, std::string> answers[] = {
      {404, problem},
      {410, problem},
      {401, R"({"type":"about:blank","status":401,"detail":"Unauthenticated"})"},
      {403, R"({"type":"https://docs.joinpeertube.org/api-rest-reference.html#section/Errors/x","detail":"Blocked"})"},
      {403,
       R"({"type":"about:blank","status":403,"detail":"Cannot fetch information of private/internal/blocked video"})"},
      {200, make_video("v1", "2025-06-20T08:00:00Z", R"(,"privacy":{"id":3})")}};
  for (const auto& [status, body] : answers) {
    INFO(status);
    auto talk = measuring({ref("v1", "tube.example", "https://tube.example/videos/watch/v1")});
    talk.ask();
    auto page = talk.page(status, body);
    REQUIRE(page.gone.size() == 1U);
    CHECK_FALSE(page.gone[0].why.empty());
  }
}

TEST_CASE("a refusal that says nothing about a video does not remove it", "[peertube]") {
  const std::pair<int, std::string> answers[] = {
      {403, R"({"type":"about:blank","detail":"x","code":"does_not_respect_follow_constraints"})"},
      {403, R"({"detail":"x","type":"https://docs.joinpeertube.org/#Errors/does_not_respect_follow_constraints"})"},
      {403, R"({"title":"Error 1010","status":403,"detail":"The owner has blocked it","cloudflare_error":true})"},
      {403, R"({"type":"https://gate.example/errors/1010","status":403,"detail":"The owner has blocked it"})"},
      {401, R"({"error":"Unauthorized"})"},
      {403, "<html>Just a moment...</html>"},
      {200, "<html>"},
      {200, make_video("another")}};
  for (const auto& [status, body] : answers) {
    INFO(status << body);
    auto talk = measuring({ref("v1", "tube.example", "https://tube.example/videos/watch/v1")});
    talk.ask();
    auto page = talk.page(status, body);
    CHECK(page.gone.empty());
    CHECK(page.readings.empty());
    CHECK(page.refused.size() == 1U);
  }
  auto copy = measuring({ref("v1", "copy.example", "https://tube.example/videos/watch/v1")});
  copy.ask();
  auto page = copy.page(404, problem);
  CHECK(page.gone.empty());
  CHECK(page.refused.size() == 1U);
}

TEST_CASE("what is no instance measures nothing, and trouble of an instance is its own", "[peertube]") {
  const std::pair<int, Failure::Code> answers[] = {
      {404, Failure::refused}, {502, Failure::unavailable}, {429, Failure::throttled}};
  for (const auto& [status, code] : answers) {
    INFO(status);
    auto talk = measuring({ref("v1", "index.example", "https://tube.example/videos/watch/v1")});
    talk.ask();
    auto result = talk.hear(status, "<html>Cannot GET /api/v1/videos/v1</html>");
    REQUIRE_FALSE(result.has_value());
    CHECK(result.error().code == code);
  }
  for (int status : {404, 410, 451}) {  // a gateway before the video's home
    auto talk = measuring({ref("v1", "tube.example", "https://tube.example/videos/watch/v1")});
    talk.ask();
    auto result = talk.hear(status, R"({"detail":"Not Found"})");
    REQUIRE_FALSE(result.has_value());
    CHECK(result.error().code == Failure::refused);
  }
}
