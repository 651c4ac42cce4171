#pragma once
/// Hand-made answers of an AppView of Bluesky.
#include <boost/json.hpp>

#include "connectors/platforms/bluesky.hpp"
#include "tests/unit/talk.hpp"

namespace campaignd::test {

inline const std::string ola = "did:plc:ola";

inline std::string post_uri(const std::string& key, const std::string& did = ola) {
  return "at://" + did + "/app.bsky.feed.post/" + key;
}

/// A post of Ola with the tag. `record` and `view` are further members, each beginning with a comma.
inline std::string make_post(const std::string& key, const std::string& created, const std::string& record = "",
                             const std::string& view = "", const std::string& did = ola,
                             const std::string& handle = "ola.example") {
  return R"({"uri":")" + post_uri(key, did) + R"(","cid":"bafy","author":{"did":")" + did + R"(","handle":")" + handle +
         R"(","labels":[]},"record":{"$type":"app.bsky.feed.post","text":"x","createdAt":")" + created +
         R"(","tags":["AllIn"])" + record + R"(},"indexedAt":")" + created + R"(","likeCount":1)" + view + "}";
}

inline std::string list_of(const std::string& key, const std::vector<std::string>& items,
                           const std::string& cursor = "") {
  auto out = "{\"" + key + "\":" + make_list(items);
  return out + (cursor.empty() ? "" : ",\"cursor\":\"" + cursor + "\"") + "}";
}
inline std::string posts_of(const std::vector<std::string>& items, const std::string& cursor = "") {
  return list_of("posts", items, cursor);
}
/// A page of an account's feed: each post as an item of its own, or an item as it is.
inline std::string feed_of(const std::vector<std::string>& posts, const std::string& cursor = "",
                           std::vector<std::string> others = {}) {
  for (const auto& each : posts) others.push_back("{\"post\":" + each + "}");
  return list_of("feed", others, cursor);
}

inline std::string error_of(const std::string& name, const std::string& message) {
  return R"({"error":")" + name + R"(","message":")" + message + "\"}";
}

inline Finding only_post(const std::string& post) {
  SourceSettings settings;
  settings.tags = {"AllIn"};
  Talk talk(make_bluesky(settings)->discover({}), utc("2025-06-20T12:00:00Z"));
  talk.ask();
  auto page = talk.page(200, posts_of({post}));
  REQUIRE(page.found.size() == 1U);
  return page.found.front();
}

}  // namespace campaignd::test
