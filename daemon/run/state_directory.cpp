#include "daemon/run/state_directory.hpp"

#include "connectors/reading/dates/time.hpp"
#include "daemon/run/privileges.hpp"
#include "daemon/store/store.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <vector>

namespace campaignd::run {

StateLock::StateLock(const std::filesystem::path& state) {
  prepare_state(state);
  auto file = state / "lock";
  fd_ = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd_ < 0)
    throw NoPermission(fmt::format("{} cannot be opened: {}; run it as root or as the user who owns {}", file.string(),
                                   std::strerror(errno), state.string()));
  if (::flock(fd_, LOCK_EX | LOCK_NB) != 0) {
    ::close(fd_);
    throw Occupied(fmt::format("another campaignd runs in {}: stop it, or give another --state", state.string()));
  }
}

StateLock::~StateLock() { ::close(fd_); }

std::filesystem::path database_file(const std::filesystem::path& state) { return state / "campaignd.db"; }

std::unique_ptr<store::Store> open_store(const std::filesystem::path& state) {
  auto file = database_file(state);
  std::string behind;
  {
    store::Database db(file, store::Access::read);
    behind = store::behind(db);
  }
  if (behind.empty()) return std::make_unique<store::Store>(file);
  try {
    StateLock alone(state);
    return std::make_unique<store::Store>(file);
  } catch (const Occupied&) {
    throw Occupied(
        fmt::format("an older campaignd runs in {}: restart it first (systemctl restart campaignd), then try "
                    "again",
                    state.string()));
  }
}

namespace {

/// What the name of a database put aside begins with.
std::string aside_name(const std::filesystem::path& state) {
  return database_file(state).filename().string() + ".before-";
}

}  // namespace

std::filesystem::path put_aside(const std::filesystem::path& state, sys_ms now) {
  std::string stamp;
  for (char c : format_utc(now).substr(0, 19))
    if (c != '-' && c != ':') stamp += c;
  return state / (aside_name(state) + stamp + "Z");
}

int delete_put_aside(const std::filesystem::path& state) {
  std::vector<std::filesystem::path> files;
  for (const auto& each : std::filesystem::directory_iterator(state))
    if (each.path().filename().string().starts_with(aside_name(state))) files.push_back(each.path());
  int out = 0;
  for (const auto& file : files) {
    std::filesystem::remove(file);
    if (!file.string().ends_with("-wal") && !file.string().ends_with("-shm")) ++out;
  }
  return out;
}

collect::Keys open_keys(const std::filesystem::path& state, const Config& config, sys_ms now) {
  return open_keys(state, config, now, database_file(state));
}

collect::Keys open_keys(const std::filesystem::path& state, const Config& config, sys_ms now,
                        const std::filesystem::path& database) {
  std::set<std::string> editions, with_authors;
  for (const auto& edition : config.campaign.editions)
    if (now < edition.forget_at() || std::filesystem::exists(collect::key_file(state, edition.id)))
      editions.insert(edition.id);
  bool is_there = store::check_file(database);
  if (is_there) with_authors = store::editions_with_authors(database);
  return collect::Keys::open(state, editions, is_there, with_authors);
}

void prepare_state(const std::filesystem::path& state) {
  if (std::filesystem::create_directories(state)) ::chmod(state.c_str(), 0700);
}

namespace {

/// What may not be looked at counts as there: whoever opens it says why it cannot be read.
bool is_there(const std::filesystem::path& path) {
  std::error_code ignored;
  return std::filesystem::status(path, ignored).type() != std::filesystem::file_type::not_found;
}

}  // namespace

std::filesystem::path default_config() {
  if (const char* given = std::getenv("CAMPAIGND_CONFIG")) return given;
  constexpr std::array places{"/etc/campaignd/campaignd.toml", "config/campaignd.toml"};
  if (auto found = std::ranges::find_if(places, is_there); found != places.end()) return *found;
  throw NoConfiguration(
      fmt::format("there is no configuration: neither {} nor {}; name one with --config or "
                  "$CAMPAIGND_CONFIG",
                  places[0], std::filesystem::absolute(places[1]).string()));
}

std::filesystem::path default_state() {
  // systemd gives several directories with colons between; the unit has one.
  if (const char* given = std::getenv("STATE_DIRECTORY")) {
    std::string_view list = given;
    return list.substr(0, list.find(':'));
  }
  if (std::filesystem::path installed = "/var/lib/campaignd"; is_there(installed)) return installed;
  return "var";
}

}  // namespace campaignd::run
