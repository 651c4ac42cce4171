#include "connectors/platforms/tumblr_post.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "connectors/reading/html.hpp"
#include "connectors/reading/json_list.hpp"
#include "connectors/reading/opt_out.hpp"
#include "connectors/reading/text.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd {

namespace {

Failure refuse(std::string why) { return {Failure::malformed, std::move(why)}; }

std::optional<sys_ms> time_of(Json post, std::string_view key) {
  auto seconds = json_count(post, key);
  constexpr std::int64_t latest = 4'000'000'000;  // 2096
  if (!seconds || *seconds == 0 || *seconds > latest) return std::nullopt;
  return sys_ms(std::chrono::seconds(*seconds));
}

void each_of(Json object, std::string_view key, const std::function<void(Json)>& use) {
  auto list = json_member(object, key);
  if (!list || !list->is_array()) return;
  for (Json item : simdjson::dom::array(*list)) use(item);
}

void add_line(std::string& text, const std::string& line) {
  if (line.empty()) return;
  if (!text.empty()) text += '\n';
  text += line;
}

/// Tumblr sends readers through href.li.
void add_link(std::string link, Post& post) {
  if (host_of(link) == "href.li") link.erase(0, std::min(link.size(), link.find('?') + 1));
  if (!host_of(link).empty()) post.links.push_back(std::move(link));
}

void read_block(Json block, Post& post) {
  auto type = json_text(block, "type");
  if (type == "text") {
    add_line(post.text, json_text(block, "text"));
    each_of(block, "formatting", [&](Json mark) {
      if (json_text(mark, "type") == "link") add_link(json_text(mark, "url"), post);
    });
  } else if (type == "link") {
    add_link(json_text(block, "url"), post);
  } else if (type == "image" || type == "video" || type == "audio") {
    ++post.media_count;
    add_line(post.alt_text, json_text(block, "alt_text"));
  }
}

bool is_reblog(Json object) {
  bool has_trail = false;
  each_of(object, "trail", [&](Json item) {
    // The older format lists the post itself there.
    has_trail = has_trail || !json_flag(item, "is_current_item").value_or(false);
  });
  return has_trail || !json_text(object, "reblogged_from_id").empty() || !json_text(object, "parent_post_url").empty();
}

/// The older format: HTML, in a member named after the type of the post. Of a
/// reblog only what was added is its own.
void read_html_body(Json object, Post& post) {
  auto reblog = json_member(object, "reblog");
  std::string html = reblog ? json_text(*reblog, "comment") : std::string();
  for (std::string_view key : {"body", "caption", "text", "description"})
    if (html.empty() && !reblog) html = json_text(object, key);
  auto prose = read_html(html);
  post.title = json_text(object, "title");
  post.text = std::move(prose.text);
  for (auto& link : prose.links) add_link(std::move(link), post);
  if (is_reblog(object)) return;
  if (json_text(object, "type") == "link") add_link(json_text(object, "url"), post);
  each_of(object, "photos", [&](Json) { ++post.media_count; });
}

Result<Finding> read_post(Json object) {
  Finding finding;
  Post& post = finding.post;
  TumblrId id{fold(json_text(object, "blog_name")), json_text(object, "id_string"), is_reblog(object)};
  if (id.number.empty()) id.number = json_text(object, "id");
  finding.local_id = local_id_of(id);
  if (!read_tumblr_id(finding.local_id)) return refuse("it lacks the name of its blog, or its id");
  post.published = time_of(object, "timestamp");
  if (!post.published) return refuse("no date");
  post.platform = "tumblr";
  post.host = "tumblr.com";
  post.uri = fmt::format("https://www.tumblr.com/{}/{}", id.blog, id.number);
  post.url = json_text(object, "post_url");
  if (host_of(post.url).empty()) post.url = post.uri;
  post.aliases.push_back(fmt::format("https://{}.tumblr.com/post/{}", id.blog, id.number));
  post.author.key = id.blog;
  if (auto blog = json_member(object, "blog")) {
    post.author.name = json_text(*blog, "title");
    post.author.opted_out = asks_to_be_left_out(read_html(json_text(*blog, "description")).text);
  }
  post.kind = id.is_reblog ? Kind::quote : Kind::original;
  if (json_member(object, "content"))
    each_of(object, "content", [&](Json block) { read_block(block, post); });
  else
    read_html_body(object, post);
  post.tags.emplace();
  each_of(object, "tags", [&](Json tag) {
    std::string_view text;
    if (tag.get(text) == simdjson::SUCCESS && !text.empty()) post.tags->emplace_back(text);
  });
  return finding;
}

/// A reblog to which nobody added a word, a picture or a tag.
bool is_plain_reblog(const Finding& finding) {
  const Post& post = finding.post;
  return post.kind == Kind::quote && post.text.empty() && post.tags->empty() && post.media_count == 0 &&
         post.links.empty();
}

}  // namespace

std::string local_id_of(const TumblrId& id) { return id.blog + "/" + id.number + (id.is_reblog ? "/reblog" : ""); }

std::optional<TumblrId> read_tumblr_id(std::string_view text) {
  TumblrId id;
  id.is_reblog = text.ends_with("/reblog");
  if (id.is_reblog) text.remove_suffix(7);
  auto slash = text.find('/');
  if (slash == text.npos || slash == 0) return std::nullopt;
  id.blog = text.substr(0, slash);
  id.number = text.substr(slash + 1);
  auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  auto is_letter = [&](char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || c == '-' || c == '_'; };
  bool is_id = !id.number.empty() && id.number.size() <= 20 && std::ranges::all_of(id.number, is_digit);
  return is_id && std::ranges::all_of(id.blog, is_letter) ? std::optional(std::move(id)) : std::nullopt;
}

Result<TumblrList> read_tumblr_list(std::string_view body, std::string_view path) {
  TumblrList out;
  std::set<std::string> ids;
  bool is_list = false;
  auto use = [&](Json document) {
    auto response = json_member(document, "response");
    auto list = response && path != "response" ? json_member(*response, "posts") : response;
    is_list = list && list->is_array();
  };
  auto each = [&](Json item) {
    ++out.size;
    // Tags that Tumblr features are sorted, and paged, by when a post was
    // featured.
    auto place = time_of(item, "featured_timestamp");
    if (!place) place = time_of(item, "timestamp");
    if (place) {
      out.is_out_of_order = out.is_out_of_order || (out.last && *place > *out.last);
      out.last = place;
    }
    auto finding = read_post(item);
    if (!finding)
      out.refused.push_back({cut(json_text(item, "id_string"), 40), finding.error().message});
    else if (!is_plain_reblog(*finding) && ids.insert(finding->post.uri).second)
      out.found.push_back(std::move(*finding));
  };
  auto bad = [&](std::size_t place, std::string why) {
    ++out.size;
    out.refused.push_back({fmt::format("item {}", place + 1), std::move(why)});
  };
  if (auto read = read_json_list(body, path, use, each, bad); !read) return read.error();
  if (!is_list) return refuse("the answer has no list of posts");
  return out;
}

}  // namespace campaignd
