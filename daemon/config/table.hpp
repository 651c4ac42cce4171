#pragma once
/// A table of a TOML file, taken apart key by key. Only load.cpp and outlets.cpp include this: toml++ is heavy to
/// compile.
#include <fmt/format.h>

#include <algorithm>
#include <set>
#define TOML_EXCEPTIONS 1
#include <toml++/toml.h>

#include "daemon/config/config.hpp"

namespace campaignd {

/// How many letters apart two words are (Levenshtein), to suggest what was meant.
inline std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    auto diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      auto above = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

using Problems = std::vector<Problem>;

/// One table of a file. Every value is taken by name; what nobody took is an unknown key.
class Table {
 public:
  Table(const toml::table& table, std::string file, Problems& problems)
      : table_(table), file_(std::move(file)), problems_(problems) {}
  Table(const Table&) = delete;
  Table& operator=(const Table&) = delete;
  ~Table() {
    for (const auto& [key, node] : table_)
      if (!known_.contains(std::string(key.str()))) complain(node, unknown(std::string(key.str())));
  }

  void complain(const toml::node& node, std::string message) const {
    problems_.push_back({file_, node.source().begin.line, node.source().begin.column, std::move(message)});
  }
  void complain_at(std::string_view key, std::string message) const {
    const auto* node = table_.get(key);
    complain(node != nullptr ? *node : static_cast<const toml::node&>(table_), std::move(message));
  }

  const toml::node* get(std::string_view key) {
    known_.insert(std::string(key));
    return table_.get(key);
  }

  std::string text(std::string_view key, std::string otherwise = {}) {
    const auto* node = get(key);
    if (node == nullptr) return otherwise;
    if (auto value = node->value_exact<std::string>()) return *value;
    complain(*node, fmt::format("{} is text: write it in quotes", key));
    return otherwise;
  }

  std::string required(std::string_view key, std::string_view what) {
    auto value = text(key);
    if (value.empty() && (get(key) == nullptr || get(key)->is_string()))
      complain_at(key, fmt::format("{} is missing: {}", key, what));
    return value;
  }

  std::vector<std::string> texts(std::string_view key) {
    std::vector<std::string> out;
    const auto* node = get(key);
    if (node == nullptr) return out;
    const auto* list = node->as_array();
    if (list == nullptr) {
      complain(*node, fmt::format("{} is a list: write [\"…\", \"…\"]", key));
      return out;
    }
    for (const auto& each : *list) {
      if (auto value = each.value_exact<std::string>())
        out.push_back(*value);
      else
        complain(each, fmt::format("{} is a list of texts", key));
    }
    return out;
  }

  template <class Each>
  void tables(std::string_view key, Each each) {
    const auto* node = get(key);
    if (node == nullptr) return;
    const auto* list = node->as_array();
    if (list == nullptr || !list->is_homogeneous(toml::node_type::table))
      return complain(*node, fmt::format("{0} is written as [[{0}]], once for each", key));
    for (const auto& one : *list) {
      Table inner(*one.as_table(), file_, problems_);
      each(inner);
    }
  }

  template <class Use>
  void table(std::string_view key, Use use) {
    const auto* node = get(key);
    if (node == nullptr) return;
    if (!node->is_table()) return complain(*node, fmt::format("{0} is a table: write [{0}]", key));
    Table inner(*node->as_table(), file_, problems_);
    use(inner);
  }

 private:
  std::string unknown(const std::string& key) const {
    std::string best;
    for (const auto& name : known_)
      if (distance(name, key) <= 2 && (best.empty() || distance(name, key) < distance(best, key))) best = name;
    return best.empty() ? fmt::format("unknown key '{}'", key)
                        : fmt::format("unknown key '{}': did you mean '{}'?", key, best);
  }

  const toml::table& table_;
  std::string file_;
  Problems& problems_;
  std::set<std::string> known_;
};

}  // namespace campaignd
