#include "connectors/platforms/youtube_video.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "connectors/reading/dates/time.hpp"
#include "connectors/reading/json_list.hpp"
#include "connectors/reading/opt_out.hpp"
#include "connectors/reading/text.hpp"

namespace campaignd {

namespace {

constexpr std::size_t channel_id_size = 24, longest_video_id = 32;
constexpr std::size_t most_items = 50;  // what is asked for; a longer list is not one of this API's

bool is_id_letter(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
}

/// The text of a member's member, "snippet" "title".
std::string text_in(Json item, std::string_view part, std::string_view key) {
  auto member = json_member(item, part);
  return member ? json_text(*member, key) : std::string{};
}

/// Gives the items of a list of this kind to `keep`, and what cannot be read to `refuse`. A list without results may
/// lack its "items"; what is no such list at all must not pass for an empty one.
Result<std::string> read_list(std::string_view body, std::string_view kind, const std::function<void(Json)>& keep,
                              const std::function<void(Refused)>& refuse) {
  std::string kind_read, next;
  std::size_t items = 0;
  auto use = [&](Json document) {
    kind_read = json_text(document, "kind");
    next = json_text(document, "nextPageToken");
  };
  auto each = [&](Json item) {
    if (++items <= most_items) keep(item);
  };
  auto bad = [&](std::size_t place, std::string why) {
    if (++items <= most_items) refuse({fmt::format("item {}", place + 1), std::move(why)});
  };
  auto read = read_json_list(body, "items", use, each, bad);
  if (!read) return Failure{read.error().code, "YouTube: " + read.error().message};
  if (kind_read != kind)
    return Failure{Failure::malformed, fmt::format("YouTube answered something else than a {}", kind)};
  return next;
}

Counters read_counters(Json item) {
  Counters out;
  auto statistics = json_member(item, "statistics");
  if (!statistics) return out;
  out.views = json_count(*statistics, "viewCount");
  out.likes = json_count(*statistics, "likeCount");
  out.replies = json_count(*statistics, "commentCount");
  return out;
}

Result<Finding> read_video(Json item, const std::string& id) {
  auto snippet = json_member(item, "snippet");
  if (!snippet) return Failure{Failure::malformed, "a video without its snippet"};
  auto channel = json_text(*snippet, "channelId");
  if (!is_channel_id(channel)) return Failure{Failure::malformed, "a video without its channel's id"};
  auto finding = video_named(id);
  Post& post = finding.post;
  finding.counters = read_counters(item);
  post.author.key = channel;
  post.author.name = clean_utf8(json_text(*snippet, "channelTitle"));
  post.published = read_rfc3339(json_text(*snippet, "publishedAt"));
  post.title = clean_utf8(json_text(*snippet, "title"));
  post.text = post.title + "\n" + clean_utf8(json_text(*snippet, "description"));
  post.language = json_text(*snippet, "defaultLanguage");
  if (post.language.empty()) post.language = json_text(*snippet, "defaultAudioLanguage");
  return finding;
}

Result<ChannelFacts> read_channel(Json item) {
  ChannelFacts out;
  out.id = json_text(item, "id");
  if (!is_channel_id(out.id)) return Failure{Failure::malformed, "a channel without an id"};
  out.handle = text_in(item, "snippet", "customUrl");
  if (!out.handle.starts_with('@')) out.handle.clear();  // what names had before there were handles
  out.opted_out = asks_to_be_left_out(text_in(item, "snippet", "description"));
  if (auto details = json_member(item, "contentDetails"))
    out.uploads = text_in(*details, "relatedPlaylists", "uploads");
  auto statistics = json_member(item, "statistics");
  bool is_hidden = !statistics || json_flag(*statistics, "hiddenSubscriberCount").value_or(false);
  if (!is_hidden) out.followers = json_count(*statistics, "subscriberCount");
  return out;
}

Result<VideoNames> read_names(std::string_view body, std::string_view kind, VideoNames::Name (*read_name)(Json)) {
  VideoNames out;
  std::size_t place = 0;
  auto keep = [&](Json item) {
    ++place;
    auto name = read_name(item);
    if (is_video_id(name.id))
      out.names.push_back(std::move(name));
    else
      out.refused.push_back({fmt::format("item {}", place), "an item that names no video"});
  };
  auto refuse = [&](Refused each) { out.refused.push_back(std::move(each)); };
  auto next = read_list(body, kind, keep, refuse);
  if (!next) return next.error();
  out.next = *next;
  return out;
}

}  // namespace

bool is_channel_id(std::string_view text) {
  return text.size() == channel_id_size && text.starts_with("UC") && std::ranges::all_of(text, is_id_letter);
}

bool is_video_id(std::string_view text) {
  return !text.empty() && text.size() <= longest_video_id && std::ranges::all_of(text, is_id_letter);
}

Finding video_named(const std::string& id) {
  Finding finding;
  Post& post = finding.post;
  finding.local_id = id;
  post.platform = "youtube";
  post.host = "youtube.com";
  post.uri = "https://www.youtube.com/watch?v=" + id;
  post.url = post.uri;
  post.aliases.push_back("https://youtu.be/" + id);
  post.kind = Kind::video;
  post.media_count = 1;
  return finding;
}

Result<ApiVideos> read_api_videos(std::string_view body) {
  ApiVideos out;
  std::size_t place = 0;
  auto refuse = [&](Refused each) {
    out.nameless = true;
    out.refused.push_back(std::move(each));
  };
  auto keep = [&](Json item) {
    ++place;
    auto id = json_text(item, "id");
    if (!is_video_id(id)) return refuse({fmt::format("item {}", place), "a video without an id"});
    if (!out.ids.insert(id).second) return;
    auto privacy = text_in(item, "status", "privacyStatus");
    if (!privacy.empty() && privacy != "public") {
      out.unlisted.insert(id);
      return;
    }
    auto video = read_video(item, id);
    if (video)
      out.found.push_back(std::move(*video));
    else
      out.refused.push_back({id, video.error().message});
  };
  auto read = read_list(body, "youtube#videoListResponse", keep, refuse);
  if (!read) return read.error();
  return out;
}

Result<std::vector<ChannelFacts>> read_api_channels(std::string_view body) {
  std::vector<ChannelFacts> out;
  auto keep = [&](Json item) {
    if (auto channel = read_channel(item)) out.push_back(std::move(*channel));
  };
  auto leave_out = [](const Refused&) {};
  auto read = read_list(body, "youtube#channelListResponse", keep, leave_out);
  if (!read) return read.error();
  return out;
}

Result<VideoNames> read_api_search(std::string_view body) {
  return read_names(body, "youtube#searchListResponse", [](Json item) -> VideoNames::Name {
    return {text_in(item, "id", "videoId"), read_rfc3339(text_in(item, "snippet", "publishedAt"))};
  });
}

Result<VideoNames> read_api_uploads(std::string_view body) {
  return read_names(body, "youtube#playlistItemListResponse", [](Json item) -> VideoNames::Name {
    return {text_in(item, "contentDetails", "videoId"),
            read_rfc3339(text_in(item, "contentDetails", "videoPublishedAt"))};
  });
}

}  // namespace campaignd
