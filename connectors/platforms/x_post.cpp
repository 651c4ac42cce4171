#include "connectors/platforms/x_post.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "connectors/reading/dates/time.hpp"
#include "connectors/reading/html.hpp"
#include "connectors/reading/opt_out.hpp"
#include "connectors/reading/text.hpp"

namespace campaignd {

namespace {

constexpr XName note{"note_tweet", "note_post"};
constexpr XName references{"referenced_tweets", "referenced_posts"};
constexpr XName versions{"edit_history_tweet_ids", "edit_history_post_ids"};
constexpr XName reposts{"retweet_count", "repost_count"};

constexpr std::size_t most_names = 100;    ///< tags, links
constexpr std::size_t most_versions = 10;  ///< a post can be edited five times

bool is_username(std::string_view text) {
  return !text.empty() && text.size() <= 15 && std::ranges::all_of(text, [](char c) {
    return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') || c == '_';
  });
}

void add_once(std::vector<std::string>& list, std::string text, std::size_t most = most_names) {
  if (text.empty() || list.size() >= most || std::ranges::find(list, text) != list.end()) return;
  list.push_back(std::move(text));
}

/// X's own codes for texts without a language, and two codes that were withdrawn long ago.
std::string language_of(Json post) {
  auto code = json_text(post, "lang");
  bool is_none = code == "und" || code == "zxx" || (code.size() == 3 && code[0] == 'q');
  return is_none ? "" : code == "in" ? "id" : code == "iw" ? "he" : code;
}

void read_entities(std::optional<Json> entities, std::vector<std::string>& tags, Post& post) {
  if (!entities) return;
  for (Json each : x_items(json_member(*entities, "hashtags"))) add_once(tags, json_text(each, "tag"));
  for (Json each : x_items(json_member(*entities, "urls"))) {
    if (!json_text(each, "media_key").empty()) continue;  // a picture's own page
    auto target = json_text(each, "unwound_url");
    add_once(post.links, target.empty() ? json_text(each, "expanded_url") : target);
  }
}

/// A long post is cut in `text`; the rest of it, and the tags in there, stand in its note. Where in the text they stand
/// does not matter: offsets count the characters of the text before it was escaped, or after, and tags have names.
void read_words(Json item, Post& post) {
  std::vector<std::string> tags;
  auto whole = x_member(item, note);
  auto text = whole ? json_text(*whole, "text") : std::string{};
  post.text = decode_entities(text.empty() ? json_text(item, "text") : text);
  read_entities(json_member(item, "entities"), tags, post);
  if (whole) read_entities(json_member(*whole, "entities"), tags, post);
  // Fields that were renamed would not be there either: then a '#' in the text is all there is to go by.
  if (!tags.empty()) post.tags = std::move(tags);
}

Kind kind_of(Json post) {
  auto kind = Kind::original;
  for (Json each : x_items(x_member(post, references))) {
    auto type = json_text(each, "type");
    if (type == "replied_to") kind = Kind::reply;
    if (type == "quoted" && kind == Kind::original) kind = Kind::quote;
  }
  return kind;
}

void read_versions(Json item, Finding& finding) {
  Post& post = finding.post;
  std::vector<std::string> ids;
  for (Json each : x_items(x_member(item, versions))) {
    std::string_view id;
    if (each.get(id) == simdjson::SUCCESS && is_x_id(id)) add_once(ids, std::string(id), most_versions);
  }
  if (ids.empty()) ids.push_back(finding.local_id);
  for (const auto& id : ids) post.aliases.push_back(x_address({}, id));
  add_once(post.aliases, x_address({}, finding.local_id));
  post.published = read_rfc3339(json_text(item, "created_at"));
  if (!post.published) post.published = x_time(finding.local_id);
  if (ids.front() == finding.local_id) return;
  post.edited = post.published;
  if (auto first = x_time(ids.front())) post.published = first;
}

void read_counters(Json item, Counters& counters) {
  auto counts = json_member(item, "public_metrics");
  if (!counts) return;
  counters.likes = json_count(*counts, "like_count");
  counters.reposts = json_count(*counts, reposts.old);
  if (!counters.reposts) counters.reposts = json_count(*counts, reposts.now);
  counters.quotes = json_count(*counts, "quote_count");
  counters.replies = json_count(*counts, "reply_count");
  counters.views = json_count(*counts, "impression_count");
  if (counters.views == 0) counters.views.reset();  // what X did not count, it gives as 0
}

Failure refuse(std::string why) { return {Failure::malformed, std::move(why)}; }

}  // namespace

std::optional<Json> x_member(Json object, XName name) {
  auto value = json_member(object, name.old);
  return value ? value : json_member(object, name.now);
}

std::vector<Json> x_items(std::optional<Json> list) {
  std::vector<Json> out;
  if (list && list->is_array())
    for (Json each : simdjson::dom::array(*list)) out.push_back(each);
  return out;
}

bool is_x_id(std::string_view text) {
  return !text.empty() && text.size() <= 19 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

XUser read_x_user(Json user) {
  XUser out{json_text(user, "id"), fold(json_text(user, "username")), json_text(user, "name"), std::nullopt};
  if (!is_username(out.username)) out.username.clear();
  if (auto counts = json_member(user, "public_metrics")) out.followers = json_count(*counts, "followers_count");
  out.is_protected = json_flag(user, "protected").value_or(false);
  out.opted_out = asks_to_be_left_out(decode_entities(json_text(user, "description")));
  return out;
}

bool is_x_repost(Json post) {
  return std::ranges::any_of(x_items(x_member(post, references)), [](Json each) {
    auto type = json_text(each, "type");
    return type == "retweeted" || type == "reposted";
  });
}

Result<Finding> read_x_post(Json item, const XUsers& users) {
  Finding finding;
  Post& post = finding.post;
  finding.local_id = json_text(item, "id");
  post.author.key = json_text(item, "author_id");
  if (!is_x_id(finding.local_id)) return refuse("no id of a post");
  if (!is_x_id(post.author.key)) return refuse("no author");
  if (!json_member(item, "text")) return refuse("no text");
  post.platform = "x";
  post.host = "x.com";
  post.kind = kind_of(item);
  post.language = language_of(item);
  read_words(item, post);
  if (auto attachments = json_member(item, "attachments"))
    post.media_count =
        static_cast<int>(std::min<std::size_t>(x_items(json_member(*attachments, "media_keys")).size(), 100));
  read_versions(item, finding);
  read_counters(item, finding.counters);
  auto username = fold(json_text(item, "username"));
  if (auto user = users.find(post.author.key); user != users.end()) {
    username = user->second.username;
    post.author.name = user->second.name;
    post.author.followers = user->second.followers;
    post.author.opted_out = user->second.opted_out;
  }
  name_x_author(finding, username);
  return finding;
}

std::optional<sys_ms> x_time(std::string_view id) {
  constexpr std::int64_t first_ms = 1'288'834'974'657;
  constexpr std::uint64_t smallest = std::uint64_t{1} << 36;  // ids that were merely counted end below it
  std::uint64_t number = 0;
  if (!is_x_id(id) || std::from_chars(id.data(), id.data() + id.size(), number).ec != std::errc{}) return std::nullopt;
  if (number < smallest) return std::nullopt;
  return sys_ms(std::chrono::milliseconds(static_cast<std::int64_t>(number >> 22) + first_ms));
}

std::string x_address(std::string_view username, std::string_view id) {
  return fmt::format("https://x.com/{}/status/{}", username.empty() ? "i" : username, id);
}

std::string x_name_in(const std::string& address) {
  constexpr std::string_view site = "https://x.com/";
  if (!address.starts_with(site)) return {};
  auto name = address.substr(site.size());
  name = name.substr(0, name.find('/'));
  return name != "i" && is_username(name) ? name : std::string{};
}

void name_x_author(Finding& finding, const std::string& username) {
  Post& post = finding.post;
  post.author.handle = is_username(username) ? username : std::string{};
  const auto& first = post.aliases.front();
  post.uri = x_address(post.author.handle, first.substr(first.rfind('/') + 1));
  post.url = x_address(post.author.handle, finding.local_id);
}

}  // namespace campaignd
