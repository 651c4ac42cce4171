#include "connectors/platforms/mastodon_status.hpp"

#include <catch2/catch.hpp>

#include "tests/unit/talk.hpp"

using namespace campaignd;
using namespace campaignd::test;

namespace {

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
  for (const char* visibility : {"private", "direct", "local", "list"}) {
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

TEST_CASE("a page outside the site of its server is no name of a post", "[mastodon]") {
  auto aliases = [](const std::string& url) {
    return one(R"({"id":"1","uri":"https://evil.example/1","url":")" + url + R"(","account":{"acct":"b"}})")
        .post.aliases;
  };
  CHECK(aliases("https://home.example/@a/7").empty());
  CHECK(aliases("https://pages.evil.example/1").size() == 1U);
  CHECK(aliases("https://evil.example/@b/1").size() == 1U);
}

TEST_CASE("a post that is not at home at the server carries its id there", "[mastodon]") {
  CHECK(one(make_status("7")).home_id == "7");
  auto object = one(R"({"id":"1","uri":"https://akk.example/objects/6f","account":{"acct":"b@akk.example"}})");
  CHECK(object.home_id == "https://akk.example/objects/6f");
  CHECK(one(R"({"id":"1","uri":"https://social.example/users/b/statuses/1","account":{"acct":"b"}})").home_id.empty());
}

TEST_CASE("replies and quotes are told from originals", "[mastodon]") {
  const std::string at = "2025-06-20T08:00:00Z";
  CHECK(one(make_status("1")).post.kind == Kind::original);
  CHECK(one(make_status("1", at, ",\"in_reply_to_id\":\"5\"")).post.kind == Kind::reply);
  CHECK(one(make_status("1", at, ",\"in_reply_to_id\":null,\"quote\":{\"state\":\"accepted\"}")).post.kind ==
        Kind::quote);
}
