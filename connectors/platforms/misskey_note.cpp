#include "connectors/platforms/misskey_note.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cstdlib>

#include "connectors/reading/bridges.hpp"
#include "connectors/reading/dates/time.hpp"
#include "connectors/reading/fediverse.hpp"
#include "connectors/reading/feeds/manners.hpp"
#include "connectors/reading/text.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd {

namespace {

constexpr std::int64_t largest_count = 1'000'000'000'000;

bool has_items(Json note, std::string_view key) {
  auto list = json_member(note, key);
  return list && list->is_array() && simdjson::dom::array(*list).size() > 0;
}

/// A renote is a boost unless its author added something: then it is a quote.
bool is_boost(Json note) {
  bool renotes = !json_text(note, "renoteId").empty() || json_member(note, "renote");
  return renotes && json_text(note, "text").empty() && json_text(note, "cw").empty() && !has_items(note, "fileIds") &&
         !has_items(note, "files") && !json_member(note, "poll");
}

/// All emojis together; a sum of which a part cannot be read is not said.
std::optional<std::int64_t> count_reactions(Json note) {
  auto total = json_count(note, "reactionCount");  // since 2023.12
  auto reactions = json_member(note, "reactions");
  if (total || !reactions || !reactions->is_object()) return total;
  std::int64_t sum = 0;
  for (auto [emoji, value] : simdjson::dom::object(*reactions)) {
    std::int64_t count = -1;
    if (value.get(count) != simdjson::SUCCESS || count < 0 || count > largest_count - sum) return std::nullopt;
    sum += count;
  }
  return sum;
}

Author read_author(Json user, const std::string& observer) {
  Author author;
  auto host = json_text(user, "host");
  author.key = fold(json_text(user, "username") + "@" + (host.empty() ? observer : host));
  author.name = json_text(user, "name");
  author.bot = json_flag(user, "isBot");
  author.followers = json_count(user, "followersCount");
  auto noindex = json_flag(user, "noindex");  // Sharkey
  if (noindex) author.indexable = !*noindex;
  author.opted_out = noindex.value_or(false) || json_flag(user, "requireSigninToViewContents").value_or(false);
  return author;
}

void read_files(Json note, Post& post) {
  auto files = json_member(note, "files");
  if (!files || !files->is_array()) return;
  for (Json each : simdjson::dom::array(*files)) {
    ++post.media_count;
    if (auto alt = json_text(each, "comment"); !alt.empty()) post.alt_text += alt + "\n";
  }
}

void read_tags(Json note, Post& post) {
  auto tags = json_member(note, "tags");
  if (!tags || !tags->is_array()) return;  // absent when there are none: then the text says so
  post.tags.emplace();
  for (Json each : simdjson::dom::array(*tags)) {
    std::string_view tag;
    if (each.get(tag) == simdjson::SUCCESS && !tag.empty()) post.tags->emplace_back(tag);
  }
}

/// Notes of other servers carry their names; the server's own have none but their id.
void read_names(Json note, const std::string& id, const std::string& observer, Post& post) {
  post.uri = json_text(note, "uri");
  post.url = json_text(note, "url");
  if (post.uri.empty()) post.uri = post.url;
  if (host_of(post.uri).empty()) post.uri = "https://" + observer + "/notes/" + id;
  if (host_of(post.url).empty()) post.url = post.uri;
  post.host = host_of(post.uri);
  if (post.url != post.uri && is_on_site_of(post.url, post.host)) post.aliases.push_back(post.url);
}

}  // namespace

Result<Finding> read_note(Json note, const std::string& observer) {
  auto refuse = [](std::string why) { return Failure{Failure::malformed, std::move(why)}; };
  if (!note.is_object()) return refuse("not an object");
  Finding finding;
  Post& post = finding.post;
  finding.local_id = json_text(note, "id");
  auto user = json_member(note, "user");
  if (finding.local_id.empty() || !user || json_text(*user, "username").empty() || !json_member(note, "createdAt"))
    return refuse("no note: it lacks id, date or author");
  auto visibility = json_text(note, "visibility");
  if (visibility == "followers" || visibility == "specified") return refuse("not public: " + visibility);
  if (json_flag(note, "isHidden").value_or(false))
    return Failure{Failure::refused, "its author withholds it from visitors"};
  if (is_boost(note)) return refuse("a renote without a word of its own");

  post.platform = "misskey";
  read_names(note, finding.local_id, observer, post);
  post.author = read_author(*user, observer);
  bool replies = json_member(note, "replyId") || json_member(note, "reply");
  bool quotes = json_member(note, "renoteId") || json_member(note, "renote");
  post.kind = replies ? Kind::reply : quotes ? Kind::quote : Kind::original;
  post.published = read_rfc3339(json_text(note, "createdAt"));
  post.edited = read_rfc3339(json_text(note, "updatedAt"));  // Sharkey, Firefish
  post.language = json_text(note, "lang");
  auto warning = json_text(note, "cw");
  post.text = warning.empty() ? json_text(note, "text") : warning + "\n" + json_text(note, "text");
  read_files(note, post);
  read_tags(note, post);
  finding.counters.likes = count_reactions(note);
  finding.counters.reposts = json_count(note, "renoteCount");
  finding.counters.replies = json_count(note, "repliesCount");
  if (post.host != observer) finding.home_id = misskey_id_at_home(post.uri);
  name_original(finding);
  return finding;
}

Result<NoteList> read_notes(std::string_view body, const std::string& observer) {
  NoteList list;
  std::size_t place = 0;
  auto keep = [&](Json item) {
    ++place;
    auto id = json_text(item, "id");
    auto name = id.empty() ? fmt::format("item {}", place) : id;
    auto finding = read_note(item, observer);
    if (finding)
      list.found.push_back(std::move(*finding));
    else
      (is_boost(item) ? list.renotes : list.refused).push_back({name, finding.error().message});
    if (id.empty())
      list.nameless = true;
    else
      list.ids.push_back(std::move(id));
  };
  auto refuse = [&](std::size_t index, std::string why) {
    place = index + 1;
    list.refused.push_back({fmt::format("item {}", place), std::move(why)});
    list.nameless = true;
  };
  if (auto read = read_json_items(body, keep, refuse); !read) return read.error();
  return list;
}

Result<NoteList> read_note_page(std::string_view body, const std::string& observer) {
  auto list = read_notes(body, observer);
  if (list && list->ids.empty() && list->nameless)
    return Failure{Failure::malformed, observer + " sent a page of which nothing could be read"};
  return list;
}

Request misskey_request(const std::string& host, std::string_view endpoint, const boost::json::object& question) {
  Request request(fmt::format("https://{}/api/{}", host, endpoint));
  request.bucket = "misskey";
  request.headers.emplace_back("accept", "application/json");
  request.headers.emplace_back("content-type", "application/json");
  request.body = boost::json::serialize(question);
  return request;
}

std::string error_code(const Answer& answer) {
  std::string code;
  auto use = [&](Json document) {
    if (auto error = json_member(document, "error")) code = cut(clean_utf8(json_text(*error, "code")), 60);
  };
  if (!read_json(answer.body, use)) return {};
  return code;
}

Failure misskey_failure(const Answer& answer, const std::string& host, std::string_view what) {
  auto failure = standard_failure(answer);
  auto code = error_code(answer);
  auto said = fmt::format("{} answered {}{}{}", host, answer.status, code.empty() ? "" : " ", code);
  if (is_challenge(answer))
    return {Failure::refused, said + ": it lets browsers in and no program; choose another server"};
  if (code == "RATE_LIMIT_EXCEEDED" && answer.status != 429)
    return {Failure::throttled, said + ": too many requests", read_retry_after(answer.headers, answer.received)};
  bool wants_login = !code.empty() && (answer.status == 401 || answer.status == 403);
  if (wants_login || code == "UNAVAILABLE" || code == "CREDENTIAL_REQUIRED")
    return {Failure::refused, fmt::format("{}: it shows {} to logged-in callers only", said, what)};
  if (code.ends_with("_ENDPOINT") || (answer.status == 404 && code.empty()))
    return {Failure::gone, said + ": it has no Misskey interface; check the host in the configuration"};
  if (code == "INVALID_PARAM") return {Failure::refused, said + ": it does not take the question"};
  if (answer.status >= 400 && answer.status < 500 && !code.empty()) failure.message = said;
  return failure;
}

bool shows_visitors_all(const std::string& software) {
  if (!software.starts_with("misskey ")) return false;
  auto major = std::atoi(software.substr(8, 6).c_str());
  return major > 0 && major < 2025;
}

}  // namespace campaignd
