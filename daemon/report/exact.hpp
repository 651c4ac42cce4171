#pragma once
/// Two counts beside each other, in place of a rank.
#include <string_view>

namespace campaignd::report {

/// Of a count over a time, and another over another: "more", "fewer", or "not distinguishable" where chance alone makes
/// such a difference once in twenty times or oftener (exact: of both together, the first has a binomial share).
std::string_view beside(double count, double time, double other, double other_time);

}  // namespace campaignd::report
