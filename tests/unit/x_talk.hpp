#pragma once
/// Hand-made answers of X.
#include <fmt/format.h>

#include "connectors/platforms/x.hpp"
#include "tests/unit/talk.hpp"

namespace campaignd::test {

const std::string x_api = "https://api.x.com/2/";
const std::string x_fields =
    "&tweet.fields=attachments,author_id,created_at,entities,lang,note_tweet,public_metrics,referenced_tweets";
const std::string x_authors = "&expansions=author_id&user.fields=description,name,public_metrics,username";
const std::string x_token = "AAAA%2Ftoken-of-an-app";

/// The id X would give to a post of that instant.
inline std::string id_at(std::string_view time) {
  return std::to_string((utc(time).time_since_epoch().count() - 1'288'834'974'657) << 22);
}

/// A post of Ola (7), or of another account. `more` is further members, each beginning with a comma.
inline std::string x_post(const std::string& id, const std::string& more = "", const std::string& author = "7") {
  return R"({"id":")" + id + R"(","author_id":")" + author + R"(","text":"x #AllIn","public_metrics":{)" +
         R"("retweet_count":1,"reply_count":2,"like_count":3,"quote_count":4,"bookmark_count":5,"impression_count":6})" +
         more + "}";
}

inline std::string x_user(const std::string& id = "7", const std::string& username = "Ola_Example",
                          const std::string& more = "") {
  return R"({"id":")" + id + R"(","username":")" + username +
         R"(","name":"Ola","public_metrics":{"followers_count":120,"following_count":3})" + more + "}";
}

inline std::string x_list(const std::vector<std::string>& posts, const std::string& next = "",
                          const std::vector<std::string>& users = {x_user()}) {
  auto meta = fmt::format(R"("meta":{{"result_count":{}{}}})", posts.size(),
                          next.empty() ? std::string{} : ",\"next_token\":\"" + next + "\"");
  if (posts.empty()) return "{" + meta + "}";
  return R"({"data":)" + make_list(posts) + R"(,"includes":{"users":)" + make_list(users) + "}," + meta + "}";
}

inline std::string x_problem(const std::string& kind, const std::string& title, const std::string& detail,
                             const std::string& more = "") {
  return R"({"title":")" + title + R"(","detail":")" + detail + R"(","type":"https://api.twitter.com/2/problems/)" +
         kind + "\"" + more + "}";
}
/// A partial error of a 200.
inline std::string x_missing(const std::string& id, const std::string& kind, const std::string& detail = "x",
                             const std::string& type = "tweet") {
  return x_problem(
      kind, "Not Found Error", detail,
      R"(,"resource_id":")" + id + R"(","resource_type":")" + type + R"(","parameter":"ids","value":")" + id + "\"");
}
inline std::string x_errors(const std::vector<std::string>& errors, const std::vector<std::string>& posts = {}) {
  return (posts.empty() ? "{" : R"({"data":)" + make_list(posts) + ",") + R"("errors":)" + make_list(errors) + "}";
}

inline SourceSettings x_settings() {
  SourceSettings out;
  out.tags = {"AllIn"};
  out.floor = utc("2025-01-01T00:00:00Z");
  out.spend_monthly = 5'000;
  out.session = std::make_shared<Session>();
  out.session->credential = x_token;
  return out;
}

}  // namespace campaignd::test
