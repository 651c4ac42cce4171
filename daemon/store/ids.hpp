#pragma once
/// What a query names, read before anything of it is written: a statement must not run over what it changes.
#include <vector>

#include "daemon/store/database.hpp"

namespace campaignd::store {

/// The first column of every row.
inline std::vector<std::int64_t> all_of(Query query) {
  std::vector<std::int64_t> out;
  while (query.next()) out.push_back(query.integer(0));
  return out;
}

}  // namespace campaignd::store
