#include <boost/json.hpp>

#include "connectors/connector.hpp"
#include "connectors/reading/json_out.hpp"
#include "connectors/reading/text.hpp"
#include "tests/fuzz/law.hpp"

using namespace campaignd;

namespace {

std::string written(const Result<Page>& page) {
  return page ? boost::json::serialize(to_json(*page)) + page->cursor.position : page.error().message;
}

Result<Page> read_once(const Connector& connector, std::string_view body) {
  // Resumed in the middle: forward paging, as most polls are.
  auto job = connector.discover(
      {"newest=100&oldest=&pages=1&local=0&rescanned=9000000000000&asked=9000000000000&software=", "", ""});
  Answer answer{job->ask(sys_ms(std::chrono::milliseconds(1))), 200, {}, std::string(body), {}};
  return job->read(answer);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto connector = find_platform("mastodon")->make({.host = "a.example", .tags = {"t"}});
  auto page = read_once(*connector, text_of(data, size));
  law(written(page) == written(read_once(*connector, text_of(data, size))), "reading twice gives the same");
  if (!page) return 0;
  for (const auto& each : page->found) {
    law(!each.local_id.empty() && !each.post.uri.empty(), "a post has an id and an identity");
    law(is_valid_utf8(each.post.text) && is_valid_utf8(each.post.author.key), "text is UTF-8");
    for (auto count : {each.counters.likes, each.counters.reposts, each.counters.quotes, each.counters.replies})
      law(!count || *count >= 0, "a counter is not negative");
  }
  if (page->more) law(page->cursor.position.find("newest=100&") == std::string::npos, "asking again moves forward");
  return 0;
}
