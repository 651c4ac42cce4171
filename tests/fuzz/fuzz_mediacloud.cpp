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

Result<Page> read_once(const Connector& connector, int status, std::string_view body) {
  auto job = connector.discover({});
  return job->read(Answer{job->ask(now), status, {}, std::string(body), now});
}

void check_page(const Connector& connector, int status, std::string_view body) {
  auto page = read_once(connector, status, body);
  law(written(page) == written(read_once(connector, status, body)), "reading twice gives the same");
  if (!page) {
    law(!page.error().message.empty() && is_valid_utf8(page.error().message), "a failure has a sentence");
    return;
  }
  law(status == 200, "only a 200 holds stories");
  for (const auto& each : page->found) {
    law(!each.local_id.empty() && !each.post.uri.empty() && !each.post.author.key.empty(), "a story has its names");
    law(is_valid_utf8(each.post.title), "text is UTF-8");
    law(!each.post.published || *each.post.published <= now, "nothing was published tomorrow");
  }
}

/// Whatever the search says again and again, a poll ends.
void check_end(const Connector& connector, std::string_view body) {
  auto job = connector.discover({});
  for (int requests = 0;; ++requests) {
    law(requests <= 10, "a poll comes to its end");
    auto page = job->read(Answer{job->ask(now), 200, {}, std::string(body), now});
    if (!page || !page->more) return;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto session = std::make_shared<Session>(Session{.credential = "t0k3n"});
  static const auto connector = find_platform("mediacloud")
                                    ->make({.query = "all in",
                                            .url = "https://search.mediacloud.org/collections/1",
                                            .session = session,
                                            .backfill_pages = 5});
  auto body = text_of(data, size);
  for (int status : {200, 400, 422, 429}) check_page(*connector, status, body);
  check_end(*connector, body);
  return 0;
}
