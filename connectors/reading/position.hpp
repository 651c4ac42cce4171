#pragma once
/// A cursor's position is written like a query, "newest=300&oldest=290"; a field that is not there is empty, or zero.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/post.hpp"

namespace campaignd {

std::string position_text(const std::string& position, std::string_view field);
std::int64_t position_number(const std::string& position, std::string_view field);
sys_ms position_time(const std::string& position, std::string_view field);

/// Read completely back to here: a page whose dates may be out of order is safe down to its newest.
std::optional<sys_ms> newest_date(const std::vector<Finding>& found);

}  // namespace campaignd
