// A channel's feed and page as YouTube shows them to anybody, and what else it says in their place.
#include "connectors/platforms/youtube.hpp"

#include "connectors/platforms/youtube_feed.hpp"
#include "tests/unit/talk.hpp"

using namespace campaignd;
using namespace campaignd::test;
using namespace std::chrono_literals;

namespace {

const std::string channel = "UCallin_integration-0001";
const std::string feed_of_channel = "https://www.youtube.com/feeds/videos.xml?channel_id=" + channel;
const std::string feed_of_uploads = "https://www.youtube.com/feeds/videos.xml?playlist_id=UUallin_integration-0001";
const sys_ms noon = utc("2025-06-21T12:00:00Z");

std::string entry(const std::string& id, const std::string& published = "2025-06-20T08:00:00+00:00",
                  const std::string& community = "") {
  return "<entry><id>yt:video:" + id + "</id><title>T " + id +
         "</title><link rel=\"alternate\" href=\"https://www.youtube.com/watch?v=" + id +
         "\"/><author><name>Most</name></author><published>" + published +
         "</published><updated>2025-06-21T00:00:00+00:00</updated><media:group><media:description>D #AllIn\nsecond "
         "line</media:description><media:community>" +
         community + "</media:community></media:group></entry>";
}

std::string feed(const std::vector<std::string>& entries) {
  std::string out =
      "<?xml version=\"1.0\"?><feed xmlns:yt=\"http://www.youtube.com/xml/schemas/2015\" "
      "xmlns:media=\"http://search.yahoo.com/mrss/\" xmlns=\"http://www.w3.org/2005/Atom\"><title>Most</title>";
  for (const auto& each : entries) out += each;
  return out + "</feed>";
}

SourceSettings watching(const std::string& account) {
  SourceSettings out;
  out.account = account;
  out.floor = utc("2025-01-01T00:00:00Z");
  return out;
}

Talk poll(const std::string& account = channel, const Cursor& cursor = {}) {
  return Talk(make_youtube(watching(account))->discover(cursor), noon);
}

Failure failure_of(Talk& talk, int status, const std::string& body, const Headers& headers = {}) {
  auto result = talk.hear(status, body, headers);
  REQUIRE(result.has_error());
  return result.error();
}

std::string channel_page(const std::string& head, const std::string& body = "") {
  return "<!DOCTYPE html><html><head>" + head + "</head><body>" + body + "</body></html>";
}

}  // namespace

TEST_CASE("YouTube: a channel's feed is asked for by its id, and its videos are the channel's", "[youtube]") {
  auto talk = poll();
  CHECK(talk.ask() == feed_of_channel);
  CHECK(talk.asked().bucket == "youtube");
  auto community = "<media:starRating count=\"158\" average=\"5.00\"/><media:statistics views=\"2308\"/>";
  auto page = talk.page(200, feed({entry("a0000000001", "2025-06-20T08:00:00+00:00", community)}));
  CHECK_FALSE(page.more);
  REQUIRE(page.found.size() == 1);
  const auto& post = page.found[0].post;
  const auto& counters = page.found[0].counters;
  CHECK(page.found[0].local_id == "a0000000001");
  CHECK_FALSE(page.found[0].measurable);
  CHECK(post.platform == "youtube");
  CHECK(post.host == "youtube.com");
  CHECK(post.uri == "https://www.youtube.com/watch?v=a0000000001");
  CHECK(post.aliases == std::vector<std::string>{"https://youtu.be/a0000000001"});
  CHECK(post.author.key == channel);
  CHECK(post.author.handle.empty());
  CHECK(post.author.name == "Most");
  CHECK_FALSE(post.author.media);
  CHECK(post.kind == Kind::video);
  CHECK(shown(post.published) == "2025-06-20T08:00:00.000Z");
  CHECK_FALSE(post.edited.has_value());
  CHECK(post.text == "T a0000000001\nD #AllIn\nsecond line");
  CHECK_FALSE(post.tags.has_value());
  CHECK(counters.likes == 158);
  CHECK(counters.views == 2308);
  CHECK_FALSE(counters.replies.has_value());
}

TEST_CASE("YouTube: numbers it does not say, hides or writes wrongly are not zero", "[youtube]") {
  auto talk = poll();
  talk.ask();
  auto page = talk.page(
      200, feed({entry("a0000000001"),
                 entry("a0000000002", "2025-06-19T08:00:00+00:00",
                       "<media:starRating count=\"0\" average=\"0.00\"/><media:statistics views=\"166972\"/>"),
                 entry("a0000000003", "2025-06-18T08:00:00+00:00",
                       "<media:starRating count=\"-3\"/><media:statistics views=\"99999999999999999999\"/>"),
                 entry("a0000000004", "2025-06-17T08:00:00+00:00", "<media:statistics views=\"0\"/>")}));
  REQUIRE(page.found.size() == 4);
  CHECK(page.found[0].counters == Counters{});
  CHECK_FALSE(page.found[1].counters.likes.has_value());
  CHECK(page.found[1].counters.views == 166972);
  CHECK(page.found[2].counters == Counters{});
  CHECK(page.found[3].counters.views == 0);
}

TEST_CASE("YouTube: the first poll reaches back to its oldest video, a later one joins by what it knows", "[youtube]") {
  auto first = poll();
  first.ask();
  auto page = first.page(200, feed({entry("a0000000002", "2025-06-20T08:00:00+00:00"),
                                    entry("a0000000001", "2025-06-10T08:00:00+00:00")}));
  CHECK_FALSE(page.joins_last);
  CHECK(shown(page.since) == "2025-06-10T08:00:00.000Z");

  auto second = poll(channel, page.cursor);
  second.ask();
  auto next = second.page(
      200, feed({entry("a0000000003", "2025-06-21T08:00:00+00:00"), entry("a0000000002", "2025-06-20T08:00:00+00:00"),
                 entry("a0000000001", "2025-06-10T08:00:00+00:00")}));
  CHECK(next.joins_last);

  auto third = poll(channel, next.cursor);
  third.ask();
  auto missed = third.page(200, feed({entry("a0000000009", "2025-06-21T11:00:00+00:00"),
                                      entry("a0000000008", "2025-06-21T10:00:00+00:00")}));
  CHECK_FALSE(missed.joins_last);
  CHECK(shown(missed.since) == "2025-06-21T10:00:00.000Z");
}

TEST_CASE("YouTube: a channel without videos is read, one whose videos vanish at once is not believed", "[youtube]") {
  auto empty = poll();
  empty.ask();
  CHECK(empty.page(200, feed({})).joins_last);

  Cursor known;
  known.position = "v=2&marks=a0000000001%20a0000000002";
  auto emptied = poll(channel, known);
  emptied.ask();
  auto page = emptied.page(200, feed({}));
  CHECK_FALSE(page.joins_last);
  CHECK_FALSE(page.since.has_value());
  CHECK(page.cursor.position.find("a0000000001") != std::string::npos);
}

TEST_CASE("YouTube: a feed that breaks off is read as far as it goes, and says so", "[youtube]") {
  auto talk = poll();
  talk.ask();
  auto body = feed({entry("a0000000001"), entry("a0000000002")});
  auto page = talk.page(200, body.substr(0, body.rfind("<published>")));
  CHECK(page.found.size() == 1);
  REQUIRE(page.refused.size() == 1);
  CHECK(page.refused[0].id.empty());
  CHECK_FALSE(page.since.has_value());
}

TEST_CASE("YouTube: a channel that is not found is asked for by its uploads, and is never gone by that", "[youtube]") {
  auto talk = poll();
  talk.ask();
  auto status = GENERATE(404, 500);
  CHECK(talk.page(status, "Error").more);
  CHECK(talk.ask() == feed_of_uploads);
  SECTION("the uploads are there") { CHECK(talk.page(200, feed({entry("a0000000001")})).found.size() == 1); }
  SECTION("the uploads are not there either") {
    auto failure = failure_of(talk, 404, "");
    CHECK(failure.code == Failure::unavailable);
    CHECK(failure.retry_after == 1h);
    CHECK(failure.message.find(channel) != std::string::npos);
  }
  SECTION("the server is in trouble") { CHECK(failure_of(talk, 503, "").code == Failure::unavailable); }
  SECTION("the server has had enough of us") {
    auto failure = failure_of(talk, 429, "", {{"retry-after", "90"}});
    CHECK(failure.code == Failure::throttled);
    CHECK(failure.retry_after == 90s);
  }
}

TEST_CASE("YouTube: what is no feed is a failure that says what it was", "[youtube]") {
  auto talk = poll();
  talk.ask();
  CHECK(failure_of(talk, 403, "").code == Failure::refused);
  CHECK(failure_of(talk, 429, "").code == Failure::throttled);
  CHECK(failure_of(talk, 503, "", {{"retry-after", "60"}}).retry_after == 60s);
  CHECK(failure_of(talk, 200, "").code == Failure::malformed);
  CHECK(failure_of(talk, 200, "Bad request").code == Failure::malformed);
  auto page = failure_of(talk, 200, channel_page("<title>Before you continue</title>"));
  CHECK(page.code == Failure::malformed);
  CHECK(page.message.find("web page") != std::string::npos);
  auto riddle = failure_of(talk, 302, "", {{"location", "https://www.google.com/sorry/index?continue=x"}});
  CHECK(riddle.code == Failure::throttled);
  auto consent = failure_of(talk, 302, "", {{"location", "https://consent.youtube.com/m?continue=x"}});
  CHECK(consent.code == Failure::refused);
  auto elsewhere = failure_of(talk, 301, "", {{"location", "https://elsewhere.example/feed?token=secret"}});
  CHECK(elsewhere.code == Failure::malformed);
  CHECK(elsewhere.message.find("secret") == std::string::npos);
}

TEST_CASE("YouTube: a handle is looked up once, and stands beside the channel's id", "[youtube]") {
  auto talk = poll("@Fundacja.Most");
  CHECK(talk.ask() == "https://www.youtube.com/@Fundacja.Most");
  CHECK_FALSE(talk.asked().follows_redirects);
  auto looked_up =
      talk.page(200, channel_page("<link rel=\"canonical\" href=\"https://www.youtube.com/channel/" + channel + "\">"));
  CHECK(looked_up.more);
  CHECK(talk.ask() == feed_of_channel);
  auto page = talk.page(200, feed({entry("a0000000001")}));
  REQUIRE(page.found.size() == 1);
  CHECK(page.found[0].post.author.key == channel);
  CHECK(page.found[0].post.author.handle == "@Fundacja.Most");

  auto next = poll("@Fundacja.Most", page.cursor);
  CHECK(next.ask() == feed_of_channel);
  CHECK(next.page(200, feed({entry("a0000000001")})).joins_last);
}

TEST_CASE("YouTube: a handle may have letters of any script, and its page may move within the site", "[youtube]") {
  auto talk = poll("@żółw");
  CHECK(talk.ask() == "https://www.youtube.com/@%C5%BC%C3%B3%C5%82w");
  CHECK(talk.page(302, "", {{"location", "/@zolw?cbrd=1"}}).more);
  CHECK(talk.ask() == "https://www.youtube.com/@zolw?cbrd=1");
  CHECK(failure_of(talk, 302, "", {{"location", "http://www.youtube.com/@zolw"}}).code == Failure::malformed);
  for (int i = 0; i < 2; ++i) CHECK(talk.page(302, "", {{"location", "/@zolw"}}).more);
  CHECK(failure_of(talk, 302, "", {{"location", "/@zolw"}}).code == Failure::malformed);
}

TEST_CASE("YouTube: where the page of a handle is not to be had, the sentence says to write the id", "[youtube]") {
  auto talk = poll("@most");
  talk.ask();
  auto consent = failure_of(talk, 302, "", {{"location", "https://consent.youtube.com/m?continue=x&gl=DE"}});
  CHECK(consent.code == Failure::refused);
  CHECK(consent.message.find("youtube:UC") != std::string::npos);
  CHECK(consent.message.find("@most") != std::string::npos);
  auto shown_consent =
      failure_of(talk, 200, channel_page("", "<form action=\"https://consent.youtube.com/save\"></form>"));
  CHECK(shown_consent.code == Failure::refused);
  CHECK(failure_of(talk, 404, "").code == Failure::gone);
  CHECK(failure_of(talk, 500, "").code == Failure::unavailable);
  auto nameless = failure_of(talk, 200, channel_page(""));
  CHECK(nameless.code == Failure::malformed);
  CHECK(nameless.message.find("youtube:UC") != std::string::npos);
}

TEST_CASE("YouTube: an id that is none is said to be none", "[youtube]") {
  auto talk = poll("ucallin_integration-0001");
  talk.ask();
  auto failure = failure_of(talk, 404, "");
  CHECK(failure.code == Failure::unavailable);
  CHECK(failure.message.find("capitals") != std::string::npos);
}

TEST_CASE("YouTube: a page's channel is the one of its links, never one it merely speaks of", "[youtube]") {
  const std::string other = "UCother-channel-00000002";
  auto rss = "<link rel=\"alternate\" type=\"application/rss+xml\" title=\"RSS\" href=\"" + feed_of_channel + "\">";
  CHECK(channel_of_page(channel_page(rss, "\"channelId\":\"" + other + "\"")) == channel);
  CHECK(channel_of_page("{\"channelId\":\"" + other + "\",\"externalId\":\"" + channel + "\"}") == channel);
  CHECK(channel_of_page("{\"channelId\":\"" + channel + "\"},{\"channelId\":\"" + channel + "\"}") == channel);
  CHECK(channel_of_page("{\"channelId\":\"" + channel + "\"},{\"channelId\":\"" + other + "\"}").empty());
  CHECK(channel_of_page("<link rel=\"canonical\" href=\"https://www.youtube.com/channel/UCshort\">").empty());
  CHECK(channel_of_page("<link rel=\"stylesheet\" href=\"/channel/" + other + "\">").empty());
  CHECK(channel_of_page("").empty());
  std::string links;
  for (int i = 0; i < 200'000; ++i) links += "<link";
  CHECK(channel_of_page(links).empty());
}

TEST_CASE("YouTube: an entry that names no video is refused, the others stand", "[youtube]") {
  auto talk = poll();
  talk.ask();
  auto page = talk.page(
      200, feed({"<entry><id>yt:video:</id><title>x</title></entry>", entry("../etc/passwd"), entry("a0000000001"),
                 entry("a0000000001"), "<entry><link href=\"https://www.youtube.com/shorts/s0000000001\"/></entry>",
                 "<entry><title>nothing</title></entry>"}));
  REQUIRE(page.found.size() == 2);
  CHECK(page.found[0].local_id == "a0000000001");
  CHECK(page.found[1].local_id == "s0000000001");
  CHECK(page.found[1].post.url == "https://www.youtube.com/shorts/s0000000001");
  CHECK(page.refused.size() == 3);
  for (const auto& each : page.refused) CHECK_FALSE(each.id.empty());
}

TEST_CASE("YouTube: what it promises", "[youtube]") {
  CHECK(youtube_contract.accounts);
  CHECK(youtube_contract.home == "youtube.com");
  CHECK(youtube_contract.keep_at_most == std::chrono::days(29));
  CHECK(youtube_contract.batch == 50);
  CHECK_FALSE(youtube_contract.credential.form.empty());
  CHECK_FALSE(youtube_contract.credential.required);
}
