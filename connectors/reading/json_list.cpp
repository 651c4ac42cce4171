#include "connectors/reading/json_list.hpp"

#include <algorithm>
#include <optional>
#include <string>

namespace campaignd {

namespace {

/// The place behind the string that begins at `at`, or the end.
std::size_t behind_string(std::string_view body, std::size_t at) {
  for (auto i = at + 1; i < body.size(); ++i) {
    if (body[i] == '\\')
      ++i;
    else if (body[i] == '"')
      return i + 1;
  }
  return body.size();
}

/// The list or object `key` of the object that `body` begins with, as raw text, found by brackets and strings alone;
/// nothing if it does not close.
std::optional<std::string_view> raw_member(std::string_view body, std::string_view key) {
  std::size_t depth = 0, member_at = body.npos;
  for (std::size_t i = 0; i < body.size();) {
    char c = body[i];
    if (c == '"') {
      auto end = behind_string(body, i);
      auto colon = body.find_first_not_of(" \t\r\n", end);
      bool names_it = depth == 1 && member_at == body.npos && body.substr(i + 1, end - i - 2) == key &&
                      colon != body.npos && body[colon] == ':';
      i = end;
      if (!names_it) continue;
      member_at = body.find_first_not_of(" \t\r\n", colon + 1);
      if (member_at == body.npos || (body[member_at] != '[' && body[member_at] != '{')) return std::nullopt;
      i = member_at;
      continue;
    }
    if (c == '[' || c == '{') ++depth;
    if (c == ']' || c == '}') {
      if (depth == 0) return std::nullopt;
      if (--depth == 1 && member_at != body.npos) return body.substr(member_at, i + 1 - member_at);
    }
    ++i;
  }
  return std::nullopt;
}

/// The first name of a path, which loses it.
std::string_view next_name(std::string_view& path) {
  auto name = path.substr(0, path.find('.'));
  path.remove_prefix(std::min(path.size(), name.size() + 1));
  return name;
}

std::optional<std::string_view> raw_list(std::string_view body, std::string_view path) {
  std::optional<std::string_view> part = body;
  while (part && !path.empty()) part = raw_member(*part, next_name(path));
  return part && part->starts_with('[') ? part : std::nullopt;
}

std::optional<Json> list_in(Json document, std::string_view path) {
  std::optional<Json> part = document;
  while (part && !path.empty()) part = json_member(*part, next_name(path));
  return part && part->is_array() ? part : std::nullopt;
}

}  // namespace

Result<void> read_json_list(std::string_view body, std::string_view key, const std::function<void(Json)>& use,
                            const std::function<void(Json)>& each,
                            const std::function<void(std::size_t, std::string)>& bad) {
  auto use_all = [&](Json document) {
    use(document);
    auto list = list_in(document, key);
    if (!list) return;
    for (Json item : simdjson::dom::array(*list)) each(item);
  };
  auto whole = read_json(body, use_all);
  if (whole) return whole;
  auto list = raw_list(body, key);
  if (!list) return whole;
  std::string without(body.substr(0, static_cast<std::size_t>(list->data() - body.data())));
  without += "[]";
  without += body.substr(static_cast<std::size_t>(list->data() - body.data()) + list->size());
  auto rest = read_json(without, use);
  if (!rest) return rest;
  return read_json_items(*list, each, bad);
}

}  // namespace campaignd
