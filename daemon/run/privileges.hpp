#pragma once
/// Root is for finding the service's user, and for nothing else.
#include <filesystem>
#include <stdexcept>

namespace campaignd::run {

/// The user could not be changed, or what is in the state directory not be read: exit 77.
struct NoPermission : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Root becomes the owner of the state directory, for good, where there is one and it is not root's: a database has no
/// files of root's beside a service that then cannot open them. Anybody else stays who they are. Call it first, with
/// one thread.
void become_owner(const std::filesystem::path& state);

}  // namespace campaignd::run
