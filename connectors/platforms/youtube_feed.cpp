#include "connectors/platforms/youtube_feed.hpp"

#include <set>

#include "connectors/reading/feeds/discover.hpp"
#include "connectors/reading/feeds/syndication.hpp"
#include "connectors/reading/html.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd {

namespace {

constexpr std::size_t id_size = 24, longest_tag = 1000;

/// The first channel id in a text that stands right behind `mark`.
std::string id_behind(std::string_view text, std::string_view mark) {
  for (auto at = text.find(mark); at != text.npos; at = text.find(mark, at + mark.size())) {
    auto id = text.substr(at + mark.size(), id_size);
    if (is_channel_id(id)) return std::string(id);
  }
  return {};
}

/// The same where all such marks name one channel: a page speaks of others too.
std::string only_id_behind(std::string_view text, std::string_view mark) {
  std::string only;
  for (auto at = text.find(mark); at != text.npos; at = text.find(mark, at + mark.size())) {
    auto id = text.substr(at + mark.size(), id_size);
    if (!is_channel_id(id)) continue;
    if (!only.empty() && only != id) return {};
    only = id;
  }
  return only;
}

/// What the <link>s of a page say: its own address, its feed.
std::string id_in_links(std::string_view html) {
  for (auto at = html.find("<link"); at != html.npos; at = html.find("<link", at + 5)) {
    auto tag = html.substr(at, longest_tag);
    tag = tag.substr(0, tag.find('>'));
    bool is_own = tag.find("canonical") != tag.npos || tag.find("alternate") != tag.npos;
    if (!is_own) continue;
    for (std::string_view mark : {"/channel/", "channel_id="})
      if (auto id = id_behind(tag, mark); !id.empty()) return id;
  }
  return {};
}

/// "yt:video:ID" of the entry's id, else the address it leads to.
std::string video_id(const FeedEntry& entry) {
  constexpr std::string_view before = "yt:video:", shorts = "/shorts/";
  std::string id;
  if (entry.id.starts_with(before)) id = entry.id.substr(before.size());
  if (id.empty()) id = query_value(entry.link, "v");
  auto at = entry.link.find(shorts);
  if (id.empty() && at != entry.link.npos) id = entry.link.substr(at + shorts.size());
  return is_video_id(id) ? id : std::string{};
}

Finding to_finding(const FeedEntry& entry, const std::string& id, const Channel& channel) {
  auto finding = video_named(id);
  Post& post = finding.post;
  finding.measurable = false;  // only the API, which asks for a key, gives a video by its id
  finding.counters = entry.counters;
  // Of a channel that hides its ratings the feed says count="0" (seen beside 166,972 views).
  if (finding.counters.likes == 0) finding.counters.likes.reset();
  if (host_within(host_of(entry.link), "youtube.com")) post.url = entry.link;
  if (post.url != post.uri) post.aliases.push_back(post.url);
  post.author.key = channel.id;
  post.author.handle = channel.handle;
  post.author.name = read_html(entry.author).text;
  // <updated> moves with every count, so it is no edit.
  post.published = entry.published;
  post.title = read_html(entry.title.html).text;
  post.text = post.title + "\n" + entry.summary.html;  // media:description is plain text
  return finding;
}

}  // namespace

std::string channel_of_page(std::string_view html) {
  auto id = id_in_links(html);
  if (id.empty()) id = only_id_behind(html, "\"externalId\":\"");
  if (id.empty()) id = only_id_behind(html, "\"channelId\":\"");
  return id;
}

std::string channel_of_feed(std::string_view xml) { return id_behind(xml, "/channel/"); }

Result<VideoList> read_videos(const std::string& body, std::string_view content_type, const Channel& channel) {
  if (looks_like_html(body))
    return Failure{Failure::malformed, "youtube.com shows a web page in place of the feed of " + channel.id};
  auto feed = read_feed(body, content_type, "https://www.youtube.com/feeds/videos.xml");
  if (!feed) return feed.error();
  VideoList out;
  out.complete = feed->complete;
  std::set<std::string> seen;
  for (const auto& entry : feed->entries) {
    auto id = video_id(entry);
    if (id.empty())
      out.refused.push_back({entry.id.empty() ? "entry" : entry.id, "an entry without a video's id"});
    else if (seen.insert(id).second)
      out.found.push_back(to_finding(entry, id, channel));
  }
  return out;
}

}  // namespace campaignd
