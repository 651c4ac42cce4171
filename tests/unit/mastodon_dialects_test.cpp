// How other servers speak Mastodon's API, beside what their fixtures show.
#include <catch2/catch.hpp>

#include "connectors/platforms/mastodon_status.hpp"
#include "tests/unit/talk.hpp"

using namespace campaignd;
using namespace campaignd::test;

namespace {

const sys_ms now = utc("2025-06-20T12:00:00Z");

Finding read(const std::string& status) {
  Result<Finding> out = Failure{Failure::malformed, "nothing read"};
  REQUIRE(read_json(status, [&](Json item) { out = read_status(item, "social.example"); }).has_value());
  REQUIRE(out.has_value());
  return *out;
}

/// A status of which nothing is said but what a post must have.
std::string bare(const std::string& more = "", const std::string& account = "") {
  return R"({"id":"1","uri":"https://odd.example/objects/1","account":{"acct":"a@odd.example")" + account + "}" + more +
         "}";
}

SourceSettings partner(const std::string& account) {
  SourceSettings out;
  out.account = account;
  out.floor = utc("2025-01-01T00:00:00Z");
  return out;
}

Cursor of_server(const std::string& software) { return resumed("software=" + software, now, now); }

}  // namespace

TEST_CASE("what a server leaves out is not said", "[mastodon][dialect]") {
  auto finding = read(bare());
  CHECK(finding.counters == Counters{});
  CHECK_FALSE(finding.post.published.has_value());
  CHECK_FALSE(finding.post.edited.has_value());
  CHECK_FALSE(finding.post.tags.has_value());
  CHECK(finding.post.language.empty());
  CHECK(finding.post.url == finding.post.uri);
  CHECK_FALSE(finding.post.author.followers.has_value());
  CHECK(finding.post.kind == Kind::original);
  for (const char* member : {R"(,"reblog":null,"quote":null,"edited_at":null,"language":null,"poll":null,"card":null)",
                             R"(,"tags":null,"media_attachments":null,"content":null,"spoiler_text":null)",
                             R"(,"tags":{},"media_attachments":"none","favourites_count":null,"replies_count":"")"})
    CHECK(read(bare(member)).counters == Counters{});
}

TEST_CASE("dates come with and without zone, fractions and sense", "[mastodon][dialect]") {
  auto published = [](const std::string& text) {
    return shown(read(bare(R"(,"created_at":")" + text + "\"")).post.published);
  };
  CHECK(published("2025-06-20T08:00:00.000Z") == "2025-06-20T08:00:00.000Z");
  CHECK(published("2025-06-20T08:00:00Z") == "2025-06-20T08:00:00.000Z");         // GoToSocial before 0.17, snac
  CHECK(published("2025-06-20T08:00:00.891770Z") == "2025-06-20T08:00:00.891Z");  // Mitra, Pixelfed
  CHECK(published("2025-06-20T10:00:00+02:00") == "2025-06-20T08:00:00.000Z");
  CHECK(published("2025-06-20T08:00:00") == "2025-06-20T08:00:00.000Z");  // Pleroma
  CHECK(published("") == "none");                                         // Pleroma as well
  CHECK(published("yesterday") == "none");
}

TEST_CASE("Pleroma counts quotes apart, and 'local' is no public post", "[mastodon][dialect]") {
  CHECK(read(bare(R"(,"pleroma":{"quotes_count":3})")).counters.quotes == 3);
  CHECK(read(bare(R"(,"quotes_count":1,"pleroma":{"quotes_count":3})")).counters.quotes == 1);
  CHECK_FALSE(read(bare(R"(,"pleroma":null)")).counters.quotes.has_value());
  CHECK_FALSE(read(bare(R"(,"pleroma":{"quotes_count":null})")).counters.quotes.has_value());
}

TEST_CASE("ids are numbers, flakes, ULIDs, UUIDs or digests, and stay as they are", "[mastodon][dialect]") {
  for (const char* id : {"4711", "AFmFNKmfrR9CxtV01g", "01JY5XAMPLE0000000000000B1",
                         "017eeb0e-e5e7-98fe-6b2b-ad02349251fb", "1750406400.12345682f5d1b0"}) {
    auto status = make_status("7");
    status.replace(status.find("\"7\""), 3, "\"" + std::string(id) + "\"");
    CHECK(read(status).local_id == id);
  }
  CHECK(read(R"({"id":4711,"uri":"https://odd.example/1","account":{"acct":"a"}})").local_id == "4711");
}

TEST_CASE("Pleroma takes a nickname for an id, and answers with either", "[mastodon][dialect]") {
  Talk talk(partner("darya@pleroma.example"), of_server("pleroma+2.6.0"), now);
  CHECK(talk.ask() == "https://pleroma.example/api/v1/accounts/lookup?acct=darya");
  CHECK(talk.page(404, R"({"error":"Record not found"})").more);
  CHECK(talk.ask() == "https://pleroma.example/api/v1/accounts/darya");
  CHECK(talk.page(200, R"({"id":"darya","acct":"darya","username":"darya","fqn":"darya@pleroma.example"})").more);
  CHECK(talk.ask() == "https://pleroma.example/api/v1/accounts/darya/statuses?limit=40&exclude_reblogs=true");
}

TEST_CASE("GoToSocial pages by ULIDs, whose order is that of their letters", "[mastodon][dialect]") {
  auto settings = social_settings();
  settings.tags = {"AllIn"};
  Talk talk(settings, resumed("newest=01JY5XAMPLE0000000000000A0&software=gotosocial+0.19.2", now, now), now);
  const std::string timeline = "https://social.example/api/v1/timelines/tag/AllIn?limit=40";
  CHECK(talk.ask() == timeline + "&min_id=01JY5XAMPLE0000000000000A0");
  auto page =
      talk.page(200, make_list({make_status("01JY5XAMPLE0000000000000B1"), make_status("01JY5XAMPLE0000000000000AZ")}));
  CHECK(page.more);
  CHECK(talk.ask() == timeline + "&min_id=01JY5XAMPLE0000000000000B1");
}

TEST_CASE("a boost is a wrapper under an id of its own, whatever its letters", "[mastodon][dialect]") {
  auto timeline = read_timeline(make_list({make_status("01JY5XAMPLE0000000000000B1", "2025-06-20T11:00:00Z",
                                                       ",\"reblog\":" + make_status("01JY5XAMPLE0000000000000a0"))}),
                                "social.example");
  REQUIRE(timeline.has_value());
  REQUIRE(timeline->found.size() == 1U);
  CHECK(timeline->found[0].local_id == "01JY5XAMPLE0000000000000a0");
  CHECK(timeline->ids == std::vector<std::string>{"01JY5XAMPLE0000000000000B1"});
}

TEST_CASE("servers that show visitors no tags say so in their own ways", "[mastodon][dialect]") {
  const std::pair<int, const char*> refusals[] = {
      {401, R"({"error":"Unauthorized: token not supplied"})"},  // GoToSocial
      {401, R"({"error":"authorization required for timeline view"})"},
      {403, R"({"error":"This action is unauthorized."})"}};  // Pixelfed
  for (const auto& [status, body] : refusals) {
    INFO(body);
    Talk talk(social_settings(), of_server("gotosocial+0.19.2"), now);
    talk.ask();
    CHECK(talk.page(status, body).more);
    talk.ask();
    auto result = talk.hear(status, body);
    REQUIRE_FALSE(result.has_value());
    CHECK(result.error().code == Failure::refused);
  }
  Talk pixelfed(social_settings(), of_server("pixelfed+0.12.4"), now);  // it leads to its login page
  pixelfed.ask();
  auto result = pixelfed.hear(200, "<!DOCTYPE html><title>Login</title>");
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().code == Failure::malformed);
}
