#include "daemon/collect/walk.hpp"

#include "connectors/reading/feeds/manners.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd::collect {

asio::awaitable<Walked> walk(std::unique_ptr<Job> job, Http& http, Clock& clock,
                             std::function<asio::awaitable<void>(Page, const Walked&)> keep) {
  Walked walked;
  for (bool more = true; more;) {
    auto request = job->ask(clock.now());
    walked.bucket = request.bucket;
    if (walked.host.empty()) walked.host = host_of(request.url);
    auto cost = request.cost;
    auto answer = co_await http.fetch(std::move(request));
    if (answer || answer.error().code != Failure::exhausted) {  // else nothing went out
      ++walked.requests;
      walked.cost += cost;
    }
    if (!answer) {
      walked.failure = answer.error();
      co_return walked;
    }
    walked.fresh = fresh_for(answer->headers, answer->received);
    auto page = job->read(*answer);
    if (!page) {
      walked.failure = page.error();
      co_return walked;
    }
    more = page->more;
    walked.rest = page->rest.value_or(std::chrono::seconds(0));
    co_await keep(std::move(*page), walked);
  }
  co_return walked;
}

}  // namespace campaignd::collect
