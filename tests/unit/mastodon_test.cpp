#include "connectors/platforms/mastodon.hpp"

#include <catch2/catch.hpp>

#include "tests/unit/talk.hpp"

using namespace campaignd;
using namespace campaignd::test;

namespace {

const sys_ms now = utc("2025-06-20T12:00:00Z");
const std::string timeline = "https://social.example/api/v1/timelines/tag/AllIn?limit=40&any[]=Integra%C3%A7%C3%A3o";

/// A cursor of a source that has read everything down to the floor, a minute ago.
Cursor caught_up(const std::string& newest = "300") {
  auto last = now - std::chrono::minutes(1);
  return resumed("newest=" + newest, last, last);
}

}  // namespace

TEST_CASE("the first poll asks what the server runs, then reads back to the floor by max_id", "[mastodon]") {
  Talk talk(social_settings(), {}, now);
  CHECK(talk.ask() == "https://social.example/.well-known/nodeinfo");
  CHECK(
      talk.page(
              200,
              R"({"links":[{"rel":"http://nodeinfo.diaspora.software/ns/schema/2.0","href":"https://social.example/nodeinfo/2.0"}]})")
          .more);
  CHECK(talk.ask() == "https://social.example/nodeinfo/2.0");
  auto software = talk.page(200, R"({"software":{"name":"Mastodon","version":"4.6.0"}})");
  CHECK(software.software == "mastodon 4.6.0");
  CHECK(software.more);
  CHECK(talk.ask() == "https://social.example/api/v1/tags/AllIn");
  CHECK(talk.page(404, "").more);
  CHECK(talk.ask() == "https://social.example/api/v1/tags/Integra%C3%A7%C3%A3o");
  CHECK(talk.page(200, "[]").more);

  CHECK(talk.ask() == timeline);
  auto newest = talk.page(200, make_list({make_status("300"), make_status("299")}));
  CHECK(newest.found.size() == 2U);
  CHECK(newest.more);
  CHECK_FALSE(newest.joins_last);
  CHECK(talk.ask() == timeline + "&max_id=299");
  CHECK(
      talk.page(200, make_list({make_status("200", "2025-02-01T00:00:00Z"), make_status("99", "2024-12-01T00:00:00Z")}))
          .more);
  CHECK(talk.ask() == timeline + "&max_id=99");
  auto last = talk.page(200, make_list({make_status("98", "2024-11-01T00:00:00Z")}));
  CHECK_FALSE(last.more);
  CHECK(shown(last.since) == "2025-01-01T00:00:00.000Z");
}

TEST_CASE("requests of one poll are equal to those of another with the same cursor", "[mastodon]") {
  Talk first(social_settings(), caught_up(), now);
  Talk second(social_settings(), caught_up(), now);
  CHECK(first.ask() == second.ask());
  CHECK(first.asked().headers == second.asked().headers);
  CHECK(header(first.asked().headers, "accept") == "application/json");
  CHECK(first.asked().bucket == "mastodon");
  CHECK(first.asked().cost == 1);
}

TEST_CASE("the end of the timeline ends the read back at the floor", "[mastodon]") {
  Talk talk(social_settings(), resumed("newest=300&oldest=290&pages=1", now, now), now);
  CHECK(talk.ask() == timeline + "&min_id=300");
  CHECK(talk.page(200, "[]").more);
  CHECK(talk.ask() == timeline + "&max_id=290");
  auto page = talk.page(200, "[]");
  CHECK_FALSE(page.more);
  CHECK(shown(page.since) == "2025-01-01T00:00:00.000Z");
}

TEST_CASE("the read back stops at its cap and covers no further than it read", "[mastodon]") {
  auto settings = social_settings();
  settings.backfill_pages = 2;
  Talk talk(settings, resumed("newest=300&oldest=290&pages=1", now, now), now);
  talk.ask();
  talk.page(200, "[]");
  talk.ask();
  auto page = talk.page(
      200, make_list({make_status("280", "2025-05-02T00:00:00Z"), make_status("270", "2025-05-01T00:00:00Z")}));
  CHECK_FALSE(page.more);
  CHECK(shown(page.since) == "2025-05-02T00:00:00.000Z");  // dates do not follow ids: the newest of the page is safe
}

TEST_CASE("one old post that federated late does not end the read back", "[mastodon]") {
  Talk talk(social_settings(), resumed("newest=300&oldest=290&pages=1", now, now), now);
  talk.ask();
  talk.page(200, "[]");
  talk.ask();
  auto page = talk.page(
      200, make_list({make_status("280", "2019-01-01T00:00:00Z"), make_status("270", "2025-05-01T00:00:00Z")}));
  CHECK(page.more);
  CHECK(talk.ask() == timeline + "&max_id=270");
}

TEST_CASE("a later poll goes forward by min_id until the server has no more", "[mastodon]") {
  Talk talk(social_settings(), caught_up("99"), now);
  CHECK(talk.ask() == timeline + "&min_id=99");
  auto page = talk.page(200, make_list({make_status("101"), make_status("100")}));
  CHECK(page.more);
  CHECK(talk.ask() == timeline + "&min_id=101");
  auto last = talk.page(200, "[]");
  CHECK_FALSE(last.more);
  CHECK(last.joins_last);
  Talk next(social_settings(), last.cursor, now);
  CHECK(next.ask() == timeline + "&min_id=101");
}

TEST_CASE("a server that ignores min_id does not make the poll loop", "[mastodon]") {
  Talk talk(social_settings(), caught_up(), now);
  const auto newest = make_list({make_status("320"), make_status("310")});
  int requests = 0;
  bool more = true;
  while (more && requests < 10) {
    talk.ask();
    more = talk.page(200, newest).more;
    ++requests;
  }
  CHECK(requests == 2);
}

TEST_CASE("a server that ignores max_id does not make the poll loop", "[mastodon]") {
  Talk talk(social_settings(), resumed("newest=300&oldest=290&pages=1", now, now), now);
  talk.ask();
  talk.page(200, "[]");
  talk.ask();
  CHECK_FALSE(talk.page(200, make_list({make_status("300"), make_status("290")})).more);
}

// Mastodon sorts by id, and a post that comes late arrives below min_id.
TEST_CASE("once an hour the newest page is looked at again", "[mastodon]") {
  Talk talk(social_settings(), resumed("newest=300", now, now - std::chrono::hours(1)), now);
  CHECK(talk.ask() == timeline + "&min_id=300");
  CHECK(talk.page(200, "[]").more);
  CHECK(talk.ask() == timeline);
  const std::string early = "2025-06-20T07:00:00.000Z";
  auto page = talk.page(200, make_list({make_status("300", early), make_status("250", early)}));
  CHECK(page.found.size() == 2U);
  CHECK_FALSE(page.more);
  Talk next(social_settings(), page.cursor, now + std::chrono::minutes(5));
  CHECK(next.ask() == timeline + "&min_id=300");
  CHECK_FALSE(next.page(200, "[]").more);
}

TEST_CASE("on a busy day the look at the newest pages goes down to hours before the last one", "[mastodon]") {
  auto last = now - std::chrono::hours(1);
  Talk talk(social_settings(), resumed("newest=300", now, last), now);
  talk.ask();
  talk.page(200, "[]");
  CHECK(talk.ask() == timeline);
  CHECK(talk.page(200, make_list({make_status("300", "2025-06-20T11:50:00.000Z"), make_status("280")})).more);
  CHECK(talk.ask() == timeline + "&max_id=280");
  auto page = talk.page(200, make_list({make_status("279", "2025-06-20T07:59:00.000Z")}));
  CHECK(page.found.size() == 1U);
  CHECK_FALSE(page.more);

  Talk endless(social_settings(), resumed("newest=300", now, last), now);
  endless.ask();
  endless.page(200, "[]");
  int pages = 0;
  for (bool more = true; more && pages < 100; ++pages) {
    endless.ask();
    more = endless.page(200, make_list({make_status(std::to_string(290 - pages), "2025-06-20T11:50:00.000Z")})).more;
  }
  CHECK(pages == 20);
}

TEST_CASE("validators are sent with the request they belong to and end with it", "[mastodon]") {
  Talk first(social_settings(), caught_up(), now);
  first.ask();
  Headers etag;
  etag.emplace_back("etag", "W/\"1\"");
  auto page = first.page(200, "[]", etag);
  Talk second(social_settings(), page.cursor, now);
  second.ask();
  CHECK(header(second.asked().headers, "if-none-match") == "W/\"1\"");
  auto unchanged = second.page(304, "");
  CHECK(unchanged.joins_last);
  CHECK_FALSE(unchanged.more);
  CHECK(unchanged.cursor.etag == "W/\"1\"");

  Talk third(social_settings(), unchanged.cursor, now);
  third.ask();
  auto moved = third.page(200, make_list({make_status("301")}));
  CHECK(moved.more);
  third.ask();
  CHECK(header(third.asked().headers, "if-none-match").empty());
}

TEST_CASE("a server that wants a login is asked once more for local posts, then it is refused", "[mastodon]") {
  for (int status : {401, 403, 422}) {
    INFO(status);
    Talk talk(social_settings(), caught_up(), now);
    talk.ask();
    CHECK(talk.page(status, "{\"error\":\"This method requires an authenticated user\"}").more);
    CHECK(talk.ask() == timeline + "&local=true");
    auto again = talk.hear(status, "{}");
    REQUIRE_FALSE(again.has_value());
    CHECK(again.error().code == Failure::refused);
  }
}

TEST_CASE("a firewall's refusal does not make a server one that shows its own posts only", "[mastodon]") {
  Talk talk(social_settings(), caught_up(), now);
  talk.ask();
  CHECK(talk.hear(403, "<html>Blocked</html>").error().code == Failure::refused);
}

TEST_CASE("a server that shows its own posts only is asked for them, and covers nothing that it showed before",
          "[mastodon]") {
  const std::string closed = R"({"error":"This method requires an authenticated user"})";
  Talk talk(social_settings(), caught_up(), now);
  talk.ask();
  talk.page(422, closed);
  talk.ask();
  auto page = talk.page(200, make_list({make_status("400", "2024-12-01T00:00:00Z")}));
  CHECK_FALSE(page.more);
  CHECK_FALSE(page.since);
  CHECK(page.refused.size() == 1U);
  Talk next(social_settings(), page.cursor, now);
  CHECK(next.ask() == timeline + "&local=true&min_id=400");
  CHECK_FALSE(next.page(200, "[]").joins_last);
  Talk reopened(social_settings(), page.cursor, now + std::chrono::days(1));
  CHECK(reopened.ask() == timeline + "&min_id=300");

  Talk always(social_settings(), resumed("", now, now), now);
  always.ask();
  always.page(422, closed);
  always.ask();
  auto own = always.page(200, make_list({make_status("400", "2024-12-01T00:00:00Z")}));
  CHECK(shown(own.since) == "2025-01-01T00:00:00.000Z");
}

TEST_CASE("a server without NodeInfo, or with a broken one, is asked all the same", "[mastodon]") {
  for (const char* body :
       {"<html>", "{}", R"({"links":"none"})", R"({"links":[{"rel":"x","href":"https://a.example"}]})"}) {
    INFO(body);
    Talk talk(social_settings(), {}, now);
    talk.ask();
    CHECK(talk.page(200, body).more);
    CHECK(talk.ask() == timeline);
  }
  Talk missing(social_settings(), {}, now);
  missing.ask();
  CHECK(missing.page(404, "").more);
  CHECK(missing.ask() == timeline);
}

TEST_CASE("what the server runs is asked once a week", "[mastodon]") {
  Talk talk(social_settings(), resumed("newest=300", now - std::chrono::days(8), now), now);
  CHECK(talk.ask() == "https://social.example/.well-known/nodeinfo");
}

TEST_CASE("trouble is a failure and moves no cursor", "[mastodon]") {
  const std::pair<int, Failure::Code> answers[] = {
      {500, Failure::unavailable}, {503, Failure::unavailable}, {429, Failure::throttled}, {404, Failure::gone}};
  for (const auto& [status, code] : answers) {
    INFO(status);
    Talk talk(social_settings(), caught_up(), now);
    talk.ask();
    auto result = talk.hear(status, "");
    REQUIRE_FALSE(result.has_value());
    CHECK(result.error().code == code);
  }
  Talk html(social_settings(), caught_up(), now);
  html.ask();
  auto result = html.hear(200, "<html>maintenance</html>");
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().code == Failure::malformed);
}

// A page of posts we may not keep is not the end of the timeline.
TEST_CASE("a page whose posts are all refused does not end the read back", "[mastodon]") {
  Talk talk(social_settings(), resumed("newest=300&oldest=290&pages=1", now, now), now);
  talk.ask();
  talk.page(200, "[]");
  talk.ask();
  auto page = talk.page(200,
                        "[{\"id\":\"280\",\"uri\":\"https://home.example/"
                        "280\",\"visibility\":\"private\",\"account\":{\"acct\":\"a\"}}]");
  CHECK(page.refused.size() == 1U);
  CHECK_FALSE(page.since.has_value());
}

TEST_CASE("once a day a Mastodon server says itself how often it saw each tag", "[mastodon]") {
  auto cursor = caught_up();
  cursor.position += "&software=mastodon+4.6.0";
  Talk talk(social_settings(), cursor, now);
  CHECK(talk.ask() == "https://social.example/api/v1/tags/AllIn");
  CHECK(talk.asked().bucket == "mastodon");
  auto first = talk.page(
      200,
      R"({"name":"allin","history":[{"day":"1750377600","uses":"12","accounts":"9"},)"
      R"({"day":"1750291200","uses":3},{"day":"1750291201","uses":"1"},{"day":"x","uses":"1"},{"day":"1750204800"},7]})");
  CHECK(first.more);
  CHECK(first.found.empty());
  REQUIRE(first.stated.size() == 2U);
  CHECK(first.stated[0].tag == "AllIn");
  CHECK(shown(first.stated[0].day) == "2025-06-20T00:00:00.000Z");
  CHECK(first.stated[0].uses == 12);
  CHECK(first.stated[0].accounts == 9);
  CHECK_FALSE(first.stated[1].accounts.has_value());

  Talk broken_off(social_settings(), first.cursor, now);
  CHECK(broken_off.ask() == "https://social.example/api/v1/tags/AllIn");
  CHECK(talk.ask() == "https://social.example/api/v1/tags/Integra%C3%A7%C3%A3o");
  auto second = talk.page(200, "<html>");
  CHECK(second.more);
  CHECK(second.stated.empty());
  CHECK(talk.ask() == timeline + "&min_id=300");
  auto last = talk.page(200, "[]");
  CHECK_FALSE(last.more);

  Talk later(social_settings(), last.cursor, now + std::chrono::hours(23));
  CHECK(later.ask() == timeline + "&min_id=300");
  Talk tomorrow(social_settings(), last.cursor, now + std::chrono::hours(24));
  CHECK(tomorrow.ask() == "https://social.example/api/v1/tags/AllIn");
  auto busy = tomorrow.hear(429, "");
  REQUIRE_FALSE(busy.has_value());
  CHECK(busy.error().code == Failure::throttled);
}

TEST_CASE("other software is not asked for a history it has not", "[mastodon]") {
  auto cursor = caught_up();
  cursor.position += "&software=pleroma+2.6.0";
  CHECK(Talk(social_settings(), cursor, now).ask() == timeline + "&min_id=300");
}
