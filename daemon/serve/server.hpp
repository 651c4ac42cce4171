#pragma once
/// The local HTTP port: Beast, bounded in every direction. Answers are made on a worker with a connection of its own.
#include <boost/asio/ip/tcp.hpp>
#include <functional>
#include <list>
#include <map>

#include "daemon/fetch/tasks.hpp"
#include "daemon/serve/respond.hpp"

namespace campaignd::serve {

/// What may be asked of the port.
struct PortLimits {
  std::size_t header_bytes = 8 * 1024;
  std::chrono::seconds header_time{5}, idle_time{10}, write_time{10};
  std::size_t connections = 64;
  int requests_per_second = 40;  ///< of one peer
};

class Server {
 public:
  /// Binds at once; throws boost::system::system_error when the port is taken. `facts` is called on the loop for each
  /// request.
  Server(asio::io_context& loop, const std::string& address, int port, std::filesystem::path database,
         std::function<Facts()> facts, std::function<void(std::exception_ptr)> failed, PortLimits limits = {});
  ~Server();
  void start();
  void cancel();
  asio::awaitable<void> join();
  int port() const { return port_; }
  bool is_local() const { return is_local_; }  ///< bound to loopback

 private:
  asio::awaitable<void> accept_forever();
  asio::awaitable<void> converse(asio::ip::tcp::socket socket);
  bool within_rate(const std::string& peer);

  asio::io_context& loop_;
  asio::ip::tcp::acceptor acceptor_;
  int port_ = 0;
  bool is_local_ = false;
  std::filesystem::path database_file_;
  std::function<Facts()> facts_;
  const PortLimits limits_;
  struct Connection;
  std::list<Connection*> idle_;  ///< still waiting for a request, the longest first: they make room for newcomers
  std::size_t connections_ = 0;
  std::map<std::string, std::pair<std::chrono::steady_clock::time_point, int>> rates_;
  std::unique_ptr<store::Database> database_;  ///< the worker's
  asio::thread_pool worker_{1};
  TaskGroup tasks_;
};

}  // namespace campaignd::serve
