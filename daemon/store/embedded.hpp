#pragma once
/// The files of schema/ and of the dashboard, built into the program.
#include <span>
#include <string_view>
#include <vector>

namespace campaignd {

struct Embedded {
  std::string_view name;  ///< "0001_facts.sql", "metrics/M-01_mentions.sql", "web/app.js"
  std::string_view bytes;
};

std::span<const Embedded> embedded_files();        ///< sorted by name
std::string_view embedded(std::string_view name);  ///< its bytes; empty when there is no such file

}  // namespace campaignd
