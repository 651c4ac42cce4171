#pragma once
/// Where the database and the keys live, and the lock that keeps two daemons apart.
#include <filesystem>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>

#include "daemon/collect/keys.hpp"
#include "daemon/config/config.hpp"

namespace campaignd::store {
class Store;
}

namespace campaignd::run {

/// Another daemon has it: exit 75.
struct Occupied : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// flock on a side file; the database itself is never opened twice in a process for it.
class StateLock {
 public:
  explicit StateLock(const std::filesystem::path& state);
  StateLock(const StateLock&) = delete;
  StateLock& operator=(const StateLock&) = delete;
  ~StateLock();

 private:
  int fd_;
};

std::filesystem::path database_file(const std::filesystem::path& state);
/// The database for a verb that changes it beside a daemon, which may run. Where it has to be brought up to date first,
/// none may: an older one would go on writing what it knows. Then it throws Occupied.
std::unique_ptr<store::Store> open_store(const std::filesystem::path& state);
/// "campaignd.db.before-20270620T080000Z": where a restore puts the database that was there.
std::filesystem::path put_aside(const std::filesystem::path& state, sys_ms now);
/// Deletes the databases that restores have put aside, with their logs; how many.
int delete_put_aside(const std::filesystem::path& state);
/// The keys of a state directory, beside the database that may be there. Made are those that are missing of a new
/// state, and of editions whose retention is not over.
collect::Keys open_keys(const std::filesystem::path& state, const Config& config, sys_ms now);
/// The same, beside a database that is to take the place of the one that is there.
collect::Keys open_keys(const std::filesystem::path& state, const Config& config, sys_ms now,
                        const std::filesystem::path& database);
/// Makes the directory, for this user alone.
void prepare_state(const std::filesystem::path& state);

/// No configuration anywhere: exit 78. The message names the places.
struct NoConfiguration : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Where things are, when nobody says: $CAMPAIGND_CONFIG, /etc/campaignd, ./config; $STATE_DIRECTORY,
/// /var/lib/campaignd, ./var. Throws NoConfiguration.
std::filesystem::path default_config();
std::filesystem::path default_state();

}  // namespace campaignd::run
