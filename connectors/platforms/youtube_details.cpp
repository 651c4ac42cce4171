#include "connectors/platforms/youtube_details.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "connectors/platforms/youtube_api.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd {

namespace {

// A field that is not asked for is not sent: pictures, keywords and translations of the texts are most of an answer.
constexpr std::string_view video_fields =
    "kind,items(id,snippet(publishedAt,channelId,title,description,channelTitle,defaultLanguage,defaultAudioLanguage),"
    "statistics(viewCount,likeCount,commentCount),status/privacyStatus)";
constexpr std::string_view channel_fields =
    "kind,items(id,snippet(customUrl,description),statistics(subscriberCount,hiddenSubscriberCount))";

/// As many as go into one request.
std::span<const std::string> first_of(const std::vector<std::string>& ids) {
  return std::span(ids).first(std::min(ids.size(), youtube::page_size));
}

void drop_first(std::vector<std::string>& ids) { ids.erase(ids.begin(), ids.begin() + std::ssize(first_of(ids))); }

std::string joined(std::span<const std::string> ids) {
  std::string out;
  for (const auto& each : ids) out += (out.empty() ? "" : ",") + percent_encode(each);
  return out;
}

}  // namespace

void VideoDetails::know(ChannelFacts channel) {
  auto id = channel.id;
  known_[id] = std::move(channel);
}

void VideoDetails::begin(std::vector<std::string> ids) { ids_ = std::move(ids); }

Request VideoDetails::ask() const {
  if (!ids_.empty())
    return ask_youtube(session_, fmt::format("videos?part=snippet,statistics,status&id={}&fields={}",
                                             joined(first_of(ids_)), video_fields));
  return ask_youtube(session_, fmt::format("channels?part=snippet,statistics&id={}&maxResults={}&fields={}",
                                           joined(first_of(channels_)), youtube::page_size, channel_fields));
}

std::optional<Failure> VideoDetails::read(const Answer& answer) {
  if (!ids_.empty()) return read_videos(answer);
  read_channels(answer);
  return std::nullopt;
}

std::optional<Failure> VideoDetails::read_videos(const Answer& answer) {
  if (answer.status != 200) return youtube_failure(answer);
  auto list = read_api_videos(answer.body);
  if (!list) return list.error();
  for (const auto& id : first_of(ids_)) {
    if (list->unlisted.contains(id)) read_.unlisted.push_back(id);
    if (!list->ids.contains(id) && !list->nameless) read_.missing.push_back(id);
    auto found = std::ranges::find(list->found, id, &Finding::local_id);
    if (found != list->found.end()) read_.found.push_back(std::move(*found));
  }
  std::ranges::move(list->refused, std::back_inserter(read_.refused));
  drop_first(ids_);
  if (ids_.empty()) look_for_channels();
  return std::nullopt;
}

void VideoDetails::look_for_channels() {
  std::set<std::string> unknown;
  for (const auto& each : read_.found)
    if (!known_.contains(each.post.author.key)) unknown.insert(each.post.author.key);
  channels_.assign(unknown.begin(), unknown.end());
}

void VideoDetails::read_channels(const Answer& answer) {
  Result<std::vector<ChannelFacts>> list =
      answer.status == 200 ? read_api_channels(answer.body) : youtube_failure(answer);
  if (!list) {
    read_.refused.push_back({"", "subscribers are not known: " + list.error().message});
    channels_.clear();
    return;
  }
  for (auto& each : *list) know(std::move(each));
  for (const auto& id : first_of(channels_)) known_.try_emplace(id);
  drop_first(channels_);
}

VideoDetails::Read VideoDetails::take() {
  for (auto& each : read_.found) {
    auto& author = each.post.author;
    auto channel = known_.find(author.key);
    if (channel == known_.end()) continue;
    author.handle = channel->second.handle;
    author.followers = channel->second.followers;
    author.opted_out = channel->second.opted_out;
  }
  return std::exchange(read_, {});
}

}  // namespace campaignd
