#include "daemon/fetch/http.hpp"

namespace campaignd {

asio::awaitable<Result<Answer>> Line::ask(Request request) {
  if (!request.is_stream()) co_return co_await http_.fetch(std::move(request));
  if (!stream_) {
    auto opened = co_await http_.open(std::move(request));
    if (!opened) co_return opened.error();
    stream_ = std::move(*opened);
  }
  co_return co_await stream_->next();
}

}  // namespace campaignd
