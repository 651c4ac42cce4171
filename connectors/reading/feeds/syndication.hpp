#pragma once
/// Feeds as documents: RSS 0.9x to 2.0, RDF, CDF, Atom 0.3 and 1.0 and JSON Feed to one shape.
#include <bitset>
#include <optional>
#include <string>
#include <vector>

#include "connectors/failure.hpp"
#include "connectors/post.hpp"

namespace campaignd {

/// HTML as the feed gives it, plain text being escaped; relative addresses in it are against `base`.
struct FeedText {
  std::string html, base;
};

struct FeedEntry {
  FeedText title, summary, content;
  std::string link;      ///< absolute where a base is known
  std::string original;  ///< feedburner's word on the article behind a counting link
  std::string id, author, language;
  std::string source, source_url;  ///< the outlet an aggregator names
  std::vector<std::string> categories;
  std::optional<sys_ms> published, updated;
  Counters counters;  ///< replies of slash: and thr:, views and likes of media:
};

/// How long the feed asks not to be asked, as it says itself; all of it is a hint.
struct FeedManners {
  std::optional<std::chrono::minutes> refresh;  ///< ttl, or the period of sy:
  std::bitset<24> skip_hours;                   ///< UTC
  std::bitset<7> skip_days;                     ///< 0 is Sunday
  bool expired = false;                         ///< JSON Feed: there will be nothing more
};

struct Feed {
  std::string title;  ///< HTML, like an entry's
  std::string language, link;
  std::vector<FeedEntry> entries;
  FeedManners manners;
  bool complete = true;  ///< false: the document broke off; what it held to there was read
};

/// `base`: the URL the document came from, which relative links of Atom are against; those of RSS are against the
/// feed's own link, which says where it belongs better than a proxy's address. The format is told by the bytes, never
/// by the Content-Type.
Result<Feed> read_feed(std::string_view bytes, std::string_view content_type, const std::string& base);

}  // namespace campaignd
