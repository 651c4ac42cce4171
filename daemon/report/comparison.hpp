#pragma once
/// What the sheet `comparison` holds an edition against.
#include "daemon/config/config.hpp"

namespace campaignd::report {

/// In order of time; null where there is none.
const Edition* edition_before(const Campaign& campaign, const Edition& edition);
/// For store::Known::beside: an answer of the past that compares has to know them, too.
std::vector<std::string> compared_with(const Campaign& campaign, const Edition& edition);

}  // namespace campaignd::report
