#pragma once
/// Feeds as documents: RSS 2.0 (and its older relatives by local name) and Atom 1.0 to one shape.
#include <optional>
#include <string>
#include <vector>

#include "connectors/failure.hpp"
#include "connectors/post.hpp"

namespace campaignd {

struct FeedEntry {
  std::string title, link, id, author, summary, content, language;
  std::string source, source_url;  ///< the outlet an aggregator names
  std::vector<std::string> categories;
  std::optional<sys_ms> published, updated;
};

struct Feed {
  std::string title, language, link;
  std::vector<FeedEntry> entries;
  bool complete = true;  ///< false: the document broke off; what it held to there was read
};

/// `base`: the URL the document came from; relative links are resolved against xml:base, else against it.
Result<Feed> read_feed(std::string_view bytes, std::string_view content_type, const std::string& base);

}  // namespace campaignd
