#pragma once
/// Moments as people write them.
#include <optional>
#include <string>

#include "connectors/post.hpp"

namespace campaignd::report {

/// "2027-06-20": the first moment of that local day; "2027-06-20T10:00:00Z", with any offset: that moment. Nothing
/// where it is neither.
std::optional<sys_ms> moment_named(const std::string& zone, const std::string& text);

}  // namespace campaignd::report
