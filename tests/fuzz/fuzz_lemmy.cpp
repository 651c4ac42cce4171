#include <boost/json.hpp>

#include "connectors/platforms/lemmy.hpp"
#include "connectors/reading/json_out.hpp"
#include "connectors/reading/text.hpp"
#include "tests/fuzz/law.hpp"

using namespace campaignd;

namespace {

const sys_ms now{std::chrono::milliseconds(1'750'000'000'000)};
const std::string resumed = "known=1740000000000&begun=1749999000000&list=0&page=2&mark=&asked=1750000000000&software=";

std::string written(const Result<Page>& page) {
  return page ? boost::json::serialize(to_json(*page)) + page->cursor.position : page.error().message;
}

Result<Page> read_once(std::unique_ptr<Job> job, std::string_view body, int status) {
  Answer answer{job->ask(now), status, {}, std::string(body), now};
  return job->read(answer);
}

void hold_to_the_laws(const Finding& each) {
  law(!each.local_id.empty() && !each.post.uri.empty() && !each.post.host.empty(), "a post has its names");
  law(is_valid_utf8(each.post.text) && is_valid_utf8(each.post.author.key), "text is UTF-8");
  law(!each.post.author.key.empty(), "a post has an author");
  for (auto count : {each.counters.likes, each.counters.replies})
    law(!count || *count >= 0, "a counter is not negative");
}

void poll(const Connector& connector, const std::string& software, std::string_view body) {
  auto page = read_once(connector.discover({resumed + software, "", ""}), body, 200);
  auto again = read_once(connector.discover({resumed + software, "", ""}), body, 200);
  law(written(page) == written(again), "reading twice gives the same");
  if (!page) return;
  for (const auto& each : page->found) hold_to_the_laws(each);
  if (page->more) law(page->cursor.position.find("list=0&page=2&") == std::string::npos, "asking again moves forward");
}

void measure(const Connector& connector, const std::string& local_id, std::string_view body, int status) {
  auto page = read_once(connector.measure({{1, "a.example", local_id, ""}}), body, status);
  if (!page) return;
  law(page->readings.size() + page->gone.size() + page->refused.size() == (page->more ? 0U : 1U),
      "a post is measured, gone or refused, or asked for once more");
  for (const auto& each : page->readings)
    if (each.now) hold_to_the_laws(*each.now);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto connector = make_lemmy({.host = "a.example", .query = "w"});
  auto body = text_of(data, size);
  for (const char* software : {"lemmy+0.19.15", "lemmy+1.0.0", "piefed+1.4.0"}) poll(*connector, software, body);
  measure(*connector, "post/1", body, 200);
  measure(*connector, "v4/comment/1", body, 200);
  measure(*connector, "post/1", body, 404);
  return 0;
}
