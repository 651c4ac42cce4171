#include "connectors/reading/json.hpp"

#include <fmt/format.h>

#include "connectors/reading/text.hpp"

namespace campaignd {

namespace {

constexpr std::size_t deepest = 64;
constexpr std::int64_t largest_count = 1'000'000'000'000;  // more than there are people, and sums stay far from 2^63

Failure not_json(simdjson::error_code error) {
  return {Failure::malformed, fmt::format("the answer is not JSON we can read: {}", simdjson::error_message(error))};
}

/// One parser a thread, so that its buffers are reused.
simdjson::dom::parser& parser_for(std::size_t size) {
  thread_local simdjson::dom::parser parser;
  if (parser.capacity() < size || parser.max_depth() != deepest) {
    if (parser.allocate(std::max<std::size_t>(size, 1 << 16), deepest) != simdjson::SUCCESS) throw std::bad_alloc();
  }
  return parser;
}

simdjson::error_code parse(std::string_view body, const std::function<void(Json)>& use) {
  simdjson::padded_string padded(body);
  Json document;
  auto error = parser_for(padded.size()).parse(padded).get(document);
  if (error == simdjson::SUCCESS) use(document);
  return error;
}

bool is_repairable(simdjson::error_code error) {
  return error == simdjson::UTF8_ERROR || error == simdjson::UNESCAPED_CHARS;
}

/// clean_utf8 without the line feeds and tabs that may not stand in a string either. Between tokens they mean nothing.
std::string repaired(std::string_view body) {
  auto out = clean_utf8(body);
  std::erase_if(out, [](char c) { return c == '\n' || c == '\t'; });
  return out;
}

/// The elements of a top-level array as raw text, found by brackets and strings alone; nothing if it does not close.
std::optional<std::vector<std::string_view>> split(std::string_view body) {
  auto at = body.find_first_not_of(" \t\r\n");
  if (at == body.npos || body[at] != '[') return std::nullopt;
  std::vector<std::string_view> elements;
  std::size_t depth = 0;
  bool in_string = false;
  auto start = at + 1;
  for (auto i = at; i < body.size(); ++i) {
    char c = body[i];
    if (in_string) {
      if (c == '\\') ++i;
      if (c == '"') in_string = false;
      continue;
    }
    if (c == '"') in_string = true;
    if (c == '[' || c == '{') ++depth;
    bool closes = c == ']' || c == '}';
    if (depth == 1 && (c == ',' || closes)) {
      auto element = body.substr(start, i - start);
      if (element.find_first_not_of(" \t\r\n") != element.npos) elements.push_back(element);
      start = i + 1;
    }
    if (closes && --depth == 0)
      return body.find_first_not_of(" \t\r\n", i + 1) == body.npos ? std::optional(elements) : std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

Result<void> read_json(std::string_view body, const std::function<void(Json)>& use) {
  auto error = parse(body, use);
  if (is_repairable(error)) error = parse(repaired(body), use);
  if (error != simdjson::SUCCESS) return not_json(error);
  return {};
}

Result<void> read_json_items(std::string_view body, const std::function<void(Json)>& each,
                             const std::function<void(std::size_t, std::string)>& bad) {
  bool is_array = true;
  auto use = [&](Json document) {
    is_array = document.is_array();
    if (is_array)
      for (Json item : simdjson::dom::array(document)) each(item);
  };
  auto error = parse(body, use);
  std::string clean;
  if (is_repairable(error)) {
    clean = repaired(body);
    body = clean;
    error = parse(body, use);
  }
  if (!is_array) return Failure{Failure::malformed, "the answer is JSON but not a list"};
  if (error == simdjson::SUCCESS) return {};
  auto elements = split(body);
  if (!elements) return not_json(error);
  for (std::size_t i = 0; i < elements->size(); ++i) {
    auto wrong = parse((*elements)[i], each);
    if (wrong != simdjson::SUCCESS) bad(i, simdjson::error_message(wrong));
  }
  return {};
}

std::optional<Json> json_member(Json object, std::string_view key) {
  Json value;
  if (!object.is_object() || object.at_key(key).get(value) != simdjson::SUCCESS || value.is_null()) return std::nullopt;
  return value;
}

std::string json_text(Json object, std::string_view key) {
  auto value = json_member(object, key);
  if (!value) return {};
  std::string_view text;
  if (value->get(text) == simdjson::SUCCESS) return std::string(text);
  std::int64_t number = 0;
  if (value->is_number() && value->get(number) == simdjson::SUCCESS) return fmt::format("{}", number);
  return {};
}

std::optional<std::int64_t> json_count(Json object, std::string_view key) {
  auto value = json_member(object, key);
  if (!value) return std::nullopt;
  std::int64_t number = -1;
  if (value->get(number) != simdjson::SUCCESS) {
    std::string_view text;
    if (value->get(text) != simdjson::SUCCESS || text.empty() || text.size() > 18) return std::nullopt;
    number = 0;
    for (char c : text) {
      if (c < '0' || c > '9') return std::nullopt;
      number = number * 10 + (c - '0');
    }
  }
  return number >= 0 && number <= largest_count ? std::optional(number) : std::nullopt;
}

std::optional<bool> json_flag(Json object, std::string_view key) {
  auto value = json_member(object, key);
  bool flag = false;
  if (!value || value->get(flag) != simdjson::SUCCESS) return std::nullopt;
  return flag;
}

}  // namespace campaignd
