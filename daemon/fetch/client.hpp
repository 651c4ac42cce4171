#pragma once
/// The Http of the running program: one request at a time to a host, inside its budget, redirects checked.
#include <deque>
#include <map>

#include "daemon/config/config.hpp"
#include "daemon/fetch/budgets.hpp"
#include "daemon/fetch/multi.hpp"

namespace campaignd::fetch {

class Client final : public Http {
 public:
  Client(asio::io_context& loop, Clock& clock, const FetchSettings& settings, Limits limits = {});
  asio::awaitable<Result<Answer>> fetch(Request request) override;
  asio::awaitable<Result<std::unique_ptr<Stream>>> open(Request request) override;
  void settle(const Request& request, int cost) override;
  Budgets& budgets() { return budgets_; }

 private:
  class Turn;
  /// First come, first served.
  struct Queue {
    int free = 1;  ///< so many may go at once
    std::deque<asio::steady_timer*> waiting;
  };
  asio::awaitable<void> wait_for_turn(Queue& queue);
  asio::awaitable<Result<Answer>> fetch_once(Target target, Request request);
  asio::awaitable<std::optional<Failure>> wait_for_budget(const Target& target, const Request& request);

  asio::io_context& loop_;
  Clock& clock_;
  std::vector<int> ports_;
  Setup setup_;
  Budgets budgets_;
  std::map<std::string, Queue> queues_;         ///< by site
  Queue transfers_{.free = 64, .waiting = {}};  ///< curl walks over all it was given at every answer
  Multi multi_;
};

}  // namespace campaignd::fetch
