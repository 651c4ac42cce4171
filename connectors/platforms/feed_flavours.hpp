#pragma once
/// Feeds that are not an outlet's own: aggregators, whose entries are other outlets' articles, and networks, whose
/// entries are people's posts.
#include <optional>
#include <string>

#include "connectors/reading/feeds/syndication.hpp"

namespace campaignd {

struct FeedFlavour {
  std::string_view name;
  bool (*is)(const std::string& host, const std::string& path);  ///< of the feed's address
  /// Undoes what the maker did to an entry; why it is to be refused, else nothing. Null: nothing to undo.
  std::optional<std::string> (*mend)(FeedEntry& entry);
  /// Says whose it is, and what. Null: an article of its outlet, which it is already.
  void (*finish)(const FeedEntry& entry, const std::string& feed_url, Finding& finding);
  /// Its entries are what a search thought best: old ones among them say nothing of those between.
  bool is_search = false;
};

/// Null: an outlet's own feed.
const FeedFlavour* flavour_of(const std::string& feed_url);

}  // namespace campaignd
