#pragma once
/// JSON in, by simdjson. Hostile documents are bounded in depth, and one bad item never costs its array.
#include <simdjson.h>

#include <functional>

#include "connectors/failure.hpp"

namespace campaignd {

using Json = simdjson::dom::element;

/// Parses a whole document and gives it to `use`. Invalid UTF-8 and raw control characters are repaired first.
Result<void> read_json(std::string_view body, const std::function<void(Json)>& use);

/// Parses an array and gives every element to `each`. An element that cannot be parsed (a number out of range, a lone
/// surrogate, too deep) goes to `bad` with its place and a reason, and the others stand.
Result<void> read_json_items(std::string_view body, const std::function<void(Json)>& each,
                             const std::function<void(std::size_t, std::string)>& bad);

/// A member as text: a string, or a number written out; empty when it is missing, null or something else.
std::string json_text(Json object, std::string_view key);
/// A count: a whole number from 0 to 10^12, or a string of digits that is one. Anything else was not said.
std::optional<std::int64_t> json_count(Json object, std::string_view key);
std::optional<bool> json_flag(Json object, std::string_view key);
/// A member that is an object or array, nothing when it is missing or null.
std::optional<Json> json_member(Json object, std::string_view key);

}  // namespace campaignd
