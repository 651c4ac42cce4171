#include "daemon/serve/server.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

#include "daemon/serve/guard.hpp"

namespace campaignd::serve {

namespace beast = boost::beast;
namespace http = beast::http;
using tcp = asio::ip::tcp;
using Incoming = http::request<http::empty_body>;
using Outgoing = http::response<http::string_body>;

namespace {

constexpr std::string_view policy =
    "script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; default-src 'none'; base-uri "
    "'none'; "
    "form-action 'none'; frame-ancestors 'none'";

Head head_of(const Incoming& request) {
  Head head{std::string(request.method_string()), std::string(request.target()), {}};
  for (const auto& field : request) {
    std::string name(field.name_string());
    for (char& c : name)
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 32);
    head.headers.emplace_back(std::move(name), field.value());
  }
  return head;
}

Outgoing dress(Response response, const Incoming& request) {
  Outgoing out(static_cast<http::status>(response.status), request.version());
  out.set(http::field::server, "campaignd");
  if (!response.type.empty()) out.set(http::field::content_type, response.type);
  out.set(http::field::cache_control, "private, no-cache");
  if (!response.etag.empty()) out.set(http::field::etag, response.etag);
  if (response.gzipped) out.set(http::field::content_encoding, "gzip");
  if (!response.file_name.empty())
    out.set(http::field::content_disposition, "attachment; filename=\"" + response.file_name + "\"");
  if (response.status == 405) out.set(http::field::allow, "GET, HEAD");
  out.set("Content-Security-Policy", policy);
  out.set("X-Content-Type-Options", "nosniff");
  out.set("X-Frame-Options", "DENY");
  out.set("Referrer-Policy", "no-referrer");
  out.set("Cross-Origin-Resource-Policy", "same-origin");
  out.set("Cross-Origin-Opener-Policy", "same-origin");
  auto size = response.body.size();
  if (request.method() != http::verb::head) out.body() = std::move(response.body);
  out.keep_alive(request.keep_alive() && response.status < 400);
  out.prepare_payload();
  if (request.method() == http::verb::head) out.content_length(size);
  return out;
}

}  // namespace

Server::Server(asio::io_context& loop, const std::string& address, int port, std::filesystem::path database,
               std::function<Facts()> facts, std::function<void(std::exception_ptr)> failed, PortLimits limits)
    : loop_(loop),
      acceptor_(loop, tcp::endpoint(asio::ip::make_address(address), static_cast<std::uint16_t>(port)), true),
      database_file_(std::move(database)),
      facts_(std::move(facts)),
      limits_(limits),
      tasks_(loop, std::move(failed)) {
  port_ = acceptor_.local_endpoint().port();
  is_local_ = acceptor_.local_endpoint().address().is_loopback();
}

/// A connection between accept and close. While it waits for a request it may be closed to make room.
struct Server::Connection {
  Connection(Server& server_in, tcp::socket socket) : server(server_in), stream(std::move(socket)) {
    ++server.connections_;
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() {
    rest();
    --server.connections_;
  }
  void wait() { server.idle_.push_back(this); }
  void rest() { server.idle_.remove(this); }

  Server& server;
  beast::tcp_stream stream;
};

Server::~Server() { worker_.join(); }

void Server::start() { tasks_.spawn(accept_forever()); }

void Server::cancel() {
  boost::system::error_code ignored;
  acceptor_.close(ignored);
  tasks_.cancel();
}

asio::awaitable<void> Server::join() { return tasks_.join(); }

asio::awaitable<void> Server::accept_forever() {
  for (;;) {
    boost::system::error_code error;
    auto socket = co_await acceptor_.async_accept(asio::redirect_error(asio::use_awaitable, error));
    if (error == asio::error::operation_aborted || !acceptor_.is_open()) co_return;
    if (!error && connections_ >= limits_.connections && !idle_.empty()) {  // slow senders make room
      auto* oldest = idle_.front();
      idle_.pop_front();
      oldest->stream.cancel();
      oldest->stream.close();
    } else if (error || connections_ >= limits_.connections) {  // no descriptors: the others are served on
      socket = tcp::socket(loop_);
      asio::steady_timer pause(loop_, std::chrono::milliseconds(100));
      co_await pause.async_wait(asio::use_awaitable);
      continue;
    }
    tasks_.spawn(converse(std::move(socket)));
  }
}

bool Server::within_rate(const std::string& peer) {
  auto now = std::chrono::steady_clock::now();
  if (rates_.size() > 1000) rates_.clear();
  auto& [since, count] = rates_[peer];
  if (now - since >= std::chrono::seconds(1)) since = now, count = 0;
  return ++count <= limits_.requests_per_second;
}

asio::awaitable<void> Server::converse(tcp::socket socket) {
  boost::system::error_code error;
  auto peer = socket.remote_endpoint(error).address().to_string();
  Connection connection(*this, std::move(socket));
  auto& stream = connection.stream;
  beast::flat_buffer buffer(limits_.header_bytes + 1024);
  for (bool keep = true; keep;) {
    http::request_parser<http::empty_body> parser;
    parser.header_limit(static_cast<std::uint32_t>(limits_.header_bytes));
    parser.body_limit(0);
    stream.expires_after(buffer.size() > 0 ? limits_.header_time : limits_.idle_time);
    connection.wait();
    co_await http::async_read_header(stream, buffer, parser, asio::redirect_error(asio::use_awaitable, error));
    connection.rest();
    if (error && error != http::error::body_limit) {
      if (error == http::error::end_of_stream || error == beast::error::timeout || !parser.got_some()) co_return;
      Incoming none;
      none.version(11);
      auto answer = dress(problem(400, "Bad request", "This is no HTTP request we can read."), none);
      answer.keep_alive(false);
      co_await http::async_write(stream, answer, asio::redirect_error(asio::use_awaitable, error));
      co_return;
    }
    const auto& request = parser.get();
    auto facts = facts_();
    auto response = refusal(head_of(request), *facts.config, port());
    if (!response && !within_rate(peer))
      response = problem(429, "Too many requests", "Ask less often: the page does with one request in 15 seconds.");
    if (!response) {
      Query query;
      query.target = std::string(request.target());
      query.path = query.target.substr(0, query.target.find('?'));
      query.if_none_match = std::string(request[http::field::if_none_match]);
      query.accepts_gzip = request[http::field::accept_encoding].find("gzip") != beast::string_view::npos;
      auto work = [this, query, facts] {
        try {
          if (!database_) database_ = std::make_unique<store::Database>(database_file_, store::Access::read);
          return respond(query, *database_, facts);
        } catch (const store::Unwritable& busy) {
          return problem(503, "Busy", busy.what());
        } catch (const std::runtime_error& bug) {  // one answer that fails is no reason to stop collecting
          spdlog::error("answer failed path={}: {}", query.path, bug.what());
          return problem(500, "Internal error", "This answer could not be made; the log says why.");
        }
      };
      response = co_await on_thread(worker_, work);
    }
    auto answer = dress(std::move(*response), request);
    keep = answer.keep_alive();
    stream.expires_after(limits_.write_time);
    co_await http::async_write(stream, answer, asio::redirect_error(asio::use_awaitable, error));
    if (error) co_return;
  }
  stream.socket().shutdown(tcp::socket::shutdown_send, error);
}

}  // namespace campaignd::serve
