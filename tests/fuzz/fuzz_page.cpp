#include <chrono>
#include <set>

#include "connectors/platforms/page.hpp"
#include "connectors/reading/charset.hpp"
#include "connectors/reading/dates/time.hpp"
#include "connectors/reading/text.hpp"
#include "connectors/reading/url.hpp"
#include "tests/fuzz/law.hpp"

using namespace campaignd;

namespace {

/// All that is read of a page.
std::string written(const Result<Page>& page) {
  if (!page) return std::string(name_of(page.error().code)) + page.error().message;
  std::string out = page->cursor.position;
  for (const auto& each : page->found) {
    out += each.post.uri + "|" + each.post.title + "|" + each.post.text + "|" + each.post.place;
    out += each.post.published ? format_utc(*each.post.published) : "-";
    for (const auto& link : each.post.links) out += " " + link;
  }
  return out;
}

Result<Page> read_body(const Connector& connector, std::string_view body) {
  auto job = connector.discover({});
  Answer answer{job->ask({}), 200, {}, std::string(body), *read_rfc3339("2025-06-21T00:00:00Z")};
  return job->read(answer);
}

void check_item(const Finding& finding) {
  const Post& post = finding.post;
  law(!finding.local_id.empty() && !host_of(post.uri).empty(), "an item's link is http(s)");
  law(is_valid_utf8(post.title) && is_valid_utf8(post.text) && is_valid_utf8(post.place), "text is UTF-8");
  law(is_valid_utf8(post.uri) && post.uri.find('\n') == std::string::npos, "a link is one line");
  law(!post.published ||
          (*post.published >= *read_rfc3339("1970-01-01") && *post.published < *read_rfc3339("2026-01-01")),
      "a date is plausible");
  law(post.published.has_value() == (post.date_basis != DateBasis::first_seen), "a date says where it comes from");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto connector = make_page({.url = "https://news.example/list"});
  auto body = text_of(data, size);
  auto page = read_body(*connector, body);
  law(written(page) == written(read_body(*connector, body)), "reading twice gives the same");
  if (!page) return 0;
  law(!page->more, "a list is one request");
  law(page->found.size() <= 2000, "items are bounded");
  law(page->found.size() <= size / 7, "no more items than links fit into the bytes");
  std::set<std::string> uris;
  for (const auto& each : page->found) {
    check_item(each);
    law(uris.insert(each.post.uri).second, "a link target is one item");
  }
  // The last end tag is what makes a page whole: a body that lost it, and has no other, is no page.
  auto end = body.rfind("</");
  auto cut = end == body.npos ? std::string_view{} : body.substr(0, end);
  auto shown = to_utf8(cut, {});  // without the zeros that may stand in an end tag
  auto has = [&shown](const char* start) { return shown.find(start) != std::string::npos; };
  if (!has("</b") && !has("</B") && !has("</h") && !has("</H"))
    law(!read_body(*connector, cut), "a page that breaks off is malformed");
  return 0;
}
