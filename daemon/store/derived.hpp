#pragma once
/// What is derived from facts and kept: readings, and the slices of hours. Each remembers the text it was made by.
#include <map>
#include <string>

#include "daemon/store/database.hpp"

namespace campaignd::store {

/// The name of readings among them.
constexpr const char* readings_text = "reading.sql";

/// By name, the SHA-256 of the text this program makes it by.
std::map<std::string, std::string> derived_today();
/// The same of what the database keeps.
std::map<std::string, std::string> derived_in(Database& db);

}  // namespace campaignd::store
