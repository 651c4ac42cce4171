#pragma once
/// The two ports to the world besides Connector: the network and the time. A test gives its own.
#include <boost/asio/awaitable.hpp>
#include <memory>

#include "connectors/http.hpp"

namespace campaignd {

namespace asio = boost::asio;

/// A connection on which things arrive by themselves. Leaving the scope closes it.
class Stream {
 public:
  virtual ~Stream() = default;
  /// What came within a second, or as much of it as one batch holds; nothing came: an empty body. The status is that of
  /// the whole stream (of a WebSocket 101); of one that was declined, this is the answer.
  virtual asio::awaitable<Result<Answer>> next() = 0;
};

class Http {
 public:
  virtual ~Http() = default;
  /// Sends the request when its host's turn and budget allow, and gives every answer that arrives, whatever its status.
  virtual asio::awaitable<Result<Answer>> fetch(Request request) = 0;
  /// The same for a request that is a stream.
  virtual asio::awaitable<Result<std::unique_ptr<Stream>>> open(Request request) = 0;
  /// What a request came to in the end, where that is other than it reserved.
  virtual void settle(const Request&, int /*cost*/) {}
};

/// What a job's requests go through. A stream that is asked for is opened; asked for again, it is read on.
class Line {
 public:
  explicit Line(Http& http) : http_(http) {}
  asio::awaitable<Result<Answer>> ask(Request request);
  bool is_streaming() const { return stream_ != nullptr; }

 private:
  Http& http_;
  std::unique_ptr<Stream> stream_;
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
