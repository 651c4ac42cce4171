#include "connectors/connector.hpp"
#include "connectors/reading/text.hpp"
#include "tests/fuzz/law.hpp"

using namespace campaignd;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto connector = find_platform("feed")->make({.url = "https://news.example/feed.xml"});
  auto job = connector->discover({});
  Answer answer{job->ask({}), 200, {}, std::string(text_of(data, size)), {}};
  auto page = job->read(answer);
  auto again = connector->discover({})->read(answer);
  law(page.has_value() == again.has_value(), "reading twice gives the same");
  if (!page) return 0;
  law(page->found.size() == again->found.size() && page->cursor == again->cursor, "reading twice gives the same page");
  law(!page->more, "a feed is one request");
  for (const auto& each : page->found) {
    law(!each.local_id.empty() && !each.post.uri.empty(), "an article has an id and an identity");
    law(is_valid_utf8(each.post.title) && is_valid_utf8(each.post.text), "text is UTF-8");
  }
  law(page->found.size() <= size / 6, "no more entries than <item> fits into the bytes: nothing was expanded");
  return 0;
}
