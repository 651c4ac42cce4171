#include <boost/json.hpp>

#include "connectors/connector.hpp"
#include "connectors/reading/json_out.hpp"
#include "connectors/reading/text.hpp"
#include "tests/fuzz/law.hpp"

using namespace campaignd;

namespace {

constexpr sys_ms now(std::chrono::milliseconds(1'750'000'000'000));
constexpr sys_ms floor_of_all(std::chrono::milliseconds(1'740'000'000'000));
constexpr std::string_view secret = "S3CR3T-K3Y";

std::string written(const Result<Page>& page) {
  return page ? boost::json::serialize(to_json(*page)) + page->cursor.position : page.error().message;
}

Result<Page> read_once(const Connector& connector, bool measure, int status, std::string_view body) {
  auto job = measure ? connector.measure({PostRef{.local_id = "ewa/7"}}) : connector.discover({});
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
  law(status == 200 || page->found.empty(), "only a 200 holds posts");
  for (const auto& each : page->found) {
    law(!each.local_id.empty() && !each.post.author.key.empty() && each.post.published,
        "a post has its names and date");
    law(is_valid_utf8(each.post.text) && is_valid_utf8(each.post.title), "text is UTF-8");
    law(each.counters == Counters{}, "a sum of likes, reblogs and replies is none of them");
  }
}

/// Whatever Tumblr says again and again, a poll ends.
void check_end(const Connector& connector, std::string_view body) {
  auto job = connector.discover({});
  for (int requests = 0;; ++requests) {
    law(requests <= 60, "a poll comes to its end");
    auto page = job->read(Answer{job->ask(now), 200, {}, std::string(body), now});
    if (!page || !page->more) return;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto session = std::make_shared<Session>(Session{.credential = std::string(secret)});
  static const auto connector = find_platform("tumblr")->make(
      {.tags = {"all in"}, .session = session, .floor = floor_of_all, .backfill_pages = 50});
  auto body = text_of(data, size);
  for (bool measure : {false, true})
    for (int status : {200, 404, 400, 429}) check_page(*connector, measure, status, body);
  check_end(*connector, body);
  return 0;
}
