#include <catch2/catch.hpp>

#include "connectors/platforms/misskey.hpp"
#include "tests/unit/talk.hpp"

using namespace campaignd;
using namespace campaignd::test;

namespace {

const sys_ms now = utc("2025-06-20T12:00:00Z");
const std::string asked = "&asked=" + std::to_string(now.time_since_epoch().count());

std::string note(const std::string& id, const std::string& user = R"({"username":"Ann","host":null})",
                 const std::string& created = "2025-06-20T08:00:00.000Z") {
  return R"({"id":")" + id + R"(","createdAt":")" + created + R"(","user":)" + user + R"(,"text":"x"})";
}

SourceSettings partner(const std::string& account = "ann@home.example") {
  SourceSettings out;
  out.account = account;
  out.floor = utc("2025-01-01T00:00:00Z");
  return out;
}

Cursor at(const std::string& position) {
  Cursor out;
  out.position = position + asked + "&software=misskey+2025.6.0";
  return out;
}

/// Looked up a minute ago.
Cursor known(const std::string& position) {
  auto looked = now - std::chrono::minutes(1);
  return at(position + "&account=u7&followers=12&looked=" + std::to_string(looked.time_since_epoch().count()));
}

Talk poll(const Cursor& cursor, const SourceSettings& settings = partner()) {
  return {make_misskey(settings)->discover(cursor), now};
}

std::string error(const std::string& code) { return R"({"error":{"code":")" + code + R"("}})"; }

}  // namespace

TEST_CASE("an account is looked up at the server in its name, then its notes are read", "[misskey][account]") {
  auto talk = poll({});
  CHECK(talk.ask() == "https://home.example/.well-known/nodeinfo");
  CHECK(talk.page(404, "").more);
  CHECK(talk.ask() == "https://home.example/api/users/show");
  CHECK(talk.asked().body == R"({"username":"ann"})");
  auto looked_up = talk.page(200, R"({"id":"u7","username":"Ann","followersCount":34,"followersVisibility":"public"})");
  CHECK(looked_up.more);
  CHECK(talk.ask() == "https://home.example/api/users/notes");
  CHECK(talk.asked().body == R"({"userId":"u7","limit":50,"withReplies":true,"withRenotes":false})");
  auto page = talk.page(200, make_list({note("c3"), note("c2", R"({"username":"ann","host":"home.example"})")}));
  REQUIRE(page.found.size() == 2U);
  CHECK(page.found[0].post.author.key == "ann@home.example");
  CHECK(page.found[1].post.author.key == "ann@home.example");
  CHECK(page.found[0].post.author.followers == 34);
  CHECK(page.more);
  talk.ask();
  CHECK(talk.asked().body.find(R"("untilId":"c2")") != std::string::npos);
  CHECK_FALSE(talk.page(200, "[]").more);
}

TEST_CASE("within a day an account is not looked up again, and its followers are remembered", "[misskey][account]") {
  auto talk = poll(known("newest=c3&oldest="));
  CHECK(talk.ask() == "https://home.example/api/users/notes");
  auto page = talk.page(200, make_list({note("c4"), note("c3")}));
  CHECK(page.joins_last);
  CHECK(page.found[0].post.author.followers == 12);

  auto later = Talk(make_misskey(partner())->discover(page.cursor), now + std::chrono::days(1));
  CHECK(later.ask() == "https://home.example/api/users/show");
}

TEST_CASE("an account may be read at another server than its own", "[misskey][account]") {
  auto settings = partner("@Ann@Home.example");
  settings.host = "other.example";
  auto talk = poll(at(""), settings);
  CHECK(talk.ask() == "https://other.example/api/users/show");
  CHECK(talk.asked().body == R"({"username":"ann","host":"home.example"})");
}

TEST_CASE("followers that an account hides are not zero", "[misskey][account]") {
  auto followers = [](const std::string& more) {
    auto talk = poll(at(""));
    talk.ask();
    talk.page(200, R"({"id":"u7","username":"ann")" + more + "}");
    talk.ask();
    return talk.page(200, make_list({note("c3")})).found.at(0).post.author.followers;
  };
  CHECK(followers(R"(,"followersCount":0,"followersVisibility":"public")") == 0);
  CHECK(followers(R"(,"followersCount":5,"ffVisibility":"private")") == 5);
  CHECK_FALSE(followers(R"(,"followersCount":0,"ffVisibility":"followers")").has_value());
  CHECK_FALSE(followers(R"(,"followersCount":0,"followersVisibility":"private")").has_value());
  CHECK_FALSE(followers("").has_value());
}

TEST_CASE("an account that is unknown, suspended or not shown is a failure that names it", "[misskey][account]") {
  auto failure = [](int status, const std::string& body) {
    auto talk = poll(at(""));
    talk.ask();
    auto said = talk.hear(status, body);
    REQUIRE(said.has_error());
    return said.error();
  };
  auto unknown = failure(404, error("NO_SUCH_USER"));
  CHECK(unknown.code == Failure::gone);
  CHECK(unknown.message.find("home.example knows no account ann@home.example") == 0U);
  CHECK(failure(400, error("NO_SUCH_USER")).code == Failure::gone);
  CHECK(failure(500, error("FAILED_TO_RESOLVE_REMOTE_USER")).code == Failure::gone);
  CHECK(failure(200, R"({"id":"u8","username":"bob"})").code == Failure::gone);
  CHECK(failure(200, R"({"id":"u7","username":"ann","isSuspended":true})").code == Failure::refused);
  CHECK(failure(401, error("CREDENTIAL_REQUIRED")).message.find("ann@home.example") != std::string::npos);
  CHECK(failure(429, "").code == Failure::throttled);
  CHECK(failure(200, "<html>").code == Failure::malformed);
  CHECK(failure(200, "[]").code == Failure::malformed);
}

TEST_CASE("an account that moved or was silenced is read on, and the source says so", "[misskey][account]") {
  auto notice = [](const std::string& more) {
    auto talk = poll(at("newest=c3&oldest="));
    talk.ask();
    talk.page(200, R"({"id":"u7","username":"ann")" + more + "}");
    talk.ask();
    auto page = talk.page(200, make_list({note("c3")}));
    return page.refused.empty() ? std::string{} : page.refused.back().why;
  };
  CHECK(notice("").empty());
  CHECK(notice(R"(,"movedTo":"https://new.example/users/1")") ==
        "ann@home.example has moved to https://new.example/users/1: add that account to the configuration");
  CHECK(notice(R"(,"isSilenced":true)").find("has silenced ann@home.example") != std::string::npos);
}

TEST_CASE("notes of others are not the account's", "[misskey][account]") {
  auto talk = poll(known("newest=c1&oldest="));
  talk.ask();
  auto page = talk.page(200, make_list({note("c3", R"({"username":"bob","host":null})"), note("c1")}));
  REQUIRE(page.found.size() == 1U);
  REQUIRE(page.refused.size() == 1U);
  CHECK(page.refused[0].why == "a note of another account");
}

TEST_CASE("a server made anew is read from its beginning", "[misskey][account]") {
  auto talk = poll(at("newest=c3&oldest=&account=u1&looked=0"));
  CHECK(talk.ask() == "https://home.example/api/users/show");
  auto page = talk.page(200, R"({"id":"u9","username":"ann"})");
  CHECK(page.cursor.position.find("newest=&") == 0U);
}
