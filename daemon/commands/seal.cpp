#include "daemon/report/seal.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "daemon/collect/keys.hpp"
#include "daemon/commands/commands.hpp"
#include "daemon/fetch/clock.hpp"
#include "daemon/run/state_directory.hpp"
#include "daemon/store/store.hpp"

namespace campaignd::commands {

namespace {

/// What is being written just now is not in it.
constexpr auto settled_after = std::chrono::minutes(1);

/// Why it could not be written, and then there is none; empty when it is. Never over a file that is there.
std::string write_new(const std::string& file, const std::string& text) {
  int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (fd < 0) return std::strerror(errno);
  std::size_t written = 0;
  while (written < text.size()) {
    auto more = ::write(fd, text.data() + written, text.size() - written);
    if (more < 0) break;
    written += static_cast<std::size_t>(more);
  }
  bool ok = written == text.size() && ::fsync(fd) == 0;
  std::string why = ok ? "" : std::strerror(errno);
  ::close(fd);
  if (!ok) ::unlink(file.c_str());
  return why;
}

/// A seal is in both places or in none.
void keep_or_take_back(const std::filesystem::path& state, const store::KeptSeal& seal, const std::string& file) {
  try {
    run::open_store(state)->keep_seal(seal);
  } catch (...) {
    ::unlink(file.c_str());
    throw;
  }
}

void tell_of(const report::Sealing& sealing, const std::string& file) {
  const auto& seal = *sealing.seal;
  fmt::print("sealed edition {}, as of {}: {}\nSHA-256 {}\nits standing: {}\n", seal.edition, format_utc(seal.at.as_of),
             file, seal.digest, sealing.standing.sentence);
  for (const auto& each : sealing.objections) fmt::print("sealed all the same: {}\n", each);
  for (const auto& each : sealing.remarks) fmt::print("it says: {}\n", each);
}

}  // namespace

int seal(const Common& common, const SealOptions& options) {
  auto config = load_or_complain(common);
  if (!config) return config_error;
  fetch::WorldClock clock(config->clock);
  auto now = clock.now();
  const auto* edition = edition_or_complain(config->campaign, options.edition, now);
  if (edition == nullptr) return usage;
  auto db = open_or_complain(common);
  if (!db) return unavailable;
  auto file = options.out.empty() ? fmt::format("{}-{}.seal.json", config->campaign.id, edition->id) : options.out;
  if (::access(file.c_str(), F_OK) == 0) {
    fmt::print(stderr, "campaignd: {} is there already, and no seal is overwritten: name another with --out\n", file);
    return cannot_create;
  }
  store::SealTimes at{now, std::chrono::floor<std::chrono::minutes>(now) - settled_after};
  report::Sealer sealer{
      CAMPAIGND_VERSION, clock.describe(),
      [mac = collect::Keys::open(common.state, {}, true).sealing()](std::string_view text) { return mac.of(text); },
      options.anyway};
  auto sealing = report::seal_edition(*db, *config, *edition, at, sealer);
  if (!sealing.seal) {
    for (const auto& each : sealing.objections) fmt::print(stderr, "campaignd: not sealed: {}\n", each);
    return data;
  }
  const auto& sealed = *sealing.seal;
  if (auto why = write_new(file, sealed.body); !why.empty()) {
    fmt::print(stderr, "campaignd: not sealed: {} cannot be written: {}\n", file, why);
    return cannot_create;
  }
  keep_or_take_back(common.state, sealed, file);
  tell_of(sealing, file);
  return ok;
}

}  // namespace campaignd::commands
