#include "connectors/platforms/threads_post.hpp"

#include <algorithm>

#include "connectors/platforms/meta_api.hpp"
#include "connectors/reading/text.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd {

namespace {

bool is_name(std::string_view text, std::string_view others) {
  return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, [&](char c) {
    bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    return is_letter || others.find(c) != others.npos;
  });
}

/// The code of ".../@name/post/CODE", on either of the two domains.
std::string code_in(std::string_view permalink) {
  auto host = host_of(permalink);
  if (!host_within(host, "threads.net") && !host_within(host, "threads.com")) return {};
  constexpr std::string_view before = "/post/";
  auto at = permalink.find(before);
  if (at == permalink.npos) return {};
  auto code = permalink.substr(at + before.size());
  return std::string(code.substr(0, code.find_first_of("/?#")));
}

int media_of(Json item) {
  auto type = json_text(item, "media_type");
  if (type == "IMAGE" || type == "VIDEO" || type == "AUDIO") return 1;
  if (type != "CAROUSEL_ALBUM") return 0;
  auto children = json_member(item, "children");
  auto list = children ? json_member(*children, "data") : std::nullopt;
  return list && list->is_array() ? static_cast<int>(std::min<std::size_t>(simdjson::dom::array(*list).size(), 100))
                                  : 1;
}

/// The topic, of which a post has one, and what is typed with '#'.
std::optional<std::vector<std::string>> tags_of(Json item, const std::string& text, const std::string& searched) {
  constexpr std::size_t most = 100;
  auto tags = hashtags_in(fold(text));
  tags.resize(std::min(tags.size(), most));
  auto add = [&](const std::string& tag) {
    auto same = [&](const std::string& each) { return fold(each) == fold(tag); };
    if (!tag.empty() && std::ranges::none_of(tags, same)) tags.push_back(tag);
  };
  add(clean_utf8(json_text(item, "topic_tag")));
  add(searched);
  return tags.empty() ? std::nullopt : std::optional(std::move(tags));
}

Failure refuse(std::string why) { return {Failure::malformed, std::move(why)}; }

}  // namespace

std::optional<Result<Finding>> read_threads_post(Json item, const std::string& tag) {
  if (!item.is_object()) return refuse("not an object");
  if (json_text(item, "media_type") == "REPOST_FACADE") return std::nullopt;
  auto id = json_text(item, "id");
  if (!is_name(id, "_")) return refuse("it has no id");
  auto user = fold(json_text(item, "username"));
  if (!is_name(user, "._")) return refuse("its author is not said");
  auto permalink = json_text(item, "permalink");
  auto code = code_in(permalink);
  if (!is_name(code, "_-")) code = json_text(item, "shortcode");
  if (!is_name(code, "_-")) return refuse("it has no address");

  Finding finding;
  finding.local_id = id;
  Post& post = finding.post;
  post.platform = "threads";
  post.host = "threads.com";
  post.uri = "https://www.threads.com/t/" + code;  // without the name: names change
  post.url = "https://www.threads.com/@" + user + "/post/" + code;
  post.aliases = {post.url, "https://www.threads.net/@" + user + "/post/" + code};
  post.author.key = user;
  if (json_flag(item, "is_quote_post").value_or(false)) post.kind = Kind::quote;
  if (json_flag(item, "is_reply").value_or(false)) post.kind = Kind::reply;
  post.published = meta::read_time(item, "timestamp");
  post.text = json_text(item, "text");
  post.alt_text = json_text(item, "alt_text");
  post.tags = tags_of(item, post.text, tag);
  if (auto link = json_text(item, "link_attachment_url"); !link.empty()) post.links.push_back(link);
  post.media_count = media_of(item);
  return finding;
}

}  // namespace campaignd
