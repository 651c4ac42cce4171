#pragma once
#include "daemon/report/figures.hpp"

namespace campaignd::report {

/// The terms that must have been watched for a figure to be complete: those of a class (a metric file's), as far as
/// they are of this time and were watched in this edition at all. `any` are all a post or an article may be found by,
/// but for the tag's variants; `none` are none.
std::vector<std::string> wanted_terms(store::Database& db, const Campaign& campaign, const Edition& edition,
                                      const Window& window, std::string_view match_class);

}  // namespace campaignd::report
