#include <algorithm>

#include "connectors/reading/json_list.hpp"
#include "tests/unit/bluesky_talk.hpp"

using namespace campaignd;
using namespace campaignd::test;

namespace {

const std::string morning = "2025-06-20T08:00:00.000Z";

using Texts = std::vector<std::string>;

Finding with_record(const std::string& members) { return only_post(make_post("1", morning, "," + members)); }

std::string refusal_of(const std::string& post) {
  SourceSettings settings;
  settings.tags = {"AllIn"};
  Talk talk(make_bluesky(settings)->discover({}), utc("2025-06-20T12:00:00Z"));
  talk.ask();
  auto page = talk.page(200, posts_of({post, make_post("good", morning)}));
  CHECK(page.found.size() == 1U);
  REQUIRE(page.refused.size() == 1U);
  CHECK_FALSE(page.refused.front().id.empty());
  return page.refused.front().why;
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  return text.replace(text.find(what), what.size(), by);
}

}  // namespace

TEST_CASE("a post is known by its address, and its author by the DID", "[bluesky]") {
  auto finding = only_post(make_post("3ls", morning, "", "", ola, "Ola.Example"));
  CHECK(finding.local_id == "at://did:plc:ola/app.bsky.feed.post/3ls");
  CHECK(finding.post.uri == finding.local_id);
  CHECK(finding.post.platform == "bluesky");
  CHECK(finding.post.host == find_platform("bluesky")->contract.home);
  CHECK(finding.post.url == "https://bsky.app/profile/did:plc:ola/post/3ls");
  CHECK(finding.post.aliases == Texts{finding.post.url, "https://bsky.app/profile/ola.example/post/3ls"});
  CHECK(finding.post.author.key == ola);
  CHECK(finding.post.author.handle == "ola.example");
}

TEST_CASE("a handle that does not resolve is no name of an account", "[bluesky]") {
  auto post = only_post(make_post("3ls", morning, "", "", ola, "handle.invalid")).post;
  CHECK(post.author.handle.empty());
  CHECK(post.aliases == Texts{post.url});
}

TEST_CASE("a post was published when it says so, and never after it was first seen", "[bluesky]") {
  auto at = [](const std::string& created, const std::string& seen) {
    auto post = make_post("1", morning, "", R"(,"indexedAt":")" + seen + "\"");
    post = replaced(post, R"("indexedAt":"2025-06-20T08:00:00.000Z",)", "");
    return shown(only_post(replaced(post, morning, created)).post.published);
  };
  CHECK(at("2025-06-20T08:00:00+02:00", "2025-06-20T09:00:00Z") == "2025-06-20T06:00:00.000Z");
  CHECK(at("2031-01-01T00:00:00Z", "2025-06-20T09:00:00Z") == "2025-06-20T09:00:00.000Z");
  CHECK(at("yesterday", "2025-06-20T09:00:00Z") == "2025-06-20T09:00:00.000Z");
  CHECK(at("2025-06-20T08:00:00.123456Z", "") == "2025-06-20T08:00:00.123Z");
  CHECK(at("", "") == "none");
}

TEST_CASE("tags are those of the text's facets and the ones added beside it", "[bluesky]") {
  auto post = with_record(R"("facets":[{"index":{"byteStart":0,"byteEnd":9999},"features":[)"
                          R"({"$type":"app.bsky.richtext.facet#tag","tag":"AllIn"},)"
                          R"({"$type":"app.bsky.richtext.facet#tag","tag":"Łódź"},)"
                          R"({"$type":"app.bsky.richtext.facet#mention","did":"did:plc:b"},)"
                          R"({"$type":"app.bsky.richtext.facet#link","uri":"https://long.example/path?q"}]}])")
                  .post;
  CHECK(post.tags == Texts{"AllIn", "Łódź"});
  CHECK(post.links == Texts{"https://long.example/path?q"});
  // A program that writes no facets leaves the text to be read.
  CHECK_FALSE(only_post(replaced(make_post("1", morning), R"(,"tags":["AllIn"])", "")).post.tags);
}

TEST_CASE("media are counted with their alt texts, and a card is a link", "[bluesky]") {
  auto images =
      with_record(R"("embed":{"$type":"app.bsky.embed.images","images":[{"alt":"A choir"},{"alt":""}]})").post;
  CHECK(images.media_count == 2);
  CHECK(images.alt_text == "A choir\n");
  auto gallery = with_record(R"("embed":{"$type":"app.bsky.embed.gallery","items":[{"alt":"a"},{"alt":"b"}]})").post;
  CHECK(gallery.media_count == 2);
  auto video = with_record(R"("embed":{"$type":"app.bsky.embed.video","alt":"A film","video":{}})").post;
  CHECK(video.media_count == 1);
  CHECK(video.alt_text == "A film\n");
  auto card =
      with_record(R"("embed":{"$type":"app.bsky.embed.external","external":{"uri":"https://a.example/b"}})").post;
  CHECK(card.media_count == 0);
  CHECK(card.links == Texts{"https://a.example/b"});
  CHECK(with_record(R"("embed":{"$type":"app.bsky.embed.poll","options":[1,2]})").post.media_count == 0);
}

TEST_CASE("a quote quotes a post; a feed shown in a post is none", "[bluesky]") {
  auto embed = [](const std::string& uri) {
    return R"("embed":{"$type":"app.bsky.embed.record","record":{"uri":")" + uri + "\",\"cid\":\"c\"}}";
  };
  CHECK(with_record(embed(post_uri("9"))).post.kind == Kind::quote);
  CHECK(with_record(embed("at://did:plc:b/app.bsky.feed.generator/news")).post.kind == Kind::original);
  auto both = with_record(R"("embed":{"$type":"app.bsky.embed.recordWithMedia","record":{"record":{"uri":")" +
                          post_uri("9") + R"("}},"media":{"$type":"app.bsky.embed.images","images":[{"alt":"a"}]}})");
  CHECK(both.post.kind == Kind::quote);
  CHECK(both.post.media_count == 1);
  auto reply = R"("reply":{"root":{"uri":"at://a"},"parent":{"uri":"at://a"}},)" + embed(post_uri("9"));
  CHECK(with_record(reply).post.kind == Kind::reply);
}

TEST_CASE("counters that are no counts are not said", "[bluesky]") {
  auto counts = [](const std::string& members) {
    return only_post(make_post("1", morning, "", "," + members)).counters;
  };
  auto all = counts(R"("repostCount":2,"quoteCount":3,"replyCount":4)");
  CHECK(all == Counters{1, 2, 3, 4, std::nullopt});
  auto hostile = counts(R"("repostCount":-2,"quoteCount":99999999999999999,"replyCount":[4])");
  CHECK(hostile == Counters{1, std::nullopt, std::nullopt, std::nullopt, std::nullopt});
}

TEST_CASE("the labels of an account and of a post are heeded", "[bluesky]") {
  auto author = [](const std::string& labels) {
    return only_post(replaced(make_post("1", morning), R"("labels":[])", "\"labels\":" + labels)).post.author;
  };
  CHECK(author(R"([{"src":"did:plc:ola","val":"!no-unauthenticated"}])").opted_out);
  CHECK_FALSE(author(R"([{"src":"did:plc:ola","val":"!no-unauthenticated","neg":true}])").opted_out);
  CHECK(author(R"([{"src":"did:plc:ola","val":"bot"}])").bot == true);
  CHECK(author(R"([{"src":"did:plc:somebody","val":"bot"}])").bot == false);
  CHECK_FALSE(author("7").opted_out);
  CHECK_FALSE(only_post(replaced(make_post("1", morning), R"(,"labels":[])", "")).post.author.bot);
  auto own = with_record(R"("labels":{"values":[{"val":"!no-unauthenticated"}]})");
  CHECK(own.post.author.opted_out);
  auto shown = only_post(make_post("1", morning, "", R"(,"labels":[{"src":"x","val":"!no-unauthenticated"}])"));
  CHECK(shown.post.author.opted_out);
}

TEST_CASE("a bridge's original is another name of the post, and nobody else's claim is", "[bluesky]") {
  auto record = R"(,"bridgyOriginalUrl":"https://social.example/@ola/7")";
  auto bridged = only_post(make_post("1", morning, record, "", ola, "ola.social.example.ap.brid.gy")).post;
  CHECK(bridged.uri == "https://social.example/@ola/7");
  auto claimed = only_post(make_post("1", morning, record)).post;
  CHECK(std::ranges::find(claimed.aliases, "https://social.example/@ola/7") == claimed.aliases.end());
}

TEST_CASE("an item that is no post is refused, and the others stand", "[bluesky]") {
  auto good = make_post("1", morning);
  CHECK(refusal_of("7") == "not an object");
  CHECK(refusal_of("{}") == "no post: it lacks author or record");
  CHECK(refusal_of(replaced(good, "app.bsky.feed.post/1", "app.bsky.feed.like/1")) == "no address of a post");
  CHECK(refusal_of(replaced(good, "app.bsky.feed.post/1", "app.bsky.feed.post/../1")) == "no address of a post");
  CHECK(refusal_of(replaced(good, "at://did:plc:ola", "at://ola.example")) == "no address of a post");
  CHECK(refusal_of(replaced(good, R"("did":"did:plc:ola")", R"("did":"did:plc:b")")) ==
        "the author is not the one its address names");
  CHECK(refusal_of(replaced(good, R"("$type":"app.bsky.feed.post")", R"("$type":"app.bsky.feed.like")")) ==
        "no post: app.bsky.feed.like");
  CHECK(refusal_of(replaced(good, "\"likeCount\":1", "\"likeCount\":1e999")) == "Problem while parsing a number");
  CHECK(refusal_of(replaced(good, "\"text\":\"x\"", R"("text":"\ud83d")")).find("string") != std::string::npos);
}

TEST_CASE("what a record holds that it should not is left aside", "[bluesky]") {
  auto post = with_record(R"("langs":"en","facets":[7,{"features":"x"},{"features":[{"$type":7}]}],"reply":null,)"
                          R"("embed":{"images":[3,{"alt":5}],"external":7,"record":[],"media":{"media":{}}})")
                  .post;
  CHECK(post.language.empty());
  CHECK(post.kind == Kind::original);
  CHECK(post.media_count == 2);
  CHECK(with_record(R"("langs":[])").post.language.empty());
  CHECK(with_record(R"("langs":["pt-BR","en"])").post.language == "pt-BR");
  CHECK(only_post(replaced(make_post("1", morning), "\"text\":\"x\"", "\"text\":[]")).post.text.empty());
}

TEST_CASE("a post of many thousand tags costs no more than a page", "[bluesky]") {
  std::string tags = "\"tags\":[";
  for (int i = 0; i < 20000; ++i) tags += (i > 0 ? ",\"" : "\"") + std::to_string(i) + "\"";
  auto post = replaced(make_post("1", morning), R"("tags":["AllIn"])", tags + "]");
  CHECK(only_post(post).post.tags->size() == 100U);
}

TEST_CASE("a file is read as the list, thread, repository or post it is", "[bluesky]") {
  auto count = [](const std::string& body) {
    auto read = parse_bluesky(body, {});
    REQUIRE(read.has_value());
    auto page = boost::json::parse(*read);
    return std::pair(page.at("posts").as_array().size(), page.at("refused").as_array().size());
  };
  using Counts = std::pair<std::size_t, std::size_t>;
  auto one = make_post("1", morning), two = make_post("2", morning);
  CHECK(count(posts_of({one, two, "7"})) == Counts(2, 1));
  CHECK(count(feed_of({one})) == Counts(1, 0));
  CHECK(count(one) == Counts(1, 0));
  CHECK(count(R"({"thread":{"post":)" + one + R"(,"parent":{"notFound":true},"replies":[{"post":)" + two + "}]}}") ==
        Counts(2, 0));
  auto record = R"({"uri":")" + post_uri("1") + R"(","value":{"$type":"app.bsky.feed.post","text":"x"}})";
  CHECK(count(R"({"records":[)" + record + R"(,{"uri":"x"}]})") == Counts(1, 1));
  CHECK(count(error_of("InvalidRequest", "Profile not found")) == Counts(0, 1));
  CHECK_FALSE(parse_bluesky("<html>", {}).has_value());
}

TEST_CASE("a list with one element that cannot be parsed keeps the others", "[json]") {
  auto read = [](const std::string& body) {
    std::string out;
    auto use = [&](Json document) { out += "next " + json_text(document, "next") + ":"; };
    auto each = [&](Json item) { out += " " + json_text(item, "id"); };
    auto bad = [&](std::size_t place, const std::string&) { out += " bad" + std::to_string(place); };
    return read_json_list(body, "list", use, each, bad) ? out : std::string("malformed");
  };
  CHECK(read(R"({"list":[{"id":1},{"id":2}],"next":"a"})") == "next a: 1 2");
  CHECK(read(R"({"next":"a","list" : [{"id":1},{"id":1e999},{"id":"]\"}"}] })") == "next a: 1 bad1 ]\"}");
  CHECK(read(R"({"in":{"list":[0]},"x":"list","list":[1e999],"list":[2]})") == "next : bad0");
  CHECK(read(R"({"next":"a"})") == "next a:");
  CHECK(read(R"({"list":7,"next":"a"})") == "next a:");
  CHECK(read(R"({"list":[{"id":1e999}])") == "malformed");
  CHECK(read(R"({"list":[{"id":1e999}],"next":1e999})") == "malformed");
  CHECK(read(R"({"list":7,"next":1e999})") == "malformed");
  CHECK(read("") == "malformed");
  CHECK(read("{\"list") == "malformed");
}
