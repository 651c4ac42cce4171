#pragma once
/// What the polls and measurements of Bluesky share: the AppView that is asked, lists of posts, and its errors.
#include <set>

#include "connectors/platforms/bluesky_post.hpp"

namespace campaignd {

constexpr std::size_t search_page = 100;  ///< posts on a page of the search

/// The AppView a source names; the public one where it names none, or only the platform's home.
std::string appview_of(const std::string& host);

/// A GET of a method, "app.bsky.feed.getPosts?…", out of the budget of its host.
Request ask_appview(const std::string& host, const std::string& method);

/// The question for the newest posts with a tag, without the '#'.
std::string search_for(const std::string& tag);

/// A list of posts as the AppView sorted it.
struct PostList {
  std::vector<Finding> found;
  std::vector<Refused> refused;  ///< under their address, where it could be read
  std::set<std::string> uris;    ///< of every post that has a readable address, refused ones too
  std::size_t size = 0;          ///< items, refused and left out ones too
  bool nameless = false;         ///< an item without a readable address: nobody can say which one it was
  std::string cursor;            ///< of the next page, empty where there is none
  std::optional<std::int64_t> hits;
};

/// {"posts": […]}: searches and posts by address.
Result<PostList> read_posts(std::string_view body);
/// {"feed": [{"post", "reason"?}]}: reposts are left out, and a pinned post stands once.
Result<PostList> read_feed(std::string_view body);

/// What an error says: {"error": "InvalidRequest", "message": "Profile not found"}; empty where the body is none.
struct XrpcError {
  std::string name, message;
};
XrpcError read_error(const Answer& answer);

/// What an answer other than 200 means, whatever was asked.
Failure appview_failure(const Answer& answer, const std::string& host);

/// A failed reading of a 200, told with the name of who sent it.
Failure unreadable(const Failure& why, const std::string& host);

}  // namespace campaignd
