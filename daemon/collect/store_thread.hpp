#pragma once
/// The store, the one thread that may touch it, and what the daemon knows of itself.
#include <atomic>
#include <boost/asio/thread_pool.hpp>

#include "daemon/fetch/tasks.hpp"
#include "daemon/store/store.hpp"

namespace campaignd::collect {

/// Written on the store thread and on the loop, where what HTTP answers of it is read, too.
struct Health {
  enum Store : std::uint8_t { ok, full, locked, io };
  std::atomic<Store> store = ok;
  std::atomic<bool> ready = false;
  std::atomic<std::uint64_t> ticks = 0;  ///< moved by every turn of the collector's loops, while they pause too
};
std::string_view name_of(Health::Store state);

/// The loop awaits it by on_thread(pool, …).
struct StoreThread {
  explicit StoreThread(const std::filesystem::path& file) : store(file) {}
  ~StoreThread() { pool.join(); }
  store::Store store;
  asio::thread_pool pool{1};
  std::chrono::steady_clock::time_point next_probe;  ///< store thread only: while it cannot be written, not before
};

/// Does it on the store thread. While the disk or a lock says no, waits, probes and tries again: nothing is lost.
asio::awaitable<void> on_store(StoreThread& thread, Health& health, std::function<void(store::Store&)> task);

}  // namespace campaignd::collect
