#include "connectors/reading/position.hpp"

#include <cstdlib>

#include "connectors/reading/url.hpp"

namespace campaignd {

std::string position_text(const std::string& position, std::string_view field) {
  return query_value("?" + position, field);
}

std::int64_t position_number(const std::string& position, std::string_view field) {
  auto text = position_text(position, field);
  return text.empty() || text.size() > 18 ? 0 : std::strtoll(text.c_str(), nullptr, 10);
}

sys_ms position_time(const std::string& position, std::string_view field) {
  return sys_ms(std::chrono::milliseconds(position_number(position, field)));
}

std::optional<sys_ms> newest_date(const std::vector<Finding>& found) {
  std::optional<sys_ms> newest;
  for (const auto& each : found)
    if (each.post.published && (!newest || *each.post.published > *newest)) newest = each.post.published;
  return newest;
}

}  // namespace campaignd
