#pragma once
/// The three dialects of Lemmy's API: what to ask for, and what a refusal says.
#include <optional>

#include "connectors/connector.hpp"

namespace campaignd {

/// Lemmy 0.19 has v3; Lemmy 1.0 has v4, and a v3 whose search heeds neither page nor order; PieFed has its own.
enum class LemmyApi : std::uint8_t { v3, v4, piefed };
constexpr std::size_t lemmy_apis = 3;

/// By what NodeInfo says the server runs, "lemmy 0.19.15"; v3 where it says nothing; nothing for other software.
std::optional<LemmyApi> lemmy_api_of(const std::string& software);

struct LemmySearch {
  std::string host, words;
  bool comments = false;          ///< else posts
  int page = 1;                   ///< v3 and PieFed
  std::string mark;               ///< v4: the page, by the name the last one gave it
  std::chrono::seconds within{};  ///< v4: published no longer ago
};
/// The newest first; v4 knows no order, so there all of the time asked for is to be read.
Request ask_lemmy_search(LemmyApi api, const LemmySearch& search);
constexpr std::size_t lemmy_page_size = 50;  ///< the most a search gives; PieFed gives as many as it likes

/// A post or comment at a server: "post/12", "comment/34"; of v4 "v4/post/12", of PieFed "alpha/post/12".
struct LemmyId {
  LemmyApi api = LemmyApi::v3;
  bool comment = false;
  std::string number;
};
std::string local_id_of(const LemmyId& id);
std::optional<LemmyId> read_local_id(std::string_view text);
Request ask_lemmy_item(const std::string& host, const LemmyId& id);

/// What the body of a refusal names as its reason, such as "rate_limit_error"; empty: it is no word of this API.
std::string lemmy_reason(const Answer& answer);
/// Whether that reason means that the post or comment is not there any more.
bool says_gone(std::string_view reason);
Failure lemmy_failure(const Answer& answer);

}  // namespace campaignd
