#pragma once
/// What all three of Meta's platforms keep to, whatever bytes they are answered with.
#include <boost/json.hpp>

#include "connectors/connector.hpp"
#include "connectors/reading/json_out.hpp"
#include "connectors/reading/text.hpp"
#include "tests/fuzz/law.hpp"

namespace campaignd::meta_law {

constexpr sys_ms now(std::chrono::milliseconds(1'750'000'000'000));
inline const std::string secret = "EAAB~secret~of~a~user";

inline std::string written(const Result<Page>& page) {
  if (!page) return page.error().message;
  return boost::json::serialize(to_json(*page)) + page->cursor.position + (page->more ? "+" : "");
}

inline Headers usage(std::string_view body) {
  Headers out;
  out.emplace_back("x-app-usage", std::string(body.substr(0, 200)));
  return out;
}

inline Answer answer_to(Job& job, int status, std::string_view body) {
  return {job.ask(now), status, usage(body), std::string(body), now};
}

struct Laws {
  std::string_view site;                     ///< where the addresses of all its posts begin
  bool (*allows)(const Counters& counters);  ///< whether the platform gives such

  void check(const Result<Page>& page) const;
  /// A whole poll whose every answer is the same one: it holds to the laws, and comes to its end.
  void poll(const Connector& connector, const std::string& position, int status, std::string_view body) const;
};

inline void Laws::check(const Result<Page>& page) const {
  if (!page) {
    law(is_valid_utf8(page.error().message), "a failure's message is UTF-8");
    law(page.error().message.find(secret) == std::string::npos, "no secret in a failure");
    law(!page.error().retry_after || *page.error().retry_after <= std::chrono::hours(24), "a wait is bounded");
    return;
  }
  law(!page->more || !page->joins_last, "a page that joins the last poll is the last of its own");
  for (const auto& each : page->found) {
    const auto& post = each.post;
    law(!each.local_id.empty() && !post.author.key.empty(), "a post has its names");
    law(post.uri.starts_with(site) && post.uri.find("..") == std::string::npos, "a post's address is on its platform");
    law(is_valid_utf8(post.text) && is_valid_utf8(post.alt_text), "text is UTF-8");
    law(post.media_count >= 0 && post.media_count <= 100, "media are bounded");
    law(!post.tags || post.tags->size() <= 102, "tags are bounded");
    for (auto count : {each.counters.likes, each.counters.reposts, each.counters.replies})
      law(!count || *count >= 0, "a counter is not negative");
    law(allows(each.counters), "a platform gives no counter its contract does not name");
  }
}

inline void Laws::poll(const Connector& connector, const std::string& position, int status,
                       std::string_view body) const {
  auto job = connector.discover({position, "", ""});
  auto twin = connector.discover({position, "", ""});
  for (int requests = 0;; ++requests) {
    law(requests <= 40, "a poll ends");
    auto page = job->read(answer_to(*job, status, body));
    law(written(page) == written(twin->read(answer_to(*twin, status, body))), "reading twice gives the same");
    check(page);
    if (!page || !page->more) return;
  }
}

}  // namespace campaignd::meta_law
