#pragma once
/// A busy tag of others, asked for beside a source's own: silence of the campaign is a zero while that is heard, and
/// says nothing while that is silent too.
#include "daemon/fetch/http.hpp"

namespace campaignd::collect {

/// When a source's control tag is asked for next: once in every hour, at a minute of the source's own.
sys_ms next_control(std::string_view source, sys_ms now);

/// What the pages showed.
struct ControlSeen {
  std::int64_t found = 0;
  std::optional<sys_ms> newest;
  bool is_over = false;  ///< there is no more of it
};
void note(ControlSeen& seen, const Page& page, sys_ms now);

/// A network that opens no stream.
class WithoutStreams final : public Http {
 public:
  explicit WithoutStreams(Http& http) : http_(http) {}
  asio::awaitable<Result<Answer>> fetch(Request request) override { return http_.fetch(std::move(request)); }
  asio::awaitable<Result<std::unique_ptr<Stream>>> open(Request request) override;
  void settle(const Request& request, int cost) override { http_.settle(request, cost); }
  bool was_asked_for_one() const { return was_asked_; }

 private:
  Http& http_;
  bool was_asked_ = false;
};

}  // namespace campaignd::collect
