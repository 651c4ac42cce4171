#pragma once
/// Structured concurrency: every coroutine belongs to a group that is cancelled and joined before anything it uses
/// goes. Loop thread only.
#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <exception>
#include <functional>
#include <list>
#include <optional>
#include <variant>

namespace campaignd {

namespace asio = boost::asio;

class TaskGroup {
 public:
  /// `failed` gets what a task throws, but for its own cancellation.
  TaskGroup(asio::io_context& loop, std::function<void(std::exception_ptr)> failed);
  void spawn(asio::awaitable<void> task);
  /// Cancels every task, and closes the group: what a task spawns from now on never starts.
  void cancel();
  asio::awaitable<void> join();

 private:
  asio::io_context& loop_;
  std::function<void(std::exception_ptr)> failed_;
  std::list<asio::cancellation_signal> tasks_;
  bool closed_ = false;
  asio::steady_timer idle_;
};

/// Runs `work` on a thread of the pool and comes back to the loop. It is not interrupted by cancellation: what it
/// refers to stays until it is done.
asio::awaitable<void> run_on(asio::thread_pool& pool, std::function<void()> work);

/// `task()` on a thread of the pool; its result or its exception here.
template <class Task>
asio::awaitable<std::invoke_result_t<Task&>> on_thread(asio::thread_pool& pool, Task task) {
  using Value = std::invoke_result_t<Task&>;
  std::exception_ptr error;
  std::conditional_t<std::is_void_v<Value>, std::monostate, std::optional<Value>> value;
  auto work = [&] {
    try {
      if constexpr (std::is_void_v<Value>)
        task();
      else
        value.emplace(task());
    } catch (...) { error = std::current_exception(); }
  };
  co_await run_on(pool, work);
  if (error) std::rethrow_exception(error);
  if constexpr (!std::is_void_v<Value>) co_return std::move(*value);
}

}  // namespace campaignd
