#include "daemon/collect/walk.hpp"

#include "connectors/reading/feeds/manners.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd::collect {

namespace {

void note(Walked& walked, const Request& request, int cost) {
  auto host = host_of(request.url);
  if (walked.host.empty()) walked.host = host;
  walked.spent[{request.bucket, std::move(host)}] += cost;
}

}  // namespace

asio::awaitable<Walked> walk(std::unique_ptr<Job> job, Http& http, Clock& clock,
                             std::function<asio::awaitable<bool>(Page, const Walked&)> keep) {
  Walked walked;
  Line line(http);
  for (bool more = true; more;) {
    auto request = job->ask(clock.now());
    bool reads_on = request.is_stream() && line.is_streaming();
    int cost = reads_on ? 0 : request.cost;
    note(walked, request, 0);
    auto answer = co_await line.ask(request);
    walked.streams = line.is_streaming();
    bool went_out = !reads_on && (answer || answer.error().code != Failure::exhausted);
    if (went_out) {
      ++walked.requests;
      note(walked, request, cost);
    }
    if (!answer) {
      walked.failure = answer.error();
      if (auto came_to = answer.error().cost; came_to && went_out) {
        http.settle(request, *came_to);
        note(walked, request, *came_to - cost);
      }
      co_return walked;
    }
    walked.fresh = fresh_for(answer->headers, answer->received);
    auto page = job->read(*answer);
    if (auto came_to = page ? page->cost : page.error().cost) {
      http.settle(answer->asked, *came_to);
      note(walked, answer->asked, *came_to - cost);
    }
    if (!page) {
      walked.failure = page.error();
      co_return walked;
    }
    more = page->more;
    walked.rest = page->rest.value_or(std::chrono::seconds(0));
    walked.pause = page->pause.value_or(std::chrono::seconds(0));
    bool goes_on = co_await keep(std::move(*page), walked);
    more = more && goes_on;
  }
  co_return walked;
}

}  // namespace campaignd::collect
