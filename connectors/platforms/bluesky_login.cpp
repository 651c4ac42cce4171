#include "connectors/platforms/bluesky_login.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "connectors/platforms/bluesky_api.hpp"
#include "connectors/reading/json.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd {

namespace {

constexpr std::string_view entryway = "bsky.social";
constexpr std::string_view home_of_an_account = "#atproto_pds";
constexpr std::size_t longest_token = 8192;

std::string login_host(const std::string& host) {
  return host.empty() || host == "bsky.app" ? std::string(entryway) : host;
}

Request ask_server(const std::string& host, std::string_view method) {
  Request request(fmt::format("https://{}/xrpc/com.atproto.server.{}", host, method));
  request.bucket = "bluesky-session";
  request.is_post = true;
  request.follows_redirects = false;  // a password is for whom it was meant
  request.headers.emplace_back("accept", "application/json");
  return request;
}

/// It goes into a header: one line of visible characters.
bool is_token(std::string_view text) {
  return !text.empty() && text.size() <= longest_token &&
         std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~'; });
}

/// The server an account lives on, as its DID document says it; empty where it does not, or not a public one by TLS.
std::string home_in(Json session) {
  auto document = json_member(session, "didDoc");
  auto services = document ? json_member(*document, "service") : std::nullopt;
  if (!services || !services->is_array()) return {};
  for (Json each : simdjson::dom::array(*services)) {
    auto endpoint = json_text(each, "serviceEndpoint");
    if (!json_text(each, "id").ends_with(home_of_an_account) || !endpoint.starts_with("https://")) continue;
    auto host = host_of(endpoint);
    if (endpoint == "https://" + host || endpoint == "https://" + host + "/") return host;
  }
  return {};
}

/// A token that is not taken any more: 400, and 401 where servers follow HTTP.
bool speaks_of_token(const Answer& answer) {
  if (answer.status == 401) return true;
  auto name = answer.status == 400 ? read_error(answer).name : std::string();
  return name == "ExpiredToken" || name == "InvalidToken";
}

}  // namespace

std::optional<BlueskyAccount> read_bluesky_credential(const std::string& credential) {
  auto colon = credential.rfind(':');  // a DID has colons, an app password has none
  if (colon == credential.npos) return std::nullopt;
  BlueskyAccount account{credential.substr(0, colon), credential.substr(colon + 1)};
  if (account.identifier.starts_with('@')) account.identifier.erase(0, 1);
  if (account.identifier.empty() || account.password.empty()) return std::nullopt;
  return account;
}

BlueskyLogin::BlueskyLogin(std::shared_ptr<Session> session, const std::string& host)
    : session_(std::move(session)), host_(login_host(host)) {}

bool BlueskyLogin::is_due() const { return session_->token.empty(); }

Request BlueskyLogin::ask() const {
  if (!session_->refresh_token.empty()) {
    auto request = ask_server(session_->who, "refreshSession");
    request.headers.emplace_back("authorization", "Bearer " + session_->refresh_token);
    return request;
  }
  auto account = read_bluesky_credential(session_->credential).value_or(BlueskyAccount{});
  auto request = ask_server(host_, "createSession");
  request.headers.emplace_back("content-type", "application/json");
  request.body =
      boost::json::serialize(boost::json::object{{"identifier", account.identifier}, {"password", account.password}});
  return request;
}

Result<void> BlueskyLogin::read(const Answer& answer) {
  if (answer.status == 200) return read_session(answer);
  bool was_refresh = answer.asked.body.empty();
  if (was_refresh && speaks_of_token(answer)) {  // months old, or revoked: the app password says whether we may
    session_->refresh_token.clear();
    return {};
  }
  return refused(answer);
}

Result<void> BlueskyLogin::read_session(const Answer& answer) {
  std::string token, refresh_token, home;
  auto use = [&](Json session) {
    token = json_text(session, "accessJwt");
    refresh_token = json_text(session, "refreshJwt");
    home = home_in(session);
  };
  auto host = host_of(answer.asked.url);
  if (auto read = read_json(answer.body, use); !read) return unreadable(read.error(), host);
  if (!is_token(token) || !is_token(refresh_token))
    return Failure{Failure::malformed, fmt::format("{} answered a login without its tokens", host)};
  session_->token = std::move(token);
  session_->refresh_token = std::move(refresh_token);
  session_->who = home.empty() ? host : std::move(home);
  return {};
}

/// Nothing of the answer's own words is repeated: it may repeat what we sent.
Failure BlueskyLogin::refused(const Answer& answer) const {
  auto host = host_of(answer.asked.url);
  auto refuse = [&](std::string_view why) { return Failure{Failure::refused, fmt::format("{} {}", host, why)}; };
  auto name = read_error(answer).name;
  if (name == "AccountTakedown")
    return refuse("has taken down the account of the credential: nobody can log in with it");
  if (name == "AuthFactorTokenRequired")
    return refuse("wants a code from an e-mail: give an app password, which needs none, instead of the account's own");
  if (answer.status == 401)
    return refuse("does not know the handle, or not this app password: write handle:app-password into the credential");
  if (answer.status == 400) return refuse("does not accept the credential: it is to be handle:app-password");
  if (answer.status == 403)
    return {Failure::refused, fmt::format("{} answered 403: it shuts this machine's address out at the moment", host),
            read_retry_after(answer.headers, answer.received)};
  if (answer.status == 404 || answer.status == 501)
    return refuse("is no server one can log in at; leave host out to log in at Bluesky's own");
  return standard_failure(answer);
}

void BlueskyLogin::sign(Request& request) {
  used_ = session_->token;
  request.headers.emplace_back("authorization", "Bearer " + used_);
}

bool BlueskyLogin::has_expired(const Answer& answer) {
  if (!speaks_of_token(answer) || was_renewed_) return false;
  was_renewed_ = true;
  if (session_->token == used_) session_->token.clear();  // else another job has renewed it meanwhile
  return true;
}

}  // namespace campaignd
