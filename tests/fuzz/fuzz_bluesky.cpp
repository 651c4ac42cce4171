#include <array>
#include <boost/json.hpp>

#include "connectors/platforms/bluesky.hpp"
#include "connectors/reading/json_out.hpp"
#include "connectors/reading/text.hpp"
#include "tests/fuzz/law.hpp"

using namespace campaignd;

namespace {

std::string written(const Result<Page>& page) {
  if (!page) return page.error().message;
  return boost::json::serialize(to_json(*page)) + page->cursor.position + (page->more ? "+" : "");
}

Answer answer_to(Job& job, int status, std::string_view body) {
  return {job.ask(sys_ms(std::chrono::milliseconds(1))), status, {}, std::string(body), {}};
}

Result<Page> poll_once(const Connector& connector, const std::string& position, int status, std::string_view body) {
  auto job = connector.discover({position, "", ""});
  return job->read(answer_to(*job, status, body));
}

/// Reads a page, holds it to the laws and follows it with the same one again.
void poll(const Connector& connector, const std::string& position, int status, std::string_view body) {
  auto page = poll_once(connector, position, status, body);
  law(written(page) == written(poll_once(connector, position, status, body)), "reading twice gives the same");
  if (!page) {
    law(is_valid_utf8(page.error().message), "a failure's message is UTF-8");
    return;
  }
  for (const auto& each : page->found) {
    const auto& post = each.post;
    law(each.local_id.starts_with("at://did:") && post.uri == each.local_id, "a post has its address");
    law(post.author.key.starts_with("did:") && post.host == "bsky.app", "a post has an author and a home");
    law(post.url.find("/..") == std::string::npos, "a page's address leads nowhere else");
    law(is_valid_utf8(post.text) && is_valid_utf8(post.alt_text), "text is UTF-8");
    law(post.links.size() <= 100 && (!post.tags || post.tags->size() <= 100), "lists are bounded");
    for (auto count : {each.counters.likes, each.counters.reposts, each.counters.quotes, each.counters.replies})
      law(!count || *count >= 0, "a counter is not negative");
  }
  law(!page->more || !page->joins_last || page->cursor.position.find("back=&") == std::string::npos,
      "after it has caught up, a poll goes on only towards the floor");
  auto next = connector.discover(page->cursor);
  law(!next->ask(sys_ms(std::chrono::milliseconds(2))).url.empty(), "a poll can follow");
}

/// However an AppView answers, a poll ends.
void law_of_ending(const Connector& connector, std::string_view body) {
  auto job = connector.discover({});
  for (int requests = 0;; ++requests) {
    law(requests <= 10, "a poll ends");
    auto page = job->read(answer_to(*job, 200, body));
    if (!page || !page->more) return;
  }
}

void measure(const Connector& connector, std::string_view body) {
  const std::string uri = "at://did:plc:a/app.bsky.feed.post/1";
  auto job = connector.measure({{1, "bsky.app", uri, uri}});
  auto posts = job->read(answer_to(*job, 200, body));
  if (!posts || !posts->more) return;
  law(posts->gone.empty(), "a post that is shown is not gone");
  auto profiles = job->read(answer_to(*job, 200, body));
  law(profiles && profiles->readings.size() == 1 && !profiles->more, "a reading stands whatever its profile says");
}

// No host can be called so: it may be told.
constexpr std::array secrets{"app/password", "the/token", "the/renewal"};

/// A session of its own each time: what is answered changes it.
std::unique_ptr<Connector> account(bool has_token) {
  auto session = std::make_shared<Session>();
  session->credential = "a.example:app/password";
  if (has_token) session->token = "the/token", session->refresh_token = "the/renewal", session->who = "pds.example";
  return make_bluesky({.tags = {"t"}, .session = std::move(session), .backfill_pages = 5});
}

void hold_no_secret(const std::string& text) {
  for (const char* secret : secrets) law(text.find(secret) == std::string::npos, "no secret is told");
}

/// However the servers of an account answer, its search ends and tells no secret.
void search_logged_in(bool has_token, int status, std::string_view body) {
  auto job = account(has_token)->discover({});
  for (int requests = 0;; ++requests) {
    law(requests <= 12, "a search ends");
    auto answer = answer_to(*job, status, body);
    law(answer.asked.url.starts_with("https://"), "secrets travel by TLS");
    hold_no_secret(answer.asked.url);
    for (const auto& [name, value] : answer.asked.headers)
      law(value.find_first_of("\r\n") == value.npos, "a header is one line");
    auto page = job->read(answer);
    hold_no_secret(page ? page->cursor.position : page.error().message);
    if (!page || !page->more) return;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto search = make_bluesky({.tags = {"t"}, .backfill_pages = 5});
  static const auto partner = make_bluesky({.account = "a.example", .backfill_pages = 5});
  auto body = text_of(data, size);
  int status = one_of(body, {200, 200, 400});
  switch (one_of(body, {0, 1, 2, 3, 4})) {
    case 0: poll(*search, "newest0=1750000000000", status, body); break;
    case 1: poll(*partner, "newest=1750000000000&back=b&pages=1&did=did:plc:a", status, body); break;
    case 2: law_of_ending(*partner, body); break;
    case 3: search_logged_in(false, one_of(body, {200, 400, 401}), body); break;
    default: search_logged_in(true, one_of(body, {200, 400, 401}), body);
  }
  measure(*search, body);
  (void)parse_bluesky(std::string(body), {});
  return 0;
}
