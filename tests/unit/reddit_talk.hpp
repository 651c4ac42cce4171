#pragma once
/// Hand-made answers of Reddit, and conversations with an app's token.
#include <fmt/format.h>
#include <algorithm>

#include "connectors/platforms/reddit.hpp"
#include "tests/unit/talk.hpp"

namespace campaignd::test::reddit {

using namespace std::chrono_literals;

inline const sys_ms noon = utc("2025-06-21T12:00:00Z");
inline const std::string secret = "s3cr3t-key", token = "t0k3n-of-the-app";
inline const std::string token_answer =
    "{\"access_token\":\"" + token + "\",\"token_type\":\"bearer\",\"expires_in\":86400,\"scope\":\"*\"}";
inline const std::string search =
    "https://oauth.reddit.com/search?q=%22all%20in%22&type=link&include_over_18=on&sort=new&t=all&limit=100&raw_json=1";

inline std::shared_ptr<Session> a_session(bool with_token = true) {
  auto out = std::make_shared<Session>();
  out->credential = "app-id:" + secret + ":Ewa_K";
  if (!with_token) return out;
  out->token = token;
  out->valid_until = noon + 24h;
  return out;
}

inline SourceSettings searching(std::shared_ptr<Session> session = a_session()) {
  SourceSettings out;
  out.query = "\"all in\"";
  out.floor = utc("2025-06-01T00:00:00Z");
  out.session = std::move(session);
  return out;
}

inline Talk poll(const SourceSettings& settings = searching(), const Cursor& cursor = {}, sys_ms now = noon) {
  return Talk(make_reddit(settings)->discover(cursor), now);
}

inline Talk measurement(const std::vector<std::string>& names, std::shared_ptr<Session> session = a_session()) {
  std::vector<PostRef> posts;
  for (const auto& name : names) posts.push_back({std::ssize(posts) + 1, "reddit.com", name, ""});
  return Talk(make_reddit(searching(std::move(session)))->measure(posts), noon);
}

inline std::string make_post(const std::string& name, const std::string& more = "", sys_ms at = noon - 2h) {
  return fmt::format(R"({{"kind":"t3","data":{{"name":"{}","title":"All in","author":"Ewa","created_utc":{}.0,)"
                     R"("permalink":"/r/x/comments/{}/all_in/"{}}}}})",
                     name, std::chrono::floor<std::chrono::seconds>(at.time_since_epoch()).count(), name.substr(3),
                     more);
}

inline std::string listing(const std::vector<std::string>& items, const std::string& after = "null") {
  std::string list;
  for (const auto& each : items) list += (list.empty() ? "" : ",") + each;
  return "{\"kind\":\"Listing\",\"data\":{\"after\":" + after + ",\"children\":[" + list + "]}}";
}

inline std::string value_of(const Request& request, const std::string& name) {
  return std::string(header(request.headers, name));
}

inline void check_is_no_secret_in(const std::string& text) {
  for (const auto& each : {secret, token, std::string("app-id")}) CHECK(text.find(each) == std::string::npos);
}

inline Failure failure_of(int status, const std::string& body, const Headers& headers = {},
                          const SourceSettings& settings = searching()) {
  auto talk = poll(settings);
  talk.ask();
  if (status == 401) {  // the first is answered by another token
    talk.page(401, "");
    talk.ask();
    talk.page(200, token_answer);
    talk.ask();
  }
  auto result = talk.hear(status, body, headers);
  REQUIRE(result.has_error());
  check_is_no_secret_in(result.error().message);
  return result.error();
}

inline const Headers html{{"content-type", "text/html; charset=UTF-8"}};

}  // namespace campaignd::test::reddit
