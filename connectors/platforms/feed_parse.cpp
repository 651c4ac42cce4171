#include <boost/json.hpp>

#include "connectors/platforms/feed.hpp"
#include "connectors/reading/feeds/syndication.hpp"
#include "connectors/reading/html.hpp"
#include "connectors/reading/json_out.hpp"

namespace campaignd {

namespace {

boost::json::value body(const FeedText& text) {
  return json_or_null(text.base.empty() ? text.html : with_absolute_links(text.html, text.base));
}

}  // namespace

Result<std::string> parse_feed(const std::string& body_in, const ParseHints& hints) {
  auto feed = read_feed(body_in, hints.content_type, hints.url);
  if (!feed) return feed.error();
  auto feed_language = feed->language.empty() ? hints.language : feed->language;
  boost::json::array entries;
  for (const auto& entry : feed->entries)
    entries.push_back({{"title", body(entry.title)},
                       {"link", json_or_null(entry.link)},
                       {"original_link", json_or_null(entry.original)},
                       {"id", json_or_null(entry.id.empty() ? entry.link : entry.id)},
                       {"published", json_or_null(entry.published)},
                       {"updated", json_or_null(entry.updated)},
                       {"author", json_or_null(entry.author)},
                       {"summary", body(entry.summary)},
                       {"content", body(entry.content)},
                       {"language", json_or_null(entry.language.empty() ? feed_language : entry.language)}});
  return boost::json::serialize(boost::json::object{{"title", json_or_null(feed->title)},
                                                    {"language", json_or_null(feed_language)},
                                                    {"entries", std::move(entries)}});
}

}  // namespace campaignd
