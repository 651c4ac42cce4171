// Reddit: the app's token, the searches, what is deleted, and the many ways in which it says no.
#include "connectors/platforms/reddit.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "tests/unit/talk.hpp"

using namespace campaignd;
using namespace campaignd::test;
using namespace std::chrono_literals;

namespace {

const sys_ms noon = utc("2025-06-21T12:00:00Z");
const std::string secret = "s3cr3t-key", token = "t0k3n-of-the-app";
const std::string token_answer =
    "{\"access_token\":\"" + token + "\",\"token_type\":\"bearer\",\"expires_in\":86400,\"scope\":\"*\"}";
const std::string search =
    "https://oauth.reddit.com/search?q=%22all%20in%22&type=link&include_over_18=on&sort=new&t=all&limit=100&raw_json=1";

std::shared_ptr<Session> a_session(bool with_token = true) {
  auto out = std::make_shared<Session>();
  out->credential = "app-id:" + secret + ":Ewa_K";
  if (!with_token) return out;
  out->token = token;
  out->valid_until = noon + 24h;
  return out;
}

SourceSettings searching(std::shared_ptr<Session> session = a_session()) {
  SourceSettings out;
  out.query = "\"all in\"";
  out.floor = utc("2025-06-01T00:00:00Z");
  out.session = std::move(session);
  return out;
}

Talk poll(const SourceSettings& settings = searching(), const Cursor& cursor = {}, sys_ms now = noon) {
  return Talk(make_reddit(settings)->discover(cursor), now);
}

Talk measurement(const std::vector<std::string>& names, std::shared_ptr<Session> session = a_session()) {
  std::vector<PostRef> posts;
  for (const auto& name : names) posts.push_back({std::ssize(posts) + 1, "reddit.com", name, ""});
  return Talk(make_reddit(searching(std::move(session)))->measure(posts), noon);
}

std::string make_post(const std::string& name, const std::string& more = "", sys_ms at = noon - 2h) {
  return fmt::format(R"({{"kind":"t3","data":{{"name":"{}","title":"All in","author":"Ewa","created_utc":{}.0,)"
                     R"("permalink":"/r/x/comments/{}/all_in/"{}}}}})",
                     name, std::chrono::floor<std::chrono::seconds>(at.time_since_epoch()).count(), name.substr(3),
                     more);
}

std::string listing(const std::vector<std::string>& items, const std::string& after = "null") {
  std::string list;
  for (const auto& each : items) list += (list.empty() ? "" : ",") + each;
  return "{\"kind\":\"Listing\",\"data\":{\"after\":" + after + ",\"children\":[" + list + "]}}";
}

std::string value_of(const Request& request, const std::string& name) {
  return std::string(header(request.headers, name));
}

void check_is_no_secret_in(const std::string& text) {
  for (const auto& each : {secret, token, std::string("app-id")}) CHECK(text.find(each) == std::string::npos);
}

Failure failure_of(int status, const std::string& body, const Headers& headers = {},
                   const SourceSettings& settings = searching()) {
  auto talk = poll(settings);
  talk.ask();
  if (status == 401) {  // the first is answered by another token
    talk.page(401, "");
    talk.ask();
    talk.page(200, token_answer);
    talk.ask();
  }
  auto result = talk.hear(status, body, headers);
  REQUIRE(result.has_error());
  check_is_no_secret_in(result.error().message);
  return result.error();
}

const Headers html{{"content-type", "text/html; charset=UTF-8"}};

}  // namespace

TEST_CASE("Reddit: a token is asked for first, with the app's key in a header", "[reddit]") {
  auto session = a_session(false);
  auto talk = poll(searching(session));
  CHECK(talk.ask() == "https://www.reddit.com/api/v1/access_token");
  CHECK(talk.asked().body == "grant_type=client_credentials");
  CHECK(talk.asked().bucket == "reddit");
  CHECK_FALSE(talk.asked().follows_redirects);
  CHECK(value_of(talk.asked(), "authorization") == "Basic YXBwLWlkOnMzY3IzdC1rZXk=");
  CHECK(value_of(talk.asked(), "content-type") == "application/x-www-form-urlencoded");
  CHECK(value_of(talk.asked(), "user-agent") == "linux:campaignd:v0.1.0 (by /u/Ewa_K)");
  auto page = talk.page(200, token_answer);
  CHECK(page.more);
  check_is_no_secret_in(page.cursor.position);
  CHECK(session->token == token);
  CHECK(session->valid_until == noon + 24h);
  CHECK(talk.ask() == search);
}

TEST_CASE("Reddit: what is asked goes out with the token and under the app's own name", "[reddit]") {
  auto talk = poll();
  CHECK(talk.ask() == search);
  CHECK(talk.asked().body.empty());
  CHECK(talk.asked().bucket == "reddit");
  CHECK_FALSE(talk.asked().follows_redirects);
  CHECK(value_of(talk.asked(), "authorization") == "Bearer " + token);
  CHECK(value_of(talk.asked(), "user-agent") == "linux:campaignd:v0.1.0 (by /u/Ewa_K)");
}

TEST_CASE("Reddit: a token that is about to end is replaced before it is used", "[reddit]") {
  auto session = a_session();
  session->valid_until = noon + 30s;
  CHECK(poll(searching(session)).ask().find("access_token") != std::string::npos);
}

TEST_CASE("Reddit: a token of no length is used once all the same, and a poll does not ask for tokens for ever",
          "[reddit]") {
  auto talk = poll(searching(a_session(false)));
  talk.ask();
  talk.page(200, R"({"access_token":"x","expires_in":0})");
  CHECK(talk.ask() == search);
}

TEST_CASE("Reddit: a token that is not taken is renewed once, then the operator is told", "[reddit]") {
  auto session = a_session();
  auto talk = poll(searching(session));
  talk.ask();
  auto page = talk.page(401, R"({"message": "Unauthorized", "error": 401})");
  CHECK(page.more);
  CHECK(talk.ask().find("access_token") != std::string::npos);
  talk.page(200, token_answer);
  CHECK(talk.ask() == search);
  auto refused = talk.hear(401, R"({"message": "Unauthorized", "error": 401})");
  REQUIRE(refused.has_error());
  CHECK(refused.error().code == Failure::refused);
  check_is_no_secret_in(refused.error().message);
}

TEST_CASE("Reddit: a token another job has renewed meanwhile is used", "[reddit]") {
  auto session = a_session();
  auto talk = poll(searching(session));
  talk.ask();
  session->token = "newer";
  talk.page(401, "");
  CHECK(talk.ask() == search);
  CHECK(value_of(talk.asked(), "authorization") == "Bearer newer");
}

TEST_CASE("Reddit: without a credential, or with one of another form, nothing is asked of Reddit", "[reddit]") {
  for (const char* text : {"", "id", "id:secret", "id::name", ":secret:name", "id:secret:", "id:secret:Ewa K",
                           "id:secret:Ewa\r\nx-evil: 1", "i d:secret:name"}) {
    INFO(text);
    auto session = a_session(false);
    session->credential = text;
    auto talk = poll(searching(session));
    talk.ask();
    CHECK(talk.asked().headers.empty());
    auto result = talk.hear(200, token_answer);
    REQUIRE(result.has_error());
    CHECK(result.error().code == Failure::refused);
    CHECK(result.error().message.find("client_id:client_secret:username") != std::string::npos);
    CHECK(session->token.empty());
  }
  auto talk = poll(searching(nullptr));
  talk.ask();
  CHECK(talk.hear(200, "{}").error().code == Failure::refused);
}

TEST_CASE("Reddit: a colon in the secret is part of it", "[reddit]") {
  auto session = a_session(false);
  session->credential = "id:a:b:name";
  auto talk = poll(searching(session));
  talk.ask();
  CHECK(value_of(talk.asked(), "authorization") == "Basic aWQ6YTpi");
}

TEST_CASE("Reddit: an app it does not know is the operator's to mend", "[reddit]") {
  for (auto [status, body] : {std::pair(401, R"({"message": "Unauthorized", "error": 401})"),
                              std::pair(400, R"({"error": "unsupported_grant_type"})"),
                              std::pair(200, R"({"error": "invalid_grant"})"), std::pair(200, "{}")}) {
    INFO(status << body);
    auto talk = poll(searching(a_session(false)));
    talk.ask();
    auto result = talk.hear(status, body);
    REQUIRE(result.has_error());
    CHECK(result.error().code == Failure::refused);
    CHECK(result.error().message.find("does not know this app") != std::string::npos);
    check_is_no_secret_in(result.error().message);
  }
}

TEST_CASE("Reddit: trouble with the token is trouble as any other", "[reddit]") {
  auto code = [](int status, const std::string& body, const Headers& headers) {
    auto talk = poll(searching(a_session(false)));
    talk.ask();
    return talk.hear(status, body, headers).error().code;
  };
  CHECK(code(503, "", {}) == Failure::unavailable);
  CHECK(code(429, "", {}) == Failure::throttled);
  CHECK(code(403, "<html>whoa there, pardner!</html>", html) == Failure::refused);
  CHECK(code(200, "<html>are you a robot?</html>", html) == Failure::refused);
  CHECK(code(200, "{\"access_token\":", {}) == Failure::malformed);
}

TEST_CASE("Reddit: a post is its author's, with Reddit's score for likes", "[reddit]") {
  auto talk = poll();
  talk.ask();
  const std::string more =
      R"x(,"selftext":"#AllIn & [this](https://allin.example/a)","score":42,"num_comments":7,"num_crossposts":1)x"
      R"x(,"edited":1750413600.0,"url":"https://news.example/?a=1&b=2")x";
  auto page = talk.page(200, listing({make_post("t3_1lg0002", more)}));
  REQUIRE(page.found.size() == 1);
  const auto& post = page.found[0].post;
  CHECK(page.found[0].local_id == "t3_1lg0002");
  CHECK(post.platform == "reddit");
  CHECK(post.host == "reddit.com");
  CHECK(post.uri == "https://www.reddit.com/comments/1lg0002");
  CHECK(post.url == "https://www.reddit.com/r/x/comments/1lg0002/all_in/");
  CHECK(post.aliases == std::vector<std::string>{"https://redd.it/1lg0002"});
  CHECK(post.author.key == "ewa");
  CHECK(post.kind == Kind::original);
  CHECK(shown(post.published) == "2025-06-21T10:00:00.000Z");
  CHECK(shown(post.edited) == "2025-06-20T10:00:00.000Z");
  CHECK(post.title == "All in");
  CHECK(post.text.find("#AllIn & this") == 0);
  CHECK(post.links == std::vector<std::string>{"https://allin.example/a", "https://news.example/?a=1&b=2"});
  CHECK_FALSE(post.tags.has_value());
  CHECK(post.language.empty());
  CHECK(page.found[0].counters == Counters{.likes = 42, .quotes = 1, .replies = 7});
}

TEST_CASE("Reddit: a score that is hidden, negative or none was not said", "[reddit]") {
  for (const char* more : {R"(,"score":1,"hide_score":true)", R"(,"score":-4)", R"(,"score":null)", "",
                           R"(,"score":"many")", R"(,"score":1e300)"}) {
    INFO(more);
    auto talk = poll();
    talk.ask();
    auto page = talk.page(200, listing({make_post("t3_a", more)}));
    REQUIRE(page.found.size() == 1);
    CHECK_FALSE(page.found[0].counters.likes.has_value());
  }
}

TEST_CASE("Reddit: a post that was deleted or removed is not read", "[reddit]") {
  for (const char* more :
       {R"(,"removed_by_category":"deleted")", R"(,"removed_by_category":"moderator")",
        R"(,"removed_by_category":"automod_filtered")", R"(,"selftext":"[removed]")", R"(,"selftext":"[deleted]")"}) {
    INFO(more);
    auto talk = poll();
    talk.ask();
    auto page = talk.page(200, listing({make_post("t3_a", more), make_post("t3_b")}));
    REQUIRE(page.found.size() == 1);
    CHECK(page.found[0].local_id == "t3_b");
    REQUIRE(page.refused.size() == 1);
    CHECK(page.refused[0].id == "t3_a");
  }
}

TEST_CASE("Reddit: a first poll pages down to the floor and says so", "[reddit]") {
  auto talk = poll();
  talk.ask();
  auto page = talk.page(200, listing({make_post("t3_b9"), make_post("t3_b8")}, "\"t3_b8\""));
  CHECK(page.more);
  CHECK_FALSE(page.since.has_value());
  CHECK(talk.ask() == search + "&after=t3_b8");
  page = talk.page(200, listing({make_post("t3_b7")}));
  CHECK_FALSE(page.more);
  CHECK_FALSE(page.joins_last);
  CHECK(shown(page.since) == "2025-06-01T00:00:00.000Z");
}

TEST_CASE("Reddit: a later poll reads down to a day before the last, because the search learns late", "[reddit]") {
  auto first = poll();
  first.ask();
  auto cursor = first.page(200, listing({make_post("t3_b1")})).cursor;

  auto later = noon + 30min;
  auto talk = poll(searching(), cursor, later);
  CHECK(talk.ask() == search);
  auto page =
      talk.page(200, listing({make_post("t3_b3", "", later - 1min), make_post("t3_b0", "", noon - 25h)}, "\"t3_b0\""));
  CHECK(page.more);  // not all of it is old
  CHECK(talk.ask() == search + "&after=t3_b0");
  page = talk.page(200, listing({make_post("t3_a9", "", noon - 26h)}, "\"t3_a9\""));
  CHECK_FALSE(page.more);
  CHECK(page.joins_last);
  CHECK_FALSE(page.since.has_value());
}

TEST_CASE("Reddit: a search that ends by itself after two hundred posts claims no more than it read", "[reddit]") {
  auto talk = poll();
  talk.ask();
  talk.page(200, listing({make_post("t3_b9")}, "\"t3_b9\""));
  talk.ask();
  talk.page(200, listing({make_post("t3_b8")}, "\"t3_b8\""));
  talk.ask();
  auto page = talk.page(200, listing({make_post("t3_b7", "", noon - 5h)}));
  CHECK_FALSE(page.more);
  CHECK(page.since == noon - 5h);
}

TEST_CASE("Reddit: a listing is read for ten pages at the most, and one that turns in circles is left", "[reddit]") {
  auto talk = poll();
  Page page;
  int requests = 0;
  for (page.more = true; page.more && requests < 50; ++requests) {
    talk.ask();
    page = talk.page(200, listing({make_post(fmt::format("t3_b{}", requests))}, fmt::format("\"t3_b{}\"", requests)));
  }
  CHECK(requests == 10);
  CHECK(page.since == noon - 2h);

  auto circle = poll();
  circle.ask();
  CHECK(circle.page(200, listing({make_post("t3_b1")}, "\"t3_b1\"")).more);
  circle.ask();
  CHECK_FALSE(circle.page(200, listing({make_post("t3_b1")}, "\"t3_b1\"")).more);

  auto odd = poll();
  odd.ask();
  CHECK_FALSE(odd.page(200, listing({make_post("t3_b1")}, "\"../../api\"")).more);
}

TEST_CASE("Reddit: a poll that broke off goes on at its page, and then looks at what came since", "[reddit]") {
  auto first = poll();
  first.ask();
  auto cursor = first.page(200, listing({make_post("t3_b9")}, "\"t3_b9\"")).cursor;

  auto talk = poll(searching(), cursor, noon + 1h);
  CHECK(talk.ask() == search + "&after=t3_b9");
  CHECK(talk.page(200, listing({make_post("t3_b8")})).more);
  CHECK(talk.ask() == search);
}

TEST_CASE("Reddit: where the post that named the page is gone, the list is read from its top", "[reddit]") {
  auto first = poll();
  first.ask();
  auto cursor = first.page(200, listing({make_post("t3_b9")}, "\"t3_b9\"")).cursor;

  auto talk = poll(searching(), cursor, noon + 1h);
  talk.ask();
  CHECK(talk.page(200, listing({})).more);
  CHECK(talk.ask() == search);
}

TEST_CASE("Reddit: a token that ends within a poll does not lose its place", "[reddit]") {
  auto talk = poll();
  talk.ask();
  talk.page(200, listing({make_post("t3_b9")}, "\"t3_b9\""));
  talk.ask();
  auto page = talk.page(401, "");
  talk.ask();
  CHECK(talk.page(200, token_answer).cursor == page.cursor);
  CHECK(talk.ask() == search + "&after=t3_b9");
}

TEST_CASE("Reddit: an account's posts are read by its name, however it is written", "[reddit]") {
  for (const char* name : {"Ewa_K", "u/Ewa_K", "/u/Ewa_K", "/user/Ewa_K", "@Ewa_K"}) {
    auto settings = searching();
    settings.account = name;
    CHECK(poll(settings).ask() == "https://oauth.reddit.com/user/Ewa_K/submitted?sort=new&t=all&limit=100&raw_json=1");
  }
}

TEST_CASE("Reddit: an account that is not shown is a failure that names it", "[reddit]") {
  auto settings = searching();
  settings.account = "Ewa_K";
  for (auto [status, body] : {std::pair(404, R"({"message": "Not Found", "error": 404})"),
                              std::pair(403, R"({"message": "Forbidden", "error": 403})")}) {
    auto failure = failure_of(status, body, {}, settings);
    CHECK(failure.code == Failure::gone);
    CHECK(failure.message.find("Ewa_K") != std::string::npos);
  }
  CHECK(failure_of(403, "<html>whoa there, pardner!</html>", html, settings).code == Failure::refused);
}

TEST_CASE("Reddit: each of its refusals says what to do", "[reddit]") {
  struct Case {
    int status;
    const char* body;
    Failure::Code code;
    const char* words;
  };
  for (const auto& each : {
           Case{400,
                R"({"fields":["id"],"explanation":"that user doesn't exist","message":"Bad Request",)"
                R"("reason":"USER_DOESNT_EXIST"})",
                Failure::gone, "that user doesn't exist"},
           Case{400, R"({"message":"Bad Request","error":400})", Failure::refused, "Bad Request"},
           Case{401, R"({"message":"Unauthorized","error":401})", Failure::refused, "still approved"},
           Case{403, R"({"message":"Forbidden","error":403})", Failure::refused, "not approved"},
           Case{403, R"({"reason":"private","message":"Forbidden","error":403})", Failure::refused, "private"},
           Case{403, R"({"reason":"quarantined","message":"Forbidden","error":403})", Failure::refused, "quarantined"},
           Case{403, R"({"reason":"banned","message":"Forbidden","error":403})", Failure::refused, "banned"},
           Case{404, R"({"message":"Not Found","error":404})", Failure::gone, "404"},
           Case{301, "", Failure::refused, "elsewhere"},
           Case{302, "", Failure::refused, "elsewhere"},
           Case{500, "<html>", Failure::unavailable, "500"},
           Case{502, "<html>", Failure::unavailable, "502"},
           Case{503, "<html>", Failure::unavailable, "503"},
           Case{504, "<html>", Failure::unavailable, "504"},
           Case{200, "[]", Failure::malformed, "listing"},
           Case{200, R"({"kind":"Listing","data":{}})", Failure::malformed, "listing"},
       }) {
    INFO(each.status << each.body);
    auto failure = failure_of(each.status, each.body);
    CHECK(failure.code == each.code);
    CHECK(failure.message.find(each.words) != std::string::npos);
  }
}

TEST_CASE("Reddit: a page that shuts us out means six hours of rest, whatever its status", "[reddit]") {
  for (auto [status, body, headers] :
       {std::tuple(403, "<!doctype html>whoa there, pardner!", html),
        std::tuple(403, "<body>You've been blocked by network security.</body>", Headers{}),
        std::tuple(200, "<html>Prove your humanity</html>", Headers{}), std::tuple(200, "", html)}) {
    INFO(status << body);
    auto failure = failure_of(status, body, headers);
    CHECK(failure.code == Failure::refused);
    CHECK(failure.retry_after == 6h);
  }
  auto patient = html;
  patient.emplace_back("retry-after", "43200");
  CHECK(failure_of(403, "<html>", patient).retry_after == 12h);
}

TEST_CASE("Reddit: too many requests wait as told, by either header, or a minute", "[reddit]") {
  const std::string body = R"({"message": "Too Many Requests", "error": 429})";
  CHECK(failure_of(429, body, {{"retry-after", "90"}}).retry_after == 90s);
  CHECK(failure_of(429, body, {{"x-ratelimit-remaining", "0.0"}, {"x-ratelimit-reset", "258"}}).retry_after == 258s);
  CHECK(failure_of(429, "<html>Too Many Requests</html>", html).retry_after == 60s);
  CHECK(failure_of(429, body).code == Failure::throttled);
}

TEST_CASE("Reddit: a batch is measured with one request", "[reddit]") {
  auto talk = measurement({"t3_a", "t3_b"});
  CHECK(talk.ask() == "https://oauth.reddit.com/api/info?id=t3_a,t3_b&raw_json=1");
  auto page = talk.page(200, listing({make_post("t3_b", R"(,"score":5)"), make_post("t3_a", R"(,"score":3)")}));
  CHECK_FALSE(page.more);
  REQUIRE(page.readings.size() == 2);
  CHECK(page.readings[0].of.post == 1);
  CHECK(page.readings[0].counters.likes == 3);
  CHECK(page.readings[0].now->local_id == "t3_a");
  CHECK(page.readings[1].of.post == 2);
  CHECK(page.gone.empty());
}

TEST_CASE("Reddit: what its author or a moderator took away is gone, and so is what is not shown", "[reddit]") {
  auto talk = measurement({"t3_a", "t3_b", "t3_c", "t3_d"});
  talk.ask();
  auto page = talk.page(200, listing({make_post("t3_a", R"(,"removed_by_category":"deleted")"),
                                      make_post("t3_b", R"(,"removed_by_category":"moderator")"), make_post("t3_d")}));
  REQUIRE(page.gone.size() == 3);
  CHECK(page.gone[0].of.post == 1);
  CHECK(page.gone[0].why == "deleted by its author");
  CHECK(page.gone[1].why == "removed (moderator)");
  CHECK(page.gone[2].of.local_id == "t3_c");
  CHECK(page.readings.size() == 1);
}

TEST_CASE("Reddit: an empty answer to a batch proves nothing, nor does one with an item nobody can name", "[reddit]") {
  auto empty = measurement({"t3_a", "t3_b"});
  empty.ask();
  CHECK(empty.page(200, listing({})).gone.empty());

  auto broken = measurement({"t3_a", "t3_b"});
  broken.ask();
  auto page = broken.page(200, listing({make_post("t3_b"), R"({"kind":"t3","data":{"name":"\ud800"}})"}));
  CHECK(page.gone.empty());
  CHECK(page.readings.size() == 1);
  CHECK(page.refused.size() == 1);

  auto single = measurement({"t3_a"});
  single.ask();
  CHECK(single.page(200, listing({})).gone.size() == 1);
}

TEST_CASE("Reddit: a post that is there but cannot be read is not gone", "[reddit]") {
  auto talk = measurement({"t3_a", "no-name"});
  CHECK(talk.ask() == "https://oauth.reddit.com/api/info?id=t3_a&raw_json=1");
  auto page = talk.page(200, listing({R"({"kind":"t3","data":{"name":"t3_a","created_utc":1750410000}})"}));
  CHECK(page.gone.empty());
  CHECK(page.refused.size() == 2);
}

TEST_CASE("Reddit: a measurement renews its token as a poll does", "[reddit]") {
  auto talk = measurement({"t3_a"}, a_session(false));
  CHECK(talk.ask().find("access_token") != std::string::npos);
  CHECK(talk.page(200, token_answer).more);
  talk.ask();
  CHECK(talk.hear(403, "<html>", html).error().retry_after == 6h);
}

TEST_CASE("Reddit: rows are kept for two days, and deletions looked for as soon", "[reddit]") {
  CHECK(reddit_contract.keep_at_most == std::chrono::days(2));
  CHECK(reddit_contract.recheck_within == 48h);
  CHECK(reddit_contract.access == Access::review);
  CHECK(reddit_contract.credential.required);
}

TEST_CASE("Reddit: a file may be a listing, or a post with its comments", "[reddit]") {
  auto one = parse_reddit(listing({make_post("t3_a")}), {});
  REQUIRE(one.has_value());
  CHECK(one->find("comments/a") != std::string::npos);
  auto pair = parse_reddit("[" + listing({make_post("t3_b")}) + "," + listing({}) + "]", {});
  REQUIRE(pair.has_value());
  CHECK(pair->find("comments/b") != std::string::npos);
  CHECK(parse_reddit("{}", {}).has_error());
  CHECK(parse_reddit("[1]", {}).has_error());
}
