#pragma once
/// What the tests of Threads, Instagram and Facebook share: a credential, and answers as Meta's Graph API gives them.
#include <fmt/format.h>

#include "connectors/reading/url.hpp"
#include "tests/unit/talk.hpp"

namespace campaignd::test {

inline const sys_ms meta_now = utc("2025-06-20T12:00:00Z");
inline const std::string secret = "EAABsecret-token-of-a-user";

inline SourceSettings meta_settings(const std::string& credential = secret) {
  SourceSettings out;
  out.floor = utc("2025-01-01T00:00:00Z");
  out.session = std::make_shared<Session>();
  out.session->credential = credential;
  return out;
}

inline std::string data_of(const std::vector<std::string>& items, const std::string& after = "",
                           bool has_next = false) {
  auto out = "{\"data\":" + make_list(items);
  if (after.empty()) return out + "}";
  out += R"(,"paging":{"cursors":{"before":"b","after":")" + after + "\"}";
  if (has_next) out += R"(,"next":"https://graph.facebook.com/v25.0/x?access_token=)" + secret + "\"";
  return out + "}}";
}

inline std::string graph_error(int code, const std::string& message = "x", int subcode = 0, bool transient = false) {
  return fmt::format(R"({{"error":{{"message":"{}","type":"OAuthException","code":{},"error_subcode":{},)"
                     R"("is_transient":{},"fbtrace_id":"A1m6KK6iBqvjzPeQd4DYbKM"}}}})",
                     message, code, subcode, transient);
}

inline Headers app_usage(int percent) {
  Headers out;
  out.emplace_back("x-app-usage", fmt::format(R"({{"call_count":{},"total_cputime":5,"total_time":7}})", percent));
  return out;
}

inline Headers business_usage(int percent, int minutes) {
  Headers out;
  out.emplace_back("x-business-use-case-usage",
                   fmt::format(R"({{"17841":[{{"type":"instagram","call_count":3,"total_cputime":{},"total_time":1,)"
                               R"("estimated_time_to_regain_access":{}}}]}})",
                               percent, minutes));
  return out;
}

/// The token travels in a header alone.
inline void check_hidden(const Request& request, const std::string& token = secret) {
  CHECK(request.url.find(token) == std::string::npos);
  CHECK(header(request.headers, "authorization") == "Bearer " + token);
}

inline std::string decoded(const std::string& url) { return percent_decode(url); }

}  // namespace campaignd::test
