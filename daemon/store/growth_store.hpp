#pragma once
/// What was learnt of how posts grow, in the database; and what SQL may ask of it.
#include "daemon/store/database.hpp"
#include "daemon/store/growth.hpp"

namespace campaignd::store {

/// How posts of a platform grow, as far as it was learnt by then.
Growth known_growth(Database& db, const std::string& platform, sys_ms at);

/// Learns from posts that are measured no more, newest first, and writes it down where a platform has notably more of
/// them than when it last did. How many platforms learnt something.
int learn_growth(Database& db, sys_ms now);

/// For the metric files, of a post published at `at`, last read at `read` with `count` reactions, and with
/// `count_before` at `before` (or NULL):
///   growth_mean(platform, now, at, before, count_before, read, count)      what is expected to have come since
///   growth_variance(…the same…)                                            and how uncertain that is
///   growth_bias(platform, now)                                             by which share all its posts may be off
///   growth_low(mean, variance), growth_high(mean, variance)                nine times in ten it lies between, in whole
///                                                                          reactions
void register_growth_functions(Database& db);

}  // namespace campaignd::store
