#pragma once
#include <functional>
#include <map>

#include "connectors/connector.hpp"
#include "daemon/fetch/http.hpp"

namespace campaignd::collect {

/// What a job cost, and how it ended.
struct Walked {
  int requests = 0;
  std::map<std::pair<std::string, std::string>, int> spent;  ///< by (bucket, host)
  std::string host;                                          ///< of the first request
  bool streams = false;                                      ///< it is reading a stream: it ends when that does
  std::optional<Failure> failure;
  std::chrono::seconds fresh{0};  ///< how long the last answer stays the same, as its server says
  std::chrono::seconds rest{0};   ///< how long the last document asks to be left alone
  std::chrono::seconds pause{0};  ///< how long the platform's limits ask for that
};

/// Asks and reads until the job has no more, giving every page to `keep` before the next request goes out. `keep` says
/// whether to go on.
asio::awaitable<Walked> walk(std::unique_ptr<Job> job, Http& http, Clock& clock,
                             std::function<asio::awaitable<bool>(Page page, const Walked& so_far)> keep);

}  // namespace campaignd::collect
