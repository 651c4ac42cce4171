#include "connectors/platforms/mastodon_status.hpp"

#include <catch2/catch.hpp>

#include "tests/unit/talk.hpp"

using namespace campaignd;
using namespace campaignd::test;

namespace {

const sys_ms now = utc("2025-06-20T12:00:00Z");

Page read_statuses(const std::vector<std::string>& statuses) {
  auto read = read_timeline(make_list(statuses), "social.example");
  REQUIRE(read.has_value());
  Page page;
  page.found = std::move(read->found);
  page.refused = std::move(read->refused);
  return page;
}

Finding one(const std::string& status) {
  auto page = read_statuses({status});
  REQUIRE(page.found.size() == 1U);
  return page.found.front();
}

/// A status whose account is `account`.
std::string by(const std::string& account) {
  return "{\"id\":\"1\",\"uri\":\"https://home.example/1\",\"visibility\":\"public\",\"account\":" + account + "}";
}

PostRef ref(std::int64_t post, const std::string& local_id) {
  PostRef out;
  out.post = post;
  out.host = "home.example";
  out.local_id = local_id;
  return out;
}

Talk measuring(std::vector<PostRef> posts) {
  return Talk(make_mastodon(social_settings())->measure(std::move(posts)), now);
}

}  // namespace

TEST_CASE("a status gives identity, author, texts, media and counters", "[mastodon]") {
  auto finding = one(make_status("7", "2025-06-20T08:00:00.123Z",
                                 ",\"edited_at\":\"2025-06-20T09:00:00Z\",\"language\":\"pl\",\"spoiler_text\":\"CW\","
                                 "\"media_attachments\":[{\"description\":\"a card\"},{\"description\":null}]"));
  CHECK(finding.local_id == "7");
  CHECK(finding.post.uri == "https://home.example/users/a/statuses/7");
  CHECK(finding.post.url == "https://home.example/@a/7");
  CHECK(finding.post.aliases == std::vector<std::string>{"https://home.example/@a/7"});
  CHECK(finding.post.host == "home.example");
  CHECK(finding.post.author.key == "a@home.example");
  CHECK(finding.post.author.followers == 10);
  CHECK(shown(finding.post.published) == "2025-06-20T08:00:00.123Z");
  CHECK(shown(finding.post.edited) == "2025-06-20T09:00:00.000Z");
  CHECK(finding.post.text == "CW\nx");
  CHECK(finding.post.media_count == 2);
  CHECK(finding.post.alt_text == "a card\n");
  REQUIRE(finding.post.tags.has_value());
  CHECK(*finding.post.tags == std::vector<std::string>{"allin"});
  CHECK(finding.counters.likes == 1);
  CHECK(finding.counters.reposts == 2);
  CHECK(finding.counters.replies == 3);
}

TEST_CASE("T-11 a boost is a sighting of the post it boosts", "[mastodon]") {
  auto wrapper = make_status("900", "2025-06-20T11:00:00Z", ",\"reblog\":" + make_status("7"));
  auto finding = one(wrapper);
  CHECK(finding.local_id == "7");
  CHECK(finding.post.uri == "https://home.example/users/a/statuses/7");
}

TEST_CASE("T-16 a server without a quote counter says nothing of quotes", "[mastodon]") {
  CHECK_FALSE(one(make_status("7")).counters.quotes.has_value());
  CHECK(one(make_status("7", "2025-06-20T08:00:00Z", ",\"quotes_count\":0")).counters.quotes == 0);
  CHECK_FALSE(one(make_status("7")).counters.views.has_value());
}

TEST_CASE("posts that are not public are refused by name", "[mastodon]") {
  for (const char* visibility : {"private", "direct"}) {
    auto status = "{\"id\":\"5\",\"uri\":\"https://home.example/5\",\"visibility\":\"" + std::string(visibility) +
                  "\",\"account\":{\"acct\":\"a\"}}";
    auto page = read_statuses({status, make_status("6")});
    CHECK(page.found.size() == 1U);
    REQUIRE(page.refused.size() == 1U);
    CHECK(page.refused[0].id == "5");
    CHECK(page.refused[0].why.find(visibility) != std::string::npos);
  }
}

TEST_CASE("a boost of a private post is refused like the post itself", "[mastodon]") {
  auto inner =
      "{\"id\":\"5\",\"uri\":\"https://home.example/5\",\"visibility\":\"private\",\"account\":{\"acct\":\"a\"}}";
  auto page = read_statuses({make_status("900", "2025-06-20T11:00:00Z", ",\"reblog\":" + std::string(inner))});
  CHECK(page.found.empty());
  CHECK(page.refused.size() == 1U);
}

TEST_CASE("a status without id, uri, account or author is refused and the others kept", "[mastodon]") {
  auto page =
      read_statuses({"{}", "17", "null", "{\"id\":\"1\",\"uri\":\"https://a.example/1\"}", by("{}"), make_status("6")});
  CHECK(page.found.size() == 1U);
  CHECK(page.refused.size() == 5U);
}

TEST_CASE("accounts without a host live at the server that answered", "[mastodon]") {
  CHECK(one(by("{\"acct\":\"Ala\"}")).post.author.key == "ala@social.example");
  CHECK(one(by("{\"acct\":\"Ala@Home.Example\"}")).post.author.key == "ala@home.example");
}

TEST_CASE("noindex and #nobot in the biography opt out", "[mastodon]") {
  CHECK(one(by(R"({"acct":"a","noindex":true})")).post.author.opted_out);
  CHECK(one(by(R"({"acct":"a","note":"<p>Hi! #NoBot</p>"})")).post.author.opted_out);
  CHECK(one(by(R"({"acct":"a","note":"<p>#<span>nobots</span></p>"})")).post.author.opted_out);
  CHECK(one(by(R"({"acct":"a","note":"<p>#noindex</p>"})")).post.author.opted_out);
  CHECK_FALSE(one(by(R"({"acct":"a","noindex":false,"note":"<p>nobot #nobotany</p>"})")).post.author.opted_out);
}

TEST_CASE("what an account does not say of indexing and bots stays unsaid", "[mastodon]") {
  auto silent = one(by(R"({"acct":"a"})")).post.author;
  CHECK_FALSE(silent.indexable.has_value());
  CHECK_FALSE(silent.bot.has_value());
  CHECK_FALSE(silent.followers.has_value());
  auto said = one(by(R"({"acct":"a","indexable":false,"bot":true,"followers_count":-1})")).post.author;
  CHECK(said.indexable == false);
  CHECK(said.bot == true);
  CHECK_FALSE(said.followers.has_value());
}

TEST_CASE("replies and quotes are told from originals", "[mastodon]") {
  const std::string at = "2025-06-20T08:00:00Z";
  CHECK(one(make_status("1")).post.kind == Kind::original);
  CHECK(one(make_status("1", at, ",\"in_reply_to_id\":\"5\"")).post.kind == Kind::reply);
  CHECK(one(make_status("1", at, ",\"in_reply_to_id\":null,\"quote\":{\"state\":\"accepted\"}")).post.kind ==
        Kind::quote);
}

TEST_CASE("a batch is measured in one request, and a missing id is gone", "[mastodon]") {
  auto talk = measuring({ref(1, "11"), ref(2, "12")});
  CHECK(talk.ask() == "https://home.example/api/v1/statuses?id[]=11&id[]=12");
  auto page = talk.page(200, make_list({make_status("12")}));
  CHECK_FALSE(page.more);
  REQUIRE(page.readings.size() == 1U);
  CHECK(page.readings[0].of.post == 2);
  CHECK(page.readings[0].counters.likes == 1);
  CHECK(page.readings[0].now.has_value());
  REQUIRE(page.gone.size() == 1U);
  CHECK(page.gone[0].of.post == 1);
}

TEST_CASE("a post of the batch we may not keep is no sign of a removal", "[mastodon]") {
  auto talk = measuring({ref(1, "11")});
  talk.ask();
  auto page = talk.page(
      200,
      "[{\"id\":\"11\",\"uri\":\"https://home.example/11\",\"visibility\":\"private\",\"account\":{\"acct\":\"a\"}}]");
  CHECK(page.gone.empty());
  CHECK(page.refused.size() == 1U);
}

// A refused item has a place ("item 2") and no id, so its post was taken for missing; an hour later it was removed.
TEST_CASE("a status of the batch that cannot be read is no sign of a removal", "[mastodon]") {
  auto talk = measuring({ref(1, "11"), ref(2, "12")});
  talk.ask();
  auto page = talk.page(200, make_list({make_status("11"), "{\"id\":\"12\",\"favourites_count\":1e400}"}));
  CHECK(page.readings.size() == 1U);
  CHECK(page.gone.empty());
}

TEST_CASE("servers that do not know a batch are asked post by post", "[mastodon]") {
  for (int status : {400, 404, 405}) {
    auto talk = measuring({ref(1, "11"), ref(2, "1/2")});
    talk.ask();
    CHECK(talk.page(status, "").more);
    CHECK(talk.ask() == "https://home.example/api/v1/statuses/11");
    auto first = talk.page(200, make_status("11"));
    CHECK(first.more);
    CHECK(first.readings.size() == 1U);
    CHECK(talk.ask() == "https://home.example/api/v1/statuses/1%2F2");
    auto second = talk.page(404, "");
    CHECK_FALSE(second.more);
    REQUIRE(second.gone.size() == 1U);
    CHECK(second.gone[0].of.post == 2);
  }
}

TEST_CASE("a server in trouble is no sign that its posts are gone", "[mastodon]") {
  for (int status : {401, 403, 429, 500, 503}) {
    auto talk = measuring({ref(1, "11")});
    talk.ask();
    CHECK_FALSE(talk.hear(status, "").has_value());
  }
}
