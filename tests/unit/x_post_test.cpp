#include "tests/unit/x_talk.hpp"

using namespace campaignd;
using namespace campaignd::test;

namespace {

const std::string id = id_at("2025-06-20T09:00:00Z");

Page read_page(const std::string& body) {
  Talk talk(make_x(x_settings())->discover({}), utc("2025-06-20T12:00:00Z"));
  talk.ask();
  return talk.page(200, body);
}

Post only_post(const std::string& item) {
  auto page = read_page(x_list({item}));
  REQUIRE(page.found.size() == 1U);
  return page.found.front().post;
}

}  // namespace

TEST_CASE("a post of X has its names, its author and its counters", "[x]") {
  auto page = read_page(x_list({x_post(id, R"(,"lang":"pl","created_at":"2025-06-20T09:00:00.000Z")")}));
  REQUIRE(page.found.size() == 1U);
  const auto& finding = page.found.front();
  const auto& post = finding.post;
  CHECK(finding.local_id == id);
  CHECK(post.uri == "https://x.com/ola_example/status/" + id);
  CHECK(post.url == post.uri);
  CHECK(post.aliases == std::vector<std::string>{"https://x.com/i/status/" + id});
  CHECK(post.host == "x.com");
  CHECK(post.author.key == "7");
  CHECK(post.author.handle == "ola_example");
  CHECK(post.author.followers == 120);
  CHECK(post.language == "pl");
  CHECK(shown(post.published) == "2025-06-20T09:00:00.000Z");
  CHECK(finding.counters == Counters{3, 1, 4, 2, 6});
}

TEST_CASE("a post of X is read by its old names and by its new ones", "[x]") {
  auto first = id_at("2025-06-20T08:00:00Z");
  auto page =
      read_page(R"({"data":[{"id":")" + id + R"(","author_id":"7","text":"cut…","edit_history_post_ids":[")" + first +
                R"(",")" + id +
                R"("],"referenced_posts":[{"type":"quoted","id":"1"}],"public_metrics":{"repost_count":9},)"
                R"("note_post":{"text":"the whole &amp; long #AllIn","entities":{"hashtags":[{"tag":"AllIn"}]}}}],)"
                R"("includes":{"posts":[{"id":"1"}]},"meta":{"result_count":1}})");
  REQUIRE(page.found.size() == 1U);
  CHECK(page.cost == 10);
  const auto& post = page.found.front().post;
  CHECK(post.kind == Kind::quote);
  CHECK(post.text == "the whole & long #AllIn");
  CHECK(post.tags == std::vector<std::string>{"AllIn"});
  CHECK(page.found.front().counters.reposts == 9);
  CHECK_FALSE(page.found.front().counters.likes);
  // An edit is a post with an id of its own: the first one names them all.
  CHECK(post.uri == "https://x.com/i/status/" + first);
  CHECK(post.url == "https://x.com/i/status/" + id);
  CHECK(page.found.front().local_id == id);
  CHECK(shown(post.published) == "2025-06-20T08:00:00.000Z");
  CHECK(shown(post.edited) == "2025-06-20T09:00:00.000Z");
}

TEST_CASE("two versions of one post are one, and reposts are none", "[x]") {
  auto page =
      read_page(x_list({R"({"id":"1900000000000000003","author_id":"7","text":"b","edit_history_tweet_ids":["5","6"]})",
                        R"({"id":"1900000000000000004","author_id":"7","text":"a","edit_history_tweet_ids":["5"]})",
                        x_post("1900000000000000005", R"(,"referenced_tweets":[{"type":"retweeted","id":"1"}])")}));
  CHECK(page.found.size() == 1U);
  CHECK(page.refused.empty());
}

TEST_CASE("text of X is unescaped once, and its tags have names", "[x]") {
  auto post = only_post(
      R"({"id":"1900000000000000002","author_id":"7","text":"A &amp;lt; B &gt; 🎶 #Łódź https://t.co/x",)"
      R"("entities":{"hashtags":[{"start":14,"end":19,"tag":"Łódź"},{"start":14,"end":19,"tag":"Łódź"}],)"
      R"("urls":[{"url":"https://t.co/x","expanded_url":"https://sho.rt/1","unwound_url":"https://allin.example/a"},)"
      R"({"expanded_url":"https://allin.example/b"},)"
      R"({"expanded_url":"https://x.com/ola/status/1/photo/1","media_key":"3_1"}]},)"
      R"("attachments":{"media_keys":["3_1"]}})");
  CHECK(post.text == "A &lt; B > 🎶 #Łódź https://t.co/x");
  CHECK(post.tags == std::vector<std::string>{"Łódź"});
  CHECK(post.links == std::vector<std::string>{"https://allin.example/a", "https://allin.example/b"});
  CHECK(post.media_count == 1);
  // Without entities a '#' in the text is all there is.
  CHECK_FALSE(only_post(x_post(id)).tags);
}

TEST_CASE("a view that X did not count is not said, and neither is a language it made up", "[x]") {
  auto page = read_page(x_list({R"({"id":"1900000000000000002","author_id":"7","text":"x","lang":"qme",)"
                                R"("public_metrics":{"impression_count":0,"like_count":0,"reply_count":-1}})"}));
  const auto& finding = page.found.at(0);
  CHECK_FALSE(finding.counters.views);
  CHECK_FALSE(finding.counters.replies);
  CHECK(finding.counters.likes == 0);
  auto language = [](const std::string& code) { return only_post(x_post(id, R"(,"lang":")" + code + "\"")).language; };
  CHECK(language("und").empty());
  CHECK(language("zxx").empty());
  CHECK(language("iw") == "he");
  CHECK(language("qht").empty());
  CHECK(language("bg") == "bg");
}

TEST_CASE("a reply that quotes is a reply", "[x]") {
  auto post =
      only_post(x_post(id, R"(,"referenced_tweets":[{"type":"quoted","id":"1"},{"type":"replied_to","id":"2"}])"));
  CHECK(post.kind == Kind::reply);
}

TEST_CASE("a post of X is dated by its id where it does not say", "[x]") {
  CHECK(shown(only_post(x_post(id)).published) == "2025-06-20T09:00:00.000Z");
  CHECK_FALSE(only_post(x_post("12345")).published);
}

TEST_CASE("a biography on X that asks to be left out is heeded", "[x]") {
  auto opted_out = [](const std::string& biography) {
    auto user = x_user("7", "ola", R"(,"description":")" + biography + "\"");
    return read_page(x_list({x_post(id)}, "", {user})).found.at(0).post.author.opted_out;
  };
  CHECK(opted_out("Songs &amp; choirs #NoBot"));
  CHECK_FALSE(opted_out("I build a #bot"));
}

TEST_CASE("a post of X that cannot be read is refused alone", "[x]") {
  auto page = read_page(R"({"data":[{"id":"12"},{"id":"../1","author_id":"7","text":"x"},1e999,7,)" + x_post(id) +
                        R"(,{"id":"13","author_id":"me","text":"x"}],"includes":{"users":[7,{"id":"7",)"
                        R"("username":"../../i"}]},"meta":{"result_count":5}})");
  REQUIRE(page.found.size() == 1U);
  CHECK(page.refused.size() == 5U);
  CHECK(page.found.front().post.author.handle.empty());
  CHECK(page.found.front().post.uri == "https://x.com/i/status/" + id);
}
