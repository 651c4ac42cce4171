#pragma once
/// Sealed reports, as they were written: bytes that nothing changes any more (M-16).
#include "daemon/store/database.hpp"

namespace campaignd::store {

struct SealTimes {
  sys_ms sealed, as_of;
};

struct KeptSeal {
  std::string edition;
  SealTimes at;
  std::string digest;  ///< SHA-256 in hexadecimal digits
  std::string body;
};

/// The database keeps no longer one: of some two million posts.
constexpr std::size_t longest_seal = 250'000'000;

/// Of the last seal of an edition that was made until then.
std::optional<SealTimes> seal_times(Database& db, const std::string& edition, sys_ms until);
/// The body of the last seal of an edition.
std::optional<std::string> last_seal(Database& db, const std::string& edition);
bool keeps_seal(Database& db, const std::string& digest);

}  // namespace campaignd::store
