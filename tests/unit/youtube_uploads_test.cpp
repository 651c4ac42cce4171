// YouTube's Data API: channels' uploads and measurements.
#include "tests/unit/youtube_api_talk.hpp"

using namespace campaignd;
using namespace campaignd::test;
using namespace campaignd::test::youtube_api;

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
  CHECK_FALSE(page.pause.has_value());
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
