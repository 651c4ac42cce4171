#include "daemon/config/setting.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>

#include "connectors/reading/dates/time.hpp"

namespace campaignd {

namespace {

struct Write {
  std::string operator()(std::monostate) const { return "?"; }
  std::string operator()(bool flag) const { return flag ? "true" : "false"; }
  std::string operator()(std::int64_t number) const { return std::to_string(number); }
  std::string operator()(double number) const { return fmt::format("{}", number); }
  std::string operator()(const std::string& text) const { return boost::json::serialize(boost::json::string(text)); }
  std::string operator()(LocalDate date) const {
    return fmt::format("{:04}-{:02}-{:02}", date.year, date.month, date.day);
  }
  std::string operator()(sys_ms time) const { return format_utc(time); }
  std::string operator()(const Setting::List& list) const {
    std::string out;
    for (const auto& each : list) out += (out.empty() ? "" : ", ") + written(each);
    return "[" + out + "]";
  }
  std::string operator()(const Setting::Map& map) const {
    std::string out;
    for (const auto& [key, value] : map) out += (out.empty() ? "" : ", ") + key + " = " + written(value);
    return "{" + out + "}";
  }
};

}  // namespace

bool Setting::is_list_of_tables() const {
  const auto* items = list();
  return items != nullptr && !items->empty() &&
         std::ranges::all_of(*items, [](const Setting& each) { return each.map() != nullptr; });
}

std::string written(const Setting& node) { return std::visit(Write{}, node.value); }

std::string Problem::text() const {
  return line == 0 ? fmt::format("{}: {}", file, message) : fmt::format("{}:{}:{}: {}", file, line, column, message);
}

Problem problem_at(const Place& place, std::string message) {
  // A value that is quoted may hold line ends and what moves a terminal's cursor.
  std::ranges::replace_if(
      message, [](unsigned char c) { return c < ' ' || c == 0x7F; }, ' ');
  return {place.file ? *place.file : std::string{}, place.line, place.column, std::move(message)};
}

}  // namespace campaignd
