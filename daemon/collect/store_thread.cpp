#include "daemon/collect/store_thread.hpp"

#include <spdlog/spdlog.h>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace campaignd::collect {

using namespace std::chrono_literals;

namespace {

constexpr auto between_looks = 1s, between_probes = 10s;  // real time: a lock knows no other

Health::Store state_of(store::Unwritable::Kind kind) {
  return kind == store::Unwritable::full     ? Health::full
         : kind == store::Unwritable::locked ? Health::locked
                                             : Health::io;
}

/// Whether it is done. Each try may wait seconds for a lock: with many tasks in the queue only the first does, or the
/// thread would not answer for minutes.
bool attempt(StoreThread& thread, Health& health, const std::function<void(store::Store&)>& task) {
  bool is_probe = health.store != Health::ok;
  if (is_probe && std::chrono::steady_clock::now() < thread.next_probe) return false;
  try {
    if (is_probe) thread.store.probe();
    task(thread.store);
  } catch (const store::Unwritable& refused) {
    thread.next_probe = std::chrono::steady_clock::now() + between_probes;
    if (health.store.exchange(state_of(refused.kind)) == Health::ok)
      spdlog::error("store cannot be written state={}: {}; collecting pauses, serving goes on", name_of(refused.kind),
                    refused.what());
    return false;
  }
  if (health.store.exchange(Health::ok) != Health::ok) spdlog::info("store writable again");
  return true;
}

}  // namespace

std::string_view name_of(Health::Store state) {
  constexpr std::string_view names[] = {"ok", "full", "locked", "io"};
  return names[state];
}

asio::awaitable<void> on_store(StoreThread& thread, Health& health, std::function<void(store::Store&)> task) {
  bool done = false;
  auto work = [&] { done = attempt(thread, health, task); };
  for (;;) {
    ++health.ticks;
    co_await on_thread(thread.pool, work);
    if (done) co_return;
    asio::steady_timer pause(co_await asio::this_coro::executor, between_looks);
    co_await pause.async_wait(asio::use_awaitable);
  }
}

}  // namespace campaignd::collect
