#pragma once
/// What systemd is told (sd_notify); nothing where nobody asked to be told. Every message ends its last line.
#include <cstdint>
#include <optional>
#include <string>

namespace campaignd::run {

/// `status` is a line for people: `systemctl status` shows it.
void notify_ready(const std::string& status);
/// Before a reload; notify_ready() follows.
void notify_reloading();
void notify_stopping();

/// How often the watchdog is to be fed, in microseconds; nothing where there is none.
std::optional<std::uint64_t> watchdog_usec();
void feed_watchdog(const std::string& status);

}  // namespace campaignd::run
