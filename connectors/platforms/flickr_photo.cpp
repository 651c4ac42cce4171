#include "connectors/platforms/flickr_photo.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "connectors/reading/dates/time.hpp"
#include "connectors/reading/html.hpp"
#include "connectors/reading/json_list.hpp"
#include "connectors/reading/text.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd {

namespace {

constexpr std::string_view web = "https://www.flickr.com/photos/";

Failure refuse(std::string why) { return {Failure::malformed, std::move(why)}; }

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_photo_id(std::string_view text) {
  return !text.empty() && text.size() <= 18 && std::ranges::all_of(text, is_digit);
}

std::optional<sys_ms> time_of(Json object, std::string_view key) {
  auto seconds = json_count(object, key);
  constexpr std::int64_t latest = 4'000'000'000;  // 2096
  if (!seconds || *seconds == 0 || *seconds > latest) return std::nullopt;
  return sys_ms(std::chrono::seconds(*seconds));
}

/// "words" in a list, {"_content": "words"} in details and of descriptions.
std::string content_of(Json object, std::string_view key) {
  auto value = json_member(object, key);
  return value && value->is_object() ? json_text(*value, "_content") : json_text(object, key);
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    auto end = std::min(text.find(' '), text.size());
    if (end > 0) out.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(text.size(), end + 1));
  }
  return out;
}

/// A photo's names; the path may be one its owner chose, the id of the owner
/// stays.
Result<Finding> start_photo(const std::string& id, const std::string& owner, const std::string& path) {
  if (!is_photo_id(id)) return refuse("it has no id of a photo");
  if (owner.empty()) return refuse("no owner");
  Finding finding;
  Post& post = finding.post;
  finding.local_id = id;
  post.platform = "flickr";
  post.host = "flickr.com";
  post.uri = fmt::format("{}{}/{}", web, percent_encode(owner), id);
  post.url = fmt::format("{}{}/{}/", web, percent_encode(path.empty() ? owner : path), id);
  post.author.key = fold(owner);
  post.author.handle = fold(path);
  post.media_count = 1;
  post.kind = Kind::original;
  return finding;
}

void set_description(const std::string& html, Post& post) {
  auto prose = read_html(html);
  post.text = std::move(prose.text);
  post.links = std::move(prose.links);
}

Result<Finding> read_found(Json photo) {
  auto finding = start_photo(json_text(photo, "id"), json_text(photo, "owner"), json_text(photo, "pathalias"));
  if (!finding) return finding;
  Post& post = finding->post;
  post.published = time_of(photo, "dateupload");
  if (!post.published) return refuse("no date of upload");
  if (json_count(photo, "ispublic").value_or(1) == 0) return refuse("not public");
  post.title = content_of(photo, "title");
  set_description(content_of(photo, "description"), post);
  post.tags = words_of(json_text(photo, "tags"));
  post.author.name = json_text(photo, "ownername");
  if (json_text(photo, "media") == "video") post.kind = Kind::video;
  finding->counters.views = json_count(photo, "views");
  finding->counters.likes = json_count(photo, "count_faves");
  finding->counters.replies = json_count(photo, "count_comments");
  return finding;
}

/// "name posted a photo:" and the picture stand before the description, a
/// paragraph each.
std::string description_in(std::string_view html) {
  for (int i = 0; i < 2; ++i) {
    auto end = html.find("</p>");
    html.remove_prefix(end == html.npos ? html.size() : end + 4);
  }
  return std::string(html);
}

/// The id in ".../photos/somebody/53812345678/".
std::string id_in(std::string_view link, std::string& path) {
  auto at = link.find("/photos/");
  if (at == link.npos) return {};
  link.remove_prefix(at + 8);
  path = link.substr(0, link.find('/'));
  link.remove_prefix(std::min(link.size(), path.size() + 1));
  return std::string(link.substr(0, link.find('/')));
}

/// nobody@flickr.com ("name")
std::string name_in(const std::string& author) {
  auto from = author.find("(\""), to = author.rfind("\")");
  return from == author.npos || to == author.npos || to < from + 2 ? std::string()
                                                                   : author.substr(from + 2, to - from - 2);
}

Result<Finding> read_item(Json item) {
  std::string path;
  auto id = id_in(json_text(item, "link"), path);
  auto owner = json_text(item, "author_id");
  auto finding = start_photo(id, owner, path == owner ? std::string() : path);
  if (!finding) return finding;
  Post& post = finding->post;
  post.published = read_rfc3339(json_text(item, "published"));
  if (!post.published) return refuse("no date");
  post.title = json_text(item, "title");
  set_description(description_in(json_text(item, "description")), post);
  post.tags = words_of(json_text(item, "tags"));
  post.author.name = name_in(json_text(item, "author"));
  return finding;
}

/// The feed escapes apostrophes, which JSON does not know.
std::string without_odd_escapes(std::string_view body) {
  std::string out;
  out.reserve(body.size());
  for (std::size_t at = 0; at < body.size(); ++at) {
    bool is_escape = body[at] == '\\' && at + 1 < body.size();
    if (is_escape && body[at + 1] == '\'') continue;
    out += body[at];
    if (is_escape) out += body[++at];
  }
  return out;
}

using Reader = Result<Finding> (*)(Json);

Result<FlickrList> read_list(std::string_view body, std::string_view path, Reader read) {
  FlickrList out;
  std::set<std::string> ids;
  auto use = [&](Json document) {
    if (auto photos = json_member(document, "photos")) out.pages = json_count(*photos, "pages");
  };
  auto each = [&](Json item) {
    ++out.size;
    auto finding = read(item);
    if (!finding) return out.refused.push_back({fmt::format("item {}", out.size), finding.error().message});
    out.oldest = std::min(out.oldest.value_or(*finding->post.published), *finding->post.published);
    if (ids.insert(finding->local_id).second) out.found.push_back(std::move(*finding));
  };
  auto bad = [&](std::size_t place, std::string why) {
    ++out.size;
    out.refused.push_back({fmt::format("item {}", place + 1), std::move(why)});
  };
  if (auto result = read_json_list(body, path, use, each, bad); !result) return result.error();
  return out;
}

}  // namespace

Result<FlickrList> read_flickr_list(std::string_view raw) {
  std::string mended;
  if (raw.find("\\'") != raw.npos) raw = mended = without_odd_escapes(raw);
  bool is_search = false, is_feed = false;
  auto look = [&](Json document) {
    auto photos = json_member(document, "photos");
    auto list = photos ? json_member(*photos, "photo") : std::nullopt;
    is_search = list && list->is_array();
    auto items = json_member(document, "items");
    is_feed = items && items->is_array();
  };
  auto ignore = [](Json) {};
  auto pass = [](std::size_t, std::string) {};
  auto path = raw.find("\"photos\"") != raw.npos ? "photos.photo" : "items";
  if (auto read = read_json_list(raw, path, look, ignore, pass); !read) return read.error();
  if (is_search) return read_list(raw, "photos.photo", read_found);
  if (is_feed) return read_list(raw, "items", read_item);
  return refuse("the answer has no list of photos");
}

Result<Finding> read_flickr_details(Json photo) {
  auto owner = json_member(photo, "owner");
  if (!owner) return refuse("no owner");
  auto finding = start_photo(json_text(photo, "id"), json_text(*owner, "nsid"), json_text(*owner, "path_alias"));
  if (!finding) return finding;
  Post& post = finding->post;
  auto dates = json_member(photo, "dates");
  post.published = dates ? time_of(*dates, "posted") : std::nullopt;
  if (!post.published) post.published = time_of(photo, "dateuploaded");
  if (!post.published) return refuse("no date of upload");
  post.title = content_of(photo, "title");
  set_description(content_of(photo, "description"), post);
  post.author.name = json_text(*owner, "username");
  if (json_text(photo, "media") == "video") post.kind = Kind::video;
  post.tags.emplace();
  auto tags = json_member(photo, "tags");
  auto list = tags ? json_member(*tags, "tag") : std::nullopt;
  if (list && list->is_array())
    for (Json tag : simdjson::dom::array(*list))
      if (auto text = json_text(tag, "_content"); !text.empty()) post.tags->push_back(std::move(text));
  finding->counters.views = json_count(photo, "views");
  if (auto comments = json_member(photo, "comments")) finding->counters.replies = json_count(*comments, "_content");
  return finding;
}

}  // namespace campaignd
