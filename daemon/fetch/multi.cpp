#include "daemon/fetch/multi.hpp"

#include <curl/curl.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace campaignd::fetch {

namespace {

using namespace std::chrono_literals;

constexpr auto batch_of_events = 1s;
constexpr long silence_of_events = 60;                ///< seconds; servers say something every 15
constexpr std::size_t most_events_waiting = 1 << 20;  ///< bytes; the server waits while so many do

}  // namespace

/// A socket curl wants to hear of. Curl opens and closes it; we only wait on it.
struct Multi::Watch : std::enable_shared_from_this<Watch> {
  Watch(Multi& owner_in, int socket_in) : owner(owner_in), descriptor(owner_in.loop_, socket_in), socket(socket_in) {}
  ~Watch() { descriptor.release(); }

  void want(int what) {
    wanted = what;
    if ((wanted & CURL_POLL_IN) != 0 && !reading)
      wait(reading, asio::posix::stream_descriptor::wait_read, CURL_CSELECT_IN);
    if ((wanted & CURL_POLL_OUT) != 0 && !writing)
      wait(writing, asio::posix::stream_descriptor::wait_write, CURL_CSELECT_OUT);
  }

  void wait(bool& waiting, asio::posix::stream_descriptor::wait_type type, int event) {
    waiting = true;
    descriptor.async_wait(type, [self = shared_from_this(), &waiting, event](boost::system::error_code error) {
      waiting = false;
      if (self->removed || error == asio::error::operation_aborted) return;
      bool still_wanted = (self->wanted & (event == CURL_CSELECT_IN ? CURL_POLL_IN : CURL_POLL_OUT)) != 0;
      if (still_wanted) self->owner.act(self->socket, error ? CURL_CSELECT_ERR : event);
      if (!self->removed) self->want(self->wanted);
    });
  }

  Multi& owner;
  asio::posix::stream_descriptor descriptor;
  int socket;
  int wanted = 0;
  bool reading = false, writing = false, removed = false;
};

Multi::Multi(asio::io_context& loop) : loop_(loop), timer_(loop) {
  static const bool once = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
  multi_ = once ? curl_multi_init() : nullptr;
  if (multi_ == nullptr) throw std::bad_alloc();
  auto set = [&](CURLMoption option, auto value) { curl_multi_setopt(multi_, option, value); };
  set(CURLMOPT_SOCKETFUNCTION, &Multi::on_socket);
  set(CURLMOPT_SOCKETDATA, this);
  set(CURLMOPT_TIMERFUNCTION, &Multi::on_timer);
  set(CURLMOPT_TIMERDATA, this);
  set(CURLMOPT_MAX_TOTAL_CONNECTIONS, 64L);
  set(CURLMOPT_MAXCONNECTS, 128L);
  set(CURLMOPT_PIPELINING, CURLPIPE_MULTIPLEX);
}

Multi::~Multi() {
  curl_multi_cleanup(multi_);
  watches_.clear();
}

int Multi::on_socket(void*, int socket, int what, void* self, void*) noexcept try {
  static_cast<Multi*>(self)->watch(socket, what);
  return 0;
} catch (...) { return -1; }

int Multi::on_timer(void*, long ms, void* self) noexcept try {
  auto& multi = *static_cast<Multi*>(self);
  multi.timer_.cancel();
  if (ms < 0) return 0;
  multi.timer_.expires_after(std::chrono::milliseconds(std::max(ms, 1L)));  // 0 would be "now", inside curl
  multi.timer_.async_wait([&multi](boost::system::error_code error) {
    if (!error) multi.act(CURL_SOCKET_TIMEOUT, 0);
  });
  return 0;
} catch (...) { return -1; }

// Curl removes a socket before it closes it, and its number may come back at once: the watch goes now.
void Multi::watch(int socket, int what) {
  auto known = watches_.find(socket);
  if (what == CURL_POLL_REMOVE) {
    if (known == watches_.end()) return;
    known->second->removed = true;
    known->second->descriptor.release();
    watches_.erase(known);
    return;
  }
  if (known == watches_.end()) known = watches_.emplace(socket, std::make_shared<Watch>(*this, socket)).first;
  known->second->want(what);
}

void Multi::act(int socket, int events) {
  int running = 0;
  curl_multi_socket_action(multi_, socket, events, &running);
  collect_finished();
}

void Multi::collect_finished() {
  int left = 0;
  while (CURLMsg* message = curl_multi_info_read(multi_, &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    void* transfer = nullptr;
    curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
    auto& done = *static_cast<Transfer*>(transfer);
    done.code_ = message->data.result;
    done.is_done_ = true;
    done.woken_.cancel();  // wakes it through the loop, never inside curl
  }
}

Transfer::Transfer(Multi& multi, const Setup& setup, const Target& target, const Request& request)
    : multi_(multi),
      setup_(setup),
      target_(target),
      stream_(request.stream),
      easy_(curl_easy_init()),
      woken_(multi.loop_, asio::steady_timer::time_point::max()) {
  if (easy_ == nullptr) throw std::bad_alloc();
  auto set = [&](CURLoption option, auto value) { curl_easy_setopt(easy_, option, value); };
  const Limits& limits = setup.limits;
  set(CURLOPT_URL, target.url.c_str());
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_PROXY, "");
  set(CURLOPT_FOLLOWLOCATION, 0L);  // redirects are followed, and checked, by the caller
  set(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_2TLS);
  set(CURLOPT_ACCEPT_ENCODING, "gzip");
  set(CURLOPT_USERAGENT, setup.user_agent.c_str());
  set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(limits.connect.count()));
  set(CURLOPT_TIMEOUT_MS, static_cast<long>(limits.total.count()));
  set(CURLOPT_LOW_SPEED_LIMIT, limits.slow_bytes);
  set(CURLOPT_LOW_SPEED_TIME, limits.slow_seconds);
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_QUICK_EXIT, 1L);  // removing a handle must not wait for getaddrinfo
  set(CURLOPT_PRIVATE, this);
  set(CURLOPT_ERRORBUFFER, error_);
  set(CURLOPT_WRITEFUNCTION, &Transfer::on_body);
  set(CURLOPT_WRITEDATA, this);
  set(CURLOPT_HEADERFUNCTION, &Transfer::on_header);
  set(CURLOPT_HEADERDATA, this);
  set(CURLOPT_OPENSOCKETFUNCTION, &Transfer::on_open);
  set(CURLOPT_OPENSOCKETDATA, this);
  if (!setup.ca_file.empty()) set(CURLOPT_CAINFO, setup.ca_file.c_str());
  curl_slist* headers = nullptr;
  for (const auto& [name, value] : request.headers) headers = curl_slist_append(headers, (name + ": " + value).c_str());
  bool is_post = request.is_post || !request.body.empty();
  if (is_post && request.body.empty()) headers = curl_slist_append(headers, "Content-Type:");  // of nothing: none
  header_list_ = headers;
  set(CURLOPT_HTTPHEADER, headers);
  if (is_post) {
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    set(CURLOPT_COPYPOSTFIELDS, request.body.c_str());
  }
  curl_slist* connect = nullptr;
  for (const auto& each : setup.connect_to) connect = curl_slist_append(connect, each.c_str());
  connect_list_ = connect;
  if (connect != nullptr) set(CURLOPT_CONNECT_TO, connect);
  if (stream_ == StreamKind::events) {
    set(CURLOPT_TIMEOUT_MS, 0L);
    set(CURLOPT_LOW_SPEED_LIMIT, 1L);
    set(CURLOPT_LOW_SPEED_TIME, silence_of_events);
    set(CURLOPT_ACCEPT_ENCODING, static_cast<const char*>(nullptr));  // what is packed comes when a block is full
  }
  if (stream_ == StreamKind::websocket) {  // the socket alone: TLS and what is spoken over it are the stream's
    auto url = fmt::format("http://{}:{}/", target.host, target.port);
    set(CURLOPT_URL, url.c_str());
    set(CURLOPT_CONNECT_ONLY, 1L);
    set(CURLOPT_FRESH_CONNECT, 1L);
  }
  curl_multi_add_handle(multi_.multi_, easy_);
}

Transfer::~Transfer() {
  curl_multi_remove_handle(multi_.multi_, easy_);
  curl_easy_cleanup(easy_);
  curl_slist_free_all(static_cast<curl_slist*>(header_list_));
  curl_slist_free_all(static_cast<curl_slist*>(connect_list_));
}

std::size_t Transfer::on_body(char* data, std::size_t, std::size_t size, void* self) noexcept {
  auto& transfer = *static_cast<Transfer*>(self);
  try {
    if (transfer.stream_ == StreamKind::events && transfer.body_.size() >= most_events_waiting) {
      transfer.is_paused_ = true;
      return CURL_WRITEFUNC_PAUSE;
    }
    // Decoded bytes: curl's own limit counts compressed ones at best.
    if (transfer.body_.size() + size > transfer.setup_.limits.body) {
      transfer.too_large_ = true;
      return 0;
    }
    transfer.body_.append(data, size);
    return size;
  } catch (...) {
    transfer.postponed_ = std::current_exception();
    return 0;
  }
}

std::size_t Transfer::on_header(char* data, std::size_t, std::size_t size, void* self) noexcept {
  auto& transfer = *static_cast<Transfer*>(self);
  try {
    std::string_view line(data, size);
    transfer.header_bytes_ += size;
    if (transfer.header_bytes_ > transfer.setup_.limits.headers) {
      transfer.too_large_ = true;
      return 0;
    }
    while (!line.empty() && (line.back() == '\r' || line.back() == '\n')) line.remove_suffix(1);
    if (line.starts_with("HTTP/")) transfer.headers_.clear();  // an interim answer came before
    if (line.empty() && transfer.status() >= 200) {
      transfer.has_head_ = true;
      transfer.woken_.cancel();
    }
    auto colon = line.find(':');
    if (colon == line.npos) return size;
    std::string name(line.substr(0, colon));
    for (char& c : name)
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 32);
    auto value = line.substr(colon + 1);
    while (!value.empty() && (value.front() == ' ' || value.front() == '\t')) value.remove_prefix(1);
    transfer.headers_.emplace_back(std::move(name), value);
    return size;
  } catch (...) {
    transfer.postponed_ = std::current_exception();
    return 0;
  }
}

int Transfer::on_open(void* self, int, void* address) noexcept {
  auto& transfer = *static_cast<Transfer*>(self);
  const auto& wanted = *static_cast<curl_sockaddr*>(address);
  try {
    auto to = address_of(&wanted.addr);
    if (!to || !transfer.setup_.guard.allows(*to)) {
      transfer.blocked_ = to ? to_text(*to) : "an unknown address family";
      return CURL_SOCKET_BAD;
    }
    return ::socket(wanted.family, wanted.socktype | SOCK_CLOEXEC, wanted.protocol);
  } catch (...) {
    transfer.postponed_ = std::current_exception();
    return CURL_SOCKET_BAD;
  }
}

asio::awaitable<void> Transfer::finished() {
  boost::system::error_code woken;
  while (!is_done_) co_await woken_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
}

asio::awaitable<void> Transfer::begun() {
  boost::system::error_code woken;
  while (!is_done_ && !has_head_) co_await woken_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
}

asio::awaitable<Result<Answer>> Transfer::more(Request asked) {
  bool flows = status() == 200;
  if (!flows) co_await finished();
  if (!is_done_ && !is_paused_) {
    boost::system::error_code woken;
    woken_.expires_after(batch_of_events);
    co_await woken_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
  }
  if (postponed_) std::rethrow_exception(postponed_);
  bool has_ended = is_done_ && body_.empty() && (flows || was_given_);
  if (is_done_ && code_ != CURLE_OK && body_.empty()) co_return failure();
  if (has_ended) co_return Failure{Failure::unavailable, fmt::format("{} ended the stream", host())};
  was_given_ = true;
  Answer answer{std::move(asked), status(), headers_, std::exchange(body_, {}), {}};
  if (std::exchange(is_paused_, false)) curl_easy_pause(easy_, CURLPAUSE_CONT);
  co_return answer;
}

int Transfer::status() const {
  long status = 0;
  curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
  return static_cast<int>(status);
}

/// What never went out is owed to nobody.
Failure Transfer::failure() const {
  auto out = trouble();
  long sent = 0;
  curl_easy_getinfo(easy_, CURLINFO_REQUEST_SIZE, &sent);
  if (sent == 0) out.cost = 0;
  return out;
}

Failure Transfer::trouble() const {
  if (too_large_) return {Failure::too_large, fmt::format("{} sent more than we accept", host())};
  if (!blocked_.empty())
    return {Failure::blocked_address,
            fmt::format("{} is at {}, which is not a public address: allow it in fetch.allow if it is yours", host(),
                        blocked_)};
  std::string_view detail = error_[0] != '\0' ? error_ : curl_easy_strerror(static_cast<CURLcode>(code_));
  switch (code_) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return {Failure::unreachable, fmt::format("{} has no address: is the name right, is there a network?", host())};
    case CURLE_COULDNT_CONNECT:
      return {Failure::unreachable, fmt::format("{} does not accept connections: {}", host(), detail)};
    case CURLE_OPERATION_TIMEDOUT: return {Failure::unreachable, fmt::format("{} took too long: {}", host(), detail)};
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CACERT_BADFILE:
      return {Failure::unreachable, fmt::format("{}: no secure connection: {}", host(), detail)};
    default: return {Failure::unreachable, fmt::format("{}: {}", host(), detail)};
  }
}

Result<int> Transfer::take_socket() {
  if (postponed_) std::rethrow_exception(postponed_);
  if (code_ != CURLE_OK) return failure();
  curl_socket_t socket = CURL_SOCKET_BAD;
  curl_easy_getinfo(easy_, CURLINFO_ACTIVESOCKET, &socket);
  int mine = socket == CURL_SOCKET_BAD ? -1 : ::fcntl(socket, F_DUPFD_CLOEXEC, 0);
  if (mine < 0) return Failure{Failure::unreachable, fmt::format("{}: the connection was lost", host())};
  return mine;
}

Result<Answer> Transfer::result(Request asked) {
  if (postponed_) std::rethrow_exception(postponed_);
  if (code_ != CURLE_OK) return failure();
  return Answer{std::move(asked), status(), std::move(headers_), std::move(body_), {}};
}

}  // namespace campaignd::fetch
