#include <boost/json.hpp>

#include "connectors/connector.hpp"
#include "connectors/reading/json_out.hpp"
#include "connectors/reading/text.hpp"
#include "tests/fuzz/law.hpp"

using namespace campaignd;

namespace {

constexpr sys_ms now(std::chrono::milliseconds(1'750'000'000'000));
constexpr std::string_view secret = "S3CR3T-K3Y";

std::string written(const Result<Page>& page) {
  return page ? boost::json::serialize(to_json(*page)) + page->cursor.position : page.error().message;
}

Result<Page> read_once(const Connector& connector, bool measure, int status, std::string_view body) {
  auto job = measure ? connector.measure({PostRef{.local_id = "54600000003", .uri = "https://www.flickr.com/"}})
                     : connector.discover({});
  return job->read(Answer{job->ask(now), status, {}, std::string(body), now});
}

void check_page(const Connector& connector, bool measure, int status, std::string_view body) {
  auto page = read_once(connector, measure, status, body);
  law(written(page) == written(read_once(connector, measure, status, body)), "reading twice gives the same");
  bool echoes = body.find(secret) != std::string_view::npos;
  law(echoes || written(page).find(secret) == std::string::npos, "the key is in no message and no page");
  if (!page) {
    law(!page.error().message.empty() && is_valid_utf8(page.error().message), "a failure has a sentence");
    return;
  }
  for (const auto& each : page->found) {
    law(!each.local_id.empty() && !each.post.author.key.empty() && each.post.published,
        "a photo has its names and date");
    law(is_valid_utf8(each.post.title) && is_valid_utf8(each.post.text), "text is UTF-8");
    law(each.counters.likes.value_or(0) >= 0 && each.counters.views.value_or(0) >= 0, "no counter is negative");
  }
}

/// Whatever Flickr says again and again, a poll and a measurement end, and no address holds the key.
void check_end(std::unique_ptr<Job> job, std::string_view body) {
  for (int requests = 0;; ++requests) {
    law(requests <= 10, "a job comes to its end");
    auto request = job->ask(now);
    law(request.url.find(secret) == std::string::npos, "the key stands in no address");
    auto page = job->read(Answer{request, 200, {}, std::string(body), now});
    if (!page || !page->more) return;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto session = std::make_shared<Session>(Session{.credential = std::string(secret)});
  static const auto with_key =
      find_platform("flickr")->make({.tags = {"allin"}, .query = "all in", .session = session, .backfill_pages = 3});
  static const auto without = find_platform("flickr")->make({.tags = {"allin"}});
  auto body = text_of(data, size);
  const auto* connector = one_of<const Connector*>(body, {with_key.get(), without.get()});
  int status = one_of(body, {200, 200, 404, 429});
  switch (one_of(body, {0, 1, 2, 3, 4})) {
    case 0: check_end(connector->discover({}), body); break;
    case 1: check_end(connector->measure({PostRef{.local_id = "1"}, PostRef{.local_id = "54600000003"}}), body); break;
    case 2: check_page(*connector, true, status, body); break;
    default: check_page(*connector, false, status, body);
  }
  return 0;
}
