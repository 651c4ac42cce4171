#pragma once
#include <optional>

#include "daemon/config/config.hpp"
#include "daemon/fetch/http.hpp"

namespace campaignd::fetch {

/// The system's time, or the test world's: from `start`, `rate` times as fast.
class WorldClock final : public Clock {
 public:
  explicit WorldClock(std::optional<ClockSettings> settings);
  sys_ms now() const override;
  asio::awaitable<void> sleep_for(std::chrono::milliseconds time) override;
  std::string describe() const override;

 private:
  std::optional<ClockSettings> settings_;
  std::chrono::steady_clock::time_point begun_;
};

}  // namespace campaignd::fetch
