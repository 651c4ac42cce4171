#include "daemon/fetch/clock.hpp"

#include <fmt/format.h>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "connectors/reading/dates/time.hpp"

namespace campaignd::fetch {

using std::chrono::milliseconds;

WorldClock::WorldClock(std::optional<ClockSettings> settings)
    : settings_(settings), begun_(std::chrono::steady_clock::now()) {}

sys_ms WorldClock::now() const {
  if (!settings_) return std::chrono::floor<milliseconds>(std::chrono::system_clock::now());
  auto passed = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begun_);
  return settings_->start + milliseconds(static_cast<std::int64_t>(passed.count() * settings_->rate));
}

asio::awaitable<void> WorldClock::sleep_for(milliseconds time) {
  // Rounded up: what waits for a budget must not come early.
  auto real = settings_ ? std::chrono::ceil<milliseconds>(std::chrono::duration<double, std::milli>(
                              static_cast<double>(time.count()) / settings_->rate))
                        : time;
  asio::steady_timer timer(co_await asio::this_coro::executor, std::max(real, milliseconds(1)));
  co_await timer.async_wait(asio::use_awaitable);
}

std::string WorldClock::describe() const {
  if (!settings_) return {};
  return fmt::format("test clock, {} x since {}", settings_->rate, format_utc(settings_->start));
}

}  // namespace campaignd::fetch
