#include "connectors/platforms/reddit_post.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "connectors/reading/json_list.hpp"
#include "connectors/reading/markdown.hpp"
#include "connectors/reading/text.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd {

namespace {

constexpr std::string_view home = "reddit.com";
constexpr std::string_view web = "https://www.reddit.com";

Failure refuse(std::string why) { return {Failure::malformed, std::move(why)}; }

/// Seconds since 1970, with a fraction; `edited` may also be false.
std::optional<sys_ms> time_of(Json data, std::string_view key) {
  auto value = json_member(data, key);
  double seconds = 0;
  if (!value || value->get(seconds) != simdjson::SUCCESS) return std::nullopt;
  constexpr double latest = 4e9;  // 2096
  if (!(seconds > 0 && seconds < latest)) return std::nullopt;
  return sys_ms(std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000)));
}

/// What stays of a post whose author or moderators took it away; empty: it is there.
std::string why_gone(Json data) {
  if (auto by = json_text(data, "removed_by_category"); !by.empty())
    return by == "deleted" || by == "author" ? std::string("deleted by its author")
                                             : fmt::format("removed ({})", cut(clean_utf8(by), 40));
  if (json_text(data, "author") == "[deleted]") return "deleted by its author, or with its author's account";
  auto text = json_text(data, "selftext");
  return text == "[deleted]" ? "deleted by its author" : text == "[removed]" ? "removed" : "";
}

bool is_reddits(const std::string& link) {
  auto host = host_of(link);
  return host.empty() || host_within(host, home) || host_within(host, "redd.it");
}

int count_members(std::optional<Json> value) {
  simdjson::dom::object object;
  return value && value->get(object) == simdjson::SUCCESS ? static_cast<int>(object.size()) : 0;
}

/// The pictures of a gallery and their captions, pictures within the text, or the one that the post is.
void read_media(Json data, Post& post) {
  auto gallery = json_member(data, "gallery_data");
  auto items = gallery ? json_member(*gallery, "items") : std::nullopt;
  if (items && items->is_array()) {
    for (Json item : simdjson::dom::array(*items)) {
      ++post.media_count;
      auto caption = json_text(item, "caption");
      if (!caption.empty()) post.alt_text += (post.alt_text.empty() ? "" : "\n") + caption;
    }
    return;
  }
  post.media_count = count_members(json_member(data, "media_metadata"));
  bool is_medium = json_flag(data, "is_video").value_or(false) || json_text(data, "post_hint") == "image" ||
                   host_within(host_of(json_text(data, "url")), "i.redd.it");
  if (post.media_count == 0 && is_medium) post.media_count = 1;
}

void read_words(Json data, Post& post) {
  auto prose = read_markdown(json_text(data, "selftext"));
  post.title = json_text(data, "title");
  post.text = std::move(prose.text);
  post.alt_text = std::move(prose.alt_text);
  post.links = std::move(prose.links);
  auto link = json_text(data, "url");
  if (!is_reddits(link)) post.links.push_back(std::move(link));
}

Result<Finding> read_post(Json data) {
  Finding finding;
  Post& post = finding.post;
  finding.local_id = json_text(data, "name");
  if (!is_post_name(finding.local_id)) return refuse("it has no name of a post");
  auto author = json_text(data, "author");
  if (author.empty()) return refuse("no author");
  post.published = time_of(data, "created_utc");
  if (!post.published) return refuse("no date");
  auto id = finding.local_id.substr(3);
  auto path = json_text(data, "permalink");
  post.platform = "reddit";
  post.host = home;
  post.uri = fmt::format("{}/comments/{}", web, id);
  post.url = path.starts_with("/r/") || path.starts_with("/user/") ? std::string(web) + path : post.uri;
  post.aliases.push_back("https://redd.it/" + id);
  post.author.key = fold(author);  // names have no case, and never change
  // A crosspost is a post of its own about another: with a title, votes and comments of its own.
  post.kind = json_text(data, "crosspost_parent").empty() ? Kind::original : Kind::quote;
  post.edited = time_of(data, "edited");
  read_words(data, post);
  read_media(data, post);
  if (!json_flag(data, "hide_score").value_or(false)) finding.counters.likes = json_count(data, "score");
  finding.counters.replies = json_count(data, "num_comments");
  finding.counters.quotes = json_count(data, "num_crossposts");
  return finding;
}

void keep(Json item, std::set<std::string>& names, RedditListing& out) {
  ++out.size;
  auto kind = json_text(item, "kind");
  auto data = json_member(item, "data");
  if (!kind.empty() && kind != "t3") return;  // comments, communities
  auto name = data ? json_text(*data, "name") : std::string();
  bool has_name = is_post_name(name);
  out.nameless = out.nameless || !has_name;
  // While posts arrive, the next page begins with the last ones of this.
  if (has_name && !names.insert(name).second) return;
  if (!has_name) name = fmt::format("item {}", out.size);
  auto why = data ? why_gone(*data) : std::string();
  if (has_name && !why.empty()) {
    out.gone.push_back({name, std::move(why)});
    return;
  }
  auto finding = data ? read_post(*data) : refuse("no data");
  if (finding)
    out.found.push_back(std::move(*finding));
  else
    out.refused.push_back({name, finding.error().message});
}

}  // namespace

bool is_post_name(std::string_view name) {
  auto is_digit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z'); };
  return name.size() > 3 && name.size() <= 16 && name.starts_with("t3_") &&
         std::ranges::all_of(name.substr(3), is_digit);
}

Result<RedditListing> read_reddit_listing(std::string_view body) {
  RedditListing out;
  std::set<std::string> names;
  bool is_listing = false;
  auto use = [&](Json document) {
    auto data = json_member(document, "data");
    auto children = data ? json_member(*data, "children") : std::nullopt;
    is_listing = children && children->is_array();
    if (data) out.after = json_text(*data, "after");
  };
  auto each = [&](Json item) { keep(item, names, out); };
  auto bad = [&](std::size_t place, std::string why) {
    ++out.size;
    out.nameless = true;
    out.refused.push_back({fmt::format("item {}", place + 1), std::move(why)});
  };
  if (auto read = read_json_list(body, "data.children", use, each, bad); !read) return read.error();
  if (!is_listing) return refuse("the answer is no listing");
  return out;
}

}  // namespace campaignd
