// Reddit: the app's token, and whoever has none.
#include "tests/unit/reddit_talk.hpp"

using namespace campaignd;
using namespace campaignd::test;
using namespace campaignd::test::reddit;

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
