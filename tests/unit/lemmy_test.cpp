#include "connectors/platforms/lemmy.hpp"

#include <catch2/catch.hpp>

#include "connectors/platforms/lemmy_api.hpp"
#include "tests/unit/talk.hpp"

using namespace campaignd;
using namespace campaignd::test;

namespace {

const sys_ms now = utc("2025-06-20T12:00:00Z");

SourceSettings word_settings() {
  SourceSettings out;
  out.host = "lem.example";
  out.query = "AllIn";
  out.floor = utc("2025-01-01T00:00:00Z");
  return out;
}

std::string ms(sys_ms time) { return std::to_string(time.time_since_epoch().count()); }

/// A cursor of a source that read everything ten minutes ago and knows what its server runs.
Cursor caught_up(const std::string& software = "lemmy+0.19.15") {
  Cursor out;
  out.position = "known=" + ms(now - std::chrono::minutes(10)) + "&asked=" + ms(now) + "&software=" + software;
  return out;
}

Cursor fresh(const std::string& software) {
  Cursor out;
  out.position = "asked=" + ms(now) + "&software=" + software;
  return out;
}

std::string post_view(int id, const std::string& published = "2025-06-20T08:00:00Z", const std::string& more = "") {
  auto number = std::to_string(id);
  return R"({"post":{"id":)" + number + R"(,"name":"#AllIn","ap_id":"https://lem.example/post/)" + number +
         R"(","published":")" + published + "\"" + more +
         R"(},"creator":{"name":"a","actor_id":"https://lem.example/u/a"},"counts":{"upvotes":2,"comments":1}})";
}

std::string comment_view(int id, const std::string& more = "") {
  auto number = std::to_string(id);
  return R"({"comment":{"id":)" + number + R"(,"content":"#AllIn","ap_id":"https://lem.example/comment/)" + number +
         R"(","published":"2025-06-20T08:00:00Z")" + more +
         R"(},"creator":{"name":"a","actor_id":"https://lem.example/u/a"},"counts":{"upvotes":1,"child_count":0}})";
}

std::string hits(const std::string& posts, const std::string& comments = "[]", const std::string& more = "") {
  return R"({"posts":)" + posts + R"(,"comments":)" + comments + more + "}";
}

/// Posts from `first` down, `count` of them.
std::string many(int first, int count, const std::string& published = "2025-06-20T08:00:00Z") {
  std::vector<std::string> out;
  for (int i = 0; i < count; ++i) out.push_back(post_view(first - i, published));
  return make_list(out);
}

std::string search_url(const std::string& what, int page) {
  return "https://lem.example/api/v3/search?q=AllIn&type_=" + what +
         "&listing_type=All&sort=New&limit=50&page=" + std::to_string(page);
}

PostRef ref(const std::string& local_id, const std::string& uri = "") { return {1, "lem.example", local_id, uri}; }

Talk measuring(const std::string& local_id, const std::string& uri = "") {
  return Talk(make_lemmy(word_settings())->measure({ref(local_id, uri)}), now);
}

}  // namespace

TEST_CASE("the first poll of a Lemmy server asks what it runs, then reads posts and comments to their end", "[lemmy]") {
  Talk talk(make_lemmy(word_settings())->discover({}), now);
  CHECK(talk.ask() == "https://lem.example/.well-known/nodeinfo");
  CHECK(talk.asked().bucket == "lemmy-reads");
  talk.page(200,
            R"({"links":[{"rel":"http://nodeinfo.diaspora.software/ns/schema/2.1","href":"https://lem.example/n"}]})");
  talk.ask();
  CHECK(talk.page(200, R"({"software":{"name":"lemmy","version":"0.19.15"}})").software == "lemmy 0.19.15");

  CHECK(talk.ask() == search_url("Posts", 1));
  CHECK(talk.asked().bucket == "lemmy");
  auto first = talk.page(200, hits(many(100, 50)));
  CHECK(first.found.size() == 50U);
  CHECK(first.more);
  CHECK(talk.ask() == search_url("Posts", 2));
  CHECK(talk.page(200, hits(many(50, 3))).more);
  CHECK(talk.ask() == search_url("Comments", 1));
  auto last = talk.page(200, hits("[]", make_list({comment_view(7)})));
  REQUIRE(last.found.size() == 1U);
  CHECK(last.found[0].post.kind == Kind::reply);
  CHECK_FALSE(last.more);
  CHECK_FALSE(last.joins_last);
  CHECK(shown(last.since) == "2025-01-01T00:00:00.000Z");
}

TEST_CASE("a page below the floor ends a list of Lemmy, a pinned post on top of it does not", "[lemmy]") {
  Talk talk(make_lemmy(word_settings())->discover(fresh("lemmy+0.19.15")), now);
  talk.ask();
  auto pinned = make_list({post_view(1, "2021-01-01T00:00:00Z")});
  pinned.pop_back();
  auto rest = many(100, 49);
  talk.page(200, hits(pinned + "," + rest.substr(1)));
  CHECK(talk.ask() == search_url("Posts", 2));
  talk.page(200, hits(many(50, 50, "2024-12-31T00:00:00Z")));
  CHECK(talk.ask() == search_url("Comments", 1));
}

TEST_CASE("a later poll of Lemmy reads down to a day before the last one", "[lemmy]") {
  Talk talk(make_lemmy(word_settings())->discover(caught_up()), now);
  talk.ask();
  talk.page(200, hits(many(100, 50, "2025-06-19T13:00:00Z")));
  CHECK(talk.ask() == search_url("Posts", 2));
  talk.page(200, hits(many(50, 50, "2025-06-19T11:00:00Z")));
  CHECK(talk.ask() == search_url("Comments", 1));
  auto last = talk.page(200, hits("[]"));
  CHECK_FALSE(last.more);
  CHECK(last.joins_last);
  CHECK_FALSE(last.since.has_value());
}

TEST_CASE("a poll of Lemmy that broke off goes on at its page, then reads what came meanwhile", "[lemmy]") {
  Talk broken(make_lemmy(word_settings())->discover(fresh("lemmy+0.19.15")), now);
  broken.ask();
  auto cursor = broken.page(200, hits(many(100, 50))).cursor;
  broken.ask();
  CHECK_FALSE(broken.hear(500, "").has_value());

  Talk next(make_lemmy(word_settings())->discover(cursor), now + std::chrono::hours(1));
  CHECK(next.ask() == search_url("Posts", 2));
  next.page(200, hits("[]"));
  next.ask();
  CHECK(next.page(200, hits("[]")).more);
  CHECK(next.ask() == search_url("Posts", 1));
  next.page(200, hits(many(101, 2)));
  next.ask();
  auto last = next.page(200, hits("[]"));
  CHECK_FALSE(last.more);
  CHECK(shown(last.since) == "2025-01-01T00:00:00.000Z");
}

TEST_CASE("the cap on pages of Lemmy is said in its coverage", "[lemmy]") {
  auto settings = word_settings();
  settings.backfill_pages = 1;
  Talk talk(make_lemmy(settings)->discover(fresh("lemmy+0.19.15")), now);
  talk.ask();
  talk.page(200, hits(many(100, 50, "2025-05-01T00:00:00Z")));
  CHECK(talk.ask() == search_url("Comments", 1));
  auto last = talk.page(200, hits("[]"));
  CHECK_FALSE(last.more);
  CHECK_FALSE(last.joins_last);
  CHECK(shown(last.since) == "2025-05-01T00:00:00.000Z");
}

// Lemmy 1.0 keeps a v3 whose search gives the same twenty hits whatever page is asked for.
TEST_CASE("a v3 that heeds no page covers nothing, and the server is asked again what it runs", "[lemmy]") {
  Talk talk(make_lemmy(word_settings())->discover(caught_up()), now);
  talk.ask();
  auto twenty = hits(many(100, 20, "2025-01-02T00:00:00Z"));
  talk.page(200, twenty);
  CHECK(talk.ask() == search_url("Posts", 2));
  talk.page(200, twenty);
  talk.ask();
  auto last = talk.page(200, hits("[]"));
  CHECK_FALSE(last.more);
  CHECK_FALSE(last.joins_last);
  CHECK_FALSE(last.since.has_value());
  Talk next(make_lemmy(word_settings())->discover(last.cursor), now);
  CHECK(next.ask() == "https://lem.example/.well-known/nodeinfo");
}

TEST_CASE("Lemmy 1.0 is read by v4: the time asked for, page by page to the last mark", "[lemmy]") {
  Talk talk(make_lemmy(word_settings())->discover(caught_up("lemmy+1.0.0")), now);
  auto first = "https://lem.example/api/v4/search?search_term=AllIn&type_=posts&limit=50&time_range_seconds=87000";
  CHECK(talk.ask() == first);
  // It is sorted by heat: an old post ends nothing.
  auto page = talk.page(200, hits(many(100, 50, "2020-01-01T00:00:00Z"), "[]", R"(,"next_page":"a/b")"));
  CHECK(page.more);
  CHECK(talk.ask() == std::string(first) + "&page_cursor=a%2Fb");
  talk.page(200, hits(many(50, 1)));
  CHECK(talk.ask() ==
        "https://lem.example/api/v4/search?search_term=AllIn&type_=comments&limit=50&time_range_seconds=87000");
  auto last = talk.page(200, hits("[]"));
  CHECK_FALSE(last.more);
  CHECK(last.joins_last);
}

TEST_CASE("a mark Lemmy does not know any more begins its list again", "[lemmy]") {
  auto cursor = caught_up("lemmy+1.0.0");
  cursor.position += "&begun=" + ms(now - std::chrono::minutes(5)) + "&list=1&page=3&mark=old";
  Talk talk(make_lemmy(word_settings())->discover(cursor), now);
  CHECK(talk.ask().ends_with("&page_cursor=old"));
  CHECK(talk.page(400, R"({"error":"couldnt_parse_pagination_token","cause":"x"})").more);
  CHECK(talk.ask().find("page_cursor") == std::string::npos);
}

TEST_CASE("PieFed is read under its own address, to the first empty page", "[lemmy]") {
  Talk talk(make_lemmy(word_settings())->discover(caught_up("piefed+1.4.0")), now);
  CHECK(talk.ask() ==
        "https://lem.example/api/alpha/search?q=AllIn&type_=Posts&listing_type=All&sort=New&limit=50&page=1");
  CHECK(talk.page(200, hits(many(9, 2))).more);
  CHECK(talk.ask().ends_with("type_=Posts&listing_type=All&sort=New&limit=50&page=2"));
  talk.page(200, hits("[]"));
  CHECK(talk.ask().find("type_=Comments") != std::string::npos);
}

TEST_CASE("a server of other software is refused by name", "[lemmy]") {
  CHECK_FALSE(lemmy_api_of("mbin 1.8.0").has_value());
  CHECK(lemmy_api_of("") == LemmyApi::v3);
  CHECK(lemmy_api_of("lemmy") == LemmyApi::v3);
  CHECK(lemmy_api_of("lemmy 0.19.15") == LemmyApi::v3);
  CHECK(lemmy_api_of("lemmy 1.0.0-beta.1") == LemmyApi::v4);
  Talk talk(make_lemmy(word_settings())->discover({}), now);
  talk.ask();
  talk.page(200,
            R"({"links":[{"rel":"http://nodeinfo.diaspora.software/ns/schema/2.0","href":"https://lem.example/n"}]})");
  talk.ask();
  auto result = talk.hear(200, R"({"software":{"name":"mbin","version":"1.8.0"}})");
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().code == Failure::refused);
  CHECK(result.error().message.find("mbin 1.8.0") != std::string::npos);
}

TEST_CASE("each refusal of Lemmy is told apart", "[lemmy]") {
  struct Case {
    int status;
    const char* body;
    Failure::Code code;
  };
  const Case cases[] = {{400, R"({"error":"rate_limit_error"})", Failure::throttled},
                        {429, "", Failure::throttled},
                        {429, R"({"code":429,"message":"20 per 1 minute"})", Failure::throttled},
                        {400, R"({"error":"instance_is_private"})", Failure::refused},
                        {401, R"({"error":"incorrect_login"})", Failure::refused},
                        {400, R"({"code":400,"message":"alpha api is not enabled"})", Failure::refused},
                        {400, R"({"error":"unknown","message":"secret"})", Failure::malformed},
                        {403, "<html>Just a moment...</html>", Failure::refused},
                        {503, "<html>", Failure::unavailable},
                        {404, "", Failure::gone},
                        {200, "<html>", Failure::malformed},
                        {200, R"({"error":"x"})", Failure::malformed},
                        {200, R"({"posts":{}})", Failure::malformed}};
  for (const auto& each : cases) {
    INFO(each.status << " " << each.body);
    Talk talk(make_lemmy(word_settings())->discover(caught_up()), now);
    talk.ask();
    auto result = talk.hear(each.status, each.body);
    REQUIRE_FALSE(result.has_value());
    CHECK(result.error().code == each.code);
    CHECK(result.error().message.find("AllIn") == std::string::npos);
    CHECK(result.error().message.find("secret") == std::string::npos);
    bool waits = result.error().retry_after == std::chrono::seconds(600);
    CHECK(waits == (each.code == Failure::throttled));
  }
}

TEST_CASE("a Retry-After of Lemmy counts for more than the ten minutes", "[lemmy]") {
  Talk talk(make_lemmy(word_settings())->discover(caught_up()), now);
  talk.ask();
  auto result = talk.hear(429, "", {{"retry-after", "30"}});
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().retry_after == std::chrono::seconds(30));
}

TEST_CASE("one bad hit of Lemmy is refused with a reason, and the others stand", "[lemmy]") {
  Talk talk(make_lemmy(word_settings())->discover(caught_up()), now);
  talk.ask();
  auto bad = make_list({"null", "[]", R"({"post":[]})", R"({"post":{"id":1,"ap_id":"urn:x"},"creator":{"name":"a"}})",
                        R"({"post":{"id":2,"ap_id":"https://a.example/2"},"creator":{}})",
                        post_view(3, "2025-06-20T08:00:00Z", R"(,"deleted":true)"), R"({"post":{"id":1e999}})",
                        post_view(4, "soon", R"(,"url":"javascript:x","alt_text":7)")});
  auto page = talk.page(200, hits(bad));
  REQUIRE(page.found.size() == 1U);
  CHECK(page.found[0].local_id == "post/4");
  CHECK_FALSE(page.found[0].post.published.has_value());
  CHECK(page.found[0].post.links.empty());
  CHECK(page.refused.size() == 7U);
  for (const auto& each : page.refused) CHECK_FALSE(each.why.empty());
}

TEST_CASE("a post of Lemmy is measured by its id, at the server that showed it", "[lemmy]") {
  auto post = measuring("post/5", "https://lem.example/post/5");
  CHECK(post.ask() == "https://lem.example/api/v3/post?id=5");
  CHECK(post.asked().bucket == "lemmy-reads");
  auto page = post.page(200, R"({"post_view":)" + post_view(5) + R"(,"cross_posts":[]})");
  REQUIRE(page.readings.size() == 1U);
  CHECK(page.readings[0].counters.likes == 2);
  CHECK(page.readings[0].counters.replies == 1);
  REQUIRE(page.readings[0].now.has_value());
  CHECK(page.readings[0].now->post.title == "#AllIn");
  CHECK_FALSE(page.more);

  CHECK(measuring("comment/6").ask() == "https://lem.example/api/v3/comment?id=6");
  CHECK(measuring("v4/comment/6").ask() == "https://lem.example/api/v4/comment?id=6");
  CHECK(measuring("alpha/post/6").ask() == "https://lem.example/api/alpha/post?id=6");
  CHECK(measuring("post/6&x=1").ask() == "https://lem.example/api/v3/post?id=6%26x%3D1");
}

TEST_CASE("what Lemmy says is gone is gone, and a bare 404 is not", "[lemmy]") {
  const std::pair<int, std::string> answers[] = {
      {404, R"({"error":"couldnt_find_post"})"},
      {404, R"({"error":"not_found","cause":"Record not found"})"},
      {400, R"({"code":400,"message":"No row was found","status":"Not found"})"},
      {400, R"({"code":400,"message":"post not found","status":"Bad Request"})"},
      {200, R"({"post_view":)" + post_view(5, "2025-06-20T08:00:00Z", R"(,"removed":true)") + "}"},
      {200, R"({"post_view":)" + post_view(5, "2025-06-20T08:00:00Z", R"(,"deleted":true)") + "}"}};
  for (const auto& [status, body] : answers) {
    INFO(body);
    auto talk = measuring("post/5");
    talk.ask();
    auto page = talk.page(status, body);
    REQUIRE(page.gone.size() == 1U);
    CHECK_FALSE(page.gone[0].why.empty());
    CHECK_FALSE(page.more);
  }
  auto talk = measuring("comment/5");
  CHECK(talk.ask() == "https://lem.example/api/v3/comment?id=5");
  CHECK(talk.page(405, "").more);  // Lemmy 1.0
  CHECK(talk.ask() == "https://lem.example/api/v4/comment?id=5");
  CHECK(talk.page(404, "<html>").more);
  CHECK(talk.ask() == "https://lem.example/api/alpha/comment?id=5");
  auto last = talk.page(404, "");
  CHECK_FALSE(last.more);
  CHECK(last.gone.empty());
  CHECK(last.refused.size() == 1U);
}

TEST_CASE("a measurement of Lemmy in trouble is a failure, and another post is no reading of this one", "[lemmy]") {
  for (int status : {400, 429, 500, 503}) {
    INFO(status);
    auto talk = measuring("post/5");
    talk.ask();
    CHECK_FALSE(talk.hear(status, R"({"error":"rate_limit_error"})").has_value());
  }
  auto talk = measuring("post/5", "https://lem.example/post/4");
  talk.ask();
  auto page = talk.page(200, R"({"post_view":)" + post_view(5) + "}");
  CHECK(page.readings.empty());
  CHECK(page.gone.empty());
  CHECK(page.refused.size() == 1U);
}
