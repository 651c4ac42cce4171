#include "connectors/reading/bridges.hpp"

#include <algorithm>

#include "connectors/platforms/mastodon_status.hpp"
#include "connectors/platforms/misskey.hpp"
#include "tests/unit/bluesky_talk.hpp"

using namespace campaignd;
using namespace campaignd::test;

namespace {

using Texts = std::vector<std::string>;

const std::string morning = "2025-06-20T08:00:00.000Z";
const std::string hex = "5c83da77af1dec6d7289834998ad7aafbd9e2191396d75ec3cc27f5a77226f36";

/// A status of an account, seen at social.example. `more` is further members, each beginning with a comma.
std::string status(const std::string& uri, const std::string& acct, const std::string& more = "",
                   const std::string& account = "") {
  return R"({"id":"900","uri":")" + uri + R"(","url":")" + uri + R"(/page","created_at":")" + morning +
         R"(","visibility":"public","favourites_count":2,"tags":[{"name":"allin"}],"account":{"acct":")" + acct +
         R"(","display_name":"Ola","bot":true,"indexable":true,"followers_count":7)" + account + "}" + more + "}";
}

Finding seen(const std::string& body) {
  Result<Finding> out = Failure{Failure::malformed, "nothing read"};
  REQUIRE(read_json(body, [&](Json item) { out = read_status(item, "social.example"); }).has_value());
  REQUIRE(out.has_value());
  return *out;
}

bool has(const Post& post, const std::string& name) {
  return post.uri == name || std::ranges::find(post.aliases, name) != post.aliases.end();
}

/// What the bridge's account says is not said of the author, and the copy is still found by its names.
void check_copy(const Finding& finding, const std::string& bridge, const std::string& copy) {
  CHECK(finding.post.bridge == bridge);
  CHECK(finding.local_id == "900");
  CHECK(finding.counters.likes == 2);
  CHECK_FALSE(finding.post.author.followers.has_value());
  CHECK_FALSE(finding.post.author.bot.has_value());
  CHECK_FALSE(finding.post.author.indexable.has_value());
  CHECK(has(finding.post, copy));
  CHECK(has(finding.post, copy + "/page"));
  CHECK(std::ranges::count(finding.post.aliases, finding.post.uri) == 0);
}

void check_plain(const Finding& finding) {
  CHECK(finding.post.bridge.empty());
  CHECK(finding.post.platform == "mastodon");
  CHECK(finding.post.author.followers == 7);
}

}  // namespace

TEST_CASE("a post of Bluesky that Bridgy Fed carried into the fediverse is that post", "[bridges]") {
  const std::string at = "at://did:plc:ola/app.bsky.feed.post/3ls3a";
  for (const auto& copy :
       {"https://bsky.brid.gy/convert/ap/" + at,
        std::string("https://bsky.brid.gy/convert/ap/at%3A%2F%2Fdid%3Aplc%3Aola%2Fapp.bsky.feed.post%2F3ls3a"),
        std::string("https://bsky.brid.gy/convert/ap/at:/did:plc:ola/app.bsky.feed.post/3ls3a"),
        "https://atproto.brid.gy/convert/ap/" + at,
        std::string("https://fed.brid.gy/r/https://bsky.app/profile/did:plc:ola/post/3ls3a")}) {
    INFO(copy);
    auto finding = seen(status(copy, "Ola.Example@bsky.brid.gy"));
    check_copy(finding, "Bridgy Fed", copy);
    CHECK(finding.post.platform == "bluesky");
    CHECK(finding.post.host == "bsky.app");
    CHECK(finding.post.uri == at);
    CHECK(finding.post.url == "https://bsky.app/profile/did:plc:ola/post/3ls3a");
    CHECK(finding.post.author.key == "did:plc:ola");
    CHECK(finding.home_id == at);
  }
}

TEST_CASE("a copy goes by every name the original's own connector gives", "[bridges]") {
  auto native = only_post(make_post("3ls3a", morning)).post;
  auto copy = seen(status("https://bsky.brid.gy/convert/ap/" + native.uri, "ola.example@bsky.brid.gy")).post;
  CHECK(copy.uri == native.uri);
  CHECK(copy.url == native.url);
  CHECK(copy.host == native.host);
  CHECK(copy.author.key == native.author.key);
  CHECK(copy.author.handle == native.author.handle);
  for (const auto& name : native.aliases) CHECK(has(copy, name));
}

TEST_CASE("a handle is taken from the bridge's account name, and only where it is one", "[bridges]") {
  auto handle = [](const std::string& acct) {
    return seen(status("https://bsky.brid.gy/convert/ap/at://did:plc:ola/app.bsky.feed.post/1", acct))
        .post.author.handle;
  };
  CHECK(handle("ola.example@bsky.brid.gy") == "ola.example");
  CHECK(handle("ola.example@ola.example") == "ola.example");  // the account's own domain
  CHECK(handle("ola.example@somewhere.example").empty());
  CHECK(handle("ola@bsky.brid.gy").empty());
  CHECK(handle("ola.example").empty());
}

TEST_CASE("nobody but the bridge's own host is believed", "[bridges]") {
  const std::string path = "/convert/ap/at://did:plc:ola/app.bsky.feed.post/3ls3a";
  for (const auto& uri : {"https://evil.example" + path, "https://bsky.brid.gy.evil.example" + path,
                          "https://evil.example/?https://bsky.brid.gy" + path, "https://xbsky.brid.gy" + path,
                          std::string("https://evil.example/users/a/statuses/1"), "http://bsky.brid.gy" + path,
                          std::string("https://user@bsky.brid.gy") + path}) {
    INFO(uri);
    check_plain(seen(status(uri, "ola.example@bsky.brid.gy")));
  }
  for (const std::string uri :
       {"https://bsky.brid.gy/convert/ap/at://ola.example/app.bsky.feed.post/1",
        "https://bsky.brid.gy/convert/ap/at://did:plc:ola/app.bsky.feed.like/1",
        "https://bsky.brid.gy/convert/ap/at://did:plc:ola/app.bsky.feed.post/a%2Fb", "https://bsky.brid.gy/r/",
        "https://bsky.brid.gy/bsky.brid.gy", "https://bsky.brid.gy", "https://mostr.pub/objects/7",
        "https://mostr.pub/users/1", "https://bird.makeup/users/ola/statuses/x", "https://bird.makeup/users/ola"}) {
    INFO(uri);
    check_plain(seen(status(uri, "ola.example@bsky.brid.gy")));
  }
}

TEST_CASE("a copy that asks to be left out is left out", "[bridges]") {
  const std::string copy = "https://bsky.brid.gy/convert/ap/at://did:plc:ola/app.bsky.feed.post/1";
  CHECK(seen(status(copy, "ola.example@bsky.brid.gy", "", R"(,"note":"<p>Choirs. #NoBot</p>")")).post.author.opted_out);
  CHECK(seen(status(copy, "ola.example@bsky.brid.gy", "", R"(,"noindex":true)")).post.author.opted_out);
  CHECK_FALSE(seen(status(copy, "ola.example@bsky.brid.gy")).post.author.opted_out);
  auto withheld = seen(R"({"id":"1","uri":")" + copy +
                       R"(","account":{"acct":"ola.example@bsky.brid.gy","indexable":false},"visibility":"public"})");
  CHECK(withheld.post.author.indexable == false);
}

TEST_CASE("what is carried from X goes by X's names", "[bridges]") {
  for (const std::string host : {"bird.makeup", "birdmakeup.sboulema.nl"}) {
    auto copy = "https://" + host + "/users/Ola/statuses/1936000000000000001";
    auto finding = seen(status(copy, "ola@" + host));
    check_copy(finding, "bird.makeup", copy);
    CHECK(finding.post.platform == "x");
    CHECK(finding.post.host == "x.com");
    CHECK(finding.post.uri == "https://x.com/ola/status/1936000000000000001");
    CHECK(finding.post.url == finding.post.uri);
    CHECK(has(finding.post, "https://x.com/i/status/1936000000000000001"));
    CHECK(has(finding.post, "https://twitter.com/ola/status/1936000000000000001"));
    CHECK(finding.post.author.key == "ola");
    CHECK(finding.post.author.handle == "ola");
    CHECK(finding.home_id == "1936000000000000001");
  }
}

TEST_CASE("two bridges of Nostr give one post one name", "[bridges]") {
  auto mostr = seen(status("https://mostr.pub/objects/" + hex, hex + "@mostr.pub"));
  check_copy(mostr, "Mostr", "https://mostr.pub/objects/" + hex);
  CHECK(mostr.post.platform == "nostr");
  REQUIRE(mostr.post.uri.starts_with("nostr:note1"));
  auto name = mostr.post.uri.substr(6);
  CHECK(mostr.post.url == "https://njump.me/" + name);
  CHECK(mostr.post.author.key.starts_with("npub1"));
  CHECK(mostr.home_id.empty());
  auto momostr = seen(status("https://momostr.pink/notes/" + name, mostr.post.author.key + "@momostr.pink"));
  check_copy(momostr, "Momostr", "https://momostr.pink/notes/" + name);
  CHECK(momostr.post.uri == mostr.post.uri);
  CHECK(momostr.post.author.key == mostr.post.author.key);
}

TEST_CASE("a feed's bot gives the article it links first", "[bridges]") {
  const std::string copy = "https://rss-parrot.net/u/news.example/status/1787457742478406618";
  auto content = [](const std::string& html) { return R"(,"content":")" + html + "\""; };
  auto finding = seen(status(
      copy, "news.example@rss-parrot.net",
      content(R"(<p><strong>All in for integration</strong></p><p><a href=\"https://rss-parrot.net/web\">the bot</a>)"
              R"(<a href=\"https://www.news.example/a?id=1\">news.example/a</a></p><p>A summary #AllIn</p>)")));
  check_copy(finding, "RSS Parrot", copy);
  CHECK(finding.post.platform == "feed");
  CHECK(finding.post.host == "news.example");
  CHECK(finding.post.uri == "https://www.news.example/a?id=1");
  CHECK(finding.post.url == finding.post.uri);
  CHECK(finding.post.kind == Kind::article);
  CHECK(finding.post.author.media);
  CHECK(finding.post.author.key == "news.example");
  CHECK(finding.post.author.name == "Ola");
  CHECK(finding.post.title == "All in for integration");
  CHECK(finding.post.tags.has_value());
  CHECK(finding.post.text.find("A summary") != std::string::npos);
  CHECK(finding.post.date_basis == DateBasis::stated);
  CHECK(shown(finding.post.published) == morning);
  CHECK(finding.home_id.empty());

  check_plain(seen(status(copy, "news.example@rss-parrot.net", content("<p>Hello! I am a parrot</p>"))));
  auto bare = seen(status(copy, "news.example@rss-parrot.net",
                          content(R"(<p><a href=\"https://www.news.example/a\">a</a></p>)"), R"(,"noindex":true)"));
  CHECK(bare.post.bridge.empty());  // a person who asks to be left out is no outlet
  CHECK(bare.post.author.opted_out);
}

TEST_CASE("a website that Bridgy Fed put into the fediverse is its page", "[bridges]") {
  for (const std::string copy : {"https://web.brid.gy/r/https://blog.example/2025/all-in",
                                 "https://fed.brid.gy/r/https://blog.example/2025/all-in",
                                 "https://web.brid.gy/r/https:/blog.example/2025/all-in"}) {
    INFO(copy);
    auto finding = seen(status(copy, "blog.example@web.brid.gy", R"(,"content":"<p>All in</p><p>More</p>")"));
    check_copy(finding, "Bridgy Fed", copy);
    CHECK(finding.post.platform == "feed");
    CHECK(finding.post.uri == "https://blog.example/2025/all-in");
    CHECK(finding.post.kind == Kind::article);
    CHECK(finding.post.author.key == "blog.example");
    CHECK(finding.post.title == "All in");
  }
}

TEST_CASE("Misskey and Lemmy see copies as well", "[bridges]") {
  auto parsed = make_misskey({.host = "key.example", .tags = {"AllIn"}})->discover({});
  Talk talk(std::move(parsed), utc("2025-06-20T12:00:00Z"));
  talk.ask();
  talk.page(404, "");
  talk.ask();
  auto page = talk.page(
      200, R"([{"id":"9a","createdAt":")" + morning +
               R"(","uri":"https://bsky.brid.gy/convert/ap/at://did:plc:ola/app.bsky.feed.post/1","text":"x",)"
               R"("user":{"username":"ola.example","host":"bsky.brid.gy"}}])");
  REQUIRE(page.found.size() == 1U);
  CHECK(page.found[0].post.bridge == "Bridgy Fed");
  CHECK(page.found[0].post.author.key == "did:plc:ola");
}

TEST_CASE("a post of the fediverse that Bridgy Fed carried to Bluesky is that post", "[bridges]") {
  auto record = R"(,"bridgyOriginalUrl":"https://social.example/@Ola_N/7","bridgyOriginalText":)"
                R"("<p>The whole of it <a href=\"https://news.example/a\">a</a></p>")";
  auto finding = only_post(make_post("1", morning, record, "", ola, "Ola-N.social.example.ap.brid.gy"));
  const Post& post = finding.post;
  CHECK(post.bridge == "Bridgy Fed");
  CHECK(post.platform == "mastodon");
  CHECK(post.host == "social.example");
  CHECK(post.uri == "https://social.example/@Ola_N/7");
  CHECK(has(post, "https://social.example/users/Ola_N/statuses/7"));
  CHECK(has(post, post_uri("1")));
  CHECK(has(post, "https://bsky.app/profile/did:plc:ola/post/1"));
  CHECK(post.author.key == "ola_n@social.example");
  CHECK(post.author.handle.empty());
  CHECK_FALSE(post.author.bot.has_value());
  CHECK(post.text == "The whole of it a");
  CHECK(post.links == Texts{"https://news.example/a"});
  CHECK(post.tags == Texts{"AllIn"});
  CHECK(finding.local_id == post_uri("1"));
  CHECK(finding.home_id == "7");
}

TEST_CASE("the account behind a handle of Bridgy Fed is found where it can be", "[bridges]") {
  auto key = [](const std::string& handle, const std::string& original) {
    auto record = R"(,"bridgyOriginalUrl":")" + original + "\"";
    return only_post(make_post("1", morning, record, "", ola, handle)).post.author.key;
  };
  // The host in a name need not be that of the pages.
  CHECK(key("c.sciences.example.ap.brid.gy", "https://social.sciences.example/@c/7") == "c@sciences.example");
  CHECK(key("c.akkoma.example.ap.brid.gy", "https://akkoma.example/notice/AFm1") == "c@akkoma.example");
  CHECK(key("c.home.example.ap.brid.gy", "https://home.example/users/c/statuses/7") == "c@home.example");
  CHECK(key("c.home.example.ap.brid.gy", "https://elsewhere.example/notice/7") == ola);  // nobody knows whose it is
  CHECK(key("home.example.ap.brid.gy", "https://home.example/notice/7") == ola);
  CHECK(key("c.home.example", "https://home.example/@c/7") == ola);
  CHECK(key("c.home.example.ap.brid.gy.evil.example", "https://home.example/@c/7") == ola);
  CHECK(key("c.home.example.ap.brid.gy", "tag:7") == ola);
}

TEST_CASE("a website that Bridgy Fed put on Bluesky is its page", "[bridges]") {
  auto record = R"(,"bridgyOriginalUrl":"https://blog.example/2025/all-in")";
  auto post = only_post(make_post("1", morning, record, "", ola, "blog.example.web.brid.gy")).post;
  CHECK(post.bridge == "Bridgy Fed");
  CHECK(post.platform == "feed");
  CHECK(post.uri == "https://blog.example/2025/all-in");
  CHECK(post.kind == Kind::article);
  CHECK(post.author.media);
}

TEST_CASE("of a bridge's account on Bluesky followers are not the author's, and opting out is", "[bridges]") {
  auto record = R"(,"bridgyOriginalUrl":"https://social.example/@ola/7")";
  auto measured = [&](const std::string& profile) {
    std::vector<PostRef> refs{{1, "bsky.app", post_uri("1"), ""}};
    Talk talk(make_bluesky({})->measure(refs), utc("2025-06-20T12:00:00Z"));
    talk.ask();
    talk.page(200, posts_of({make_post("1", morning, record, "", ola, "ola.social.example.ap.brid.gy")}));
    CHECK(talk.ask().find("getProfiles?actors=did%3Aplc%3Aola") != std::string::npos);
    auto page = talk.page(
        200, R"({"profiles":[{"did":"did:plc:ola","handle":"ola.social.example.ap.brid.gy",)" + profile + "}]}");
    REQUIRE(page.readings.size() == 1U);
    return *page.readings[0].now;
  };
  auto plain = measured(R"("followersCount":250)");
  CHECK_FALSE(plain.post.author.followers.has_value());
  CHECK(plain.post.author.key == "ola@social.example");
  CHECK(plain.counters.likes == 1);
  CHECK(measured(R"("description":"#nobot")").post.author.opted_out);
}

TEST_CASE("a bridge's copy of a page without a host stays what it is", "[bridges]") {
  Finding copy;
  copy.post.platform = "mastodon";
  copy.post.host = "web.brid.gy";
  copy.post.uri = copy.post.url = "https://web.brid.gy/r/https://www.";
  copy.post.author.key = "a@web.brid.gy";
  CHECK_FALSE(name_original(copy));
  CHECK(copy.post.author.key == "a@web.brid.gy");
}
