#include "connectors/platforms/mediacloud_stories.hpp"

#include <fmt/format.h>

#include <set>

#include "connectors/reading/dates/time.hpp"
#include "connectors/reading/json_list.hpp"
#include "connectors/reading/text.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd {

namespace {

constexpr auto rest_over_quota = std::chrono::hours(24);  // it is a week's
constexpr auto rest_when_throttled = std::chrono::minutes(1);

Result<Finding> read_story(Json item, sys_ms received) {
  auto url = json_text(item, "url");
  auto outlet = host_of(url);
  if (outlet.empty()) return Failure{Failure::malformed, "a story without an http(s) address"};
  if (outlet.starts_with("www.")) outlet.erase(0, 4);
  Finding finding;
  Post& post = finding.post;
  finding.local_id = url;
  post.platform = "mediacloud";
  post.host = outlet;
  post.uri = post.url = url;
  post.author.key = post.author.name = outlet;
  post.author.media = true;
  post.kind = Kind::article;
  // A day; where the page told none, the moment it was taken into the index.
  post.published = read_rfc3339(json_text(item, "publish_date"));
  if (!post.published) {
    post.date_basis = DateBasis::first_seen;
    post.published = read_rfc3339(json_text(item, "indexed_date"));
  }
  if (post.published > received) post.published.reset();
  post.language = json_text(item, "language");
  post.title = json_text(item, "title");
  return finding;
}

struct Said {
  std::string note, exception;
  bool temporary = false;
};

Said read_said(const Answer& answer) {
  Said out;
  auto use = [&](Json document) {
    out = {cut(clean_utf8(json_text(document, "note")), 150), json_text(document, "exception"),
           json_flag(document, "temporary").value_or(false)};
  };
  return read_json(answer.body, use) ? out : Said{};
}

}  // namespace

Result<StoryList> read_stories(std::string_view body, sys_ms received) {
  StoryList out;
  std::set<std::string> seen;
  bool is_list = false;
  auto use = [&](Json document) {
    auto stories = json_member(document, "stories");
    is_list = stories && stories->is_array();
    out.next = json_text(document, "pagination_token");
  };
  auto each = [&](Json item) {
    ++out.size;
    if (auto indexed = read_rfc3339(json_text(item, "indexed_date"))) out.last = indexed;
    auto finding = read_story(item, received);
    if (!finding)
      out.refused.push_back({fmt::format("item {}", out.size), finding.error().message});
    else if (seen.insert(finding->local_id).second)
      out.found.push_back(std::move(*finding));
  };
  auto bad = [&](std::size_t place, std::string why) {
    ++out.size;
    out.refused.push_back({fmt::format("item {}", place + 1), std::move(why)});
  };
  if (auto read = read_json_list(body, "stories", use, each, bad); !read) return read.error();
  if (!is_list) return Failure{Failure::malformed, "Media Cloud sent no list of stories"};
  return out;
}

Failure mediacloud_failure(const Answer& answer) {
  auto said = read_said(answer);
  auto quoted = said.note.empty() ? std::string() : fmt::format(" (\"{}\")", said.note);
  switch (answer.status) {
    case 400:  // outages, too
      if (said.temporary)
        return {Failure::unavailable, fmt::format("Media Cloud is in trouble{}; trying again later", quoted)};
      if (said.exception.starts_with("OverQuota"))
        return {Failure::throttled, fmt::format("the week's quota of this Media Cloud account is spent{}", quoted),
                rest_over_quota};
      return {Failure::refused, fmt::format("Media Cloud does not accept the question{}", quoted)};
    case 422: return {Failure::refused, fmt::format("Media Cloud does not accept the question{}", quoted)};
    case 401:
    case 403:
      return {Failure::refused,
              fmt::format("Media Cloud does not take this token{}: check it in the credential file", quoted)};
    case 429: {
      auto failure = standard_failure(answer);
      if (!failure.retry_after) failure.retry_after = rest_when_throttled;
      return failure;
    }
    default: return standard_failure(answer);
  }
}

}  // namespace campaignd
