#include "connectors/reading/opt_out.hpp"

#include <algorithm>

#include "connectors/reading/text.hpp"

namespace campaignd {

bool asks_to_be_left_out(std::string_view biography) {
  if (biography.find('#') == biography.npos && is_ascii(biography)) return false;
  return std::ranges::any_of(hashtags_in(fold(biography)), [](const std::string& tag) {
    return tag == "nobot" || tag == "nobots" || tag == "noindex";
  });
}

}  // namespace campaignd
