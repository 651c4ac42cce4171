#include "daemon/run/state_directory.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace campaignd::run {

StateLock::StateLock(const std::filesystem::path& state) {
  prepare_state(state);
  auto file = state / "lock";
  fd_ = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd_ < 0) throw std::runtime_error(fmt::format("{} cannot be opened: {}", file.string(), std::strerror(errno)));
  if (::flock(fd_, LOCK_EX | LOCK_NB) != 0) {
    ::close(fd_);
    throw Occupied(fmt::format("another campaignd runs in {}: stop it, or give another --state", state.string()));
  }
}

StateLock::~StateLock() { ::close(fd_); }

std::filesystem::path database_file(const std::filesystem::path& state) { return state / "campaignd.db"; }

std::set<std::string> edition_ids(const Config& config) {
  std::set<std::string> out;
  for (const auto& edition : config.campaign.editions) out.insert(edition.id);
  return out;
}

void prepare_state(const std::filesystem::path& state) {
  if (std::filesystem::create_directories(state)) ::chmod(state.c_str(), 0700);
}

std::filesystem::path default_config() {
  if (const char* given = std::getenv("CAMPAIGND_CONFIG")) return given;
  if (std::filesystem::path installed = "/etc/campaignd/campaignd.toml"; std::filesystem::exists(installed))
    return installed;
  return "config/campaignd.toml";
}

std::filesystem::path default_state() {
  if (const char* given = std::getenv("STATE_DIRECTORY")) return given;
  if (std::filesystem::path installed = "/var/lib/campaignd"; std::filesystem::exists(installed)) return installed;
  return "var";
}

}  // namespace campaignd::run
