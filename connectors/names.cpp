#include "connectors/connector.hpp"

namespace campaignd {

std::string_view name_of(Kind kind) {
  constexpr std::string_view names[] = {"original", "reply", "quote", "article", "video"};
  return names[static_cast<std::size_t>(kind)];
}

std::string_view name_of(DateBasis basis) {
  constexpr std::string_view names[] = {"stated", "header", "prose", "first_seen"};
  return names[static_cast<std::size_t>(basis)];
}

std::string_view name_of(Failure::Code code) {
  constexpr std::string_view names[] = {"unreachable", "unavailable", "throttled",       "refused",  "gone",
                                        "malformed",   "too_large",   "blocked_address", "exhausted"};
  return names[static_cast<std::size_t>(code)];
}

std::string_view name_of(Access access) {
  constexpr std::string_view names[] = {"open", "key", "paid", "review"};
  return names[static_cast<std::size_t>(access)];
}

}  // namespace campaignd
