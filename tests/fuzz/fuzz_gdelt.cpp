#include <boost/json.hpp>

#include "connectors/connector.hpp"
#include "connectors/reading/json_out.hpp"
#include "connectors/reading/text.hpp"
#include "tests/fuzz/law.hpp"

using namespace campaignd;

namespace {

constexpr sys_ms now(std::chrono::milliseconds(1'750'000'000'000));
const Cursor resumed{"newest=1749900000000&oldest=1749000000000&unread=0", "", ""};

Result<Page> read_once(const Connector& connector, int status, std::string_view body) {
  auto job = connector.discover(resumed);
  Answer answer{job->ask(now), status, {}, std::string(body), now};
  return job->read(answer);
}

std::string written(const Result<Page>& page) {
  return page ? boost::json::serialize(to_json(*page)) + page->cursor.position : page.error().message;
}

void check_page(const Connector& connector, int status, std::string_view body) {
  auto page = read_once(connector, status, body);
  law(written(page) == written(read_once(connector, status, body)), "reading twice gives the same");
  if (!page) {
    law(!page.error().message.empty() && is_valid_utf8(page.error().message), "a failure has a sentence");
    return;
  }
  law(status == 200, "only a 200 holds articles");
  for (const auto& each : page->found) {
    law(!each.local_id.empty() && !each.post.uri.empty() && !each.post.author.key.empty(), "an article has its names");
    law(is_valid_utf8(each.post.title), "text is UTF-8");
    law(each.post.date_basis == DateBasis::first_seen, "no outlet stated the date");
    law(!each.post.published || *each.post.published <= now, "nothing was seen tomorrow");
  }
  law(page->found.size() <= body.size() / 2, "no more articles than {} fits into the bytes");
}

/// Whatever the server says again and again, a poll ends.
void check_end(const Connector& connector, std::string_view body) {
  auto job = connector.discover(resumed);
  for (int requests = 0;; ++requests) {
    law(requests <= 60, "a poll comes to its end");
    Answer answer{job->ask(now), 200, {}, std::string(body), now};
    auto page = job->read(answer);
    if (!page || !page->more) return;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto search = find_platform("gdelt")->make({.query = "\"all in\"", .language = "pl"});
  auto body = text_of(data, size);
  switch (one_of(body, {0, 1, 2, 3})) {
    case 0: check_page(*search, size % 2 == 0 ? 429 : 503, body); break;
    case 1: check_end(*search, body); break;
    default: check_page(*search, 200, body);
  }
  return 0;
}
