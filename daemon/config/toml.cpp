#include <fmt/format.h>

#include <fstream>
#include <sstream>
#define TOML_EXCEPTIONS 1
#include <toml++/toml.h>

#include "daemon/config/config.hpp"
#include "daemon/config/setting.hpp"

namespace campaignd {

namespace {

using File = std::shared_ptr<const std::string>;

Place place_of(const toml::source_region& source, const File& file) {
  return {file, source.begin.line, source.begin.column};
}

std::optional<sys_ms> instant(const toml::date_time& written) {
  if (!written.offset) return std::nullopt;
  auto day = day_start("UTC", written.date.year, written.date.month, written.date.day);
  if (!day) return std::nullopt;
  return *day + std::chrono::hours(written.time.hour) + std::chrono::minutes(written.time.minute) +
         std::chrono::seconds(written.time.second) - std::chrono::minutes(written.offset->minutes);
}

Setting node_of(const toml::node& from, const File& file);

Setting::Map map_of(const toml::table& table, const File& file) {
  Setting::Map out;
  for (const auto& [key, value] : table) {
    auto node = node_of(value, file);
    node.key = place_of(key.source(), file);
    out.emplace(std::string(key.str()), std::move(node));
  }
  return out;
}

Setting node_of(const toml::node& from, const File& file) {
  Setting out;
  out.place = place_of(from.source(), file);
  if (const auto* table = from.as_table()) {
    out.value = map_of(*table, file);
  } else if (const auto* list = from.as_array()) {
    Setting::List items;
    for (const auto& each : *list) items.push_back(node_of(each, file));
    out.value = std::move(items);
  } else if (auto text = from.value_exact<std::string>()) {
    out.value = std::move(*text);
  } else if (auto flag = from.value_exact<bool>()) {
    out.value = *flag;
  } else if (auto whole = from.value_exact<std::int64_t>()) {
    out.value = *whole;
  } else if (auto real = from.value_exact<double>()) {
    out.value = *real;
  } else if (auto date = from.value_exact<toml::date>()) {
    out.value = LocalDate{date->year, date->month, date->day};
  } else if (auto time = from.value_exact<toml::date_time>()) {
    if (auto utc = instant(*time)) out.value = *utc;
  }
  return out;
}

}  // namespace

std::optional<Setting> read_toml(const std::filesystem::path& path, Problems& problems) {
  File file = std::make_shared<const std::string>(path.string());
  std::ifstream in(path);
  if (!in || std::filesystem::is_directory(path)) {
    problems.push_back(problem_at({file}, "cannot be read: is the path right, and may this user read it?"));
    return std::nullopt;
  }
  std::stringstream text;
  text << in.rdbuf();
  try {
    auto table = toml::parse(text.str());
    Setting out;
    out.value = map_of(table, file);
    out.place = {file};
    return out;
  } catch (const toml::parse_error& error) {
    problems.push_back(
        problem_at(place_of(error.source(), file), fmt::format("no valid TOML: {}", error.description())));
    return std::nullopt;
  }
}

}  // namespace campaignd
