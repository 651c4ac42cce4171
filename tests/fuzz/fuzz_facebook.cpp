#include "connectors/platforms/facebook.hpp"
#include "tests/fuzz/meta_law.hpp"

using namespace campaignd;
using namespace campaignd::meta_law;

namespace {

SourceSettings settings(const std::string& account) {
  SourceSettings out;
  out.account = account;
  out.backfill_pages = 3;
  out.session = std::make_shared<Session>();
  out.session->credential = secret + ":app-secret";
  return out;
}

const Laws laws{"https://www.facebook.com/",
                [](const Counters& counters) { return !counters.quotes && !counters.views; }};

/// The page is known, and then every answer is the same one.
void poll_page(const Connector& connector, int status, std::string_view body) {
  auto job = connector.discover({});
  (void)job->read(answer_to(*job, 200, R"({"id":"104","name":"NIEM"})"));
  for (int requests = 0;; ++requests) {
    law(requests <= 40, "a poll ends");
    auto page = job->read(answer_to(*job, status, body));
    laws.check(page);
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
    laws.check(page);
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
  int status = one_of(body, {200, 200, 400, 500});
  switch (one_of(body, {0, 1, 2})) {
    case 0: laws.poll(*page, "known=1749900000000&begun=1749950000000&mark=m", status, body); break;
    case 1: poll_page(*page, status, body); break;
    default: measure(*page, status, body);
  }
  (void)parse_facebook(std::string(body), {});
  return 0;
}
