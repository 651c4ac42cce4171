#pragma once
/// libcurl's multi interface, driven by the loop: curl says which sockets to watch and when its timer is due.
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <string>
#include <unordered_map>

#include "daemon/fetch/address.hpp"
#include "daemon/fetch/http.hpp"

namespace campaignd::fetch {

struct Limits {
  std::chrono::milliseconds connect = std::chrono::seconds(10), total = std::chrono::seconds(30);
  long slow_bytes = 1024, slow_seconds = 10;  ///< fewer bytes a second for so long: given up
  std::size_t body = 8 << 20, headers = 64 << 10;
};

/// What all transfers share.
struct Setup {
  AddressGuard guard{{}};
  std::string user_agent, ca_file;
  std::vector<std::string> connect_to;  ///< curl's form: "host:port:address:port"
  Limits limits;
};

class Multi {
 public:
  explicit Multi(asio::io_context& loop);
  Multi(const Multi&) = delete;
  Multi& operator=(const Multi&) = delete;
  ~Multi();

 private:
  friend class Transfer;
  struct Watch;
  static int on_socket(void* easy, int socket, int what, void* self, void* watch) noexcept;
  static int on_timer(void* multi, long ms, void* self) noexcept;
  void watch(int socket, int what);
  void act(int socket, int events);
  void collect_finished();

  asio::io_context& loop_;
  void* multi_;
  asio::steady_timer timer_;
  std::unordered_map<int, std::shared_ptr<Watch>> watches_;
};

/// One request under way; leaving the scope takes it off the wire. Loop thread only.
class Transfer {
 public:
  Transfer(Multi& multi, const Setup& setup, const Target& target, const Request& request);
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;
  ~Transfer();

  asio::awaitable<void> finished();
  /// The answer, or why there is none; `received` is left to the caller.
  Result<Answer> result(Request asked);
  /// Of a WebSocket's connection, which is all that was made: its socket, the caller's from now on.
  Result<int> take_socket();
  /// Of a stream of events: until its head has arrived, or it has ended without one.
  asio::awaitable<void> begun();
  /// What came of it within a second; of a refusal all of it. Once it has ended: that it has, or why.
  asio::awaitable<Result<Answer>> more(Request asked);

 private:
  friend class Multi;
  static std::size_t on_body(char* data, std::size_t, std::size_t size, void* self) noexcept;
  static std::size_t on_header(char* data, std::size_t, std::size_t size, void* self) noexcept;
  static int on_open(void* self, int purpose, void* address) noexcept;
  Failure failure() const;
  Failure trouble() const;
  std::string host() const { return target_.host; }
  int status() const;

  Multi& multi_;
  const Setup& setup_;
  const Target target_;
  const StreamKind stream_;
  void* easy_;
  void* header_list_ = nullptr;
  void* connect_list_ = nullptr;
  asio::steady_timer woken_;
  bool is_done_ = false;
  bool has_head_ = false, is_paused_ = false, was_given_ = false;  ///< of a stream of events
  int code_ = 0;
  std::size_t header_bytes_ = 0;
  bool too_large_ = false;
  std::string blocked_;
  std::exception_ptr postponed_;
  char error_[256] = {};
  Headers headers_;
  std::string body_;
};

}  // namespace campaignd::fetch
