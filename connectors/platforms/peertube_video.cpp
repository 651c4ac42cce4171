#include "connectors/platforms/peertube_video.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "connectors/platforms/peertube.hpp"
#include "connectors/reading/dates/time.hpp"
#include "connectors/reading/json_list.hpp"
#include "connectors/reading/json_out.hpp"
#include "connectors/reading/markdown.hpp"
#include "connectors/reading/opt_out.hpp"
#include "connectors/reading/text.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd {

namespace {

constexpr std::size_t shortest_cut = 240;  // a list cuts a description to 250 characters, at a word, with "..."
constexpr std::int64_t is_public = 1;

/// The index writes 1970 where an instance said nothing.
std::optional<sys_ms> time_of(Json video, std::string_view name) {
  auto time = read_rfc3339(json_text(video, name));
  return time && *time > sys_ms(std::chrono::days(1)) ? time : std::nullopt;
}

/// name@host of an account or a channel; empty where it has no name.
std::string full_name(std::optional<Json> actor, const std::string& home) {
  if (!actor) return {};
  auto name = json_text(*actor, "name"), host = json_text(*actor, "host");
  return name.empty() ? std::string() : fold(name + "@" + (host.empty() ? home : host));
}

Author read_author(Json account, std::optional<Json> channel, const std::string& home) {
  Author author;
  author.key = full_name(account, home);
  author.handle = full_name(channel, home);
  author.name = json_text(account, "displayName");
  author.followers = json_count(account, "followersCount");
  author.opted_out = asks_to_be_left_out(json_text(account, "description"));
  return author;
}

/// Some entries of the index say "-en".
std::string language_of(Json video) {
  auto language = json_member(video, "language");
  auto id = language ? json_text(*language, "id") : std::string();
  bool is_code = !id.empty() && ((id[0] >= 'a' && id[0] <= 'z') || (id[0] >= 'A' && id[0] <= 'Z'));
  return is_code ? id : std::string();
}

/// A video's tags are one list, the hashtags its author typed another.
void read_tags(Json tags, Post& post) {
  post.tags = hashtags_in(fold(post.title + "\n" + post.text));
  for (Json tag : simdjson::dom::array(tags)) {
    std::string_view name;
    if (tag.get(name) == simdjson::SUCCESS && !name.empty()) post.tags->emplace_back(name);
  }
}

void read_words(Json video, Video& out) {
  Post& post = out.finding.post;
  auto description = json_text(video, "description");
  out.is_cut = description.size() >= shortest_cut && description.ends_with("...") &&
               description == json_text(video, "truncatedDescription");
  auto prose = read_markdown(description);
  post.title = json_text(video, "name");
  post.text = std::move(prose.text);
  post.links = std::move(prose.links);
  auto tags = json_member(video, "tags");
  out.is_whole = tags && tags->is_array();
  if (out.is_whole) read_tags(*tags, post);
}

bool is_closed(Json video) {
  auto privacy = json_member(video, "privacy");
  auto id = privacy ? json_count(*privacy, "id") : std::nullopt;
  return (id && *id != is_public) || json_flag(video, "blacklisted").value_or(false);
}

Failure refuse(std::string why) { return {Failure::malformed, std::move(why)}; }

}  // namespace

Result<Video> read_video(Json video, const std::string& observer) {
  Video out;
  Post& post = out.finding.post;
  auto account = json_member(video, "account");
  out.finding.local_id = json_text(video, "uuid");
  post.uri = json_text(video, "url");
  post.host = host_of(post.uri);
  if (out.finding.local_id.empty() || !account) return refuse("it lacks uuid or account");
  if (post.host.empty()) return refuse("its url is no address");
  if (is_closed(video)) return refuse("not public");
  post.platform = "peertube";
  post.url = post.uri;
  if (auto id = json_text(video, "shortUUID"); !id.empty())
    post.aliases.push_back("https://" + post.host + "/w/" + percent_encode(id));
  if (auto home = host_of("https://" + json_text(*account, "host")); !home.empty()) post.host = home;
  post.author = read_author(*account, json_member(video, "channel"), post.host);
  if (post.author.key.empty()) return refuse("no author");
  post.kind = Kind::video;
  post.published = time_of(video, "publishedAt");
  if (!post.published) post.published = time_of(video, "createdAt");
  post.language = language_of(video);
  post.media_count = 1;
  read_words(video, out);
  out.finding.counters.likes = json_count(video, "likes");
  out.finding.counters.replies = json_count(video, "comments");
  out.finding.counters.views = json_count(video, "views");
  if (post.host != observer) {  // a uuid is the same everywhere, and a copy's numbers, or the index's, are old
    out.finding.home_id = out.finding.local_id;
    out.finding.measurable = false;
  }
  return out;
}

Result<VideoPage> read_video_list(std::string_view body, const std::string& observer) {
  VideoPage out;
  bool is_list = false;
  auto use = [&](Json document) {
    auto list = json_member(document, "data");
    is_list = list && list->is_array();
    out.total = json_count(document, "total");
  };
  auto keep = [&](Json item) {
    ++out.size;
    if (auto published = time_of(item, "publishedAt")) out.last = published;
    auto video = read_video(item, observer);
    if (video)
      out.videos.push_back(std::move(*video));
    else
      out.refused.push_back({json_text(item, "uuid"), video.error().message});
  };
  auto bad = [&](std::size_t place, std::string why) {
    ++out.size;
    out.refused.push_back({fmt::format("item {}", place + 1), std::move(why)});
  };
  if (auto read = read_json_list(body, "data", use, keep, bad); !read) return read.error();
  if (!is_list) return refuse(observer + " sent no list of videos");
  return out;
}

Request ask_peertube(const std::string& host, const std::string& path) {
  Request request("https://" + host + "/api/v1/" + path);
  request.bucket = "peertube";
  request.headers.emplace_back("accept", "application/json");
  return request;
}

bool is_problem(const Answer& answer) {
  bool is = false;
  // Proxies and gateways write problems too, some without a type.
  auto use = [&](Json document) {
    auto type = json_text(document, "type");
    bool is_of_peertube = type == "about:blank" || type.starts_with("https://docs.joinpeertube.org/");
    is = is_of_peertube && (!json_text(document, "detail").empty() || !json_text(document, "error").empty());
  };
  return read_json(answer.body, use).has_value() && is;
}

std::string problem_code(const Answer& answer) {
  std::string code;
  auto use = [&](Json document) {
    code = json_text(document, "code");
    auto type = json_text(document, "type");  // the address of a page on the code
    if (code.empty() && type != "about:blank") code = type.substr(type.rfind('/') + 1);
  };
  if (!read_json(answer.body, use)) return {};
  return cut(clean_utf8(code), 80);
}

Failure peertube_failure(const Answer& answer) {
  if (answer.status != 400) return standard_failure(answer);
  std::string detail;
  auto use = [&](Json document) { detail = cut(clean_utf8(json_text(document, "detail")), 100); };
  bool readable = read_json(answer.body, use).has_value() && !detail.empty();
  return {Failure::malformed,
          fmt::format("{} answered 400: {}", host_of(answer.asked.url), readable ? detail : "no reason given")};
}

Result<std::string> parse_peertube(const std::string& body, const ParseHints& hints) {
  Page page;
  auto observer = host_of(hints.url).empty() ? std::string("localhost") : host_of(hints.url);
  if (auto list = read_video_list(body, observer)) {
    for (auto& each : list->videos) page.found.push_back(std::move(each.finding));
    page.refused = std::move(list->refused);
    return boost::json::serialize(to_json(page));
  }
  auto use = [&](Json document) {
    auto video = read_video(document, observer);
    if (video)
      page.found.push_back(std::move(video->finding));
    else
      page.refused.push_back({"", video.error().message});
  };
  if (auto read = read_json(body, use); !read) return read.error();
  return boost::json::serialize(to_json(page));
}

}  // namespace campaignd
