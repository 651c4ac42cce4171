#include "daemon/fetch/client.hpp"

#include <fmt/format.h>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "connectors/reading/url.hpp"
#include "daemon/fetch/stream.hpp"

namespace campaignd::fetch {

namespace {

constexpr int most_redirects = 3;
/// For a budget; what takes longer is asked another time. The short one is as long as the widest gap.
constexpr std::chrono::seconds longest_wait = std::chrono::minutes(2), shortest_wait = std::chrono::seconds(10);

std::vector<Budget> all_budgets() {
  std::vector<Budget> out;
  for (const auto& platform : platforms())
    out.insert(out.end(), platform.contract.budgets.begin(), platform.contract.budgets.end());
  return out;
}

Setup make_setup(const FetchSettings& settings, Limits limits) {
  Setup setup{.guard = AddressGuard(settings.allow),
              .user_agent = settings.contact.empty()
                                ? "campaignd/" CAMPAIGND_VERSION
                                : fmt::format("campaignd/" CAMPAIGND_VERSION " (+{})", settings.contact),
              .ca_file = settings.ca_file,
              .connect_to = {},
              .limits = limits};
  for (auto pair : settings.connect_to) {
    pair[pair.find('=')] = ':';  // host:443=127.0.0.1:9001 is host:443:127.0.0.1:9001 for curl
    setup.connect_to.push_back(std::move(pair));
  }
  return setup;
}

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

/// What was meant for one host is not told to another.
void forget_secrets(Request& request) {
  request.body.clear();
  request.is_post = false;
  std::erase_if(request.headers, [](const auto& each) {
    return each.first == "authorization" || each.first == "cookie" || each.first == "x-api-key";
  });
}

}  // namespace

/// Server-sent events, of which curl does all.
class Events final : public Stream {
 public:
  Events(Multi& multi, const Setup& setup, const Target& target, Request request, Clock& clock)
      : clock_(clock), request_(std::move(request)), transfer_(multi, setup, target, request_) {}

  asio::awaitable<void> begun() { co_await transfer_.begun(); }
  asio::awaitable<Result<Answer>> next() override {
    auto answer = co_await transfer_.more(request_);
    if (answer) answer->received = clock_.now();
    co_return answer;
  }

 private:
  Clock& clock_;
  const Request request_;
  Transfer transfer_;
};

/// The right to ask a host, or to send at all, now. Leaving the scope hands it to the next in the queue.
class Client::Turn {
 public:
  explicit Turn(Queue& queue) : queue_(queue) {}
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  ~Turn() {
    ++queue_.free;
    if (!queue_.waiting.empty()) queue_.waiting.front()->cancel();
  }

 private:
  Queue& queue_;
};

Client::Client(asio::io_context& loop, Clock& clock, const FetchSettings& settings, Limits limits)
    : loop_(loop),
      clock_(clock),
      ports_(settings.ports),
      setup_(make_setup(settings, limits)),
      budgets_(all_budgets()),
      multi_(loop) {}

asio::awaitable<void> Client::wait_for_turn(Queue& queue) {
  asio::steady_timer woken(loop_, asio::steady_timer::time_point::max());
  struct Place {  // in the queue; a cancelled waiter leaves it
    Queue& queue;
    asio::steady_timer* timer;
    ~Place() {
      std::erase(queue.waiting, timer);
      if (queue.free > 0 && !queue.waiting.empty()) queue.waiting.front()->cancel();
    }
  };
  if (queue.free == 0 || !queue.waiting.empty()) {
    queue.waiting.push_back(&woken);
    Place place{queue, &woken};
    while (queue.free == 0 || queue.waiting.front() != &woken) {
      boost::system::error_code error;
      co_await woken.async_wait(asio::redirect_error(asio::use_awaitable, error));
    }
    --queue.free;
    co_return;
  }
  --queue.free;
}

/// Waits until the budget allows it, and spends it; or says why it is not asked now.
asio::awaitable<std::optional<Failure>> Client::wait_for_budget(const Target& target, const Request& request) {
  auto now = clock_.now();
  auto at = budgets_.earliest(request, target.host, now);
  auto wait = std::chrono::ceil<std::chrono::seconds>(at - now);
  if (budgets_.closed_until(target.host, now))
    co_return Failure{Failure::exhausted,
                      fmt::format("not asked: {} wants no request for another {} s", target.host, wait.count()), wait};
  if (at - now > (request.gives_way ? shortest_wait : longest_wait))
    co_return Failure{Failure::exhausted, fmt::format("the request budget of {} is spent", target.host), wait};
  if (at > now) co_await clock_.sleep_for(at - now);
  co_return std::nullopt;
}

asio::awaitable<Result<Answer>> Client::fetch_once(Target target, Request request) {
  auto& of_site = queues_[site_of(target.host)];
  co_await wait_for_turn(of_site);
  Turn turn(of_site);
  if (auto spent = co_await wait_for_budget(target, request)) co_return *spent;
  co_await wait_for_turn(transfers_);
  Turn transferring(transfers_);
  budgets_.spend(request.bucket, target.host, request.cost, clock_.now());
  Transfer transfer(multi_, setup_, target, request);
  co_await transfer.finished();
  auto answer = transfer.result(std::move(request));
  if (answer) {
    answer->received = clock_.now();
    budgets_.heed(target.host, *answer);
  }
  co_return answer;
}

asio::awaitable<Result<std::unique_ptr<Stream>>> Client::open(Request request) {
  auto target = check_url(request.url, ports_);
  if (!target) co_return target.error();
  auto& of_site = queues_[site_of(target->host)];
  co_await wait_for_turn(of_site);
  Turn turn(of_site);
  if (auto spent = co_await wait_for_budget(*target, request)) co_return *spent;
  budgets_.spend(request.bucket, target->host, request.cost, clock_.now());
  if (request.stream == StreamKind::events) {
    auto events = std::make_unique<Events>(multi_, setup_, *target, std::move(request), clock_);
    co_await events->begun();
    std::unique_ptr<Stream> out = std::move(events);
    co_return out;
  }
  Transfer dial(multi_, setup_, *target, request);
  co_await dial.finished();
  auto socket = dial.take_socket();
  if (!socket) co_return socket.error();
  co_return co_await open_stream(loop_, clock_, setup_, std::move(*target), std::move(request), *socket);
}

void Client::settle(const Request& request, int cost) {
  budgets_.settle(request.bucket, host_of(request.url), cost - request.cost);
}

asio::awaitable<Result<Answer>> Client::fetch(Request request) {
  for (int redirects = 0;; ++redirects) {
    auto target = check_url(request.url, ports_);
    if (!target) co_return target.error();
    auto answer = co_await fetch_once(*target, request);
    if (!answer || !is_redirect(answer->status) || !request.follows_redirects) co_return answer;
    auto location = header(answer->headers, "location");
    if (location.empty()) co_return answer;
    if (redirects == most_redirects)
      co_return Failure{Failure::malformed,
                        fmt::format("{} redirects more than {} times", target->host, most_redirects)};
    request.url = resolve(target->url, location);
    bool repeats = answer->status == 307 || answer->status == 308;
    if (!repeats) {  // RFC 9110 15.4: fetched by GET
      request.body.clear();
      request.is_post = false;
    }
    if (host_of(request.url) != host_of(target->url)) forget_secrets(request);
  }
}

}  // namespace campaignd::fetch
