#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace campaignd {

/// Who wrote a post of Bluesky and its key in their repository, as its address says it:
/// at://DID/app.bsky.feed.post/KEY.
struct PostUri {
  std::string did, key;
};
std::optional<PostUri> read_post_uri(std::string_view uri);

/// Whether all of it may stand in a DID, a handle or a record's key; then it may stand in the path of a URL as well.
bool is_at_name(std::string_view text);

/// The page a person opens; `author` is a DID or a handle.
std::string bluesky_page(std::string_view author, std::string_view key);

}  // namespace campaignd
