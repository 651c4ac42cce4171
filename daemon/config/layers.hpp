#pragma once
/// The files of a configuration, put together to one document: campaignd.toml, what it includes, and every file of
/// campaignd.d beside it, which may change what stands in the others.
#include "daemon/config/setting.hpp"

namespace campaignd {

struct Layers {
  Setting document;
  std::vector<std::filesystem::path> files;    ///< as read, in order
  std::vector<std::filesystem::path> ignored;  ///< in campaignd.d, and no *.toml
  bool whole = false;                          ///< every file could be read: what is missing is missing
};

/// An included file is looked for beside `main`, then among the shipped data. Files named `main`'s stem + ".d/*.toml"
/// come last, in order of name: an entry there with an id that is known replaces the keys it gives, `remove = true`
/// takes the entry away. Anywhere else the same id, or the same key of a table, twice is a problem.
Layers read_layers(const std::filesystem::path& main, Problems& problems);

/// What each entry says, key by key: "partner ipa" -> {"country" -> "\"PL\""}. Two configurations with the same
/// settings are equal, whatever files they were written in.
using Written = std::map<std::string, std::map<std::string, std::string>>;
Written written_of(const Setting& document);

}  // namespace campaignd
