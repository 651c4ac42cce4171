#pragma once
/// Which counters a sum of reactions is made of (M-07): what a platform does not say is no 0.
#include "daemon/report/figures.hpp"

namespace campaignd::report {

/// "l,r,c": likes, reposts, quotes (q) and comments, those that any mention of the platform says; no entry: none does.
std::map<std::string, std::string> parts_by_platform(store::Database& db, const Edition& edition, const Window& window);

}  // namespace campaignd::report
