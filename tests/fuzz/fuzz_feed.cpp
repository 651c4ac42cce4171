#include <algorithm>

#include "connectors/connector.hpp"
#include "connectors/reading/feeds/syndication.hpp"
#include "connectors/reading/text.hpp"
#include "tests/fuzz/law.hpp"

using namespace campaignd;

namespace {

constexpr auto year_2 = std::chrono::sys_days(std::chrono::year(2) / 1 / 1);
constexpr auto year_9999 = std::chrono::sys_days(std::chrono::year(9999) / 1 / 1);

/// Inherited by every entry: were they not bounded, output would grow with the square of the input.
constexpr std::size_t longest_language = 64;
/// A quotation mark of an XHTML text comes out six times as long; the rest is a base of at most 512 bytes, given again
/// with every body and put before addresses of one byte.
constexpr std::size_t growth = 64, allowance = 65536;

bool is_letter(char c) { return (c | 32) >= 'a' && (c | 32) <= 'z'; }

/// Tabs and line ends are text. C1 controls are C2 80 to C2 9F.
bool has_controls(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto byte = static_cast<unsigned char>(text[i]);
    auto next = i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1]) : 0U;
    if ((byte < 0x20 && byte != '\t' && byte != '\n') || byte == 0x7F || (byte == 0xC2 && next >= 0x80 && next < 0xA0))
      return true;
  }
  return false;
}

/// The scheme of an absolute address (RFC 3986, 3.1), or nothing.
std::string_view scheme_of(std::string_view link) {
  auto end = std::ranges::find_if_not(
      link, [](char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.'; });
  auto size = static_cast<std::size_t>(end - link.begin());
  return size > 0 && size < link.size() && link[size] == ':' && is_letter(link[0]) ? link.substr(0, size)
                                                                                   : std::string_view{};
}

/// Everything a feed says, in one text; `total` is its bytes.
struct Said {
  std::string all;
  std::size_t total = 0;

  void text(std::string_view value) {
    law(is_valid_utf8(value), "text is UTF-8");
    law(!has_controls(value), "text has no control characters");
    total += value.size();
    all.append(value).append(1, '\0');
  }
  void text(const FeedText& value) {
    text(value.html);
    link(value.base);
  }
  void link(std::string_view value) {
    auto scheme = fold(scheme_of(value));
    law(scheme.empty() || scheme == "http" || scheme == "https", "a link is http(s) or relative");
    law(value.find_first_of("\t\n") == value.npos, "a link is one line");
    text(value);
  }
  void language(std::string_view value) {
    law(value.size() <= longest_language, "a language is a short tag");
    text(value);
  }
  void time(const std::optional<sys_ms>& value) {
    law(!value || (*value >= year_2 && *value < year_9999), "an instant lies between the years 2 and 9998");
    all += value ? std::to_string(value->time_since_epoch().count()) : "none";
  }
  void count(const std::optional<std::int64_t>& value) {
    law(!value || *value >= 0, "nothing is counted below zero");
    all += value ? std::to_string(*value) + ' ' : "none ";
  }
};

Said said_by(const Feed& feed) {
  Said said;
  said.text(feed.title);
  said.language(feed.language);
  said.link(feed.link);
  for (const auto& entry : feed.entries) {
    said.text(entry.title);
    said.text(entry.id);
    said.text(entry.author);
    said.text(entry.source);
    said.text(entry.summary);
    said.text(entry.content);
    for (const auto& category : entry.categories) said.text(category);
    said.link(entry.link);
    said.link(entry.source_url);
    said.language(entry.language);
    said.time(entry.published);
    said.time(entry.updated);
    const Counters& counters = entry.counters;
    for (const auto* each : {&counters.likes, &counters.reposts, &counters.quotes, &counters.replies, &counters.views})
      said.count(*each);
  }
  const FeedManners& manners = feed.manners;
  law(!manners.refresh || manners.refresh->count() >= 0, "time does not run backwards");
  said.count(manners.refresh ? std::optional<std::int64_t>(manners.refresh->count()) : std::nullopt);
  said.all += manners.skip_hours.to_string() + manners.skip_days.to_string() + (manners.expired ? "expired" : "") +
              (feed.complete ? "complete" : "");
  return said;
}

/// EBCDIC and encodings of seven bits write '<' otherwise; they are named, or begin with the '<' of EBCDIC.
bool writes_markup_plainly(std::string_view bytes) {
  return !bytes.starts_with('\x4C') && bytes.substr(0, 512).find("encoding") == bytes.npos;
}

void check_document(std::string_view bytes) {
  auto feed = read_feed(bytes, "", "https://news.example/feed.xml");
  auto again = read_feed(bytes, "", "https://news.example/feed.xml");
  law(feed.has_value() == again.has_value(), "reading twice gives the same");
  if (!feed) return;
  auto said = said_by(*feed);
  law(said.all == said_by(*again).all, "reading twice gives the same feed");
  law(said.total <= growth * bytes.size() + allowance, "what is read does not outgrow what was sent");
  auto openings = static_cast<std::size_t>(std::max(std::ranges::count(bytes, '<'), std::ranges::count(bytes, '{')));
  law(feed->entries.size() <= openings || !writes_markup_plainly(bytes), "an entry was opened before it was read");
}

void check_page(std::string_view bytes) {
  static const auto connector = find_platform("feed")->make({.url = "https://news.example/feed.xml"});
  auto job = connector->discover({});
  Answer answer{job->ask({}), 200, {}, std::string(bytes), {}};
  auto page = job->read(answer);
  auto twin = connector->discover({});
  twin->ask({});
  auto again = twin->read(answer);
  law(page.has_value() == again.has_value(), "reading twice gives the same");
  if (!page) return;
  law(page->found.size() == again->found.size() && page->cursor == again->cursor, "reading twice gives the same page");
  law(!page->more || page->found.empty(), "what gave articles is one request");
  for (const auto& each : page->found) {
    law(!each.local_id.empty() && !each.post.uri.empty(), "an article has an id and an identity");
    law(is_valid_utf8(each.post.title) && is_valid_utf8(each.post.text), "text is UTF-8");
  }
  law(page->found.size() <= bytes.size() / 2, "no more articles than {} fits into the bytes: nothing was expanded");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  check_document(text_of(data, size));
  check_page(text_of(data, size));
  return 0;
}
