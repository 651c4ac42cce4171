#include <boost/json.hpp>

#include "connectors/platforms/x.hpp"
#include "connectors/reading/json_out.hpp"
#include "connectors/reading/text.hpp"
#include "tests/fuzz/law.hpp"

using namespace campaignd;

namespace {

constexpr sys_ms now(std::chrono::milliseconds(1'750'000'000'000));
constexpr std::string_view token = "token-0123456789";

SourceSettings settings(SourceSettings out) {
  out.session = std::make_shared<Session>();
  out.session->credential = token;
  out.backfill_pages = 5;
  return out;
}

std::string written(const Result<Page>& page) {
  if (!page) return page.error().message;
  return boost::json::serialize(to_json(*page)) + page->cursor.position + (page->more ? "+" : "");
}

Result<Page> read(Job& job, int status, std::string_view body) {
  return job.read({job.ask(now), status, {}, std::string(body), now});
}

void check_post(const Finding& finding) {
  const auto& post = finding.post;
  bool is_number = finding.local_id.find_first_not_of("0123456789") == std::string::npos;
  law(!finding.local_id.empty() && is_number && !post.author.key.empty(), "a post has its names");
  law(post.uri.starts_with("https://x.com/") && post.uri.find("/status/") != post.uri.npos, "a post has an address");
  law(post.uri.find("..") == post.uri.npos && post.url.find("..") == post.url.npos, "which leads nowhere else");
  law(is_valid_utf8(post.text), "text is UTF-8");
  law(post.links.size() <= 100 && post.aliases.size() <= 100 && (!post.tags || post.tags->size() <= 100),
      "lists are bounded");
  for (auto count :
       {finding.counters.likes, finding.counters.reposts, finding.counters.quotes, finding.counters.replies})
    law(!count || *count >= 0, "a counter is not negative");
  law(!finding.counters.views || *finding.counters.views > 0, "a view that was not counted is not said");
}

/// Reads a page, and holds it to the laws.
void poll(const Connector& connector, const std::string& position, int status, std::string_view body) {
  auto once = [&] { return read(*connector.discover({position, "", ""}), status, body); };
  auto page = once();
  law(written(page) == written(once()), "reading twice gives the same");
  if (!page) {
    const auto& said = page.error().message;
    law(is_valid_utf8(said) && said.find(token) == said.npos, "a failure's message is UTF-8 and keeps the secret");
    return;
  }
  law(page->cost && *page->cost >= 0 && *page->cost <= static_cast<int>(body.size()) * 10, "a page has its price");
  law(page->cursor.position.find(token) == std::string::npos || body.find(token) != body.npos,
      "a cursor keeps the secret");
  for (const auto& each : page->found) check_post(each);
  law(!connector.discover(page->cursor)->ask(now).url.empty(), "a poll can follow");
}

/// However X answers, a poll ends.
void law_of_ending(const Connector& connector, std::string_view body) {
  auto job = connector.discover({});
  for (int requests = 0;; ++requests) {
    law(requests <= 20, "a poll ends");
    auto page = read(*job, 200, body);
    if (!page || !page->more) return;
  }
}

void measure(const Connector& connector, std::string_view body) {
  auto page = read(*connector.measure({{1, "x.com", "1900000000000000001", "https://x.com/a/status/1"}}), 200, body);
  if (page) law(page->readings.size() + page->gone.size() <= 1 && !page->more, "a post is read, or gone, or neither");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto search = make_x(settings({.tags = {"t"}}));
  static const auto partner = make_x(settings({.account = "a"}));
  auto body = text_of(data, size);
  const std::string resumed = "known=1749990000000&begun=1749999000000&page=2&mark=m&newest=1900000000000000001&bound=";
  int status = one_of(body, {200, 200, 400, 403, 429});
  switch (one_of(body, {0, 1, 2, 3, 4, 5, 6, 7})) {
    case 0: poll(*search, "", status, body); break;
    case 1: poll(*search, resumed + "1900000000000000001", status, body); break;
    case 2: poll(*partner, resumed + "2025-06-01T00:00:00Z&account=7", status, body); break;
    case 3: poll(*partner, "", status, body); break;
    case 4: law_of_ending(*search, body); break;
    case 5: law_of_ending(*partner, body); break;
    default: break;
  }
  measure(*search, body);
  (void)parse_x(std::string(body), {});
  return 0;
}
