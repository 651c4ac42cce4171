#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include "connectors/connector.hpp"
#include "daemon/commands/commands.hpp"

namespace campaignd::commands {

int parse(const ParseOptions& options) {
  const auto* platform = find_platform(options.connector);
  if (platform == nullptr) {
    std::vector<std::string_view> names;
    for (const auto& each : platforms()) names.push_back(each.name);
    fmt::print(stderr, "campaignd: there is no connector '{}': there are {}; see campaignd sources --contracts\n",
               options.connector, fmt::join(names, ", "));
    return usage;
  }
  std::ifstream file;
  if (options.file != "-") {
    file.open(options.file, std::ios::binary);
    std::error_code unknown;
    if (!file || std::filesystem::is_directory(options.file, unknown)) {
      fmt::print(stderr, "campaignd: {} cannot be read\n", options.file);
      return data;
    }
  }
  std::istream& in = options.file == "-" ? std::cin : file;
  std::string body((std::istreambuf_iterator<char>(in)), {});
  auto parsed = platform->parse(body, {options.content_type, options.url, options.language});
  if (!parsed) {
    fmt::print(stderr, "campaignd: {}: {}: {}\n", options.file, name_of(parsed.error().code), parsed.error().message);
    return data;
  }
  fmt::print("{}\n", *parsed);
  return ok;
}

}  // namespace campaignd::commands
