#pragma once
/// Lists of keyed hashes beside the database. They are only ever added to, so that a backup that is older than what
/// they say can be restored without bringing back what has gone since.
#include <filesystem>
#include <vector>

#include "daemon/store/database.hpp"

namespace campaignd::store {

struct Listed {
  Digest hash{};
  sys_ms at;  ///< since when, or until when, as the list has it
};

/// Empty where there is no such file. A line that was cut off by a crash is passed over.
std::vector<Listed> read_list(const std::filesystem::path& file);
/// On the disk when this returns; throws Unwritable.
void append_to_list(const std::filesystem::path& file, const std::vector<Listed>& entries);
/// Leaves out what ends before `now`.
void shorten_list(const std::filesystem::path& file, sys_ms now);

/// Accounts that asked to be forgotten, and names of removed posts, each in its state directory.
constexpr const char* suppressed_list = "suppressed";
constexpr const char* removed_list = "removed";

}  // namespace campaignd::store
