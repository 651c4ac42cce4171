#pragma once
/// The two ports to the world besides Connector: the network and the time. A test gives its own.
#include <boost/asio/awaitable.hpp>

#include "connectors/http.hpp"

namespace campaignd {

namespace asio = boost::asio;

class Http {
 public:
  virtual ~Http() = default;
  /// Sends the request when its host's turn and budget allow, and gives every answer that arrives, whatever its status.
  virtual asio::awaitable<Result<Answer>> fetch(Request request) = 0;
};

class Clock {
 public:
  virtual ~Clock() = default;
  virtual sys_ms now() const = 0;
  virtual asio::awaitable<void> sleep_for(std::chrono::milliseconds time) = 0;
  /// "test clock, 60 x since …", empty for the real one; printed wherever figures are.
  virtual std::string describe() const { return {}; }
};

}  // namespace campaignd
