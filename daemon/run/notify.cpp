#include "daemon/run/notify.hpp"

#include <fmt/format.h>
#include <systemd/sd-daemon.h>
#include <time.h>

namespace campaignd::run {

void notify_ready(const std::string& status) { sd_notify(0, fmt::format("READY=1\nSTATUS={}\n", status).c_str()); }

void notify_reloading() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  auto usec = static_cast<std::int64_t>(now.tv_sec) * 1'000'000 + now.tv_nsec / 1000;
  sd_notify(0, fmt::format("RELOADING=1\nMONOTONIC_USEC={}\nSTATUS=reading the configuration again\n", usec).c_str());
}

void notify_stopping() { sd_notify(0, "STOPPING=1\nSTATUS=stopping\n"); }

std::optional<std::uint64_t> watchdog_usec() {
  std::uint64_t usec = 0;
  if (sd_watchdog_enabled(0, &usec) <= 0) return std::nullopt;
  return usec;
}

void feed_watchdog(const std::string& status) { sd_notify(0, fmt::format("WATCHDOG=1\nSTATUS={}\n", status).c_str()); }

}  // namespace campaignd::run
