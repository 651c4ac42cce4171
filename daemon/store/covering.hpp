#pragma once
/// Times of watching: while one lasts a source looks for the same terms, and what its polls cover counts for them
/// (M-14).
#include <vector>

#include "daemon/store/database.hpp"

namespace campaignd::store {

/// When a term came or went of what a source watches, as far as the live table `watch` knows.
class Turns {
 public:
  Turns(Database& db, const std::string& source);
  /// When the time of watching began in which a poll started; the beginning of time before the first.
  sys_ms since(sys_ms start) const;

 private:
  std::vector<sys_ms> at_;  ///< in order
};

}  // namespace campaignd::store
