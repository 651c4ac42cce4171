// YouTube's Data API: searches, uploads and measurements with a key, and every error it is known to give.
#include <fmt/format.h>

#include "connectors/platforms/youtube.hpp"
#include "tests/unit/talk.hpp"

using namespace campaignd;
using namespace campaignd::test;
using namespace std::chrono_literals;

namespace {

const std::string key = "AIza-secret-0123456789";
const std::string channel = "UCallin_integration-0001", other = "UCsomebody-0000000000001";
const std::string api = "https://www.googleapis.com/youtube/v3/";
const sys_ms noon = utc("2025-06-21T12:00:00Z");

const std::string video_fields =
    "&fields=kind,items(id,snippet(publishedAt,channelId,title,description,channelTitle,defaultLanguage,"
    "defaultAudioLanguage),statistics(viewCount,likeCount,commentCount),status/privacyStatus)";
const std::string channel_fields =
    "&maxResults=50&fields=kind,items(id,snippet(customUrl,description),statistics(subscriberCount,"
    "hiddenSubscriberCount))";

SourceSettings with_key() {
  SourceSettings out;
  out.session = std::make_shared<Session>(Session{.credential = key});
  out.floor = utc("2025-01-01T00:00:00Z");
  return out;
}

Talk search(const std::string& query = "", const Cursor& cursor = {}) {
  auto settings = with_key();
  settings.tags = {"AllIn", "Integração"};
  settings.query = query;
  return Talk(make_youtube(settings)->discover(cursor), noon);
}

Talk uploads(const std::string& account = channel, const Cursor& cursor = {}, int pages = 200) {
  auto settings = with_key();
  settings.account = account;
  settings.backfill_pages = pages;
  return Talk(make_youtube(settings)->discover(cursor), noon);
}

Talk measure(const std::vector<std::string>& ids) {
  std::vector<PostRef> posts;
  for (const auto& id : ids) posts.push_back({std::ssize(posts) + 1, "youtube.com", id, ""});
  return Talk(make_youtube(with_key())->measure(posts), noon);
}

std::string list(const std::string& kind, const std::vector<std::string>& items, const std::string& next = "") {
  return fmt::format(R"({{"kind":"youtube#{}"{},"items":[{}]}})", kind,
                     next.empty() ? "" : ",\"nextPageToken\":\"" + next + "\"", fmt::join(items, ","));
}

std::string video(const std::string& id, const std::string& published = "2025-06-20T08:00:00Z",
                  const std::string& by = other, const std::string& privacy = "public") {
  return fmt::format(R"({{"id":"{}","snippet":{{"publishedAt":"{}","channelId":"{}","title":"T & {}",)"
                     R"("description":"D #AllIn","channelTitle":"Most"}},"status":{{"privacyStatus":"{}"}},)"
                     R"("statistics":{{"viewCount":"2308","likeCount":"158","commentCount":"7"}}}})",
                     id, published, by, id, privacy);
}
std::string videos(const std::vector<std::string>& items) { return list("videoListResponse", items); }

std::string hit(const std::string& id, const std::string& published = "2025-06-20T08:00:00Z") {
  return fmt::format(R"({{"id":{{"videoId":"{}"}},"snippet":{{"publishedAt":"{}","title":"T &amp; x"}}}})", id,
                     published);
}
std::string hits(const std::vector<std::string>& items, const std::string& next = "") {
  return list("searchListResponse", items, next);
}

std::string upload(const std::string& id, const std::string& published = "2025-06-20T08:00:00Z") {
  return fmt::format(R"({{"contentDetails":{{"videoId":"{}","videoPublishedAt":"{}"}}}})", id, published);
}
std::string upload_list(const std::vector<std::string>& items, const std::string& next = "") {
  return list("playlistItemListResponse", items, next);
}

std::string channel_item(const std::string& id, const std::string& handle = "@most",
                         const std::string& statistics = R"("subscriberCount":"45600","hiddenSubscriberCount":false)",
                         const std::string& uploads_in = "UUallin_integration-0001") {
  return fmt::format(R"({{"id":"{}","snippet":{{"customUrl":"{}","description":"We"}},"statistics":{{{}}},)"
                     R"("contentDetails":{{"relatedPlaylists":{{"likes":"","uploads":"{}"}}}}}})",
                     id, handle, statistics, uploads_in);
}
std::string channels(const std::vector<std::string>& items) { return list("channelListResponse", items); }

std::string old_error(int code, const std::string& reason, const std::string& message = "x") {
  return fmt::format(
      R"({{"error":{{"code":{},"message":"{}","errors":[{{"message":"{}","domain":"d","reason":"{}"}}]}}}})", code,
      message, message, reason);
}

/// As newer servers write it; the reason in errors[] then says little.
std::string new_error(int code, const std::string& reason, const std::string& message = "x",
                      const std::string& metadata = R"("service":"youtube.googleapis.com")") {
  return fmt::format(R"({{"error":{{"code":{},"message":"{}","status":"X","errors":[{{"reason":"forbidden"}}],)"
                     R"("details":[{{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"{}",)"
                     R"("domain":"googleapis.com","metadata":{{{}}}}}]}}}})",
                     code, message, reason, metadata);
}

Failure failure_of(Talk& talk, int status, const std::string& body, const Headers& headers = {}) {
  auto result = talk.hear(status, body, headers);
  REQUIRE(result.has_error());
  CHECK(result.error().message.find(key) == std::string::npos);
  return result.error();
}

Failure first_failure(int status, const std::string& body, const Headers& headers = {}) {
  auto talk = search();
  talk.ask();
  return failure_of(talk, status, body, headers);
}

bool holds(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

std::string full_page(int number, const std::string& published) {
  std::vector<std::string> items;
  for (int i = 0; i < 50; ++i) items.push_back(hit(fmt::format("p{:04}x{:04}", number, i), published));
  return hits(items, "next" + std::to_string(number));
}

/// One page of a search, with the details of its videos.
Page hear_page(Talk& talk, const std::string& page, const std::vector<std::string>& found = {}) {
  talk.page(200, page);
  talk.ask();
  auto read = talk.page(200, videos(found));
  if (!found.empty() && talk.ask().starts_with(api + "channels")) read = talk.page(200, channels({}));
  return read;
}

}  // namespace

TEST_CASE("YouTube: the key goes into a header, and into nothing else", "[youtube]") {
  auto talk = search();
  CHECK_FALSE(holds(talk.ask(), key));
  CHECK(header(talk.asked().headers, "x-goog-api-key") == key);
  CHECK_FALSE(talk.asked().follows_redirects);
  auto page = talk.page(200, hits({hit("a0000000001")}));
  CHECK_FALSE(holds(page.cursor.position, key));
  CHECK_FALSE(holds(talk.ask(), key));
  CHECK(header(talk.asked().headers, "x-goog-api-key") == key);
}

TEST_CASE("YouTube: tags are searched for in one request, since the edition's start", "[youtube]") {
  auto talk = search();
  CHECK(talk.ask() == api +
                          "search?part=snippet&type=video&order=date&safeSearch=none&maxResults=50"
                          "&q=%23AllIn%7C%23Integra%C3%A7%C3%A3o&publishedAfter=2025-01-01T00%3A00%3A00Z"
                          "&fields=kind,nextPageToken,items(id/videoId,snippet/publishedAt)");
  CHECK(talk.asked().bucket == "youtube-search");
  CHECK(talk.asked().cost == 1);
}

TEST_CASE("YouTube: what a search finds is asked for in full, then who follows its channels", "[youtube]") {
  auto talk = search();
  talk.ask();
  auto named = talk.page(200, hits({hit("a0000000001"), hit("a0000000002"), hit("a0000000001")}));
  CHECK(named.more);
  CHECK(named.found.empty());
  CHECK(talk.ask() == api + "videos?part=snippet,statistics,status&id=a0000000001,a0000000002" + video_fields);
  CHECK(talk.asked().bucket == "youtube-api");
  CHECK(talk.page(200, videos({video("a0000000002"), video("a0000000001", "2025-06-20T08:00:00Z", channel)})).more);
  CHECK(talk.ask() == api + "channels?part=snippet,statistics&id=" + channel + "," + other + channel_fields);
  CHECK(talk.asked().bucket == "youtube-api");
  auto page = talk.page(200, channels({channel_item(channel)}));
  CHECK_FALSE(page.more);
  REQUIRE(page.found.size() == 2);
  const auto& first = page.found[0];
  CHECK(first.local_id == "a0000000001");
  CHECK(first.measurable);
  CHECK(first.post.uri == "https://www.youtube.com/watch?v=a0000000001");
  CHECK(first.post.aliases == std::vector<std::string>{"https://youtu.be/a0000000001"});
  CHECK(first.post.title == "T & a0000000001");
  CHECK(first.post.text == "T & a0000000001\nD #AllIn");
  CHECK_FALSE(first.post.tags.has_value());
  CHECK(first.post.author.key == channel);
  CHECK(first.post.author.handle == "@most");
  CHECK(first.post.author.followers == 45600);
  CHECK(first.counters.likes == 158);
  CHECK(first.counters.replies == 7);
  CHECK(first.counters.views == 2308);
  CHECK_FALSE(page.found[1].post.author.followers.has_value());
}

TEST_CASE("YouTube: the first search covers back to the edition's start, a later one two days of overlap",
          "[youtube]") {
  auto first = search();
  first.ask();
  auto page = first.page(200, hits({}));
  CHECK_FALSE(page.more);
  CHECK_FALSE(page.joins_last);
  CHECK(shown(page.since) == "2025-01-01T00:00:00.000Z");

  auto second = search("", page.cursor);
  CHECK(holds(second.ask(), "&publishedAfter=2025-06-19T12%3A00%3A00Z"));
  CHECK(second.page(200, hits({})).joins_last);
}

TEST_CASE("YouTube: words are a search of their own, and a video found by both is asked for once", "[youtube]") {
  auto talk = search("\"all in\" -chess");
  talk.ask();
  auto page = hear_page(talk, hits({hit("a0000000001")}), {video("a0000000001")});
  CHECK(page.more);
  CHECK_FALSE(page.since.has_value());
  CHECK(holds(talk.ask(), "&q=%22all%20in%22%20-chess&"));
  auto last = talk.page(200, hits({hit("a0000000001")}));
  CHECK_FALSE(last.more);
  CHECK(last.found.empty());
  CHECK(last.since.has_value());
}

TEST_CASE("YouTube: a search rests half an hour for each it took", "[youtube]") {
  auto one = search();
  one.ask();
  CHECK(one.page(200, hits({})).rest == 30min);
  auto two = search("words");
  two.ask();
  CHECK_FALSE(two.page(200, hits({})).rest.has_value());
  two.ask();
  CHECK(two.page(200, hits({})).rest == 1h);
}

TEST_CASE("YouTube: a search that broke off goes on at its page, and then once more from the top", "[youtube]") {
  auto talk = search();
  talk.ask();
  auto page = hear_page(talk, hits({hit("a0000000001")}, "CDIQAA"), {video("a0000000001")});
  CHECK(page.more);

  auto resumed = search("", page.cursor);
  CHECK(holds(resumed.ask(), "&pageToken=CDIQAA"));
  auto named = resumed.page(200, hits({hit("a0000000002")}));
  CHECK(named.more);
  CHECK(named.cursor == page.cursor);  // till the details are here this page is not read
  resumed.ask();
  resumed.page(200, videos({video("a0000000002")}));
  resumed.ask();
  CHECK(resumed.page(200, channels({})).more);
  CHECK_FALSE(holds(resumed.ask(), "pageToken"));
  CHECK_FALSE(resumed.page(200, hits({})).more);
}

TEST_CASE("YouTube: a token that is not known any more begins the search again, once", "[youtube]") {
  Cursor cursor;
  cursor.position = "known=0&begun=1750000000000&list=0&page=3&mark=CDIQAA";
  auto talk = search("", cursor);
  CHECK(holds(talk.ask(), "pageToken"));
  CHECK(talk.page(400, old_error(400, "invalidPageToken")).more);
  CHECK_FALSE(holds(talk.ask(), "pageToken"));
  CHECK(hear_page(talk, hits({hit("a0000000001")}, "CDIQAA"), {video("a0000000001")}).more);
  CHECK(holds(talk.ask(), "pageToken"));
  CHECK(failure_of(talk, 400, old_error(400, "invalidPageToken")).code == Failure::refused);
}

TEST_CASE("YouTube: a search that reaches its 500 results covers back to its last page only", "[youtube]") {
  auto talk = search();
  Page page;
  for (int number = 1; number <= 10; ++number) {
    auto url = talk.ask();
    CHECK(holds(url, "/search?"));
    page = hear_page(talk, full_page(number, fmt::format("2025-06-{:02}T08:00:00Z", 21 - number)));
    CHECK(page.more == (number < 10));
  }
  CHECK_FALSE(page.joins_last);
  CHECK(shown(page.since) == "2025-06-11T08:00:00.000Z");
  CHECK(page.rest == 5h);
}

TEST_CASE("YouTube: empty pages and pages that were shown before do not lead on for ever", "[youtube]") {
  auto empty = search();
  empty.ask();
  CHECK(empty.page(200, hits({}, "one")).more);
  empty.ask();
  CHECK_FALSE(empty.page(200, hits({}, "two")).more);

  auto again = search();
  again.ask();
  CHECK(hear_page(again, hits({hit("a0000000001")}, "one"), {video("a0000000001")}).more);
  again.ask();
  CHECK(again.page(200, hits({hit("a0000000001")}, "two")).more);
  again.ask();
  auto last = again.page(200, hits({hit("a0000000001")}, "three"));
  CHECK_FALSE(last.more);
  CHECK(last.since.has_value());
}

// For weeks in 2019 publishedAfter was not heeded.
TEST_CASE("YouTube: a search that does not heed the time asked for ends below it", "[youtube]") {
  auto talk = search();
  talk.ask();
  auto page = talk.page(200, hits({hit("a0000000001", "2024-06-20T08:00:00Z")}, "CDIQAA"));
  CHECK_FALSE(page.more);
  CHECK(page.found.empty());
  CHECK(shown(page.since) == "2025-01-01T00:00:00.000Z");
}

TEST_CASE("YouTube: a video that went or is not public is not found, and costs the others nothing", "[youtube]") {
  auto talk = search();
  talk.ask();
  talk.page(200, hits({hit("a0000000001"), hit("a0000000002"), hit("a0000000003")}));
  talk.ask();
  talk.page(200, videos({video("a0000000001"), video("a0000000002", "2025-06-20T08:00:00Z", other, "unlisted")}));
  talk.ask();
  auto page = talk.page(200, channels({channel_item(other)}));
  CHECK(page.found.size() == 1);
  REQUIRE(page.refused.size() == 1);
  CHECK(page.refused[0].id == "a0000000002");
}

TEST_CASE("YouTube: videos stand without their channels, and the source says so", "[youtube]") {
  auto talk = search();
  talk.ask();
  talk.page(200, hits({hit("a0000000001")}));
  talk.ask();
  talk.page(200, videos({video("a0000000001")}));
  talk.ask();
  auto page = talk.page(403, old_error(403, "quotaExceeded"));
  CHECK_FALSE(page.more);
  CHECK(page.found.size() == 1);
  REQUIRE(page.refused.size() == 1);
  CHECK(page.refused[0].id.empty());
  CHECK(holds(page.refused[0].why, "subscribers"));
}

TEST_CASE("YouTube: an answer that is no list of what was asked for is malformed, not empty", "[youtube]") {
  auto talk = search();
  talk.ask();
  for (const char* body : {"", "{}", "[]", "<html></html>", R"({"kind":"youtube#videoListResponse","items":[]})"})
    CHECK(failure_of(talk, 200, body).code == Failure::malformed);
  CHECK_FALSE(talk.page(200, R"({"kind":"youtube#searchListResponse"})").more);
}

TEST_CASE("YouTube: an item that names no video is refused, the others stand", "[youtube]") {
  auto talk = search();
  talk.ask();
  auto body = hits({R"({"id":{"channelId":"x"}})", R"({"id":{"videoId":"../x"}})", "3", hit("a0000000001")});
  auto page = hear_page(talk, body, {video("a0000000001")});
  CHECK(page.found.size() == 1);
  REQUIRE(page.refused.size() == 3);
  for (const auto& each : page.refused) CHECK_FALSE(each.id.empty());
}

TEST_CASE("YouTube: without a key a search is refused and says what to do, and a channel's feed is read", "[youtube]") {
  SourceSettings source;
  source.tags = {"AllIn"};
  if (GENERATE(true, false)) source.session = std::make_shared<Session>();
  auto searching = Talk(make_youtube(source)->discover({}), noon);
  searching.ask();
  CHECK(header(searching.asked().headers, "x-goog-api-key").empty());
  auto failure = failure_of(searching, 403, new_error(403, "CREDENTIALS_MISSING"));
  CHECK(failure.code == Failure::refused);
  CHECK(holds(failure.message, "API key"));

  auto measuring = Talk(make_youtube(source)->measure({{1, "youtube.com", "a0000000001", ""}}), noon);
  measuring.ask();
  CHECK(failure_of(measuring, 200, videos({})).code == Failure::refused);

  source.account = channel;
  auto feed = Talk(make_youtube(source)->discover({}), noon);
  CHECK(feed.ask() == "https://www.youtube.com/feeds/videos.xml?channel_id=" + channel);
}

TEST_CASE("YouTube: a source without anything to search for is refused", "[youtube]") {
  auto talk = Talk(make_youtube(with_key())->discover({}), noon);
  talk.ask();
  CHECK(holds(failure_of(talk, 200, hits({})).message, "tags or a query"));
}

TEST_CASE("YouTube: with a key a channel's uploads are read, under the followers its channel has", "[youtube]") {
  auto talk = uploads();
  CHECK(talk.ask() == api + "channels?part=snippet,statistics,contentDetails&id=" + channel +
                          "&fields=kind,items(id,snippet(customUrl,description),statistics(subscriberCount,"
                          "hiddenSubscriberCount),contentDetails/relatedPlaylists/uploads)");
  CHECK(talk.page(200, channels({channel_item(channel)})).more);
  CHECK(talk.ask() == api +
                          "playlistItems?part=contentDetails&playlistId=UUallin_integration-0001&maxResults=50"
                          "&fields=kind,nextPageToken,items/contentDetails(videoId,videoPublishedAt)");
  CHECK(talk.asked().bucket == "youtube-api");
  CHECK(talk.page(200, upload_list({upload("a0000000001")})).more);
  CHECK(talk.ask() == api + "videos?part=snippet,statistics,status&id=a0000000001" + video_fields);
  auto page = talk.page(200, videos({video("a0000000001", "2025-06-20T08:00:00Z", channel)}));
  CHECK_FALSE(page.more);
  CHECK(shown(page.since) == "2025-01-01T00:00:00.000Z");
  CHECK_FALSE(page.rest.has_value());
  REQUIRE(page.found.size() == 1);
  CHECK(page.found[0].post.author.key == channel);
  CHECK(page.found[0].post.author.followers == 45600);
  CHECK(page.found[0].measurable);

  auto second = uploads(channel, page.cursor);
  second.ask();
  second.page(200, channels({channel_item(channel)}));
  second.ask();
  auto next = second.page(200, upload_list({upload("a0000000001", "2025-06-10T08:00:00Z")}, "CDIQAA"));
  CHECK_FALSE(next.more);
  CHECK(next.joins_last);
}

TEST_CASE("YouTube: hidden subscribers are not said, nor is a channel's opt-out overlooked", "[youtube]") {
  auto talk = uploads();
  talk.ask();
  auto item = channel_item(channel, "@most", R"("subscriberCount":"0","hiddenSubscriberCount":true)", "");
  item.replace(item.find("We"), 2, "Nothing for robots #nobot");
  talk.page(200, channels({item}));
  CHECK(holds(talk.ask(), "playlistId=UUallin_integration-0001&"));
  talk.page(200, upload_list({upload("a0000000001")}));
  talk.ask();
  auto page = talk.page(200, videos({video("a0000000001", "2025-06-20T08:00:00Z", channel)}));
  REQUIRE(page.found.size() == 1);
  CHECK_FALSE(page.found[0].post.author.followers.has_value());
  CHECK(page.found[0].post.author.opted_out);
}

TEST_CASE("YouTube: a handle leads to its channel, which is then remembered", "[youtube]") {
  auto talk = uploads("@Fundacja.Most");
  CHECK(holds(talk.ask(), "&forHandle=%40Fundacja.Most&"));
  talk.page(200, channels({channel_item(channel, "@fundacja.most")}));
  talk.ask();
  talk.page(200, upload_list({upload("a0000000001")}));
  talk.ask();
  auto page = talk.page(200, videos({video("a0000000001", "2025-06-20T08:00:00Z", channel)}));
  REQUIRE(page.found.size() == 1);
  CHECK(page.found[0].post.author.handle == "@Fundacja.Most");
  CHECK(page.refused.empty());

  auto renamed = uploads("@Fundacja.Most", page.cursor);
  CHECK(holds(renamed.ask(), "&id=" + channel + "&"));
  renamed.page(200, channels({channel_item(channel, "@most")}));
  renamed.ask();
  auto next = renamed.page(200, upload_list({}));
  REQUIRE(next.refused.size() == 1);
  CHECK(next.refused[0].id.empty());
  CHECK(holds(next.refused[0].why, "youtube:@most"));
}

TEST_CASE("YouTube: a channel that is not there is gone, after its handle was asked for once more", "[youtube]") {
  auto by_id = uploads();
  by_id.ask();
  auto failure = failure_of(by_id, 200, R"({"kind":"youtube#channelListResponse","pageInfo":{"totalResults":0}})");
  CHECK(failure.code == Failure::gone);
  CHECK(holds(failure.message, channel));

  Cursor known;
  known.position = "known=0&begun=0&list=0&page=1&mark=&id=" + channel;
  auto by_handle = uploads("@most", known);
  by_handle.ask();
  CHECK(by_handle.page(200, channels({})).more);
  CHECK(holds(by_handle.ask(), "forHandle=%40most"));
  CHECK(failure_of(by_handle, 200, channels({})).code == Failure::gone);
}

TEST_CASE("YouTube: a channel that has published nothing is read like any other", "[youtube]") {
  auto talk = uploads();
  talk.ask();
  talk.page(200, channels({channel_item(channel)}));
  talk.ask();
  auto page = talk.page(404, old_error(404, "playlistNotFound"));
  CHECK_FALSE(page.more);
  CHECK(page.since.has_value());
}

// The list is in the order of uploading: what was uploaded early and published late stands among older ones.
TEST_CASE("YouTube: uploads are read until a page lies below the line, or to the cap", "[youtube]") {
  Cursor known;
  known.position = fmt::format("known={}&begun=0&list=0&page=1&mark=&id={}",
                               utc("2025-06-20T12:00:00Z").time_since_epoch().count(), channel);
  auto talk = uploads(channel, known, 2);
  talk.ask();
  talk.page(200, channels({channel_item(channel)}));
  talk.ask();
  talk.page(200, upload_list({upload("a0000000001", "2025-03-01T08:00:00Z"), upload("a0000000002")}, "one"));
  CHECK(holds(talk.ask(), "&id=a0000000002&"));
  CHECK(talk.page(200, videos({video("a0000000002", "2025-06-20T08:00:00Z", channel)})).more);
  CHECK(holds(talk.ask(), "&pageToken=one&"));
  SECTION("the next page is old") {
    auto page = talk.page(200, upload_list({upload("a0000000003", "2025-02-01T08:00:00Z")}, "two"));
    CHECK_FALSE(page.more);
    CHECK(page.joins_last);
  }
  SECTION("the next page is not") {
    talk.page(200, upload_list({upload("a0000000003", "2025-06-19T08:00:00Z")}, "two"));
    talk.ask();
    auto page = talk.page(200, videos({video("a0000000003", "2025-06-19T08:00:00Z", channel)}));
    CHECK_FALSE(page.more);
    CHECK_FALSE(page.joins_last);
    CHECK(shown(page.since) == "2025-06-19T08:00:00.000Z");
  }
}

TEST_CASE("YouTube: videos are measured fifty at a time, and with them who follows their channels", "[youtube]") {
  auto talk = measure({"a0000000001", "a0000000002", "a0000000003", "a0000000004"});
  CHECK(talk.ask() == api + "videos?part=snippet,statistics,status&id=a0000000001,a0000000002,a0000000003,a0000000004" +
                          video_fields);
  CHECK(talk.asked().bucket == "youtube-api");
  auto first = talk.page(200, videos({video("a0000000002"), R"({"id":"a0000000003"})",
                                      video("a0000000004", "2025-06-20T08:00:00Z", other, "unlisted")}));
  CHECK(first.more);
  CHECK(first.gone.empty());
  talk.ask();
  auto page = talk.page(200, channels({channel_item(other)}));
  CHECK_FALSE(page.more);
  REQUIRE(page.readings.size() == 1);
  CHECK(page.readings[0].of.post == 2);
  CHECK(page.readings[0].counters.views == 2308);
  REQUIRE(page.readings[0].now.has_value());
  CHECK(page.readings[0].now->post.author.followers == 45600);
  CHECK(page.readings[0].now->post.author.handle == "@most");
  REQUIRE(page.gone.size() == 2);  // the third is there, and cannot be read
  CHECK(page.gone[0].of.local_id == "a0000000001");
  CHECK(page.gone[1].of.local_id == "a0000000004");
  CHECK(page.refused.size() == 1);
}

TEST_CASE("YouTube: a batch of which nothing is shown takes one request", "[youtube]") {
  auto talk = measure({"a0000000001"});
  talk.ask();
  auto page = talk.page(200, R"({"kind":"youtube#videoListResponse"})");
  CHECK_FALSE(page.more);
  CHECK(page.gone.size() == 1);
}

TEST_CASE("YouTube: where an item has no readable id, none of the others is taken for gone", "[youtube]") {
  auto talk = measure({"a0000000001"});
  talk.ask();
  CHECK(talk.page(200, videos({R"({"snippet":{}})"})).gone.empty());
}

TEST_CASE("YouTube: a failed measurement takes no video away", "[youtube]") {
  auto talk = measure({"a0000000001"});
  talk.ask();
  CHECK(failure_of(talk, 200, "{}").code == Failure::malformed);
  CHECK(failure_of(talk, 404, "").code == Failure::gone);
  CHECK(failure_of(talk, 503, old_error(503, "backendError")).code == Failure::unavailable);
}

TEST_CASE("YouTube: more videos than one request takes are asked for in several", "[youtube]") {
  std::vector<std::string> ids;
  for (int i = 0; i < 51; ++i) ids.push_back(fmt::format("a{:010}", i));
  auto talk = measure(ids);
  CHECK(holds(talk.ask(), "a0000000049&"));
  CHECK(talk.page(200, videos({})).more);
  CHECK(holds(talk.ask(), "&id=a0000000050&"));
  CHECK(talk.page(200, videos({})).gone.size() == 51);
}

TEST_CASE("YouTube: a day's quota that is used up waits for midnight in California", "[youtube]") {
  const std::string words =
      "Quota exceeded for quota metric 'Search Queries' and limit 'Search Queries per day' of service "
      "'youtube.googleapis.com' for consumer 'project_number:1234'.";
  auto limit = R"("quota_limit":"defaultSearchListPerDayPerProject","quota_limit_value":"100")";
  auto status = GENERATE(403, 429);
  for (const auto& body :
       {old_error(status, "quotaExceeded"), old_error(status, "dailyLimitExceeded"),
        old_error(status, "rateLimitExceeded", words), new_error(status, "RATE_LIMIT_EXCEEDED", "x", limit)}) {
    auto failure = first_failure(status, body);
    CHECK(failure.code == Failure::throttled);
    CHECK(failure.retry_after == 19h);  // from noon to 07:00 UTC
    CHECK(holds(failure.message, "searches"));
    CHECK(holds(failure.message, "07:00 UTC"));
    CHECK_FALSE(holds(failure.message, "1234"));
  }
  auto units = uploads();
  units.ask();
  CHECK(holds(failure_of(units, 403, old_error(403, "quotaExceeded")).message, "requests"));
}

TEST_CASE("YouTube: too many requests in a minute wait for a little while", "[youtube]") {
  auto limit = R"("quota_limit":"defaultPerMinutePerProject","quota_limit_value":"1800000")";
  CHECK(first_failure(403, old_error(403, "userRateLimitExceeded")).retry_after == 5min);
  CHECK(first_failure(403, old_error(403, "rateLimitExceeded")).code == Failure::throttled);
  CHECK(first_failure(429, new_error(429, "RATE_LIMIT_EXCEEDED", "x", limit)).retry_after == 5min);
  CHECK(first_failure(429, "", {{"retry-after", "90"}}).retry_after == 90s);
  CHECK(first_failure(429, "<html>Sorry</html>").code == Failure::throttled);
}

TEST_CASE("YouTube: a project without any quota is told so, instead of waiting for ever", "[youtube]") {
  auto limit = R"("quota_limit":"defaultPerDayPerProject","quota_limit_value":"0")";
  auto failure = first_failure(429, new_error(429, "RATE_LIMIT_EXCEEDED", "x", limit));
  CHECK(failure.code == Failure::refused);
  CHECK(holds(failure.message, "quota of nothing"));
}

TEST_CASE("YouTube: what is wrong with a key is told with what to do about it", "[youtube]") {
  auto failure = [](int status, const std::string& body, std::string_view part) {
    auto told = first_failure(status, body);
    CHECK(told.code == Failure::refused);
    INFO(told.message);
    CHECK(holds(told.message, part));
  };
  failure(400, old_error(400, "keyInvalid", "Bad Request"), "does not accept the API key");
  failure(400, old_error(400, "keyExpired", "Bad Request"), "does not accept the API key");
  failure(400, old_error(400, "badRequest", "API key not valid. Please pass a valid API key."),
          "does not accept the API key");
  failure(400, new_error(400, "API_KEY_INVALID", "API key expired. Please renew the API key."),
          "does not accept the API key");
  failure(403, old_error(403, "forbidden", "Method doesn't allow unregistered callers. Please use API Key."),
          "does not accept the API key");
  failure(403, old_error(403, "dailyLimitExceededUnreg"), "does not accept the API key");
  failure(401, "", "does not accept the API key");
  failure(403, old_error(403, "accessNotConfigured"), "not switched on");
  failure(403, new_error(403, "SERVICE_DISABLED"), "not switched on");
  failure(403, old_error(403, "ipRefererBlocked"), "restrictions");
  failure(403, old_error(403, "forbidden", "Requests from referer <empty> are blocked."), "restrictions");
  for (const char* reason : {"API_KEY_IP_ADDRESS_BLOCKED", "API_KEY_HTTP_REFERRER_BLOCKED", "API_KEY_SERVICE_BLOCKED"})
    failure(403, new_error(403, reason), "restrictions");
}

// Google's own sentence holds the key.
TEST_CASE("YouTube: a suspended key is told without it", "[youtube]") {
  auto body =
      new_error(403, "CONSUMER_SUSPENDED", "Permission denied: Consumer 'api_key:" + key + "' has been suspended.");
  CHECK(holds(first_failure(403, body).message, "suspended"));
  CHECK(first_failure(403, old_error(403, key, key)).code == Failure::refused);
  CHECK(first_failure(418, old_error(418, key, key)).code == Failure::malformed);
}

TEST_CASE("YouTube: other errors are told by their reason, or their status", "[youtube]") {
  auto question = first_failure(400, old_error(400, "invalidSearchFilter"));
  CHECK(question.code == Failure::refused);
  CHECK(holds(question.message, "(invalidSearchFilter)"));
  CHECK(first_failure(403, old_error(403, "forbidden")).code == Failure::refused);
  CHECK(first_failure(404, old_error(404, "notFound")).code == Failure::gone);
  CHECK(first_failure(500, old_error(500, "backendError")).code == Failure::unavailable);
  CHECK(first_failure(503, "", {{"retry-after", "60"}}).retry_after == 60s);
  CHECK(first_failure(302, "", {{"location", "https://elsewhere.example/"}}).code == Failure::malformed);
  for (const char* body : {"{\"error\":3}", "{\"error\":{\"errors\":{},\"details\":[1,null]}}", "[]", "x"})
    CHECK(first_failure(403, body).code == Failure::refused);
}

TEST_CASE("YouTube: a list of videos in a file is read as the API's", "[youtube]") {
  auto read = parse_youtube(videos({video("a0000000001")}), {});
  REQUIRE(read.has_value());
  CHECK(holds(*read, "\"a0000000001\""));
  CHECK(parse_youtube("{}", {}).has_error());
}
