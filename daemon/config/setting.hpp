#pragma once
/// A TOML document as plain values, each knowing where it was written. toml.cpp makes them; nothing else names toml++.
#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "connectors/post.hpp"

namespace campaignd {

/// Line 0: the file as a whole.
struct Place {
  std::shared_ptr<const std::string> file;
  unsigned line = 0, column = 0;
};

struct LocalDate {
  int year = 0;
  unsigned month = 0, day = 0;
};

struct Setting {
  using List = std::vector<Setting>;
  using Map = std::map<std::string, Setting>;
  /// monostate: a form no key here takes (a local time, a date and time without a zone).
  std::variant<std::monostate, bool, std::int64_t, double, std::string, LocalDate, sys_ms, List, Map> value;
  Place place;  ///< of the value
  Place key;    ///< of its key, in a table

  const Map* map() const { return std::get_if<Map>(&value); }
  Map* map() { return std::get_if<Map>(&value); }
  const List* list() const { return std::get_if<List>(&value); }
  const std::string* text() const { return std::get_if<std::string>(&value); }
  /// Written as [[name]] once for each.
  bool is_list_of_tables() const;
};

/// The value as one would write it; of a table `{a = 1, b = "x"}`.
std::string written(const Setting& node);

struct Problem {
  std::string file;
  unsigned line = 0, column = 0;  ///< 0: the file as a whole
  std::string message;            ///< what is wrong and what to write instead
  std::string text() const;       ///< "campaign.toml:12:3: …"
};
using Problems = std::vector<Problem>;

Problem problem_at(const Place& place, std::string message);

/// One file; nothing, and a problem, when it cannot be read or is no TOML.
std::optional<Setting> read_toml(const std::filesystem::path& file, Problems& problems);

}  // namespace campaignd
