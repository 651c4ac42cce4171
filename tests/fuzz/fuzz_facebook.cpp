#include <boost/json.hpp>

#include "connectors/platforms/facebook.hpp"
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
  out.backfill_pages = 3;
  out.session = std::make_shared<Session>();
  out.session->credential = secret + ":app-secret";
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
    law(post.uri.starts_with("https://www.facebook.com/") && post.uri.find("..") == std::string::npos,
        "a post's address is on its platform");
    law(is_valid_utf8(post.text) && is_valid_utf8(post.alt_text), "text is UTF-8");
    law(post.media_count >= 0 && post.media_count <= 100, "media are bounded");
    law(!post.tags || post.tags->size() <= 102, "tags are bounded");
    for (auto count : {each.counters.likes, each.counters.reposts, each.counters.replies})
      law(!count || *count >= 0, "a counter is not negative");
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

/// The page is known, and then every answer is the same one.
void poll_page(const Connector& connector, int status, std::string_view body) {
  auto job = connector.discover({});
  (void)job->read(answer_to(*job, 200, R"({"id":"104","name":"NIEM"})"));
  for (int requests = 0;; ++requests) {
    law(requests <= 40, "a poll ends");
    auto page = job->read(answer_to(*job, status, body));
    check(page);
    if (!page || !page->more) return;
  }
}

void measure(const Connector& connector, int status, std::string_view body) {
  std::vector<PostRef> posts;
  for (int i = 1; i <= 4; ++i) {
    auto id = std::to_string(i);
    posts.push_back(
        {i, "facebook.com", (i < 4 ? "a/104_" : "b/105_") + id, "https://www.facebook.com/104/posts/" + id});
  }
  auto job = connector.measure(posts);
  std::size_t told = 0;
  for (int requests = 0;; ++requests) {
    law(requests <= 40, "a measurement ends");
    auto page = job->read(answer_to(*job, requests == 0 ? 200 : status, requests == 0 ? R"({"id":"104"})" : body));
    check(page);
    if (!page) return;
    told += page->readings.size() + page->gone.size();
    law(told <= posts.size(), "a post is told of once");
    law(status == 200 || page->readings.empty(), "only a 200 holds readings");
    if (!page->more) return;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto page = make_facebook(settings("a.example"));
  auto body = text_of(data, size);
  for (int status : {200, 400, 500}) {
    poll(*page, "known=1749900000000&begun=1749950000000&mark=m", status, body);
    poll_page(*page, status, body);
    measure(*page, status, body);
  }
  (void)parse_facebook(std::string(body), {});
  return 0;
}
