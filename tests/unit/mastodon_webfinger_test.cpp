// An account whose server goes by another name: WebFinger knows where it is.
#include <catch2/catch.hpp>

#include "tests/unit/talk.hpp"

using namespace campaignd;
using namespace campaignd::test;

namespace {

const sys_ms now = utc("2025-06-20T12:00:00Z");
const std::string look_up = "https://home.example/api/v1/accounts/lookup?acct=a";
const std::string whereabouts = "https://home.example/.well-known/webfinger?resource=acct%3Aa%40home.example";

SourceSettings account_settings(const std::string& account = "a@home.example") {
  SourceSettings out;
  out.host = "home.example";
  out.account = account;
  out.floor = utc("2025-01-01T00:00:00Z");
  return out;
}

/// A cursor of a source that knows what its server runs, and not yet the account's id.
Cursor not_looked_up(const std::string& software) { return resumed("software=" + software, now, now); }

}  // namespace

TEST_CASE("an account whose server has another name is found by WebFinger, and that is remembered",
          "[mastodon][account]") {
  const std::string jrd =
      R"({"subject":"acct:a@home.example","links":[{"rel":"http://webfinger.net/rel/profile-page","type":"text/html",)"
      R"("href":"https://pages.example/@a"},{"rel":"self","type":"application/activity+json",)"
      R"("href":"https://social.home.example/users/a"},{"rel":"self","type":"text/html","href":"https://x.example/a"}]})";
  auto settings = account_settings();
  settings.host.clear();
  Talk talk(settings, not_looked_up(""), now);
  CHECK(talk.ask() == look_up);
  talk.page(404, "<html>");
  CHECK(talk.ask() == "https://home.example/api/v1/accounts/a");
  CHECK(talk.page(404, "<html>").more);
  CHECK(talk.ask() == whereabouts);
  CHECK(header(talk.asked().headers, "accept") == "application/jrd+json, application/json");
  CHECK(talk.asked().bucket == "mastodon");
  CHECK(talk.page(200, jrd).more);
  CHECK(talk.ask() == "https://social.home.example/.well-known/nodeinfo");
  talk.page(404, "");
  CHECK(talk.ask() == "https://social.home.example/api/v1/accounts/lookup?acct=a");
  auto looked = talk.page(200, R"({"id":"7","username":"A","acct":"A"})");
  CHECK(talk.ask() == "https://social.home.example/api/v1/accounts/7/statuses?limit=40&exclude_reblogs=true");

  Talk next(settings, looked.cursor, now);
  CHECK(next.ask() == "https://social.home.example/api/v1/accounts/7/statuses?limit=40&exclude_reblogs=true");
  auto status = R"({"id":"301","uri":"https://social.home.example/users/a/statuses/301","visibility":"public",)"
                R"("account":{"acct":"A"}})";
  auto page = next.page(200, "[" + std::string(status) + "]");
  REQUIRE(page.found.size() == 1U);
  CHECK(page.found[0].post.author.key == "a@home.example");
  CHECK(page.found[0].post.host == "social.home.example");
  CHECK(page.found[0].home_id == "301");  // the source goes by home.example

  Talk tomorrow(settings, page.cursor, now + std::chrono::hours(24));
  CHECK(tomorrow.ask() == "https://social.home.example/api/v1/accounts/lookup?acct=a");
  tomorrow.page(404, R"({"error":"Record not found"})");
  tomorrow.ask();
  tomorrow.page(404, "");
  CHECK(tomorrow.ask() == whereabouts);  // it may have moved on
  auto nowhere = tomorrow.hear(200, jrd);
  REQUIRE_FALSE(nowhere.has_value());
  CHECK(nowhere.error().code == Failure::gone);
}

TEST_CASE("a website in place of a server is asked where its accounts are", "[mastodon][account]") {
  const std::pair<int, std::string> answers[] = {{200, "<html>Welcome</html>"}, {403, "<html>"}};
  for (const auto& [status, body] : answers) {
    INFO(status);
    Talk talk(account_settings(), not_looked_up(""), now);
    talk.ask();
    CHECK(talk.page(status, body).more);
    CHECK(talk.ask() == whereabouts);
    CHECK(talk.page(200, R"({"links":[{"rel":"http://webfinger.net/rel/profile-page","href":"https://s.example/@a"}]})")
              .more);
    CHECK(talk.ask() == "https://s.example/.well-known/nodeinfo");
  }
}

TEST_CASE("where nobody knows of another server, what was wrong before stands", "[mastodon][account]") {
  for (const char* body :
       {"<html>", "{}", R"({"links":"none"})", R"({"links":[7,{"rel":"self"}]})",
        R"({"links":[{"rel":"self","type":"application/activity+json","href":"http://s.example/a"}]})",
        R"({"links":[{"rel":"self","type":"application/activity+json","href":"https://home.example/a"}]})"}) {
    INFO(body);
    Talk talk(account_settings(), not_looked_up(""), now);
    talk.ask();
    talk.page(200, "<html>Welcome</html>");
    talk.ask();
    auto result = talk.hear(200, body);
    REQUIRE_FALSE(result.has_value());
    CHECK(result.error().code == Failure::malformed);
  }
  Talk busy(account_settings(), not_looked_up("mastodon"), now);
  busy.ask();
  busy.page(404, "");
  busy.ask();
  CHECK(busy.hear(429, "").error().code == Failure::throttled);

  // Who is to be read at another server than the own is not looked for elsewhere.
  Talk told(account_settings("a@org.example"), not_looked_up("mastodon"), now);
  told.ask();
  CHECK(told.hear(404, "").error().code == Failure::gone);
}
