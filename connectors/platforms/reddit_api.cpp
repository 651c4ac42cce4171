#include "connectors/platforms/reddit_api.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "connectors/reading/base64.hpp"
#include "connectors/reading/json.hpp"
#include "connectors/reading/text.hpp"

namespace campaignd {

namespace {

// What may change: the hosts, and the rule for user agents (github.com/reddit-archive/reddit/wiki/API): platform, app,
// version, and whom to write to. Who keeps to no such form is throttled or shut out.
constexpr std::string_view token_url = "https://www.reddit.com/api/v1/access_token";
constexpr std::string_view api = "https://oauth.reddit.com";
constexpr std::string_view user_agent = "linux:campaignd:v0.1.0 (by /u/{})";

constexpr auto rest_when_blocked = std::chrono::hours(6);
constexpr auto rest_when_throttled = std::chrono::seconds(60);
constexpr auto token_margin = std::chrono::minutes(1);
constexpr std::int64_t shortest_token = 300, longest_token = 86'400;  // seconds

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

bool is_printable(char c) { return c > ' ' && c < 0x7F; }

bool is_html(const Answer& answer) {
  auto type = fold(header(answer.headers, "content-type"));
  auto first = answer.body.find_first_not_of(" \t\r\n");
  return type.find("html") != type.npos || (first != answer.body.npos && answer.body[first] == '<');
}

struct Refusal {
  std::string message, reason, explanation;
};

Refusal read_refusal(const Answer& answer) {
  Refusal out;
  auto said = [](Json document, std::string_view key) { return cut(clean_utf8(json_text(document, key)), 100); };
  auto use = [&](Json document) {
    out = {said(document, "message"), said(document, "reason"), said(document, "explanation")};
  };
  return read_json(answer.body, use) ? out : Refusal{};
}

Failure blocked(const Answer& answer) {
  auto told = read_retry_after(answer.headers, answer.received).value_or(std::chrono::seconds(0));
  return {Failure::refused,
          fmt::format("{} answered {} with a page that shuts this machine's address or program out: it is left alone "
                      "for six hours",
                      without_query(answer.asked.url), answer.status),
          std::max<std::chrono::seconds>(told, rest_when_blocked)};
}

Failure throttled(const Answer& answer) {
  auto failure = standard_failure(answer);
  if (!failure.retry_after || *failure.retry_after < std::chrono::seconds(1)) failure.retry_after = rest_when_throttled;
  return failure;
}

/// 403 with Reddit's own word on why.
Failure closed(const Refusal& refusal) {
  struct Reason {
    std::string_view name, sentence;
  };
  constexpr std::array reasons{Reason{"private", "it is a private community"},
                               Reason{"quarantined", "it is quarantined"}, Reason{"banned", "Reddit has banned it"}};
  const auto* known = std::ranges::find(reasons, refusal.reason, &Reason::name);
  if (known != reasons.end()) return {Failure::refused, fmt::format("Reddit does not show this: {}", known->sentence)};
  return {Failure::refused,
          fmt::format("Reddit answered 403{}: the app is not approved for this, or what was asked for is closed",
                      refusal.reason.empty() ? "" : " (" + refusal.reason + ")")};
}

}  // namespace

RedditLogin::RedditLogin(std::shared_ptr<Session> session) : session_(std::move(session)) {
  std::string_view text = session_ ? session_->credential : std::string_view{};
  auto first = text.find(':'), last = text.rfind(':');
  bool has_form = first != text.npos && first > 0 && last > first + 1 && last + 1 < text.size();
  auto name = has_form ? text.substr(last + 1) : std::string_view{};
  if (!has_form || !std::ranges::all_of(name, is_name_character) || !std::ranges::all_of(text, is_printable)) {
    problem_ = Failure{Failure::refused,
                       "Reddit answers approved apps only: its credential is to be of the form "
                       "client_id:client_secret:username"};
    return;
  }
  id_ = text.substr(0, first);
  secret_ = text.substr(first + 1, last - first - 1);
  user_agent_ = fmt::format(user_agent, name);
}

bool RedditLogin::is_due(sys_ms now) const {
  return session_->token.empty() || session_->valid_until <= now + token_margin;
}

Request RedditLogin::ask() {
  is_asking_ = true;
  Request request{std::string(token_url)};
  request.bucket = "reddit";
  request.follows_redirects = false;
  request.headers.emplace_back("authorization", "Basic " + encode_base64(id_ + ":" + secret_));
  request.headers.emplace_back("content-type", "application/x-www-form-urlencoded");
  request.headers.emplace_back("user-agent", user_agent_);
  request.body = "grant_type=client_credentials";
  return request;
}

Result<void> RedditLogin::read(const Answer& answer) {
  is_asking_ = false;
  constexpr std::string_view unknown =
      "Reddit does not know this app, or has revoked its key: check client_id and client_secret in the credential file";
  if (answer.status == 400 || answer.status == 401) return Failure{Failure::refused, std::string(unknown)};
  if (answer.status != 200) return reddit_failure(answer);
  std::string token;
  std::int64_t seconds = shortest_token;
  auto use = [&](Json document) {
    token = json_text(document, "access_token");
    seconds = json_count(document, "expires_in").value_or(shortest_token);
  };
  if (auto read = read_json(answer.body, use); !read) return reddit_unreadable(answer, read.error());
  // {"error": "invalid_grant"} comes with 200.
  if (token.empty() || !std::ranges::all_of(token, is_printable))
    return Failure{Failure::refused, std::string(unknown)};
  session_->token = std::move(token);
  session_->valid_until = answer.received + std::chrono::seconds(std::clamp(seconds, shortest_token, longest_token));
  return {};
}

void RedditLogin::sign(Request& request) {
  used_ = session_->token;
  request.headers.emplace_back("authorization", "Bearer " + used_);
  request.headers.emplace_back("user-agent", user_agent_);
}

bool RedditLogin::may_renew() {
  if (std::exchange(renewed_, true)) return false;
  if (session_->token == used_) session_->token.clear();  // else another job has renewed it already
  return true;
}

Request RedditJob::ask(sys_ms now) {
  if (login_.problem()) return Request(std::string(api));
  if (login_.is_due(now)) return login_.ask();
  Request request(std::string(api) + path(now));
  request.bucket = "reddit";
  request.follows_redirects = false;
  request.headers.emplace_back("accept", "application/json");
  login_.sign(request);
  return request;
}

Result<Page> RedditJob::read(const Answer& answer) {
  if (login_.problem()) return *login_.problem();
  if (login_.is_asking()) {
    if (auto read = login_.read(answer); !read) return read.error();
    return again();
  }
  if (answer.status == 401 && login_.may_renew()) return again();
  return hear(answer);
}

Page RedditJob::again() const {
  Page page;
  page.more = true;
  page.cursor.position = position();
  return page;
}

Failure reddit_failure(const Answer& answer) {
  auto status = answer.status;
  if (status == 429) return throttled(answer);
  if (status == 401)
    return {Failure::refused, "Reddit does not take the app's token: check that the app is still approved"};
  if (status == 403 && is_html(answer)) return blocked(answer);
  if (status >= 300 && status < 400)
    return {Failure::refused, fmt::format("{} leads elsewhere ({}): Reddit wants a login for this, or does not know it",
                                          without_query(answer.asked.url), status)};
  auto refusal = read_refusal(answer);
  if (status == 403) return closed(refusal);
  if (status == 400) {
    auto said = refusal.explanation.empty() ? refusal.message : refusal.explanation;
    auto code = refusal.reason == "USER_DOESNT_EXIST" ? Failure::gone : Failure::refused;
    return {code, fmt::format("Reddit does not accept the question{}", said.empty() ? "" : " (\"" + said + "\")")};
  }
  return standard_failure(answer);
}

Failure reddit_unreadable(const Answer& answer, const Failure& why) {
  if (is_html(answer)) return blocked(answer);
  return {why.code, fmt::format("{}: {}", without_query(answer.asked.url), why.message)};
}

}  // namespace campaignd
