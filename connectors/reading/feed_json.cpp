#include <algorithm>

#include "connectors/reading/feed_xml.hpp"
#include "connectors/reading/html.hpp"
#include "connectors/reading/json.hpp"
#include "connectors/reading/time.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd {

namespace {

/// 1.1 has `authors`, 1.0 `author`; either is an object here and a list there, in the wild.
std::string authors_of(Json object) {
  std::string out;
  auto add = [&out](Json person) {
    auto name = person.is_object() ? json_text(person, "name") : person.is_string() ? std::string(person) : std::string{};
    if (name.empty() && person.is_object()) name = json_text(person, "url");
    if (!name.empty() && out.find(name) == out.npos) out.append(out.empty() ? "" : ", ").append(name);
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
  return out;
}

FeedEntry read_item(Json item, const std::string& base) {
  FeedEntry entry;
  entry.id = json_text(item, "id");
  entry.title = {escape_html(json_text(item, "title")), base};
  for (const char* key : {"url", "external_url"})
    if (auto link = json_text(item, key); entry.link.empty() && !link.empty()) entry.link = resolve(base, link);
  if (entry.link.empty() && !host_of(entry.id).empty()) entry.link = entry.id;
  entry.author = authors_of(item);
  entry.language = json_text(item, "language");
  entry.summary = {escape_html(json_text(item, "summary")), base};
  auto html = json_text(item, "content_html");
  entry.content = {html.empty() ? escape_html(json_text(item, "content_text")) : std::move(html), base};
  entry.published = read_date(json_text(item, "date_published"));
  entry.updated = read_date(json_text(item, "date_modified"));
  if (!entry.published) entry.published = entry.updated;
  if (auto tags = json_member(item, "tags"); tags && tags->is_array())
    for (auto tag : simdjson::dom::array(*tags))
      if (tag.is_string()) entry.categories.emplace_back(std::string_view(tag));
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
  feed.title = json_text(channel, "title");
  feed.language = json_text(channel, "language");
  feed.link = json_text(channel, "link");
  each_of(json_member(channel, "item"), [&](Json item) {
    FeedEntry entry;
    entry.title = {json_text(item, "title"), base};
    entry.summary = {json_text(item, "description"), base};
    entry.link = json_text(item, "link");
    entry.id = json_text(item, "guid");
    if (auto guid = json_member(item, "guid"); guid && guid->is_object()) entry.id = json_text(*guid, "#value");
    if (entry.link.empty() && !host_of(entry.id).empty()) entry.link = entry.id;
    entry.author = json_text(item, "author");
    entry.published = read_date(json_text(item, "pubDate"));
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
    feed.title = escape_html(json_text(root, "title"));
    feed.language = json_text(root, "language");
    auto home = json_text(root, "home_page_url");
    feed.link = resolve(base, home);
    feed.manners.expired = json_flag(root, "expired").value_or(false);
    auto author = authors_of(root);
    auto against = base.empty() ? home : base;
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
