#include "connectors/reading/feeds/feed_names.hpp"

#include <algorithm>
#include <array>

namespace campaignd {

namespace {

struct Vocabulary {
  std::string_view uri, prefix;
  Space space;
};

// URIs without scheme, "www.", and a final '/' or '#'.
constexpr std::array vocabularies{
    Vocabulary{"", "", Space::core},
    Vocabulary{"purl.org/rss/1.0", "rss", Space::core},
    Vocabulary{"purl.org/net/rss1.1", "", Space::core},
    Vocabulary{"my.netscape.com/rdf/simple/0.9", "", Space::core},
    Vocabulary{"channel.netscape.com/rdf/simple/0.9", "", Space::core},
    Vocabulary{"my.netscape.com/publish/formats/rss-0.91.dtd", "", Space::core},
    Vocabulary{"backend.userland.com/rss", "", Space::core},
    Vocabulary{"backend.userland.com/rss2", "", Space::core},
    Vocabulary{"blogs.law.harvard.edu/tech/rss", "", Space::core},
    Vocabulary{"cyber.law.harvard.edu/rss/rss.html", "", Space::core},
    Vocabulary{"cyber.harvard.edu/rss/rss.html", "", Space::core},
    Vocabulary{"w3.org/2005/atom", "atom", Space::atom},
    Vocabulary{"w3.org/2005/atom", "atom10", Space::atom},
    Vocabulary{"purl.org/atom/ns", "atom03", Space::atom},
    Vocabulary{"example.com/necho", "", Space::atom},
    Vocabulary{"example.com/newformat", "", Space::atom},
    Vocabulary{"purl.org/echo", "", Space::atom},
    Vocabulary{"purl.org/pie", "", Space::atom},
    Vocabulary{"uri/of/echo/namespace", "", Space::atom},
    Vocabulary{"w3.org/1999/02/22-rdf-syntax-ns", "rdf", Space::rdf},
    Vocabulary{"purl.org/dc/elements/1.0", "dc", Space::dublin},
    Vocabulary{"purl.org/dc/elements/1.1", "dc", Space::dublin},
    Vocabulary{"purl.org/dc/terms", "dcterms", Space::dublin},
    Vocabulary{"purl.org/rss/1.0/modules/content", "content", Space::content},
    Vocabulary{"search.yahoo.com/mrss", "media", Space::media},
    Vocabulary{"itunes.com/dtds/podcast-1.0.dtd", "itunes", Space::itunes},
    Vocabulary{"example.com/dtds/podcast-1.0.dtd", "", Space::itunes},
    Vocabulary{"google.com/schemas/play-podcasts/1.0", "googleplay", Space::itunes},
    Vocabulary{"purl.org/rss/1.0/modules/slash", "slash", Space::slash},
    Vocabulary{"purl.org/syndication/thread/1.0", "thr", Space::thread},
    Vocabulary{"purl.org/rss/1.0/modules/syndication", "sy", Space::schedule},
    Vocabulary{"rssnamespace.org/feedburner/ext/1.0", "feedburner", Space::feedburner},
    Vocabulary{"bing.com/news/search", "news", Space::bing},  // the whole of the query follows: by its prefix
    Vocabulary{"w3.org/1999/xhtml", "xhtml", Space::xhtml},
    Vocabulary{"w3.org/xml/1998/namespace", "xml", Space::xml},
};

struct Row {
  Space space;
  std::string_view local;
  Field field;
  int rank;
};

constexpr std::array rows{
    // RSS 0.9x, 1.0, 1.1, 2.0 and CDF
    Row{Space::core, "title", Field::title, 1},
    Row{Space::core, "link", Field::link, 2},
    Row{Space::core, "url", Field::link, 6},
    Row{Space::core, "guid", Field::id, 1},
    Row{Space::core, "description", Field::summary, 1},
    Row{Space::core, "abstract", Field::summary, 2},
    Row{Space::core, "summary", Field::content, 4},
    Row{Space::core, "content", Field::content, 3},
    Row{Space::core, "body", Field::content, 3},
    Row{Space::core, "fullitem", Field::content, 3},
    Row{Space::core, "author", Field::author, 2},
    Row{Space::core, "managingeditor", Field::author, 4},
    Row{Space::core, "webmaster", Field::author, 5},
    Row{Space::core, "pubdate", Field::published, 1},
    Row{Space::core, "lastmod", Field::updated, 2},
    Row{Space::core, "lastbuilddate", Field::updated, 2},
    Row{Space::core, "category", Field::category, 1},
    Row{Space::core, "language", Field::language, 1},
    Row{Space::core, "source", Field::source, 1},
    Row{Space::core, "enclosure", Field::enclosure, 1},
    Row{Space::core, "ttl", Field::ttl, 1},
    Row{Space::core, "skiphours", Field::skip_hours, 1},
    Row{Space::core, "skipdays", Field::skip_days, 1},
    Row{Space::core, "hour", Field::hour, 1},
    Row{Space::core, "day", Field::day, 1},
    // Atom 1.0 and 0.3
    Row{Space::atom, "title", Field::title, 1},
    Row{Space::atom, "link", Field::link, 3},
    Row{Space::atom, "id", Field::id, 1},
    Row{Space::atom, "guid", Field::id, 2},
    Row{Space::atom, "summary", Field::summary, 1},
    Row{Space::atom, "description", Field::summary, 2},
    Row{Space::atom, "subtitle", Field::summary, 1},
    Row{Space::atom, "tagline", Field::summary, 2},
    Row{Space::atom, "content", Field::content, 1},
    Row{Space::atom, "author", Field::author, 1},
    Row{Space::atom, "name", Field::person_name, 1},
    Row{Space::atom, "email", Field::person_mail, 1},
    Row{Space::core, "name", Field::person_name, 1},
    Row{Space::core, "email", Field::person_mail, 1},
    Row{Space::atom, "published", Field::published, 1},
    Row{Space::atom, "issued", Field::published, 2},
    Row{Space::atom, "created", Field::published, 6},
    Row{Space::atom, "pubdate", Field::published, 3},
    Row{Space::atom, "updated", Field::updated, 1},
    Row{Space::atom, "modified", Field::updated, 2},
    Row{Space::atom, "category", Field::category, 1},
    Row{Space::atom, "source", Field::source, 1},
    // Atom's words in RSS feeds without a namespace
    Row{Space::core, "id", Field::id, 2},
    Row{Space::core, "published", Field::published, 2},
    Row{Space::core, "issued", Field::published, 3},
    Row{Space::core, "created", Field::published, 6},
    Row{Space::core, "date", Field::published, 4},
    Row{Space::core, "updated", Field::updated, 1},
    Row{Space::core, "modified", Field::updated, 1},
    Row{Space::core, "tagline", Field::summary, 3},
    // Dublin Core
    Row{Space::dublin, "title", Field::title, 2},
    Row{Space::dublin, "identifier", Field::id, 3},
    Row{Space::dublin, "description", Field::summary, 3},
    Row{Space::dublin, "abstract", Field::summary, 3},
    Row{Space::dublin, "creator", Field::author, 1},
    Row{Space::dublin, "author", Field::author, 2},
    Row{Space::dublin, "publisher", Field::author, 6},
    Row{Space::dublin, "date", Field::published, 3},
    Row{Space::dublin, "issued", Field::published, 4},
    Row{Space::dublin, "created", Field::published, 5},
    Row{Space::dublin, "modified", Field::updated, 3},
    Row{Space::dublin, "subject", Field::category, 2},
    Row{Space::dublin, "language", Field::language, 2},
    // What carries more
    Row{Space::content, "encoded", Field::content, 1},
    Row{Space::xhtml, "body", Field::content, 2},
    Row{Space::xhtml, "div", Field::content, 2},
    Row{Space::media, "title", Field::title, 4},
    Row{Space::media, "description", Field::summary, 5},
    Row{Space::media, "text", Field::summary, 7},
    Row{Space::media, "credit", Field::author, 7},
    Row{Space::media, "category", Field::category, 3},
    Row{Space::media, "statistics", Field::views, 1},
    Row{Space::media, "starrating", Field::likes, 1},
    Row{Space::itunes, "title", Field::title, 3},
    Row{Space::itunes, "summary", Field::summary, 4},
    Row{Space::itunes, "subtitle", Field::summary, 6},
    Row{Space::itunes, "author", Field::author, 3},
    Row{Space::slash, "comments", Field::replies, 1},
    Row{Space::thread, "total", Field::replies, 1},
    Row{Space::schedule, "updateperiod", Field::period, 1},
    Row{Space::schedule, "updatefrequency", Field::frequency, 1},
    Row{Space::bing, "source", Field::source, 1},
    Row{Space::feedburner, "origlink", Field::original_link, 1},
};

bool matches(std::string_view text, std::string_view lower) {
  return text.size() == lower.size() && std::ranges::equal(text, lower, {}, [](char c) {
           return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 32) : c;
         });
}

}  // namespace

Space space_of(const XmlName& name) {
  if (name.space.empty() && name.prefix.empty()) return Space::core;
  auto uri = name.space;
  if (auto scheme = uri.find("://"); scheme != uri.npos) uri.remove_prefix(scheme + 3);
  if (uri.starts_with("www.")) uri.remove_prefix(4);
  while (uri.ends_with('/') || uri.ends_with('#')) uri.remove_suffix(1);
  const auto* found = std::ranges::find_if(vocabularies, [&](const auto& each) { return matches(uri, each.uri); });
  if ((uri.empty() || found == vocabularies.end()) && !name.prefix.empty())
    found = std::ranges::find_if(vocabularies, [&](const auto& each) { return matches(name.prefix, each.prefix); });
  return found == vocabularies.end() ? Space::other : found->space;
}

Meaning meaning_of(Space space, std::string_view local) {
  static const auto sorted = [] {
    auto table = rows;
    std::ranges::sort(table, {}, [](const Row& row) { return std::pair(row.local, row.space); });
    return table;
  }();
  auto found = std::ranges::lower_bound(sorted, std::pair(local, space), {},
                                        [](const Row& row) { return std::pair(row.local, row.space); });
  if (found == sorted.end() || found->local != local || found->space != space) return {};
  return {found->field, found->rank};
}

}  // namespace campaignd
