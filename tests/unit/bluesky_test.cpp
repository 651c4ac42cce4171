#include <fmt/format.h>

#include "tests/unit/bluesky_talk.hpp"

using namespace campaignd;
using namespace campaignd::test;

namespace {

const sys_ms now = utc("2025-06-20T12:00:00Z");
const std::string xrpc = "https://public.api.bsky.app/xrpc/";
const std::string search = xrpc + "app.bsky.feed.searchPosts?q=%23AllIn&sort=latest&limit=100";

SourceSettings tag_settings(std::vector<std::string> tags = {"AllIn"}) {
  SourceSettings out;
  out.tags = std::move(tags);
  out.floor = utc("2025-01-01T00:00:00Z");
  return out;
}

Talk searching(const std::vector<std::string>& tags = {"AllIn"}, const Cursor& cursor = {}) {
  return {make_bluesky(tag_settings(tags))->discover(cursor), now};
}

std::string at(int hour, int minute = 0) { return fmt::format("2025-06-20T{:02}:{:02}:00.000Z", hour, minute); }

/// A full page of the search, a post a minute, the newest first.
std::string full_page(int hour) {
  std::vector<std::string> posts;
  for (int i = 0; i < 100; ++i)
    posts.push_back(make_post(fmt::format("{}-{}", hour, i), at(hour - i / 60, 59 - i % 60)));
  return posts_of(posts);
}

Failure failure_of(int status, const std::string& body, const Headers& headers = {}) {
  auto talk = searching();
  talk.ask();
  auto result = talk.hear(status, body, headers);
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().message.find('?') == std::string::npos);
  return result.error();
}

PostRef ref(const std::string& key, std::int64_t post) { return {post, "bsky.app", post_uri(key), post_uri(key)}; }

Talk measuring(const std::vector<PostRef>& posts) {
  SourceSettings settings;
  settings.host = "bsky.app";
  return {make_bluesky(settings)->measure(posts), now};
}

}  // namespace

TEST_CASE("a search is one request for the newest hundred", "[bluesky]") {
  auto talk = searching();
  CHECK(talk.ask() == search);
  CHECK(talk.asked().bucket == "bluesky");
  CHECK(header(talk.asked().headers, "accept") == "application/json");
  auto page = talk.page(200, posts_of({make_post("2", at(9)), make_post("1", at(8))}));
  CHECK(page.found.size() == 2U);
  CHECK_FALSE(page.more);
  CHECK(shown(page.since) == "2025-01-01T00:00:00.000Z");
}

TEST_CASE("a campaign without a tag hears from the search that it wants one", "[bluesky]") {
  auto talk = searching({});
  CHECK(talk.ask() == xrpc + "app.bsky.feed.searchPosts?q=&sort=latest&limit=100");
  auto refused = talk.hear(400, error_of("InvalidRequest", "Error: Params must have the property 'q'"));
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == Failure::refused);
}

TEST_CASE("another AppView may be named", "[bluesky]") {
  auto settings = tag_settings();
  settings.host = "appview.example";
  Talk talk(make_bluesky(settings)->discover({}), now);
  CHECK(talk.ask().starts_with("https://appview.example/xrpc/app.bsky.feed.searchPosts?"));
}

TEST_CASE("a full page covers back to its oldest post, or to the last poll where it reaches that", "[bluesky]") {
  auto first = searching();
  first.ask();
  auto page = first.page(200, full_page(8));
  CHECK_FALSE(page.joins_last);
  CHECK(shown(page.since) == at(7, 20));

  auto second = searching({"AllIn"}, page.cursor);
  second.ask();
  auto joined = second.page(200, full_page(9));
  CHECK(joined.joins_last);
  CHECK_FALSE(joined.since);

  auto late = searching({"AllIn"}, page.cursor);
  late.ask();
  auto gap = late.page(200, full_page(11));
  CHECK_FALSE(gap.joins_last);
  CHECK(shown(gap.since) == at(10, 20));
}

TEST_CASE("a page with a cursor, or of fewer posts than there are, is not all there is", "[bluesky]") {
  auto reach = [](const std::string& body) {
    auto talk = searching();
    talk.ask();
    return talk.page(200, body);
  };
  CHECK(shown(reach(posts_of({make_post("1", at(8))}, "100")).since) == at(8));
  CHECK(shown(reach(R"({"hitsTotal":7,"posts":[)" + make_post("1", at(8)) + "]}").since) == at(8));
  CHECK(shown(reach(R"({"hitsTotal":1,"posts":[)" + make_post("1", at(8)) + "]}").since) == "2025-01-01T00:00:00.000Z");
  auto hidden = reach(posts_of({}, "100"));
  CHECK_FALSE(hidden.since);
  CHECK_FALSE(hidden.joins_last);
  CHECK(shown(reach(posts_of({})).since) == "2025-01-01T00:00:00.000Z");
}

TEST_CASE("tags are asked for in turn, and covered as far as the shortest of them", "[bluesky]") {
  auto talk = searching({"AllIn", "Łódź"});
  CHECK(talk.ask() == search);
  auto first = talk.page(200, full_page(8));
  CHECK(first.more);
  CHECK_FALSE(first.since);
  CHECK(first.cursor.position.empty());  // a poll that ends here is none the next one may join
  CHECK(talk.ask().find("q=%23%C5%81%C3%B3d%C5%BA&") != std::string::npos);
  auto second = talk.page(200, posts_of({make_post("a", at(6))}));
  CHECK_FALSE(second.more);
  CHECK_FALSE(second.joins_last);
  CHECK(shown(second.since) == at(7, 20));

  auto next = searching({"AllIn", "Łódź"}, second.cursor);
  next.ask();
  CHECK_FALSE(next.page(200, full_page(9)).joins_last);
  next.ask();
  auto last = next.page(200, full_page(6));
  CHECK(last.joins_last);
  CHECK_FALSE(last.since);
}

TEST_CASE("a closed search says what is still read", "[bluesky]") {
  for (const auto& body : {error_of("Forbidden", "Request forbidden by administrative rules."),
                           std::string("<html><h1>403 Forbidden</h1></html>")}) {
    auto failure = failure_of(403, body);
    CHECK(failure.code == Failure::refused);
    CHECK(failure.message.find("public.api.bsky.app answered 403: search is closed to visitors") == 0U);
    CHECK(failure.message.find("partners' accounts are still read") != std::string::npos);
  }
}

TEST_CASE("every error of an AppView is told for its remedy", "[bluesky]") {
  Headers limited;
  limited.emplace_back("ratelimit-limit", "3000");
  limited.emplace_back("ratelimit-remaining", "0");
  limited.emplace_back("ratelimit-reset", std::to_string((now.time_since_epoch() / std::chrono::seconds(1)) + 90));
  auto throttled = failure_of(429, error_of("RateLimitExceeded", "Rate Limit Exceeded"), limited);
  CHECK(throttled.code == Failure::throttled);
  CHECK(throttled.retry_after == std::chrono::seconds(90));

  auto question = failure_of(400, error_of("InvalidRequest", "Error: limit can not be less than 1"));
  CHECK(question.code == Failure::refused);
  CHECK(question.message.find("limit can not be less than 1") != std::string::npos);
  auto login = failure_of(401, error_of("AuthMissing", "Authentication Required"));
  CHECK(login.code == Failure::refused);
  CHECK(login.message.find("logged-in") != std::string::npos);
  CHECK(failure_of(501, error_of("MethodNotImplemented", "Method Not Implemented")).code == Failure::gone);
  auto elsewhere = failure_of(404, "<html>Cannot GET</html>");
  CHECK(elsewhere.code == Failure::gone);
  CHECK(elsewhere.message.find("no AppView") != std::string::npos);
  CHECK(failure_of(500, error_of("InternalServerError", "Internal Server Error")).code == Failure::unavailable);
  CHECK(failure_of(502, error_of("UpstreamFailure", "x")).code == Failure::unavailable);
  CHECK(failure_of(413, "").code == Failure::too_large);
}

TEST_CASE("a page that is no list of posts is malformed, and says who sent it", "[bluesky]") {
  for (const std::string body : {"<html>Just a moment</html>", "", "[]", "{}", R"({"posts":{}})", R"({"posts":[)"}) {
    auto failure = failure_of(200, body);
    CHECK(failure.code == Failure::malformed);
    CHECK(failure.message.starts_with("public.api.bsky.app: "));
  }
}

TEST_CASE("posts are measured by their addresses, then their authors' followers are asked for", "[bluesky]") {
  auto talk = measuring({ref("1", 11), ref("2", 12), ref("3", 13)});
  CHECK(talk.ask() == xrpc + "app.bsky.feed.getPosts?uris=at%3A%2F%2Fdid%3Aplc%3Aola%2Fapp.bsky.feed.post%2F1" +
                          "&uris=at%3A%2F%2Fdid%3Aplc%3Aola%2Fapp.bsky.feed.post%2F2" +
                          "&uris=at%3A%2F%2Fdid%3Aplc%3Aola%2Fapp.bsky.feed.post%2F3");
  auto posts = talk.page(200, posts_of({make_post("3", at(8)), make_post("1", at(9))}));
  CHECK(posts.more);
  CHECK(posts.readings.empty());
  REQUIRE(posts.gone.size() == 1U);
  CHECK(posts.gone.front().of.post == 12);
  CHECK_FALSE(posts.gone.front().why.empty());

  CHECK(talk.ask() == xrpc + "app.bsky.actor.getProfiles?actors=did%3Aplc%3Aola");
  auto last = talk.page(200, R"({"profiles":[{"did":"did:plc:b","followersCount":1},)"
                             R"({"did":"did:plc:ola","handle":"ola.example","followersCount":250,)"
                             R"("labels":[{"src":"did:plc:ola","val":"!no-unauthenticated"}]}]})");
  CHECK_FALSE(last.more);
  REQUIRE(last.readings.size() == 2U);
  CHECK(last.readings[0].of.post == 11);
  CHECK(last.readings[0].counters.likes == 1);
  REQUIRE(last.readings[1].now);
  CHECK(last.readings[1].now->post.author.followers == 250);
  CHECK(last.readings[1].now->post.author.opted_out);
}

TEST_CASE("a biography that asks to be left out is heeded when it is seen", "[bluesky]") {
  auto opted_out = [](const std::string& biography) {
    auto talk = measuring({ref("1", 11)});
    talk.ask();
    talk.page(200, posts_of({make_post("1", at(8))}));
    talk.ask();
    auto page = talk.page(200, R"({"profiles":[{"did":"did:plc:ola","description":")" + biography + "\"}]}");
    return page.readings.at(0).now->post.author.opted_out;
  };
  CHECK(opted_out("Choirs. #NoBot please"));
  CHECK_FALSE(opted_out("I build a #bot"));
}

TEST_CASE("a batch whose posts are all gone is one request", "[bluesky]") {
  auto talk = measuring({ref("1", 11)});
  talk.ask();
  auto page = talk.page(200, posts_of({}));
  CHECK_FALSE(page.more);
  CHECK(page.gone.size() == 1U);
}

TEST_CASE("a post that is shown but cannot be read is not gone", "[bluesky]") {
  auto gone = [](const std::string& item) {
    auto talk = measuring({ref("1", 11), ref("2", 12)});
    talk.ask();
    return talk.page(200, posts_of({item, make_post("2", at(8))})).gone.size();
  };
  CHECK(gone(R"({"uri":")" + post_uri("1") + "\"}") == 0U);
  CHECK(gone(R"({"uri":7})") == 0U);
  CHECK(gone("1e999") == 0U);
  CHECK(gone(make_post("3", at(8))) == 1U);
}

TEST_CASE("readings stand where followers cannot be had", "[bluesky]") {
  for (int status : {400, 429, 502, 200}) {
    auto talk = measuring({ref("1", 11)});
    talk.ask();
    talk.page(200, posts_of({make_post("1", at(8))}));
    talk.ask();
    auto page = talk.page(status, "<html>");
    CHECK_FALSE(page.more);
    REQUIRE(page.readings.size() == 1U);
    CHECK_FALSE(page.readings.front().now->post.author.followers);
    CHECK(page.refused.size() == 1U);
  }
}

TEST_CASE("a batch that is not answered says nothing of its posts", "[bluesky]") {
  for (int status : {400, 401, 403, 429, 500}) {
    auto talk = measuring({ref("1", 11)});
    talk.ask();
    CHECK_FALSE(talk.hear(status, error_of("InvalidRequest", "Error: uris/0 must be a valid at-uri")).has_value());
  }
}
