#include "connectors/platforms/bluesky_login.hpp"

#include <fmt/format.h>

#include "tests/unit/bluesky_talk.hpp"

using namespace campaignd;
using namespace campaignd::test;

namespace {

const sys_ms now = utc("2025-06-20T12:00:00Z");
const std::string password = "abcd-efgh-ijkl-mnop";
const std::string login = "https://bsky.social/xrpc/com.atproto.server.createSession";
const std::string home = "https://morel.host.bsky.example";
const std::string search = home + "/xrpc/app.bsky.feed.searchPosts?q=%23AllIn&sort=latest&limit=100";

std::string session_of(const std::string& n, const std::string& endpoint = home) {
  return R"({"accessJwt":"access)" + n + R"(","refreshJwt":"refresh)" + n +
         R"(","did":"did:plc:ola","handle":"ola.example","active":true,"didDoc":{"id":"did:plc:ola","service":[)" +
         R"({"id":"#bsky_fg","serviceEndpoint":"https://feeds.example"},)" +
         R"({"id":"#atproto_pds","type":"AtprotoPersonalDataServer","serviceEndpoint":")" + endpoint + "\"}]}}";
}

std::shared_ptr<Session> make_session(const std::string& credential = "ola.example:" + password) {
  auto out = std::make_shared<Session>();
  out->credential = credential;
  return out;
}

/// As it is after a login.
std::shared_ptr<Session> open_session() {
  auto out = make_session();
  out->token = "access1";
  out->refresh_token = "refresh1";
  out->who = "morel.host.bsky.example";
  return out;
}

SourceSettings with(const std::shared_ptr<Session>& session, std::vector<std::string> tags = {"AllIn"}) {
  SourceSettings out;
  out.tags = std::move(tags);
  out.session = session;
  out.floor = utc("2025-01-01T00:00:00Z");
  return out;
}

Talk searching(const SourceSettings& settings, const Cursor& cursor = {}) {
  return {make_bluesky(settings)->discover(cursor), now};
}

std::string_view authorization(const Talk& talk) { return header(talk.asked().headers, "authorization"); }

void hide_no_secret(const std::string& text) {
  INFO(text);
  for (const char* secret : {"abcd", "mnop", "access1", "refresh1", "ola.example"})
    CHECK(text.find(secret) == std::string::npos);
}

Failure login_failure(int status, const std::string& body) {
  auto talk = searching(with(make_session()));
  talk.ask();
  auto result = talk.hear(status, body);
  REQUIRE_FALSE(result.has_value());
  hide_no_secret(result.error().message);
  return result.error();
}

std::string day(const std::string& date, const std::string& time = "08:00:00.000") { return date + "T" + time + "Z"; }

std::string page_of(const std::string& key, const std::string& created, const std::string& cursor = "") {
  return posts_of({make_post(key, created)}, cursor);
}

}  // namespace

TEST_CASE("a credential is a name, a colon and an app password", "[bluesky][login]") {
  auto account = read_bluesky_credential("@ola.example:" + password);
  REQUIRE(account);
  CHECK(account->identifier == "ola.example");
  CHECK(account->password == password);
  CHECK(read_bluesky_credential("did:plc:ola:pw")->identifier == "did:plc:ola");
  CHECK(read_bluesky_credential("ola@mail.example:pw")->identifier == "ola@mail.example");
  for (const char* none : {"", ":", "ola.example", "ola.example:", ":pw", "@:pw"})
    CHECK_FALSE(read_bluesky_credential(none).has_value());
}

TEST_CASE("the first request logs in, the next searches where the account lives", "[bluesky][login]") {
  auto session = make_session();
  auto talk = searching(with(session));
  CHECK(talk.ask() == login);
  CHECK(talk.asked().is_post);
  CHECK_FALSE(talk.asked().follows_redirects);
  CHECK(talk.asked().bucket == "bluesky-session");
  CHECK(talk.asked().body == R"({"identifier":"ola.example","password":"abcd-efgh-ijkl-mnop"})");
  CHECK(header(talk.asked().headers, "content-type") == "application/json");
  CHECK(authorization(talk).empty());
  auto page = talk.page(200, session_of("1"));
  CHECK(page.more);
  CHECK(page.found.empty());
  hide_no_secret(page.cursor.position);

  CHECK(talk.ask() == search);
  CHECK(authorization(talk) == "Bearer access1");
  CHECK(talk.asked().bucket == "bluesky");
  CHECK_FALSE(talk.asked().is_post);
  CHECK(session->who == "morel.host.bsky.example");
  auto posts = talk.page(200, page_of("1", day("2025-06-20")));
  CHECK(posts.found.size() == 1U);
  CHECK_FALSE(posts.more);
  CHECK(shown(posts.since) == "2025-01-01T00:00:00.000Z");
  hide_no_secret(posts.cursor.position);
  CHECK(searching(with(session), posts.cursor).ask() == search);  // the next poll has the session
}

TEST_CASE("a source may name the server to log in at", "[bluesky][login]") {
  auto settings = with(make_session());
  settings.host = "pds.example";
  auto talk = searching(settings);
  CHECK(talk.ask() == "https://pds.example/xrpc/com.atproto.server.createSession");
  talk.page(200, session_of("1", "http://plain.example"));
  CHECK(talk.ask().starts_with("https://pds.example/xrpc/app.bsky.feed.searchPosts?"));
}

TEST_CASE("an account's home is taken only where it is a host, by TLS", "[bluesky][login]") {
  for (const char* odd : {"", "http://a.example", "https://a.example:8443", "https://u@a.example",
                          "https://a.example/x", "https://", "ftp://a.example", "a.example"}) {
    auto session = make_session();
    auto talk = searching(with(session));
    talk.ask();
    talk.page(200, session_of("1", odd));
    CHECK(session->who == "bsky.social");
  }
  auto session = make_session();
  auto talk = searching(with(session));
  talk.ask();
  talk.page(200, session_of("1", "https://A.Example/"));
  CHECK((session->who == "a.example" || session->who == "bsky.social"));
}

TEST_CASE("a token that has expired is renewed once, with a POST of nothing", "[bluesky][login]") {
  for (int status : {400, 401}) {
    auto session = open_session();
    auto talk = searching(with(session));
    CHECK(talk.ask() == search);
    auto page = talk.page(status, error_of("ExpiredToken", "Token has expired"));
    CHECK(page.more);
    CHECK(talk.ask() == home + "/xrpc/com.atproto.server.refreshSession");
    CHECK(authorization(talk) == "Bearer refresh1");
    CHECK(talk.asked().is_post);
    CHECK(talk.asked().body.empty());
    CHECK(header(talk.asked().headers, "content-type").empty());
    CHECK(talk.page(200, session_of("2")).more);
    CHECK(talk.ask() == search);
    CHECK(authorization(talk) == "Bearer access2");
    auto again = talk.hear(status, error_of("ExpiredToken", "Token access2 has expired"));
    REQUIRE_FALSE(again.has_value());
    CHECK(again.error().code == Failure::refused);
    CHECK(again.error().message.find("access2") == std::string::npos);
  }
}

TEST_CASE("where a renewal is refused, the app password says whether we may", "[bluesky][login]") {
  auto session = open_session();
  auto talk = searching(with(session));
  talk.ask();
  talk.page(400, error_of("InvalidToken", "Token could not be verified"));
  talk.ask();
  CHECK(talk.page(400, error_of("ExpiredToken", "Token has been revoked")).more);
  CHECK(talk.ask() == login);
  auto refused = talk.hear(401, error_of("AuthenticationRequired", "Invalid identifier or password"));
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == Failure::refused);
}

TEST_CASE("a renewal that cannot be had now is tried again, not replaced by a login", "[bluesky][login]") {
  auto session = open_session();
  auto talk = searching(with(session));
  talk.ask();
  talk.page(400, error_of("ExpiredToken", "Token has expired"));
  talk.ask();
  auto busy = talk.hear(503, "");
  REQUIRE_FALSE(busy.has_value());
  CHECK(busy.error().code == Failure::unavailable);
  CHECK(searching(with(session)).ask() == home + "/xrpc/com.atproto.server.refreshSession");
}

TEST_CASE("a session that another job renewed meanwhile is used", "[bluesky][login]") {
  auto session = open_session();
  auto talk = searching(with(session));
  talk.ask();
  session->token = "access2";
  CHECK(talk.page(400, error_of("ExpiredToken", "Token has expired")).more);
  CHECK(talk.ask() == search);
  CHECK(authorization(talk) == "Bearer access2");
}

TEST_CASE("every refusal of a login is told for its remedy, and repeats nothing", "[bluesky][login]") {
  auto says = [](const Failure& failure, const std::string& words) {
    INFO(failure.message);
    CHECK(failure.code == Failure::refused);
    CHECK(failure.message.starts_with("bsky.social "));
    CHECK(failure.message.find(words) != std::string::npos);
  };
  says(login_failure(401, error_of("AuthenticationRequired", "Invalid password abcd-efgh-ijkl-mnop")),
       "handle:app-password");
  says(login_failure(401, error_of("AccountTakedown", "Account has been taken down")), "taken down");
  says(login_failure(401, error_of("AuthFactorTokenRequired", "A sign in code has been sent")), "app password");
  says(login_failure(400, error_of("InvalidRequest", "Input/identifier ola.example")), "handle:app-password");
  says(login_failure(403, "<html>"), "403");
  says(login_failure(404, "<html>"), "no server one can log in at");
  says(login_failure(501, error_of("MethodNotImplemented", "x")), "no server one can log in at");
  CHECK(login_failure(429, error_of("RateLimitExceeded", "Rate Limit Exceeded")).code == Failure::throttled);
  CHECK(login_failure(502, "").code == Failure::unavailable);
  CHECK(login_failure(302, "").code == Failure::malformed);
}

TEST_CASE("a login without tokens, or with some no header can hold, is malformed", "[bluesky][login]") {
  for (const std::string body :
       {"{}", "[]", "<html>", "", R"({"accessJwt":"a"})", R"({"accessJwt":"a\r\nx: y","refreshJwt":"b"})",
        R"({"accessJwt":"a b","refreshJwt":"b"})", R"({"accessJwt":"ä","refreshJwt":"b"})"})
    CHECK(login_failure(200, body).code == Failure::malformed);
  CHECK(login_failure(200, R"({"accessJwt":")" + std::string(9000, 'a') + R"(","refreshJwt":"b"})").code ==
        Failure::malformed);
}

TEST_CASE("a credential of another form is told, and the search goes on as a visitor", "[bluesky][login]") {
  auto talk = searching(with(make_session("only-a-password")));
  CHECK(talk.ask() == "https://public.api.bsky.app/xrpc/app.bsky.feed.searchPosts?q=%23AllIn&sort=latest&limit=100");
  CHECK(authorization(talk).empty());
  auto page = talk.page(200, posts_of({}));
  REQUIRE(page.refused.size() == 1U);
  CHECK(page.refused.front().id.empty());
  CHECK(page.refused.front().why.find("handle:app-password") != std::string::npos);
  CHECK(page.refused.front().why.find("only-a") == std::string::npos);
  auto visitor = searching(with(std::make_shared<Session>()));
  visitor.ask();
  CHECK(visitor.page(200, posts_of({})).refused.empty());
}

TEST_CASE("the whole of a tag is read, page by page, back to the floor", "[bluesky][login]") {
  auto talk = searching(with(open_session()));
  talk.ask();
  CHECK(talk.page(200, page_of("3", day("2025-06-19"), "100")).more);
  CHECK(talk.ask() == search + "&cursor=100");
  auto empty = talk.page(200, posts_of({}, "200"));  // hidden by moderators
  CHECK(empty.more);
  CHECK(talk.ask() == search + "&cursor=200");
  auto last = talk.page(200, page_of("1", day("2024-12-31"), "300"));
  CHECK_FALSE(last.more);
  CHECK_FALSE(last.joins_last);
  CHECK(shown(last.since) == "2025-01-01T00:00:00.000Z");
}

TEST_CASE("a later search goes down to an hour before the last one began", "[bluesky][login]") {
  auto session = open_session();
  auto first = searching(with(session));
  first.ask();
  auto known = first.page(200, page_of("1", day("2025-06-19")));
  auto talk = searching(with(session), known.cursor);
  talk.ask();
  CHECK(talk.page(200, page_of("3", day("2025-06-20", "11:30:00.000"), "100")).more);
  talk.ask();
  auto last = talk.page(200, page_of("2", day("2025-06-20", "10:59:00.000"), "200"));
  CHECK_FALSE(last.more);
  CHECK(last.joins_last);
  CHECK_FALSE(last.since);
}

TEST_CASE("a post whose clock went wrong does not end the reading", "[bluesky][login]") {
  auto session = open_session();
  auto first = searching(with(session));
  first.ask();
  auto known = first.page(200, page_of("1", day("2025-06-19")));
  auto talk = searching(with(session), known.cursor);
  talk.ask();
  CHECK(talk.page(200, posts_of({make_post("4", day("2025-06-20", "11:40:00.000")),
                                 make_post("3", day("2025-06-20", "11:30:00.000")), make_post("2", day("2025-02-01"))},
                                "100"))
            .more);
}

TEST_CASE("a search that broke off goes on by time, and then looks for what came meanwhile", "[bluesky][login]") {
  auto session = open_session();
  auto first = searching(with(session));
  first.ask();
  auto begun = first.page(200, page_of("3", day("2025-06-19"), "100"));
  auto talk = searching(with(session), begun.cursor);
  CHECK(talk.ask() == search + "&until=2025-06-19T08%3A00%3A00.001Z");
  CHECK(talk.page(200, page_of("1", day("2025-06-01"))).more);
  CHECK(talk.ask() == search);
  auto last = talk.page(200, page_of("4", day("2025-06-20", "10:00:00.000"), "100"));
  CHECK_FALSE(last.more);
  CHECK(shown(last.since) == "2025-01-01T00:00:00.000Z");
}

TEST_CASE("where a search ends at ten thousand it goes on by time", "[bluesky][login]") {
  auto talk = searching(with(open_session()));
  for (int i = 0; i < 100; ++i) {
    talk.ask();
    auto at = format_utc(utc("2025-06-19T08:00:00Z") - std::chrono::minutes(i));
    CHECK(talk.page(200, page_of(std::to_string(i), at, std::to_string((i + 1) * 100))).more);
  }
  CHECK(talk.ask() == search + "&until=2025-06-19T06%3A21%3A00.001Z");
}

TEST_CASE("a full page without a cursor is the end of a search, not of the posts", "[bluesky][login]") {
  std::vector<std::string> posts;
  for (int i = 0; i < 100; ++i)
    posts.push_back(make_post(std::to_string(i), format_utc(utc("2025-06-19T08:00:00Z") - std::chrono::minutes(i))));
  auto talk = searching(with(open_session()));
  talk.ask();
  CHECK(talk.page(200, posts_of(posts)).more);
  CHECK(talk.ask() == search + "&until=2025-06-19T06%3A23%3A00.001Z");  // of its last three the newest
  auto last = talk.page(200, page_of("100", day("2025-06-01")));
  CHECK_FALSE(last.more);
  CHECK(shown(last.since) == "2025-01-01T00:00:00.000Z");
}

TEST_CASE("a cursor that is not taken is replaced by a time, where that leads on", "[bluesky][login]") {
  auto talk = searching(with(open_session()));
  talk.ask();
  talk.page(200, page_of("3", day("2025-06-19"), "x"));
  talk.ask();
  CHECK(talk.page(400, error_of("InvalidRequest", "Invalid cursor format")).more);
  CHECK(talk.ask() == search + "&until=2025-06-19T08%3A00%3A00.001Z");
  talk.page(200, page_of("3", day("2025-06-19"), "y"));
  talk.ask();
  auto stuck = talk.hear(400, error_of("InvalidRequest", "Invalid cursor access1"));
  REQUIRE_FALSE(stuck.has_value());
  CHECK(stuck.error().code == Failure::refused);
  hide_no_secret(stuck.error().message);
}

TEST_CASE("a cursor that repeats ends the search, and its coverage says so", "[bluesky][login]") {
  auto talk = searching(with(open_session()));
  talk.ask();
  talk.page(200, page_of("3", day("2025-06-19"), "x"));
  talk.ask();
  auto page = talk.page(200, page_of("2", day("2025-06-18"), "x"));
  CHECK_FALSE(page.more);
  CHECK(shown(page.since) == day("2025-06-18"));
}

TEST_CASE("a search is cut at its cap on pages", "[bluesky][login]") {
  auto settings = with(open_session());
  settings.backfill_pages = 2;
  auto talk = searching(settings);
  talk.ask();
  CHECK(talk.page(200, page_of("3", day("2025-06-19"), "x")).more);
  talk.ask();
  auto page = talk.page(200, page_of("2", day("2025-06-18"), "y"));
  CHECK_FALSE(page.more);
  CHECK(shown(page.since) == day("2025-06-18"));
}

TEST_CASE("each tag is searched for to its end", "[bluesky][login]") {
  auto talk = searching(with(open_session(), {"AllIn", "Łódź"}));
  talk.ask();
  talk.page(200, page_of("3", day("2025-06-19"), "100"));
  talk.ask();
  CHECK(talk.page(200, page_of("2", day("2025-06-18"))).more);
  auto second = talk.ask();
  CHECK(second.find("q=%23%C5%81%C3%B3d%C5%BA&") != std::string::npos);
  CHECK(second.find("cursor") == std::string::npos);
  auto last = talk.page(200, page_of("a", day("2025-06-17")));
  CHECK_FALSE(last.more);
  CHECK(shown(last.since) == "2025-01-01T00:00:00.000Z");
}

TEST_CASE("an account that may not search is told of, and errors of servers are as ever", "[bluesky][login]") {
  auto failure = [](int status, const std::string& body) {
    auto session = open_session();
    auto talk = searching(with(session));
    talk.ask();
    auto result = talk.hear(status, body);
    if (result) {  // a new token first
      talk.ask();
      talk.page(200, session_of("1"));
      talk.ask();
      result = talk.hear(status, body);
    }
    REQUIRE_FALSE(result.has_value());
    hide_no_secret(result.error().message);
    return result.error().code;
  };
  CHECK(failure(401, error_of("AccountDeactivated", "Account is deactivated")) == Failure::refused);
  CHECK(failure(400, error_of("InvalidRequest", "Error: Params access1")) == Failure::refused);
  CHECK(failure(403, "<html>") == Failure::refused);
  CHECK(failure(429, "{}") == Failure::throttled);
  CHECK(failure(502, error_of("UpstreamFailure", "x")) == Failure::unavailable);
  CHECK(failure(200, "<html>") == Failure::malformed);
}
