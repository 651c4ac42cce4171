#include "connectors/platforms/hackernews_item.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "connectors/reading/html.hpp"
#include "connectors/reading/json_list.hpp"
#include "connectors/reading/text.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd {

namespace {

constexpr std::string_view home = "news.ycombinator.com";

Failure refuse(std::string why) { return {Failure::malformed, std::move(why)}; }

/// What both call differently.
struct Names {
  std::string_view id, author, time, score, comments, story_text, comment_text;
};
constexpr Names of_search{"objectID", "author", "created_at_i", "points", "num_comments", "story_text", "comment_text"};
constexpr Names of_api{"id", "by", "time", "score", "descendants", "text", "text"};

std::optional<sys_ms> time_of(Json item, const Names& names) {
  auto seconds = json_count(item, names.time);
  constexpr std::int64_t latest = 4'000'000'000;  // 2096
  if (!seconds || *seconds == 0 || *seconds > latest) return std::nullopt;
  return sys_ms(std::chrono::seconds(*seconds));
}

bool is_number(const std::string& text) {
  return !text.empty() && text.size() <= 18 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

Result<Finding> read_item(Json item, const Names& names, bool is_comment) {
  Finding finding;
  Post& post = finding.post;
  finding.local_id = json_text(item, names.id);
  if (!is_number(finding.local_id)) return refuse("it has no number");
  post.author.key = json_text(item, names.author);  // its names do have a case
  if (post.author.key.empty()) return refuse("no author");
  post.published = time_of(item, names);
  if (!post.published) return refuse("no date");
  post.platform = "hackernews";
  post.host = home;
  post.uri = post.url = fmt::format("https://{}/item?id={}", home, finding.local_id);
  post.kind = is_comment ? Kind::reply : Kind::original;
  auto prose = read_html(json_text(item, is_comment ? names.comment_text : names.story_text));
  post.text = std::move(prose.text);
  post.links = std::move(prose.links);
  if (is_comment) return finding;  // its title is the story's, and its points are nobody's to see
  post.title = json_text(item, "title");
  if (auto link = json_text(item, "url"); !host_of(link).empty()) post.links.push_back(std::move(link));
  finding.counters.likes = json_count(item, names.score);
  finding.counters.replies = json_count(item, names.comments);
  return finding;
}

bool has_tag(Json hit, std::string_view tag) {
  auto tags = json_member(hit, "_tags");
  if (!tags || !tags->is_array()) return false;
  for (Json each : simdjson::dom::array(*tags)) {
    std::string_view text;
    if (each.get(text) == simdjson::SUCCESS && text == tag) return true;
  }
  return false;
}

}  // namespace

Result<HackerNewsHits> read_hackernews_hits(std::string_view body) {
  HackerNewsHits out;
  std::set<std::string> ids;
  bool is_list = false;
  auto use = [&](Json document) {
    auto hits = json_member(document, "hits");
    is_list = hits && hits->is_array();
  };
  auto each = [&](Json hit) {
    ++out.size;
    if (auto time = time_of(hit, of_search); time && (!out.oldest || *time < *out.oldest)) out.oldest = time;
    auto finding = read_item(hit, of_search, has_tag(hit, "comment"));
    if (!finding)
      out.refused.push_back({cut(json_text(hit, "objectID"), 40), finding.error().message});
    else if (ids.insert(finding->local_id).second)
      out.found.push_back(std::move(*finding));
  };
  auto bad = [&](std::size_t place, std::string why) {
    ++out.size;
    out.refused.push_back({fmt::format("item {}", place + 1), std::move(why)});
  };
  if (auto read = read_json_list(body, "hits", use, each, bad); !read) return read.error();
  if (!is_list) return refuse("the answer has no list \"hits\"");
  return out;
}

Result<Finding> read_hackernews_item(Json item) {
  if (item.is_null()) return Failure{Failure::gone, "it is not known any more"};
  if (json_flag(item, "deleted").value_or(false)) return Failure{Failure::gone, "deleted"};
  if (json_flag(item, "dead").value_or(false)) return Failure{Failure::gone, "taken down by moderators or readers"};
  return read_item(item, of_api, json_text(item, "type") == "comment");
}

Failure hackernews_failure(const Answer& answer) {
  if (answer.status != 400) return standard_failure(answer);
  std::string said;
  auto use = [&](Json document) { said = cut(clean_utf8(json_text(document, "message")), 100); };
  bool readable = read_json(answer.body, use).has_value() && !said.empty();
  return {Failure::refused, fmt::format("{} does not accept the question{}", host_of(answer.asked.url),
                                        readable ? " (\"" + said + "\")" : "")};
}

}  // namespace campaignd
