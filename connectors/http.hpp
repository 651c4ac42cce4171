#pragma once
/// Requests and answers as values. Nothing here opens a socket.
#include <string>
#include <utility>
#include <vector>

#include "connectors/failure.hpp"
#include "connectors/post.hpp"

namespace campaignd {

using Headers = std::vector<std::pair<std::string, std::string>>;  ///< names in lower case, in order of arrival

/// What an answer without an end is made of.
enum class StreamKind : std::uint8_t {
  none,
  websocket,  ///< RFC 6455: its frames come as answers, a line each, batch by batch
  events      ///< server-sent events (HTML Living Standard 9.2): the bytes as they come, batch by batch
};

/// Built by connectors, sent by fetch. It has a constructor on purpose: as an aggregate temporary in a co_await
/// expression g++ 12 would destroy it twice.
struct Request {
  explicit Request(std::string url_in) : url(std::move(url_in)) {}
  std::string url;
  Headers headers;
  std::string body;                ///< not empty: a POST; its Content-Type is among the headers
  bool is_post = false;            ///< a POST whose body may be empty
  std::string bucket = "default";  ///< which of the contract's budgets it spends
  int cost = 1;  ///< in the budget's unit; where only the answer tells (Page::cost), the most it can be
  std::optional<int>
      allowance{};         ///< a limit of that budget below the contract's: the operator's, or what measuring may use
  bool gives_way = false;  ///< holds nobody up: what the budget does not permit soon is asked another time
  StreamKind stream = StreamKind::none;
  bool follows_redirects = true;  ///< false: a redirect is an answer to read

  bool is_stream() const { return stream != StreamKind::none; }
};

struct Answer {
  Request asked;
  int status = 0;
  Headers headers;
  std::string body;
  sys_ms received;
};

/// The first value of a header, or empty. The name is given in lower case.
std::string_view header(const Headers& headers, std::string_view name);

/// A server's rate limit as its headers tell it: X-RateLimit-* (Mastodon, GoToSocial, Reddit), RateLimit-* (IETF draft,
/// Bluesky) or X-Rate-Limit-* (X). Of a number with a fraction the whole part counts. The reset may be an RFC 3339
/// instant, epoch seconds or seconds from now.
struct Quota {
  std::optional<std::int64_t> limit, remaining;
  std::optional<sys_ms> reset;
};
Quota read_quota(const Headers& headers, sys_ms now);

/// Retry-After (RFC 9110 10.2.3): seconds or a date; negative and garbage are not said; bounded to 24 h.
std::optional<std::chrono::seconds> read_retry_after(const Headers& headers, sys_ms now);

/// max-age of Cache-Control in seconds, bounded to 24 h.
std::optional<std::chrono::seconds> read_max_age(const Headers& headers);

/// What a status means when its connector has no better word for it.
Failure standard_failure(const Answer& answer);

/// Sends the cursor's validators (RFC 9110 13.1), byte for byte as they came.
void ask_conditionally(Request& request, const Cursor& cursor);
/// Takes validators from a 200 or a 304. On a 304 without one the old one stays (RFC 9111 4.3.4).
void keep_validators(Cursor& cursor, const Answer& answer);

/// The URL without user name, query and fragment: what an error or a log may show.
std::string without_query(std::string_view url);

}  // namespace campaignd
