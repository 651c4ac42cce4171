#include "daemon/run/privileges.hpp"

#include <fmt/format.h>
#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace campaignd::run {

namespace {

/// The groups of the user; a user without a name (a container's) has the directory's group alone.
bool take_groups(uid_t user, gid_t group) {
  errno = 0;
  const passwd* entry = ::getpwuid(user);
  if (entry == nullptr) return ::setgroups(1, &group) == 0 && ::setgid(group) == 0;
  return ::initgroups(entry->pw_name, entry->pw_gid) == 0 && ::setgid(entry->pw_gid) == 0;
}

bool is_for_good(uid_t user) {
  uid_t real = 0, effective = 0, saved = 0;
  return ::getresuid(&real, &effective, &saved) == 0 && real == user && effective == user && saved == user &&
         ::setuid(0) != 0;
}

}  // namespace

void become_owner(const std::filesystem::path& state) {
  struct stat info {};
  if (::geteuid() != 0 || ::stat(state.c_str(), &info) != 0 || info.st_uid == 0) return;
  auto refuse = [&](const char* why) {
    throw NoPermission(
        fmt::format("cannot become user {}, who owns {}: {}; run it as that user", info.st_uid, state.string(), why));
  };
  if (!take_groups(info.st_uid, info.st_gid) || ::setuid(info.st_uid) != 0) refuse(std::strerror(errno));
  if (!is_for_good(info.st_uid)) refuse("the system lets root back in");
}

}  // namespace campaignd::run
