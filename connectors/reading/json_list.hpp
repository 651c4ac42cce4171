#pragma once
/// A JSON object whose one list holds the items: {"posts": […], "cursor": …}, or {"data": {"children": […]}, …}.
#include "connectors/reading/json.hpp"

namespace campaignd {

/// Gives the object to `use` and then every element of its list `key` to `each`; "data.children" is the list within its
/// member "data". Where an element cannot be parsed, it goes to `bad` with its place and a reason, the others stand,
/// and `use` sees the object with the list empty. A list that is not there has no elements.
Result<void> read_json_list(std::string_view body, std::string_view key, const std::function<void(Json)>& use,
                            const std::function<void(Json)>& each,
                            const std::function<void(std::size_t, std::string)>& bad);

}  // namespace campaignd
