#include <boost/json.hpp>

#include "connectors/platforms/telegram.hpp"
#include "connectors/platforms/telegram_page.hpp"
#include "connectors/reading/json_out.hpp"
#include "connectors/reading/text.hpp"
#include "tests/fuzz/law.hpp"

using namespace campaignd;

namespace {

std::string written(const Result<Page>& page) {
  return page ? boost::json::serialize(to_json(*page)) + page->cursor.position : page.error().message;
}

Result<Page> read_once(std::unique_ptr<Job> job, std::string_view body) {
  Answer answer{job->ask(sys_ms(std::chrono::milliseconds(1))), 200, {}, std::string(body), {}};
  auto page = job->read(answer);
  if (page && page->more)
    law(job->ask(sys_ms(std::chrono::milliseconds(2))).url != answer.asked.url, "asking again moves forward");
  return page;
}

void hold_to_the_laws(const Page& page) {
  for (const auto& each : page.found) {
    law(each.local_id.starts_with("a/") && each.post.host == "t.me" && each.post.author.key == "a",
        "a post has its names");
    law(each.post.uri.starts_with("https://t.me/") && each.post.published.has_value(), "a post has address and date");
    law(is_valid_utf8(each.post.text) && is_valid_utf8(each.post.author.name), "text is UTF-8");
    for (auto count : {each.counters.likes, each.counters.views, each.post.author.followers})
      law(!count || (*count >= 0 && *count <= 1'000'000'000'000), "a counter is a count");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto channel = make_telegram({.account = "a"});
  auto body = text_of(data, size);
  (void)read_short_number(body);
  const auto* start = one_of<const char*>(body, {"newest=", "newest=9&oldest=", "newest=9&known=3&low=7"});
  {
    auto page = read_once(channel->discover({start, "", ""}), body);
    law(written(page) == written(read_once(channel->discover({start, "", ""}), body)), "reading twice gives the same");
    if (page) hold_to_the_laws(*page);
  }
  auto measured = read_once(channel->measure({{1, "t.me", "a/9", ""}, {2, "t.me", "a/7", ""}}), body);
  if (!measured) return 0;
  auto outcomes = measured->readings.size() + measured->gone.size() + measured->refused.size();
  law(outcomes + (measured->more ? 1 : 0) == 2, "each post has one outcome, or its turn is still to come");
  return 0;
}
