#include "connectors/reading/at_uri.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace campaignd {

namespace {
constexpr std::string_view scheme = "at://", collection = "/app.bsky.feed.post/";
}

bool is_at_name(std::string_view text) {
  return !text.empty() && text.size() <= 512 && std::ranges::all_of(text, [](char c) {
    bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    return is_letter || std::string_view("._:~-").find(c) != std::string_view::npos;
  });
}

std::optional<PostUri> read_post_uri(std::string_view uri) {
  auto at = uri.find(collection);
  if (!uri.starts_with("at://did:") || at == uri.npos) return std::nullopt;
  PostUri out{std::string(uri.substr(scheme.size(), at - scheme.size())),
              std::string(uri.substr(at + collection.size()))};
  if (!is_at_name(out.did) || !is_at_name(out.key)) return std::nullopt;
  return out;
}

std::string bluesky_page(std::string_view author, std::string_view key) {
  return fmt::format("https://bsky.app/profile/{}/post/{}", author, key);
}

}  // namespace campaignd
