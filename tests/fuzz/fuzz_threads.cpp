#include <boost/json.hpp>

#include "connectors/platforms/threads.hpp"
#include "connectors/reading/json_out.hpp"
#include "connectors/reading/text.hpp"
#include "tests/fuzz/law.hpp"

using namespace campaignd;

namespace {

constexpr sys_ms now(std::chrono::milliseconds(1'750'000'000'000));
const std::string secret = "EAAB~secret~of~a~user";

SourceSettings settings(const std::string& account) {
  SourceSettings out;
  out.account = account;
  out.tags = {"t"};
  out.backfill_pages = 3;
  out.session = std::make_shared<Session>();
  out.session->credential = secret;
  out.session->who = "owner";
  return out;
}

std::string written(const Result<Page>& page) {
  if (!page) return page.error().message;
  return boost::json::serialize(to_json(*page)) + page->cursor.position + (page->more ? "+" : "");
}

Headers usage(std::string_view body) {
  Headers out;
  out.emplace_back("x-app-usage", std::string(body.substr(0, 200)));
  return out;
}

Answer answer_to(Job& job, int status, std::string_view body) {
  return {job.ask(now), status, usage(body), std::string(body), now};
}

void check(const Result<Page>& page) {
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
    law(post.uri.starts_with("https://www.threads.com/t/") && post.uri.find("..") == std::string::npos,
        "a post's address is on its platform");
    law(is_valid_utf8(post.text) && is_valid_utf8(post.alt_text), "text is UTF-8");
    law(post.media_count >= 0 && post.media_count <= 100, "media are bounded");
    law(!post.tags || post.tags->size() <= 102, "tags are bounded");
    for (auto count : {each.counters.likes, each.counters.reposts, each.counters.replies})
      law(!count || *count >= 0, "a counter is not negative");
    law(each.counters == Counters{}, "Threads gives no counts");
  }
}

/// A whole poll whose every answer is the same one: it holds to the laws, and comes to its end.
void poll(const Connector& connector, const std::string& position, int status, std::string_view body) {
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

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto search = make_threads(settings(""));
  static const auto partner = make_threads(settings("a.example"));
  auto body = text_of(data, size);
  for (int status : {200, 400, 500}) {
    poll(*search, "", status, body);
    poll(*search, "known=1749900000000&begun=1749950000000&mark=m&proven=1749900000000", status, body);
    poll(*partner, "known=1749900000000", status, body);
  }
  (void)parse_threads(std::string(body), {});
  return 0;
}
