#pragma once
/// What a feed's poll leaves for the next one, as the cursor's position.
#include <string>
#include <vector>

#include "connectors/reading/feeds/syndication.hpp"

namespace campaignd {

struct FeedPosition {
  std::vector<std::string> marks;  ///< the first entries, hashed: where the next poll overlaps them, it joins this one
  std::string body;                ///< hash of the last document that was read whole
  std::string feed;                ///< where the source's feed was found; empty: at the source's own address
  std::string looking;             ///< the address asked while looking for it; it gave no answer if a poll begins so
  sys_ms full, good;               ///< the last whole answer; the last good one, 304 included
  FeedManners manners;             ///< what the document asked for: a 304 does not say it again

  /// Positions of the first version, marks alone, are read as well; anything else unknown is an empty one.
  static FeedPosition read(const std::string& text);
  std::string write() const;
};

}  // namespace campaignd
