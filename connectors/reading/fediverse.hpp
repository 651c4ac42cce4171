#pragma once
/// Addresses of posts in the fediverse, and the ids their home servers know them by.
#include <string>
#include <string_view>
#include <vector>

namespace campaignd {

/// Whether an address lies on the site of a host. A server may name any page as its post's, also one that is another
/// post's name: outside its own site it is not believed.
bool is_on_site_of(const std::string& address, const std::string& host);

/// The segments of an https address's path, as written; empty for any other address, and for one with a query.
std::vector<std::string_view> path_of(std::string_view address);

/// "123" of https://H/users/NAME/statuses/123, https://H/ap/users/7/statuses/123 and https://H/@name/123: what
/// Mastodon's API knows the post by. Any other https address is its own id, for it can be read as an ActivityPub
/// object. Empty where it is none.
std::string mastodon_id_at_home(const std::string& uri);

/// "post/12" or "comment/34" of https://H/post/12 and https://H/comment/34, as Lemmy and PieFed write them; else empty:
/// a server of other software has the post, and this API does not lead to it.
std::string lemmy_id_at_home(const std::string& uri);

/// "9abc" of https://H/notes/9abc; else empty.
std::string misskey_id_at_home(const std::string& uri);

}  // namespace campaignd
