#include "connectors/platforms/lemmy_api.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "connectors/reading/json.hpp"
#include "connectors/reading/text.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd {

namespace {

constexpr std::array<std::string_view, lemmy_apis> roots{"/api/v3", "/api/v4", "/api/alpha"};
constexpr std::array<std::string_view, lemmy_apis> id_prefixes{"", "v4/", "alpha/"};

// Lemmy 0.19 says neither how long to wait nor how much is left.
constexpr auto wait_when_throttled = std::chrono::minutes(10);

template <class Table>
std::string_view of(LemmyApi api, const Table& table) {
  return table[static_cast<std::size_t>(api)];
}

Request json_request(std::string url, std::string bucket) {
  Request request(std::move(url));
  request.bucket = std::move(bucket);
  request.headers.emplace_back("accept", "application/json");
  return request;
}

bool is_among(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, word) != words.end();
}

}  // namespace

std::optional<LemmyApi> lemmy_api_of(const std::string& software) {
  if (software.empty()) return LemmyApi::v3;
  if (software.starts_with("piefed")) return LemmyApi::piefed;
  if (!software.starts_with("lemmy")) return std::nullopt;
  auto version = software.substr(std::min(software.size(), software.find(' ') + 1));
  bool has_v4 = !version.empty() && version.front() >= '1' && version.front() <= '9';
  return has_v4 ? LemmyApi::v4 : LemmyApi::v3;
}

Request ask_lemmy_search(LemmyApi api, const LemmySearch& search) {
  auto url = fmt::format("https://{}{}/search?", search.host, of(api, roots));
  auto words = percent_encode(search.words);
  if (api == LemmyApi::v4) {
    url += fmt::format("search_term={}&type_={}&limit={}&time_range_seconds={}", words,
                       search.comments ? "comments" : "posts", lemmy_page_size, search.within.count());
    if (!search.mark.empty()) url += "&page_cursor=" + percent_encode(search.mark);
  } else {
    url += fmt::format("q={}&type_={}&listing_type=All&sort=New&limit={}&page={}", words,
                       search.comments ? "Comments" : "Posts", lemmy_page_size, search.page);
  }
  return json_request(std::move(url), "lemmy");
}

std::string local_id_of(const LemmyId& id) {
  return fmt::format("{}{}/{}", of(id.api, id_prefixes), id.comment ? "comment" : "post", id.number);
}

std::optional<LemmyId> read_local_id(std::string_view text) {
  LemmyId id;
  for (auto api : {LemmyApi::v4, LemmyApi::piefed})
    if (text.starts_with(of(api, id_prefixes))) {
      id.api = api;
      text.remove_prefix(of(api, id_prefixes).size());
      break;
    }
  id.comment = text.starts_with("comment/");
  if (!id.comment && !text.starts_with("post/")) return std::nullopt;
  id.number = text.substr(text.find('/') + 1);
  return id.number.empty() ? std::nullopt : std::optional(std::move(id));
}

Request ask_lemmy_item(const std::string& host, const LemmyId& id) {
  return json_request(fmt::format("https://{}{}/{}?id={}", host, of(id.api, roots), id.comment ? "comment" : "post",
                                  percent_encode(id.number)),
                      "lemmy-reads");
}

std::string lemmy_reason(const Answer& answer) {
  std::string reason;
  auto use = [&](Json document) {
    reason = json_text(document, "error");                                                     // Lemmy
    if (reason.empty() && json_text(document, "status") == "Not found") reason = "not_found";  // PieFed
    if (reason.empty()) reason = json_text(document, "message");
  };
  if (!read_json(answer.body, use)) return {};
  return cut(clean_utf8(reason), 80);
}

bool says_gone(std::string_view reason) {
  return reason.starts_with("couldnt_find_") ||
         is_among(reason, {"not_found", "deleted", "post not found", "comment not found", "No object found."});
}

Failure lemmy_failure(const Answer& answer) {
  auto reason = lemmy_reason(answer);
  auto host = host_of(answer.asked.url);
  if (answer.status == 429 || is_among(reason, {"rate_limit_error", "too_many_requests"})) {
    auto told = read_retry_after(answer.headers, answer.received);
    return {Failure::throttled, fmt::format("{} wants fewer requests", host), told.value_or(wait_when_throttled)};
  }
  if (is_among(reason, {"instance_is_private", "not_logged_in", "incorrect_login"}))
    return {Failure::refused, fmt::format("{} shows nothing to visitors ({}): choose another server", host, reason)};
  if (reason == "alpha api is not enabled")
    return {Failure::refused, fmt::format("{} has switched PieFed's API off: choose another server", host)};
  if (answer.status == 400)
    return {Failure::malformed, fmt::format("{} answered 400: {}", host, reason.empty() ? "no reason given" : reason)};
  return standard_failure(answer);
}

}  // namespace campaignd
