#include <boost/json.hpp>

#include "connectors/connector.hpp"
#include "connectors/reading/json_out.hpp"
#include "connectors/reading/text.hpp"
#include "tests/fuzz/law.hpp"

using namespace campaignd;

namespace {

constexpr sys_ms now(std::chrono::milliseconds(1'750'000'000'000));

std::string written(const Result<Page>& page) {
  return page ? boost::json::serialize(to_json(*page)) + page->cursor.position : page.error().message;
}

Result<Page> read_once(const Connector& connector, bool measure, int status, std::string_view body) {
  auto job = measure ? connector.measure({PostRef{.local_id = "8863"}}) : connector.discover({});
  Answer answer{job->ask(now), status, {}, std::string(body), now};
  return job->read(answer);
}

void check_page(const Connector& connector, bool measure, int status, std::string_view body) {
  auto page = read_once(connector, measure, status, body);
  law(written(page) == written(read_once(connector, measure, status, body)), "reading twice gives the same");
  if (!page) {
    law(!page.error().message.empty() && is_valid_utf8(page.error().message), "a failure has a sentence");
    return;
  }
  law(status == 200, "only a 200 holds posts");
  for (const auto& each : page->found) {
    law(!each.local_id.empty() && !each.post.author.key.empty() && each.post.published,
        "a post has its names and date");
    law(is_valid_utf8(each.post.title) && is_valid_utf8(each.post.text), "text is UTF-8");
    law(each.post.kind != Kind::reply || each.counters == Counters{}, "a comment has no counters");
  }
  law(!measure || page->readings.size() + page->gone.size() + page->refused.size() == 1, "a post is judged once");
}

/// Whatever the search says again and again, a poll ends.
void check_end(const Connector& connector, std::string_view body) {
  auto job = connector.discover({});
  for (int requests = 0;; ++requests) {
    law(requests <= 3, "a poll comes to its end");
    Answer answer{job->ask(now), 200, {}, std::string(body), now};
    auto page = job->read(answer);
    if (!page || !page->more) return;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto connector = find_platform("hackernews")->make({.query = "all in", .backfill_pages = 3});
  auto body = text_of(data, size);
  for (bool measure : {false, true}) {
    check_page(*connector, measure, 200, body);
    check_page(*connector, measure, size % 2 == 0 ? 400 : 503, body);
  }
  check_end(*connector, body);
  return 0;
}
