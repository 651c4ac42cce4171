#include <catch2/catch.hpp>

#include "tests/unit/talk.hpp"

using namespace campaignd;
using namespace campaignd::test;

namespace {

const sys_ms now = utc("2025-06-20T12:00:00Z");
const std::string look_up = "https://home.example/api/v1/accounts/lookup?acct=a";
const std::string whereabouts = "https://home.example/.well-known/webfinger?resource=acct%3Aa%40home.example";
const std::string posts = "https://home.example/api/v1/accounts/7/statuses?limit=40&exclude_reblogs=true";

SourceSettings account_settings(const std::string& account = "a@home.example") {
  SourceSettings out;
  out.host = "home.example";
  out.account = account;
  out.floor = utc("2025-01-01T00:00:00Z");
  return out;
}

/// A cursor whose account was looked up a minute ago, as an earlier poll left it.
Cursor known(const std::string& position = "newest=300", const std::string& software = "mastodon+4.6.0") {
  auto last = now - std::chrono::minutes(1);
  auto looked = std::to_string(last.time_since_epoch().count());
  return resumed(position + "&software=" + software + "&account=7&looked=" + looked, last, last);
}

/// A cursor of a source that knows what its server runs, and not yet the account's id.
Cursor not_looked_up(const std::string& software) { return resumed("software=" + software, now, now); }

/// A public status as the account's own server shows it: its people go without a host.
std::string own(const std::string& id, const std::string& created = "2025-06-20T08:00:00.000Z") {
  auto status = make_status(id, created);
  auto at = status.find("\"acct\":\"a@home.example\"");
  return status.replace(at, 23, "\"acct\":\"A\"");
}

std::string boost_of(const std::string& id, const std::string& inner) {
  return "{\"id\":\"" + id + "\",\"uri\":\"https://home.example/boosts/" + id + "\",\"account\":{\"acct\":\"A\"}," +
         "\"visibility\":\"public\",\"reblog\":" + inner + "}";
}

std::string status_by(const std::string& acct, const std::string& id) {
  return R"({"id":")" + id + R"(","uri":"https://else.example/)" + id +
         R"(","visibility":"public","account":{"acct":")" + acct + "\"}}";
}

std::string profile(const std::string& more = "") { return R"({"id":"7","username":"A","acct":"A")" + more + "}"; }

std::string notice_in(const Page& page) {
  for (const auto& each : page.refused)
    if (each.id.empty()) return each.why;
  return {};
}

}  // namespace

TEST_CASE("the first poll of an account looks it up, then reads back to the floor", "[mastodon][account]") {
  Talk talk(account_settings(), {}, now);
  CHECK(talk.ask() == "https://home.example/.well-known/nodeinfo");
  CHECK(talk.page(404, "").more);
  CHECK(talk.ask() == look_up);
  CHECK(talk.asked().bucket == "mastodon");
  CHECK(header(talk.asked().headers, "accept") == "application/json");
  auto found = talk.page(200, profile());
  CHECK(found.more);
  CHECK(found.found.empty());

  CHECK(talk.ask() == posts);
  auto newest = talk.page(200, make_list({own("300"), own("299")}));
  CHECK(newest.found.size() == 2U);
  CHECK(newest.more);
  CHECK_FALSE(newest.joins_last);
  CHECK(talk.ask() == posts + "&max_id=299");
  CHECK(talk.page(200, make_list({own("200", "2025-02-01T00:00:00Z"), own("99", "2024-12-01T00:00:00Z")})).more);
  CHECK(talk.ask() == posts + "&max_id=99");
  auto last = talk.page(200, make_list({own("98", "2024-11-01T00:00:00Z")}));
  CHECK_FALSE(last.more);
  CHECK(shown(last.since) == "2025-01-01T00:00:00.000Z");
  CHECK(last.refused.empty());
}

TEST_CASE("a later poll of an account takes its id from the cursor and goes forward", "[mastodon][account]") {
  Talk talk(account_settings(), known(), now);
  CHECK(talk.ask() == posts + "&min_id=300");
  CHECK(talk.page(200, make_list({own("302"), own("301")})).more);
  CHECK(talk.ask() == posts + "&min_id=302");
  Headers etag;
  etag.emplace_back("etag", "W/\"1\"");
  auto last = talk.page(200, "[]", etag);
  CHECK_FALSE(last.more);
  CHECK(last.joins_last);

  Talk next(account_settings(), last.cursor, now);
  CHECK(next.ask() == posts + "&min_id=302");
  CHECK(header(next.asked().headers, "if-none-match") == "W/\"1\"");
  auto unchanged = next.page(304, "");
  CHECK_FALSE(unchanged.more);
  CHECK(unchanged.joins_last);
  CHECK(unchanged.cursor == last.cursor);
}

TEST_CASE("the cap on pages of an account is said in its coverage", "[mastodon][account]") {
  auto settings = account_settings();
  settings.backfill_pages = 1;
  Talk talk(settings, known("newest=300&oldest=290&pages=1"), now);
  talk.ask();
  talk.page(200, "[]");
  CHECK(talk.ask() == posts + "&max_id=290");
  auto page = talk.page(200, make_list({own("280", "2025-05-02T00:00:00Z"), own("270", "2025-05-01T00:00:00Z")}));
  CHECK_FALSE(page.more);
  CHECK(shown(page.since) == "2025-05-02T00:00:00.000Z");
}

TEST_CASE("the author of an account's posts is the account as it is configured", "[mastodon][account]") {
  for (const char* configured : {"a@home.example", "@A@Home.example", "A"}) {
    INFO(configured);
    Talk talk(account_settings(configured), known(), now);
    CHECK(talk.ask() == posts + "&min_id=300");
    auto page = talk.page(200, make_list({own("301"), make_status("302")}));
    REQUIRE(page.found.size() == 2U);
    CHECK(page.found[0].post.author.key == "a@home.example");
    CHECK(page.found[1].post.author.key == "a@home.example");
  }
  // A server may carry its people's names under a domain other than its own.
  Talk elsewhere(account_settings("a@org.example"), not_looked_up("mastodon"), now);
  CHECK(elsewhere.ask() == "https://home.example/api/v1/accounts/lookup?acct=a%40org.example");
  elsewhere.page(200, profile());
  CHECK(elsewhere.ask() == posts);
  CHECK(elsewhere.page(200, make_list({own("301")})).found.front().post.author.key == "a@org.example");
}

TEST_CASE("without a host an account is read at its own server", "[mastodon][account]") {
  auto settings = account_settings();
  settings.host.clear();
  Talk talk(settings, not_looked_up("mastodon"), now);
  CHECK(talk.ask() == look_up);
}

TEST_CASE("boosts are no posts of the account, and their ids still page", "[mastodon][account]") {
  Talk talk(account_settings(), known("newest=300&oldest=290&pages=1"), now);
  talk.ask();
  talk.page(200, "[]");
  talk.ask();
  auto page = talk.page(200, make_list({own("281"), boost_of("280", status_by("b@else.example", "12"))}));
  REQUIRE(page.found.size() == 1U);
  CHECK(page.found.front().local_id == "281");
  CHECK(page.refused.empty());
  CHECK(talk.ask() == posts + "&max_id=280");
  auto only_boosts = talk.page(200, make_list({boost_of("279", status_by("b@else.example", "11"))}));
  CHECK(only_boosts.found.empty());
  CHECK(only_boosts.more);  // nothing to keep is not the floor
  CHECK(talk.ask() == posts + "&max_id=279");
}

// snac shows a post of the account as a boost by whoever boosted it last.
TEST_CASE("a post of the account wrapped in a boost is kept", "[mastodon][account]") {
  Talk talk(account_settings(), known(), now);
  talk.ask();
  auto page = talk.page(200, make_list({boost_of("1750AB", own("1750ab"))}));
  REQUIRE(page.found.size() == 1U);
  CHECK(page.found.front().local_id == "1750ab");
}

TEST_CASE("a post of another account among those of the account is refused by name", "[mastodon][account]") {
  Talk talk(account_settings(), known(), now);
  talk.ask();
  auto page = talk.page(200, make_list({status_by("b", "301"), status_by("b@else.example", "302"), own("303")}));
  CHECK(page.found.size() == 1U);
  REQUIRE(page.refused.size() == 2U);
  CHECK(page.refused[0].id == "301");
  CHECK(page.refused[1].id == "302");
}

TEST_CASE("an account nobody knows is gone, by name", "[mastodon][account]") {
  for (int status : {404, 410}) {
    INFO(status);
    Talk talk(account_settings(), not_looked_up("mastodon+4.6.0"), now);
    CHECK(talk.ask() == look_up);
    CHECK(talk.page(status, R"({"error":"Record not found"})").more);
    CHECK(talk.ask() == whereabouts);
    auto result = talk.hear(404, "");
    REQUIRE_FALSE(result.has_value());
    CHECK(result.error().code == Failure::gone);
    CHECK(result.error().message.find("a@home.example") != std::string::npos);
  }
  Talk deleted(account_settings(), known(), now);
  deleted.ask();
  auto result = deleted.hear(404, "");
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().code == Failure::gone);
  CHECK(result.error().message.find("a@home.example") != std::string::npos);
}

TEST_CASE("a server without look-up is asked for the account by its name", "[mastodon][account]") {
  for (int status : {400, 404, 405}) {
    INFO(status);
    Talk talk(account_settings(), not_looked_up("pleroma+2.4.0"), now);
    CHECK(talk.ask() == look_up);
    CHECK(talk.page(status, R"({"error":"Can't find user"})").more);
    CHECK(talk.ask() == "https://home.example/api/v1/accounts/a");
    CHECK(talk.page(200, R"({"id":"9ABC","acct":"a"})").more);
    CHECK(talk.ask() == "https://home.example/api/v1/accounts/9ABC/statuses?limit=40&exclude_reblogs=true");
  }
  Talk unknown(account_settings(), not_looked_up("akkoma+3.10.0"), now);
  unknown.ask();
  unknown.page(404, "");
  unknown.ask();
  unknown.page(404, R"({"error":"Can't find user"})");
  CHECK(unknown.ask() == whereabouts);
  auto result = unknown.hear(404, R"({"error":"Couldn't find user"})");
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().code == Failure::gone);
}

TEST_CASE("the answer about another account is not followed", "[mastodon][account]") {
  Talk talk(account_settings(), not_looked_up(""), now);
  talk.ask();
  talk.page(404, "");
  talk.ask();
  auto result = talk.hear(200, R"({"id":"8","username":"lookup","acct":"lookup"})");
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().code == Failure::gone);
}

TEST_CASE("a server that shows accounts to logged-in callers only is refused with the reason", "[mastodon][account]") {
  for (int status : {401, 403, 422}) {
    INFO(status);
    Talk looking(account_settings(), not_looked_up("gotosocial+0.19.2"), now);
    CHECK(looking.ask() == look_up);
    auto result = looking.hear(status, R"({"error":"Unauthorized: token not supplied"})");
    REQUIRE_FALSE(result.has_value());
    CHECK(result.error().code == Failure::refused);
    CHECK(result.error().message.find("GoToSocial") != std::string::npos);

    Talk reading(account_settings(), known(), now);
    reading.ask();
    auto closed = reading.hear(status, "<html>");
    REQUIRE_FALSE(closed.has_value());
    CHECK(closed.error().code == Failure::refused);
    CHECK(closed.error().message.find("a@home.example") != std::string::npos);
  }
}

TEST_CASE("the account is looked up again once a day", "[mastodon][account]") {
  auto tomorrow = now + std::chrono::hours(24);
  Talk talk(account_settings(), known(), tomorrow);
  CHECK(talk.ask() == look_up);
  auto looked = talk.page(200, profile());
  CHECK(talk.ask() == posts + "&min_id=300");
  Talk next(account_settings(), looked.cursor, tomorrow + std::chrono::hours(1));
  CHECK(next.ask() == posts + "&min_id=300");

  Talk closed(account_settings(), known(), tomorrow);  // only the look-up asks for a login: the id is known already
  closed.ask();
  CHECK(closed.page(401, "{}").more);
  CHECK(closed.ask() == posts + "&min_id=300");
}

TEST_CASE("an account with a new id is read from the beginning", "[mastodon][account]") {
  Talk talk(account_settings(), known(), now + std::chrono::hours(24));
  talk.ask();
  talk.page(200, R"({"id":"8","username":"a","acct":"a"})");
  CHECK(talk.ask() == "https://home.example/api/v1/accounts/8/statuses?limit=40&exclude_reblogs=true");
}

TEST_CASE("an account that moved is read on, and every poll says where it went", "[mastodon][account]") {
  Talk talk(account_settings(), not_looked_up("mastodon"), now);
  talk.ask();
  auto looked = talk.page(200, profile(R"(,"moved":{"id":"9","acct":"New@else.example"})"));
  CHECK(notice_in(looked).empty());  // it stands on the page that ends the poll
  talk.ask();
  auto last = talk.page(200, "[]");
  CHECK_FALSE(last.more);
  CHECK(notice_in(last).find("new@else.example") != std::string::npos);

  talk = Talk(account_settings(), last.cursor, now);
  talk.ask();
  auto later = talk.page(200, make_list({own("301", "2024-01-01T00:00:00Z")}));
  CHECK(later.found.size() == 1U);
  CHECK(notice_in(later) == notice_in(last));

  Talk back(account_settings(), later.cursor, now + std::chrono::hours(24));
  CHECK(back.ask() == look_up);
  back.page(200, profile(R"(,"moved":null)"));
  back.ask();
  back.page(200, "[]");
  back.ask();
  CHECK(notice_in(back.page(200, "[]")).empty());
}

TEST_CASE("a suspended account is refused, a limited one is read and said", "[mastodon][account]") {
  Talk suspended(account_settings(), known(), now + std::chrono::hours(24));
  suspended.ask();
  auto result = suspended.hear(200, profile(R"(,"suspended":true)"));
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().code == Failure::refused);
  CHECK(result.error().message.find("suspended a@home.example") != std::string::npos);

  Talk limited(account_settings(), not_looked_up("mastodon"), now);
  limited.ask();
  limited.page(200, profile(R"(,"limited":true)"));
  limited.ask();
  CHECK(notice_in(limited.page(200, "[]")).find("limited a@home.example") != std::string::npos);
}

TEST_CASE("trouble with an account is a failure, whichever question it met", "[mastodon][account]") {
  const std::pair<int, Failure::Code> answers[] = {
      {500, Failure::unavailable}, {503, Failure::unavailable}, {429, Failure::throttled}};
  for (const auto& cursor : {not_looked_up("mastodon"), not_looked_up("pleroma"), known()}) {
    for (const auto& [status, code] : answers) {
      INFO(cursor.position << ": " << status);
      Talk talk(account_settings(), cursor, now);
      talk.ask();
      auto result = talk.hear(status, "");
      REQUIRE_FALSE(result.has_value());
      CHECK(result.error().code == code);
    }
    for (const char* body : {"<html>maintenance</html>", "", R"({"error":"no"})", "[1]"}) {
      INFO(cursor.position << ": " << body);
      Talk talk(account_settings(), cursor, now);
      talk.ask();
      auto result = talk.hear(200, body);
      REQUIRE_FALSE(result.has_value());
      CHECK(result.error().code == Failure::malformed);
    }
  }
}
