#pragma once
/// The seal of an edition whose figures are final, made by itself.
#include "daemon/collect/keys.hpp"
#include "daemon/config/config.hpp"
#include "daemon/store/seals.hpp"

namespace campaignd::run {

struct FinalSeal {
  std::string edition;
  std::optional<store::KeptSeal> seal;  ///< to be kept; nothing: none is due, or something objects
  std::string objection;
};

/// Of the running edition as of its final day, where that is over and no seal speaks of it yet. An edition that nobody
/// watched before that day gets none by itself. On any thread.
FinalSeal make_final_seal(const std::filesystem::path& database, const Config& config, sys_ms now,
                          const std::string& clock, const collect::Mac& key);

}  // namespace campaignd::run
