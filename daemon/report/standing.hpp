#pragma once
/// How far an edition's figures have come: running, preliminary, final.
#include "daemon/report/making.hpp"

namespace campaignd::report {

struct Standing {
  std::string_view word;  ///< running, preliminary, final
  std::string sentence;   ///< begins with the word: "preliminary, figures still rise; final on 4 July 2027"
};

/// `sealed`: the edition's last seal. One that speaks of a time before the edition's final day is no final one.
/// `objection`: why there is none though it is due.
Standing standing_of(const Campaign& campaign, const Edition& edition, sys_ms now,
                     const std::optional<store::SealTimes>& sealed, const std::string& objection = {});

/// With what the database says of it.
Standing standing_in(const Scope& scope);

/// "4 July 2027", of the campaign's zone.
std::string day_in_words(const Campaign& campaign, sys_ms time);

}  // namespace campaignd::report
