#include <fmt/format.h>
#include <sys/stat.h>

#include <cstdio>

#include "daemon/collect/collector.hpp"
#include "daemon/commands/held.hpp"
#include "daemon/fetch/clock.hpp"
#include "daemon/run/state_directory.hpp"

namespace campaignd::commands {

namespace fs = std::filesystem;

namespace {

/// With its log, where there is one: the two are one database.
void move_database(const fs::path& from, const fs::path& to) {
  for (const char* end : {"", "-wal"})
    if (fs::exists(from.string() + end)) fs::rename(from.string() + end, to.string() + end);
  fs::remove(from.string() + "-shm");
}

/// Empty: it may take the database's place.
std::string problem_with(const fs::path& file) try {
  std::error_code hidden;
  if (!fs::is_regular_file(file, hidden) || hidden) return "it is no file, or may not be read";
  store::Database db(file, store::Access::read);
  store::check_header(db);
  return store::damage_in(db);
} catch (const store::Unusable& damaged) { return damaged.what(); }

}  // namespace

int backup(const Common& common, const FileOptions& options) {
  auto config = load_or_complain(common);
  if (!config) return config_error;
  if (!has_database(common)) return unavailable;
  std::error_code hidden;
  if (auto folder = fs::absolute(options.file).parent_path(); !fs::is_directory(folder, hidden)) {
    fmt::print(stderr, "campaignd: there is no folder {}\n", folder.string());
    return cannot_create;
  }
  if (fs::exists(options.file)) {
    fmt::print(stderr, "campaignd: {} is there already: name a file that is not\n", options.file);
    return cannot_create;
  }
  ::umask(077);
  auto now = fetch::WorldClock(config->clock).now();
  store::back_up(run::database_file(common.state), options.file, collect::periods_of(config->campaign, now), now);
  fmt::print("{}: {} bytes, whole; keep it for 30 days at most, and apart from the keys\n", options.file,
             fs::file_size(options.file));
  return ok;
}

int restore(const Common& common, const FileOptions& options) {
  auto config = load_or_complain(common);
  if (!config) return config_error;
  ::umask(077);
  run::StateLock lock(common.state);
  if (auto problem = problem_with(options.file); !problem.empty()) {
    fmt::print(stderr, "campaignd: {} cannot be restored: {}\n", options.file, problem);
    return data;
  }
  auto now = fetch::WorldClock(config->clock).now();
  auto keys = run::open_keys(common.state, *config, now, options.file);
  auto database = run::database_file(common.state);
  // In the state directory, for the lists of what must not come back lie there.
  auto fresh = fs::path(database.string() + ".restoring");
  for (const char* end : {"", "-wal", "-shm"}) fs::remove(fresh.string() + end);
  fs::copy_file(options.file, fresh);
  std::int64_t gone = 0, expired = 0;
  {
    store::Store store(fresh);
    auto suppression = [&keys](const store::Digest& pseudonym) { return keys.suppression(pseudonym); };
    gone = store.replay(suppression, now);
    expired = collect::expire_overdue(store, config->campaign, keys, now);
    store.leave_one_file();
  }
  auto old = run::put_aside(common.state, now);
  bool had_one = fs::exists(database);
  if (had_one) move_database(database, old);
  move_database(fresh, database);
  fmt::print("restored {}; {} posts that went after it was made were removed from it\n", options.file, gone);
  if (expired > 0) fmt::print("posts in it that may be kept no longer, settled and gone now: {}\n", expired);
  if (had_one) fmt::print("the database of before is {}: delete it once you do not need it\n", old.string());
  return ok;
}

}  // namespace campaignd::commands
