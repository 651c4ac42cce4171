#include "daemon/config/table.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/config/forms.hpp"

namespace campaignd {

Table::~Table() {
  for (const auto& [key, node] : *table_.map()) {
    if (known_.contains(key)) continue;
    auto meant = nearest(key, std::vector<std::string>(known_.begin(), known_.end()));
    complain(node.key, fmt::format("unknown key '{}'{}", key, did_you_mean(meant)));
  }
}

const Setting* Table::find(std::string_view key) {
  auto name = std::string(key);
  known_.insert(name);
  auto found = table_.map()->find(name);
  return found == table_.map()->end() ? nullptr : &found->second;
}

Place Table::place_of(std::string_view key) {
  const auto* node = find(key);
  return node != nullptr ? node->place : table_.place;
}

std::string Table::text(std::string_view key, std::string otherwise) {
  const auto* node = find(key);
  if (node == nullptr) return otherwise;
  if (const auto* text = node->text()) return *text;
  complain(node->place, fmt::format("{} wants text: write it in quotes", key));
  return otherwise;
}

std::string Table::required(std::string_view key, std::string_view what) {
  const auto* node = find(key);
  auto value = text(key);
  if (node == nullptr)
    complain(table_.place, fmt::format("{} is missing: {}", key, what));
  else if (node->text() != nullptr && value.empty())
    complain(node->place, fmt::format("{} is empty: {}", key, what));
  return value;
}

std::string Table::choice(std::string_view key, std::span<const std::string_view> words) {
  auto value = text(key, std::string(words.front()));
  if (std::ranges::find(words, value) != words.end()) return value;
  auto meant = nearest(value, std::vector<std::string>(words.begin(), words.end()));
  complain_at(key, fmt::format("{} '{}' is none of {}{}", key, value, fmt::join(words, ", "), did_you_mean(meant)));
  return std::string(words.front());
}

std::vector<PlacedText> Table::placed_texts(std::string_view key) {
  std::vector<PlacedText> out;
  const auto* node = find(key);
  if (node == nullptr) return out;
  if (node->list() == nullptr) {
    complain(node->place, fmt::format("{} is a list: write [\"…\", \"…\"]", key));
    return out;
  }
  for (const auto& each : *node->list()) {
    if (const auto* text = each.text())
      out.push_back({*text, each.place});
    else
      complain(each.place, fmt::format("{} is a list of texts: write each in quotes", key));
  }
  return out;
}

std::vector<std::string> Table::texts(std::string_view key) {
  std::vector<std::string> out;
  for (auto& each : placed_texts(key)) out.push_back(std::move(each.text));
  return out;
}

std::optional<std::int64_t> Table::whole(std::string_view key, std::int64_t least, std::int64_t most) {
  const auto* node = find(key);
  if (node == nullptr) return std::nullopt;
  const auto* number = std::get_if<std::int64_t>(&node->value);
  if (number != nullptr && *number >= least && *number <= most) return *number;
  complain(node->place, fmt::format("{} is a whole number from {} to {}", key, least, most));
  return std::nullopt;
}

std::vector<int> Table::ports(std::string_view key) {
  std::vector<int> out;
  const auto* node = find(key);
  if (node == nullptr) return out;
  if (node->list() == nullptr) complain(node->place, fmt::format("{} is a list of numbers: write [8443]", key));
  for (const auto& each : node->list() != nullptr ? *node->list() : Setting::List{}) {
    const auto* port = std::get_if<std::int64_t>(&each.value);
    if (port != nullptr && *port >= 1 && *port <= 65535)
      out.push_back(static_cast<int>(*port));
    else
      complain(each.place, "a port is a number from 1 to 65535, without quotes");
  }
  return out;
}

std::optional<double> Table::number(std::string_view key) {
  const auto* node = find(key);
  if (node == nullptr) return std::nullopt;
  if (const auto* real = std::get_if<double>(&node->value)) return *real;
  if (const auto* whole = std::get_if<std::int64_t>(&node->value)) return static_cast<double>(*whole);
  complain(node->place, fmt::format("{} is a number, without quotes", key));
  return std::nullopt;
}

bool Table::flag(std::string_view key, bool otherwise) {
  const auto* node = find(key);
  if (node == nullptr) return otherwise;
  if (const auto* flag = std::get_if<bool>(&node->value)) return *flag;
  complain(node->place, fmt::format("{} is true or false, without quotes", key));
  return otherwise;
}

std::optional<LocalDate> Table::date(std::string_view key) {
  const auto* node = find(key);
  if (node == nullptr) return std::nullopt;
  if (const auto* date = std::get_if<LocalDate>(&node->value)) return *date;
  complain(node->place, fmt::format("{} is a date: write 2027-06-20, without quotes", key));
  return std::nullopt;
}

std::optional<sys_ms> Table::instant(std::string_view key) {
  const auto* node = find(key);
  if (node == nullptr) return std::nullopt;
  if (const auto* time = std::get_if<sys_ms>(&node->value)) return *time;
  complain(node->place, fmt::format("{} is an instant: write 2027-06-20T06:00:00Z, without quotes", key));
  return std::nullopt;
}

std::optional<std::chrono::milliseconds> Table::duration(std::string_view key) {
  auto written = text(key);
  if (written.empty()) return std::nullopt;
  auto duration = duration_of(written);
  if (!duration)
    complain_at(key, fmt::format("{} = \"{}\" is no duration from a second to 366 days: write \"30s\", \"5min\", "
                                 "\"2h\" or \"28d\"",
                                 key, written));
  return duration;
}

void Table::tables(std::string_view key, const std::function<void(Table&)>& each) {
  const auto* node = find(key);
  if (node == nullptr) return;
  if (!node->is_list_of_tables()) {
    bool empty = node->list() != nullptr && node->list()->empty();  // all of them were taken away
    if (!empty) complain(node->key, fmt::format("{0} is written as [[{0}]], once for each", key));
    return;
  }
  for (const auto& one : *node->list()) {
    Table inner(one, problems_);
    each(inner);
  }
}

void Table::table(std::string_view key, const std::function<void(Table&)>& use) {
  const auto* node = find(key);
  if (node == nullptr) return;
  if (node->map() == nullptr) return complain(node->key, fmt::format("{0} is a table: write [{0}]", key));
  Table inner(*node, problems_);
  use(inner);
}

}  // namespace campaignd
