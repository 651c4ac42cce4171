#include <boost/json.hpp>

#include "connectors/platforms/peertube.hpp"
#include "connectors/reading/json_out.hpp"
#include "connectors/reading/text.hpp"
#include "tests/fuzz/law.hpp"

using namespace campaignd;

namespace {

const sys_ms now{std::chrono::milliseconds(1'750'000'000'000)};
const std::string account = "a@a.example";

std::string written(const Result<Page>& page) {
  return page ? boost::json::serialize(to_json(*page)) + page->cursor.position : page.error().message;
}

Result<Page> read_once(std::unique_ptr<Job> job, std::string_view body, int status) {
  Answer answer{job->ask(now), status, {}, std::string(body), now};
  return job->read(answer);
}

void hold_to_the_laws(const Finding& each) {
  law(!each.local_id.empty() && !each.post.uri.empty() && !each.post.host.empty(), "a video has its names");
  law(is_valid_utf8(each.post.text) && is_valid_utf8(each.post.author.key), "text is UTF-8");
  law(!each.post.author.key.empty(), "a video has an author");
  for (auto count : {each.counters.likes, each.counters.replies, each.counters.views})
    law(!count || *count >= 0, "a counter is not negative");
}

Result<Page> poll(const Connector& connector, std::string_view body) {
  auto page = read_once(connector.discover({}), body, 200);
  law(written(page) == written(read_once(connector.discover({}), body, 200)), "reading twice gives the same");
  if (page)
    for (const auto& each : page->found) hold_to_the_laws(each);
  return page;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto search = make_peertube({.host = "a.example", .tags = {"t"}, .query = "w"});
  static const auto partner = make_peertube({.account = account});
  auto body = text_of(data, size);
  poll(*search, body);
  if (auto page = poll(*partner, body))
    for (const auto& each : page->found) law(each.post.author.key == account, "an account's videos are its own");
  for (int status : {200, 401, 403, 404}) {
    auto page = read_once(search->measure({{1, "b.example", "u", "https://a.example/videos/watch/u"}}), body, status);
    if (!page) {
      law(status == 404 && page.error().code == Failure::refused, "who shows no single videos is refused, no other");
      continue;
    }
    law(page->readings.size() + page->gone.size() + page->refused.size() == 1U, "measured, gone or refused");
    for (const auto& each : page->readings)
      if (each.now) hold_to_the_laws(*each.now);
  }
  return 0;
}
