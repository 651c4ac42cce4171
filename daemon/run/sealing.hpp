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

/// Of an edition as of its final day, where that has come and no seal speaks of it yet: the running one or one that is
/// over; of the first of them that may be sealed. Once its private posts have gone an edition gets none, nor one that
/// nobody watched before that day. On any thread.
FinalSeal make_final_seal(const std::filesystem::path& database, const Config& config, sys_ms now,
                          const std::string& clock, const collect::Mac& key);

}  // namespace campaignd::run
