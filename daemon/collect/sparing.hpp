#pragma once
/// Measuring leaves finding its share: numbers of posts we know get older before posts we do not know are missed.
#include "daemon/config/config.hpp"
#include "daemon/fetch/http.hpp"

namespace campaignd::collect {

/// How much of a budget may have been spent by now where a measurement still asks: two thirds of what a moving window
/// gives; of what a day or a month gives, two thirds of the part that has passed. An hour of a campaign day, or of
/// another that was declared to be as busy, is ten other hours: what it will need is kept for it. So a short quota
/// makes readings rarer, and never ends them.
int allowance_of_measuring(const Budget& budget, int most, sys_ms now, const std::vector<Edition>& editions);

/// The network as measurements see it: what their allowance does not permit just now is asked another time.
class Sparing final : public Http {
 public:
  Sparing(Http& http, std::span<const Budget> budgets, const Clock& clock, const std::vector<Edition>& editions)
      : http_(http), budgets_(budgets), clock_(clock), editions_(editions) {}
  asio::awaitable<Result<Answer>> fetch(Request request) override {
    spare(request);
    return http_.fetch(std::move(request));
  }
  asio::awaitable<Result<std::unique_ptr<Stream>>> open(Request request) override {
    return http_.open(std::move(request));
  }
  void settle(const Request& request, int cost) override { http_.settle(request, cost); }

 private:
  void spare(Request& request) const;
  Http& http_;
  std::span<const Budget> budgets_;
  const Clock& clock_;
  const std::vector<Edition>& editions_;
};

}  // namespace campaignd::collect
