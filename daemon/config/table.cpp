#include "daemon/config/table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "daemon/config/forms.hpp"

namespace campaignd {

namespace {

struct Home {
  std::string_view key, table;
};
/// Keys of one table alone. Whoever adds a line at the end of a file adds it to the table that stands last.
constexpr std::array homes{Home{"listen", "[serve]"},
                           Home{"listen_public_i_know", "[serve]"},
                           Home{"public_url", "[serve]"},
                           Home{"contact", "[fetch]"},
                           Home{"allow", "[fetch]"},
                           Home{"ports", "[fetch]"},
                           Home{"connect_to", "[fetch]"},
                           Home{"ca_file", "[fetch]"},
                           Home{"profile", "[privacy]"},
                           Home{"rate", "[clock]"},
                           Home{"derived_metrics_accepted", "[youtube]"},
                           Home{"include", "the top of the file, above the first [table]"}};

}  // namespace

Table::~Table() {
  for (const auto& [key, node] : *table_.map())
    if (!known_.contains(key)) complain_of_unknown(key, node.key);
}

void Table::complain_of_unknown(const std::string& key, const Place& place) {
  std::vector<std::string> known(known_.begin(), known_.end());
  const auto* home = std::ranges::find(homes, key, &Home::key);
  auto meant = nearest(key, known);
  auto help = home != homes.end() ? fmt::format(": it belongs to {}", home->table)
              : meant.empty()     ? fmt::format(": here may stand {}", fmt::join(known, ", "))
                                  : did_you_mean(meant);
  complain(place, fmt::format("unknown key '{}'{}", key, help));
}

void Table::complain_at(std::string_view key, std::string message) {
  auto problem = problem_at(place_of(key), std::move(message));
  auto same_place = [&](const Problem& told) {
    return told.line == problem.line && told.column == problem.column && told.file == problem.file;
  };
  if (has(key) && std::ranges::any_of(problems_, same_place)) return;
  problems_.push_back(std::move(problem));
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
  complain(node->place, node->list() != nullptr
                            ? fmt::format("{0} is one text, not a list: write {0} = \"…\", without [ ]", key)
                            : fmt::format("{0} is written in quotes: {0} = \"…\"", key));
  return otherwise;
}

std::string Table::required(std::string_view key, std::string_view what) {
  const auto* node = find(key);
  auto value = text(key);
  if (node == nullptr)
    complain(table_.place, fmt::format("{0} is missing: write {0} = \"…\", {1}", key, what));
  else if (node->text() != nullptr && value.empty())
    complain(node->place, fmt::format("{} is empty: write {}", key, what));
  return value;
}

std::string Table::choice(std::string_view key, std::span<const std::string_view> words) {
  auto value = text(key, std::string(words.front()));
  if (std::ranges::find(words, value) != words.end()) return value;
  auto wrong = value.empty() ? fmt::format("{} is empty", key) : fmt::format("there is no {} '{}'", key, value);
  auto meant = nearest(value, std::vector<std::string>(words.begin(), words.end()));
  complain_at(key, fmt::format("{}: write one of {}{}", wrong, fmt::join(words, ", "), did_you_mean(meant)));
  return std::string(words.front());
}

std::vector<PlacedText> Table::placed_texts(std::string_view key) {
  std::vector<PlacedText> out;
  const auto* node = find(key);
  if (node == nullptr) return out;
  if (node->list() == nullptr) {
    complain(node->place, fmt::format("{0} is a list: write {0} = [\"…\", \"…\"]", key));
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
  complain(node->place, fmt::format("{} is a whole number from {} to {}, without quotes", key, least, most));
  return std::nullopt;
}

std::vector<int> Table::ports(std::string_view key) {
  std::vector<int> out;
  const auto* node = find(key);
  if (node == nullptr) return out;
  if (node->list() == nullptr) complain(node->place, fmt::format("{0} is a list of numbers: write {0} = [8443]", key));
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
  if (const auto* real = std::get_if<double>(&node->value); real != nullptr && std::isfinite(*real)) return *real;
  if (const auto* whole = std::get_if<std::int64_t>(&node->value)) return static_cast<double>(*whole);
  complain(node->place, fmt::format("{} is a number: write it like 60, without quotes", key));
  return std::nullopt;
}

bool Table::flag(std::string_view key, bool otherwise) {
  const auto* node = find(key);
  if (node == nullptr) return otherwise;
  if (const auto* flag = std::get_if<bool>(&node->value)) return *flag;
  complain(node->place, fmt::format("{} is true or false: write it without quotes", key));
  return otherwise;
}

std::optional<LocalDate> Table::date(std::string_view key) {
  const auto* node = find(key);
  if (node == nullptr) return std::nullopt;
  if (const auto* date = std::get_if<LocalDate>(&node->value)) return *date;
  complain(node->place, fmt::format("{} is a date: write it like 2027-06-20, without quotes and without a time", key));
  return std::nullopt;
}

std::vector<LocalDate> Table::dates(std::string_view key) {
  std::vector<LocalDate> out;
  const auto* node = find(key);
  if (node == nullptr) return out;
  if (node->list() == nullptr)
    complain(node->place, fmt::format("{0} is a list of dates: write {0} = [2027-06-18]", key));
  for (const auto& each : node->list() != nullptr ? *node->list() : Setting::List{}) {
    if (const auto* date = std::get_if<LocalDate>(&each.value))
      out.push_back(*date);
    else
      complain(each.place, fmt::format("{} is a list of dates: write each like 2027-06-18, without quotes", key));
  }
  return out;
}

std::optional<sys_ms> Table::instant(std::string_view key) {
  const auto* node = find(key);
  if (node == nullptr) return std::nullopt;
  if (const auto* time = std::get_if<sys_ms>(&node->value)) return *time;
  complain(node->place,
           fmt::format("{} is a date and time in UTC: write it like 2027-06-20T06:00:00Z, without quotes", key));
  return std::nullopt;
}

std::optional<std::chrono::milliseconds> Table::duration(std::string_view key) {
  const auto* node = find(key);
  if (node == nullptr) return std::nullopt;
  if (node->text() == nullptr) {
    complain(node->place, fmt::format("{} is a duration: write it in quotes and with its unit, like \"5min\"", key));
    return std::nullopt;
  }
  const auto& written = *node->text();
  auto duration = duration_of(written);
  if (!duration)
    complain_at(key, fmt::format("{} = \"{}\" is no duration from a second to 366 days: write it like \"30s\", "
                                 "\"5min\", \"2h\" or \"28d\", without spaces",
                                 key, written));
  return duration;
}

void Table::tables(std::string_view key, const std::function<void(Table&)>& each) {
  const auto* node = find(key);
  if (node == nullptr) return;
  if (!node->is_list_of_tables()) {
    bool empty = node->list() != nullptr && node->list()->empty();  // all of them were taken away
    if (!empty) complain(node->key, fmt::format("{0} is written as [[{0}]], once for each, with its keys below", key));
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
  if (node->map() == nullptr)
    return complain(node->key, fmt::format("{0} is a table: write [{0}], once, with its keys below", key));
  Table inner(*node, problems_);
  use(inner);
}

}  // namespace campaignd
