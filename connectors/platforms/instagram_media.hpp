#pragma once
/// What the polls of Instagram share: the credential, requests, and a picture, video or album as a Finding.
#include <optional>

#include "connectors/platforms/meta_api.hpp"

namespace campaignd {

inline constexpr std::string_view instagram_form =
    "\"IG user id:token\" on one line: the id of a professional Instagram account and the token of a Facebook user "
    "with "
    "a task on its page";

/// What is asked of each medium. `like_count` is left out where its owner hides the likes.
inline constexpr std::string_view instagram_fields =
    "id,caption,media_type,permalink,timestamp,like_count,comments_count,children{id}";

/// On whose behalf is asked, and with what.
struct InstagramUser {
  std::string id, token;
};
std::optional<InstagramUser> instagram_user(const SourceSettings& source);

/// A medium of a list. Nobody says whose it is: its author is its own address, until an account is set.
Result<Finding> read_instagram_media(Json item);

/// {"business_discovery": {"username", "name", "followers_count", "media_count", "media": {"data", "paging"}}}
struct InstagramAccount {
  std::string user;
  std::int64_t media_count = 0;
  bool has_list = false;
  meta::List list;
};
Result<InstagramAccount> read_instagram_account(std::string_view body);

/// One poll of the media with each of `source.tags`: all of the last 24 hours, and the most popular ones.
std::unique_ptr<Job> search_instagram(SourceSettings source, const Cursor& cursor);
/// One poll of the media of `source.account`, a professional account.
std::unique_ptr<Job> discover_instagram(SourceSettings source, const Cursor& cursor);

}  // namespace campaignd
