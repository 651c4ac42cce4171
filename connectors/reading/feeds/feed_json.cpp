#include <algorithm>

#include "connectors/reading/dates/time.hpp"
#include "connectors/reading/feeds/feed_words.hpp"
#include "connectors/reading/feeds/feed_xml.hpp"
#include "connectors/reading/html.hpp"
#include "connectors/reading/json.hpp"
#include "connectors/reading/text.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd {

namespace {

constexpr std::size_t longest_author = 200, longest_base = 512;

/// Without the control characters JSON may hold.
std::string said(Json object, std::string_view key) { return clean_utf8(json_text(object, key)); }

/// 1.1 has `authors`, 1.0 `author`; either is an object here and a list there, in the wild.
std::string authors_of(Json object) {
  std::string out;
  auto add = [&out](Json person) {
    auto name = person.is_object()   ? said(person, "name")
                : person.is_string() ? clean_utf8(std::string_view(person))
                                     : std::string{};
    if (name.empty() && person.is_object()) name = said(person, "url");
    if (!name.empty() && out.size() < longest_author && !lists(out, name))
      out.append(out.empty() ? "" : ", ").append(name);
  };
  for (const char* key : {"authors", "author"}) {
    simdjson::dom::element member;
    if (!object.is_object() || object[key].get(member) != simdjson::SUCCESS) continue;
    simdjson::dom::array list;
    if (member.get(list) == simdjson::SUCCESS)
      for (auto person : list) add(person);
    else
      add(member);
    if (!out.empty()) break;
  }
  return cut(out, longest_author);
}

/// What relative addresses are against: one that is copied to every item is kept short.
std::string as_base(std::string url) { return url.size() > longest_base ? std::string{} : std::move(url); }

FeedEntry read_item(Json item, const std::string& base) {
  FeedEntry entry;
  entry.id = said(item, "id");
  entry.title = {escape_html(said(item, "title")), base};
  for (const char* key : {"url", "external_url"})
    if (auto link = said(item, key); entry.link.empty() && !link.empty()) entry.link = page_link(resolve(base, link));
  if (entry.link.empty() && !host_of(entry.id).empty()) entry.link = page_link(entry.id);
  entry.author = authors_of(item);
  entry.language = language_tag(said(item, "language"));
  entry.summary = {escape_html(said(item, "summary")), base};
  auto html = said(item, "content_html");
  entry.content = {html.empty() ? escape_html(said(item, "content_text")) : std::move(html), base};
  entry.published = read_date(said(item, "date_published"));
  entry.updated = read_date(said(item, "date_modified"));
  if (!entry.published) entry.published = entry.updated;
  if (auto tags = json_member(item, "tags"); tags && tags->is_array())
    for (auto tag : simdjson::dom::array(*tags))
      if (tag.is_string()) entry.categories.push_back(clean_utf8(std::string_view(tag)));
  return entry;
}

/// An object or, as the convention has it for several, a list of them.
template <class Each>
void each_of(std::optional<Json> member, Each each) {
  if (!member) return;
  if (!member->is_array()) return member->is_object() ? each(*member) : void();
  for (auto item : simdjson::dom::array(*member))
    if (item.is_object()) each(item);
}

/// "RSS in JSON" (scripting.com/rss.json): the elements of RSS 2.0 as members.
void read_rss(Json channel, const std::string& base, Feed& feed) {
  feed.title = said(channel, "title");
  feed.language = language_tag(said(channel, "language"));
  feed.link = page_link(said(channel, "link"));
  const auto against = as_base(feed.link);
  each_of(json_member(channel, "item"), [&](Json item) {
    FeedEntry entry;
    entry.title = {said(item, "title"), base};
    entry.summary = {said(item, "description"), base};
    if (auto link = said(item, "link"); !link.empty()) entry.link = page_link(resolve(against, link));
    entry.id = said(item, "guid");
    bool permalink = true;
    if (auto guid = json_member(item, "guid"); guid && guid->is_object()) {
      entry.id = said(*guid, "#value");
      permalink = said(*guid, "isPermaLink") != "false" && json_flag(*guid, "isPermaLink").value_or(true);
    }
    if (entry.link.empty() && permalink && !host_of(entry.id).empty()) entry.link = page_link(entry.id);
    if (auto category = said(item, "category"); !category.empty()) entry.categories.push_back(std::move(category));
    entry.author = said(item, "author");
    entry.published = read_date(said(item, "pubDate"));
    feed.entries.push_back(std::move(entry));
  });
}

}  // namespace

Result<Feed> read_json_feed(std::string_view text, const std::string& base) {
  Feed feed;
  bool is_feed = false;
  auto read = read_json(text, [&](Json root) {
    if (!root.is_object()) return;
    auto rss = json_member(root, "rss");
    auto channel = rss && rss->is_object() ? json_member(*rss, "channel") : std::nullopt;
    if (channel && channel->is_object()) {
      is_feed = true;
      return read_rss(*channel, base, feed);
    }
    auto items = json_member(root, "items");
    is_feed = json_text(root, "version").find("jsonfeed.org") != std::string::npos || (items && items->is_array());
    if (!is_feed) return;
    feed.title = escape_html(said(root, "title"));
    feed.language = language_tag(said(root, "language"));
    auto home = page_link(said(root, "home_page_url"));
    feed.link = home.empty() ? home : page_link(resolve(base, home));
    feed.manners.expired = json_flag(root, "expired").value_or(false);
    auto author = authors_of(root);
    auto against = as_base(base.empty() ? home : base);
    each_of(items, [&](Json item) {
      feed.entries.push_back(read_item(item, against));
      if (feed.entries.back().author.empty()) feed.entries.back().author = author;
    });
  });
  if (!read) return read.error();
  if (!is_feed)
    return Failure{Failure::malformed, "the document is JSON, but no JSON Feed: it has neither its version nor items"};
  return feed;
}

}  // namespace campaignd
