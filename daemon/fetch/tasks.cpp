#include "daemon/fetch/tasks.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace campaignd {

TaskGroup::TaskGroup(asio::io_context& loop, std::function<void(std::exception_ptr)> failed)
    : loop_(loop), failed_(std::move(failed)), idle_(loop) {}

void TaskGroup::spawn(asio::awaitable<void> task) {
  if (closed_) return;
  auto place = tasks_.emplace(tasks_.end());
  auto finished = [this, place](std::exception_ptr error) {
    tasks_.erase(place);
    if (tasks_.empty()) idle_.cancel();
    if (!error) return;
    try {
      std::rethrow_exception(error);
    } catch (const boost::system::system_error& cancelled) {
      if (cancelled.code() != asio::error::operation_aborted) failed_(error);
    } catch (...) { failed_(error); }
  };
  asio::co_spawn(loop_, std::move(task), asio::bind_cancellation_slot(place->slot(), finished));
}

void TaskGroup::cancel() {
  closed_ = true;
  for (auto each = tasks_.begin(); each != tasks_.end();) (each++)->emit(asio::cancellation_type::terminal);
}

asio::awaitable<void> TaskGroup::join() {
  boost::system::error_code woken;
  while (!tasks_.empty()) {
    idle_.expires_at(asio::steady_timer::time_point::max());
    co_await idle_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
  }
}

asio::awaitable<void> run_on(asio::thread_pool& pool, std::function<void()> work) {
  auto start = [](auto handler, asio::thread_pool* threads, std::function<void()> job) {
    auto stay = asio::make_work_guard(asio::get_associated_executor(handler));
    auto run = [resume = std::move(handler), job = std::move(job), stay]() mutable {
      job();
      asio::post(stay.get_executor(), std::move(resume));
    };
    asio::post(*threads, std::move(run));
  };
  return asio::async_initiate<const asio::use_awaitable_t<>, void()>(start, asio::use_awaitable, &pool,
                                                                     std::move(work));
}

}  // namespace campaignd
