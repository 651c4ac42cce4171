#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "connectors/platforms/tumblr_post.hpp"
#include "connectors/reading/json.hpp"
#include "connectors/reading/text.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd {

namespace {

constexpr std::string_view api = "https://api.tumblr.com/v2/";
constexpr std::int64_t for_users_only = 4012;  // "This Tumblr is only viewable within the Tumblr dashboard"
constexpr auto rest_when_throttled = std::chrono::minutes(10);

/// A key has an hour's and a day's limit; that which is used up says for how
/// long. A 429 may come without.
std::optional<std::chrono::seconds> time_to_reset(const Headers& headers) {
  for (std::string_view window : {"perday", "perhour"}) {
    auto field = [&](std::string_view name) { return header(headers, fmt::format("x-ratelimit-{}-{}", window, name)); };
    if (field("remaining") != "0") continue;
    auto text = field("reset");
    bool is_number =
        !text.empty() && text.size() <= 6 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
    if (!is_number) continue;
    return std::min<std::chrono::seconds>(std::chrono::seconds(std::atoi(std::string(text).c_str())),
                                          std::chrono::hours(24));
  }
  return std::nullopt;
}

struct Said {
  std::int64_t status = 0, code = 0;
  std::string words;
};

Said read_said(const Answer& answer) {
  Said out;
  auto use = [&](Json document) {
    if (auto meta = json_member(document, "meta")) {
      out.status = json_count(*meta, "status").value_or(0);
      out.words = json_text(*meta, "msg");
    }
    auto errors = json_member(document, "errors");
    if (!errors || !errors->is_array() || simdjson::dom::array(*errors).size() == 0) return;
    Json first = *simdjson::dom::array(*errors).begin();
    out.code = json_count(first, "code").value_or(0);
    if (auto detail = json_text(first, "detail"); !detail.empty()) out.words = std::move(detail);
  };
  if (!read_json(answer.body, use)) return {};
  out.words = cut(clean_utf8(out.words), 100);
  return out;
}

}  // namespace

Request ask_tumblr(const std::string& path, const Session* session) {
  if (session == nullptr) return Request(std::string(api));
  auto joint = path.find('?') == path.npos ? '?' : '&';
  Request request(fmt::format("{}{}{}api_key={}", api, path, joint, percent_encode(session->credential)));
  request.bucket = "tumblr";
  request.follows_redirects = false;
  request.headers.emplace_back("accept", "application/json");
  return request;
}

std::optional<Failure> tumblr_problem(const Session* session) {
  if (session != nullptr && !session->credential.empty()) return std::nullopt;
  return Failure{Failure::refused,
                 "Tumblr answers registered applications only: put the OAuth "
                 "consumer key of one into its credential "
                 "file"};
}

std::string why_not_shown(const Answer& answer) {
  if (answer.status != 404) return {};
  auto said = read_said(answer);
  if (said.status != 404) return {};
  return said.code == for_users_only ? "its blog is shown to Tumblr's own users only"
                                     : "Tumblr does not know it any more";
}

Failure tumblr_failure(const Answer& answer) {
  auto said = read_said(answer);
  auto quoted = said.words.empty() ? std::string() : fmt::format(" (\"{}\")", said.words);
  switch (answer.status) {
    case 401:
      return {Failure::refused,
              "Tumblr does not know this key: check the OAuth "
              "consumer key in the credential file"};
    case 403: return {Failure::refused, fmt::format("Tumblr does not show this to applications{}", quoted)};
    case 400: return {Failure::refused, fmt::format("Tumblr does not accept the question{}", quoted)};
    case 429: {
      auto failure = standard_failure(answer);
      if (!failure.retry_after) failure.retry_after = time_to_reset(answer.headers).value_or(rest_when_throttled);
      return failure;
    }
    default: break;
  }
  if (answer.status >= 300 && answer.status < 400)
    return {Failure::refused, fmt::format("{} leads elsewhere ({}), perhaps to a question of consent",
                                          without_query(answer.asked.url), answer.status)};
  return standard_failure(answer);
}

}  // namespace campaignd
