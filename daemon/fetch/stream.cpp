#include "daemon/fetch/stream.hpp"

#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>

namespace campaignd::fetch {

namespace {

using namespace std::chrono_literals;
namespace beast = boost::beast;
namespace websocket = beast::websocket;
using asio::ip::tcp;
using boost::system::error_code;

constexpr auto batch_time = 1s, handshake_time = 20s, silence = 60s;
constexpr std::size_t most_frames = 500, largest_frame = 1 << 20, most_bytes = 4 << 20;

/// What a read under way refers to: it lives until the last of them is done.
struct Connection : std::enable_shared_from_this<Connection> {
  Connection(asio::io_context& loop, asio::ssl::context context_in)
      : context(std::move(context_in)), ws(loop, context), woken(loop) {}

  asio::ssl::context context;
  websocket::stream<asio::ssl::stream<tcp::socket>> ws;
  beast::flat_buffer buffer;
  std::string frames;  ///< a line each
  std::size_t count = 0;
  error_code error;
  bool is_reading = false;
  asio::steady_timer woken;

  bool is_full() const { return count >= most_frames || frames.size() >= most_bytes; }
  tcp::socket& socket() { return beast::get_lowest_layer(ws); }
  void close() {
    error_code ignored;
    socket().close(ignored);
    woken.cancel();
  }

  /// Reads on until a batch is full: whoever takes it starts it again.
  void read() {
    if (is_reading || error || is_full()) return;
    is_reading = true;
    ws.async_read(buffer, [self = shared_from_this()](error_code failed, std::size_t) { self->take(failed); });
  }
  void take(error_code failed) {
    is_reading = false;
    if (failed) {
      error = failed;
    } else {
      auto bytes = beast::buffers_to_string(buffer.data());
      for (char& c : bytes)
        if (c == '\n' || c == '\r') c = ' ';  // in JSON only ever space between tokens
      frames += bytes + '\n';
      buffer.consume(buffer.size());
      ++count;
      read();
    }
    if (error || is_full()) woken.cancel();
  }
};

Failure unreachable(const std::string& host, std::string_view what, const error_code& error) {
  return {Failure::unreachable, fmt::format("{}: {}: {}", host, what, error.message())};
}

class WebSocket final : public Stream {
 public:
  WebSocket(std::shared_ptr<Connection> connection, Clock& clock, std::string host, Request request)
      : connection_(std::move(connection)), clock_(clock), host_(std::move(host)), request_(std::move(request)) {}
  ~WebSocket() override { connection_->close(); }

  asio::awaitable<Result<Answer>> next() override {
    auto& link = *connection_;
    link.read();
    if (!link.error && !link.is_full()) {
      error_code woken;
      link.woken.expires_after(batch_time);
      co_await link.woken.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    }
    if (link.count == 0 && link.error) {
      if (link.error == websocket::error::closed)
        co_return Failure{Failure::unavailable, fmt::format("{} closed the stream: {}", host_, reason())};
      co_return unreachable(host_, "the stream broke off", link.error);
    }
    Answer answer{request_, 101, {}, std::exchange(link.frames, {}), clock_.now()};
    link.count = 0;
    co_return answer;
  }

 private:
  std::string reason() const {
    const auto& said = connection_->ws.reason();
    std::string text(said.reason.c_str());
    std::erase_if(text, [](unsigned char c) { return c < 0x20 || c > 0x7e; });
    return text.empty() ? fmt::format("code {}", static_cast<int>(said.code)) : text.substr(0, 100);
  }

  std::shared_ptr<Connection> connection_;
  Clock& clock_;
  const std::string host_;
  const Request request_;
};

/// An upgrade that was declined: the answer, once.
class Declined final : public Stream {
 public:
  explicit Declined(Answer answer) : answer_(std::move(answer)) {}
  asio::awaitable<Result<Answer>> next() override { co_return answer_; }

 private:
  const Answer answer_;
};

Answer answer_of(const websocket::response_type& response, Request request, sys_ms now) {
  Answer out{std::move(request), static_cast<int>(response.result_int()), {}, response.body(), now};
  for (const auto& field : response) {
    std::string name(field.name_string());
    for (char& c : name)
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 32);
    out.headers.emplace_back(std::move(name), std::string(field.value()));
  }
  return out;
}

asio::ssl::context make_context(const Setup& setup) {
  asio::ssl::context context(asio::ssl::context::tls_client);
  error_code ignored;
  if (setup.ca_file.empty())
    context.set_default_verify_paths(ignored);
  else
    context.load_verify_file(setup.ca_file, ignored);
  context.set_verify_mode(asio::ssl::verify_peer);
  return context;
}

int family_of(int socket) {
  int family = AF_INET;
  socklen_t size = sizeof family;
  ::getsockopt(socket, SOL_SOCKET, SO_DOMAIN, &family, &size);
  return family;
}

std::string path_of(const std::string& url) {
  auto path = url.find('/', url.find("://") + 3);
  return path == url.npos ? "/" : url.substr(path, url.find('#') - path);
}

}  // namespace

asio::awaitable<Result<std::unique_ptr<Stream>>> open_stream(asio::io_context& loop, Clock& clock, const Setup& setup,
                                                             Target target, Request request, int socket) {
  auto link = std::make_shared<Connection>(loop, make_context(setup));
  error_code error;
  link->socket().assign(family_of(socket) == AF_INET6 ? tcp::v6() : tcp::v4(), socket, error);
  if (error) {
    ::close(socket);
    co_return unreachable(target.host, "the connection was lost", error);
  }
  asio::steady_timer deadline(loop, handshake_time);
  auto give_up = [weak = std::weak_ptr(link)](error_code cancelled) {
    if (auto alive = weak.lock(); alive && !cancelled) alive->close();
  };
  deadline.async_wait(give_up);
  auto& tls = link->ws.next_layer();
  SSL_set_tlsext_host_name(tls.native_handle(), target.host.c_str());
  tls.set_verify_callback(asio::ssl::host_name_verification(target.host));
  co_await tls.async_handshake(asio::ssl::stream_base::client, asio::redirect_error(asio::use_awaitable, error));
  if (error) co_return unreachable(target.host, "no secure connection", error);
  websocket::stream_base::timeout timeouts{handshake_time, silence, true};
  link->ws.set_option(timeouts);
  link->ws.read_message_max(largest_frame);
  auto decorate = [&setup, headers = request.headers](websocket::request_type& upgrade) {
    upgrade.set(beast::http::field::user_agent, setup.user_agent);
    for (const auto& [name, value] : headers) upgrade.set(name, value);
  };
  link->ws.set_option(websocket::stream_base::decorator(decorate));
  websocket::response_type response;
  auto path = path_of(request.url);
  auto host = target.port == 443 ? target.host : fmt::format("{}:{}", target.host, target.port);
  co_await link->ws.async_handshake(response, host, path, asio::redirect_error(asio::use_awaitable, error));
  deadline.cancel();
  std::unique_ptr<Stream> out;
  if (error == websocket::error::upgrade_declined) {
    auto answer = answer_of(response, std::move(request), clock.now());
    out = std::make_unique<Declined>(std::move(answer));
    co_return out;
  }
  if (error) co_return unreachable(target.host, "no WebSocket", error);
  out = std::make_unique<WebSocket>(std::move(link), clock, target.host, std::move(request));
  co_return out;
}

}  // namespace campaignd::fetch
