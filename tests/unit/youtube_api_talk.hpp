#pragma once
/// Hand-made answers of YouTube's Data API, and conversations with a key.
#include <fmt/format.h>

#include "connectors/platforms/youtube.hpp"
#include "tests/unit/talk.hpp"

namespace campaignd::test::youtube_api {

using namespace std::chrono_literals;

inline const std::string key = "AIza-secret-0123456789";
inline const std::string channel = "UCallin_integration-0001", other = "UCsomebody-0000000000001";
inline const std::string api = "https://www.googleapis.com/youtube/v3/";
inline const sys_ms noon = utc("2025-06-21T12:00:00Z");

inline const std::string video_fields =
    "&fields=kind,items(id,snippet(publishedAt,channelId,title,description,channelTitle,defaultLanguage,"
    "defaultAudioLanguage),statistics(viewCount,likeCount,commentCount),status/privacyStatus)";
inline const std::string channel_fields =
    "&maxResults=50&fields=kind,items(id,snippet(customUrl,description),statistics(subscriberCount,"
    "hiddenSubscriberCount))";

inline SourceSettings with_key() {
  SourceSettings out;
  out.session = std::make_shared<Session>(Session{.credential = key});
  out.floor = utc("2025-01-01T00:00:00Z");
  return out;
}

inline Talk search(const std::string& query = "", const Cursor& cursor = {}) {
  auto settings = with_key();
  settings.tags = {"AllIn", "Integração"};
  settings.query = query;
  return Talk(make_youtube(settings)->discover(cursor), noon);
}

inline Talk uploads(const std::string& account = channel, const Cursor& cursor = {}, int pages = 200) {
  auto settings = with_key();
  settings.account = account;
  settings.backfill_pages = pages;
  return Talk(make_youtube(settings)->discover(cursor), noon);
}

inline Talk measure(const std::vector<std::string>& ids) {
  std::vector<PostRef> posts;
  for (const auto& id : ids) posts.push_back({std::ssize(posts) + 1, "youtube.com", id, ""});
  return Talk(make_youtube(with_key())->measure(posts), noon);
}

inline std::string list(const std::string& kind, const std::vector<std::string>& items, const std::string& next = "") {
  return fmt::format(R"({{"kind":"youtube#{}"{},"items":[{}]}})", kind,
                     next.empty() ? "" : ",\"nextPageToken\":\"" + next + "\"", fmt::join(items, ","));
}

inline std::string video(const std::string& id, const std::string& published = "2025-06-20T08:00:00Z",
                         const std::string& by = other, const std::string& privacy = "public") {
  return fmt::format(R"({{"id":"{}","snippet":{{"publishedAt":"{}","channelId":"{}","title":"T & {}",)"
                     R"("description":"D #AllIn","channelTitle":"Most"}},"status":{{"privacyStatus":"{}"}},)"
                     R"("statistics":{{"viewCount":"2308","likeCount":"158","commentCount":"7"}}}})",
                     id, published, by, id, privacy);
}
inline std::string videos(const std::vector<std::string>& items) { return list("videoListResponse", items); }

inline std::string hit(const std::string& id, const std::string& published = "2025-06-20T08:00:00Z") {
  return fmt::format(R"({{"id":{{"videoId":"{}"}},"snippet":{{"publishedAt":"{}","title":"T &amp; x"}}}})", id,
                     published);
}
inline std::string hits(const std::vector<std::string>& items, const std::string& next = "") {
  return list("searchListResponse", items, next);
}

inline std::string upload(const std::string& id, const std::string& published = "2025-06-20T08:00:00Z") {
  return fmt::format(R"({{"contentDetails":{{"videoId":"{}","videoPublishedAt":"{}"}}}})", id, published);
}
inline std::string upload_list(const std::vector<std::string>& items, const std::string& next = "") {
  return list("playlistItemListResponse", items, next);
}

inline std::string channel_item(
    const std::string& id, const std::string& handle = "@most",
    const std::string& statistics = R"("subscriberCount":"45600","hiddenSubscriberCount":false)",
    const std::string& uploads_in = "UUallin_integration-0001") {
  return fmt::format(R"({{"id":"{}","snippet":{{"customUrl":"{}","description":"We"}},"statistics":{{{}}},)"
                     R"("contentDetails":{{"relatedPlaylists":{{"likes":"","uploads":"{}"}}}}}})",
                     id, handle, statistics, uploads_in);
}
inline std::string channels(const std::vector<std::string>& items) { return list("channelListResponse", items); }

inline std::string old_error(int code, const std::string& reason, const std::string& message = "x") {
  return fmt::format(
      R"({{"error":{{"code":{},"message":"{}","errors":[{{"message":"{}","domain":"d","reason":"{}"}}]}}}})", code,
      message, message, reason);
}

/// As newer servers write it; the reason in errors[] then says little.
inline std::string new_error(int code, const std::string& reason, const std::string& message = "x",
                             const std::string& metadata = R"("service":"youtube.googleapis.com")") {
  return fmt::format(R"({{"error":{{"code":{},"message":"{}","status":"X","errors":[{{"reason":"forbidden"}}],)"
                     R"("details":[{{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"{}",)"
                     R"("domain":"googleapis.com","metadata":{{{}}}}}]}}}})",
                     code, message, reason, metadata);
}

inline Failure failure_of(Talk& talk, int status, const std::string& body, const Headers& headers = {}) {
  auto result = talk.hear(status, body, headers);
  REQUIRE(result.has_error());
  CHECK(result.error().message.find(key) == std::string::npos);
  return result.error();
}

inline Failure first_failure(int status, const std::string& body, const Headers& headers = {}) {
  auto talk = search();
  talk.ask();
  return failure_of(talk, status, body, headers);
}

inline bool holds(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

inline std::string full_page(int number, const std::string& published) {
  std::vector<std::string> items;
  for (int i = 0; i < 50; ++i) items.push_back(hit(fmt::format("p{:04}x{:04}", number, i), published));
  return hits(items, "next" + std::to_string(number));
}

/// One page of a search, with the details of its videos.
inline Page hear_page(Talk& talk, const std::string& page, const std::vector<std::string>& found = {}) {
  talk.page(200, page);
  talk.ask();
  auto read = talk.page(200, videos(found));
  if (!found.empty() && talk.ask().starts_with(api + "channels")) read = talk.page(200, channels({}));
  return read;
}

}  // namespace campaignd::test::youtube_api
