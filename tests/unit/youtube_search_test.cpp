// YouTube's Data API: searches with a key, and what they find.
#include "tests/unit/youtube_api_talk.hpp"

using namespace campaignd;
using namespace campaignd::test;
using namespace campaignd::test::youtube_api;

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
  CHECK(one.page(200, hits({})).pause == 30min);
  auto two = search("words");
  two.ask();
  CHECK_FALSE(two.page(200, hits({})).pause.has_value());
  two.ask();
  CHECK(two.page(200, hits({})).pause == 1h);
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
  CHECK(page.pause == 5h);
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
