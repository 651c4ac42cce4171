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
  std::unique_ptr<Stream> stream;
  for (bool more = true; more;) {
    Result<Answer> answer = Failure{};
    int cost = 0;
    if (stream) {
      answer = co_await stream->next();
    } else {
      auto request = job->ask(clock.now());
      note(walked, request, 0);
      cost = request.cost;
      if (request.is_stream) {
        auto opened = co_await http.open(request);
        if (opened) {
          stream = std::move(*opened);
          answer = co_await stream->next();
        } else {
          answer = opened.error();
        }
      } else {
        answer = co_await http.fetch(request);
      }
      walked.streams = stream != nullptr;
      if (answer || answer.error().code != Failure::exhausted) {  // else nothing went out
        ++walked.requests;
        note(walked, request, cost);
      }
    }
    if (!answer) {
      walked.failure = answer.error();
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
    bool goes_on = co_await keep(std::move(*page), walked);
    more = more && goes_on;
  }
  co_return walked;
}

}  // namespace campaignd::collect
