#include "connectors/platforms/feed_flavours.hpp"

#include <algorithm>
#include <array>

#include "connectors/reading/articles/article.hpp"
#include "connectors/reading/text.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd {

namespace {

/// From the slash behind the host up to the query.
std::string path_of(std::string_view url) {
  auto scheme = url.find("://");
  auto slash = scheme == url.npos ? url.npos : url.find('/', scheme + 3);
  if (slash == url.npos) return {};
  auto path = url.substr(slash);
  return std::string(path.substr(0, path.find_first_of("?#")));
}

/// A person's post: nothing in it is an outlet's. `who` names the account on `host`; where nothing names it, it is
/// somebody else's each time, so that no two people become one.
void belongs_to(Finding& finding, std::string_view who, const std::string& host) {
  finding.post.author.key = fold(who.empty() ? finding.local_id : who) + "@" + host;
  finding.post.author.media = false;
  finding.post.kind = Kind::original;
}

bool is_google_news(const std::string& host, const std::string&) { return host == "news.google.com"; }

/// "Title - Outlet": the outlet stands in <source> too. The link stays opaque: only a browser can follow it. What seems
/// to be a text is the title once more, or the titles of other outlets' articles on the same event.
void finish_google_news(const FeedEntry& entry, const std::string&, Finding& finding) {
  finding.post.title = without_outlet(finding.post.title, entry.source);
  finding.post.text.clear();
  finding.post.links.clear();
}

bool is_bing_news(const std::string& host, const std::string& path) {
  return host_within(host, "bing.com") && path.starts_with("/news");
}

/// Links lead through Bing, with an identifier of the visit; the article's own address is their url=.
std::optional<std::string> mend_bing_news(FeedEntry& entry) {
  if (!host_within(host_of(entry.link), "bing.com")) return std::nullopt;
  auto real = real_link(entry.link);
  if (host_within(host_of(real), "bing.com")) return "a link of the search engine itself, not to an article";
  if (entry.id == entry.link) entry.id.clear();
  entry.link = std::move(real);
  return std::nullopt;
}

bool is_reddit(const std::string& host, const std::string&) { return host_within(host, "reddit.com"); }

/// The body ends in "submitted by /u/name [link] [comments]"; what leads out of Reddit is what the post links to.
void finish_reddit(const FeedEntry& entry, const std::string&, Finding& finding) {
  std::string_view name = entry.author;
  for (std::string_view prefix : {"/", "u/"})
    if (name.starts_with(prefix)) name.remove_prefix(prefix.size());
  belongs_to(finding, name, "reddit.com");
  std::erase_if(finding.post.links, [](const std::string& link) {
    return host_of(link).empty() || host_within(host_of(link), "reddit.com");
  });
}

bool is_youtube(const std::string& host, const std::string& path) {
  return host_within(host, "youtube.com") && path == "/feeds/videos.xml";
}

/// A channel is a person's until an organisation says it is theirs.
void finish_youtube(const FeedEntry& entry, const std::string& feed_url, Finding& finding) {
  auto channel = query_value(feed_url, "channel_id");
  belongs_to(finding, channel.empty() ? entry.author : channel, "youtube.com");
  finding.post.kind = Kind::video;
}

/// /@user.rss, /tags/tag.rss, /users/user.atom: Mastodon and what followed its example. Newspapers have such addresses
/// too, so it is each entry that says whether it is a person's post.
bool is_fediverse(const std::string&, const std::string& path) {
  bool named_so = path.starts_with("/@") || path.starts_with("/tags/") || path.starts_with("/users/");
  return named_so && (path.ends_with(".rss") || path.ends_with(".atom"));
}

/// "user" of /@user/1, /users/user/statuses/1 and /@user.rss; empty where the path names nobody.
std::string user_in(std::string_view path) {
  for (std::string_view ending : {".rss", ".atom"})
    if (path.ends_with(ending)) path.remove_suffix(ending.size());
  for (std::string_view prefix : {"/@", "/users/"})
    if (path.starts_with(prefix)) {
      path.remove_prefix(prefix.size());
      return std::string(path.substr(0, path.find_first_of("/@")));
    }
  return {};
}

/// Posts are linked at their home, copies too. What names no user there is an article if it has a title: only posts
/// have none.
void finish_fediverse(const FeedEntry& entry, const std::string& feed_url, Finding& finding) {
  auto user = user_in(path_of(entry.link)), host = host_of(entry.link);
  if (user.empty() && !finding.post.title.empty()) return;
  if (user.empty()) host = host_of(feed_url);
  if (user.empty() && host_of(entry.id) == host) user = user_in(path_of(entry.id));
  if (user.empty()) user = user_in(path_of(feed_url));
  belongs_to(finding, user, host);
}

constexpr std::array flavours{
    FeedFlavour{"google news", is_google_news, nullptr, finish_google_news, true},
    FeedFlavour{"bing news", is_bing_news, mend_bing_news, nullptr, true},
    FeedFlavour{"reddit", is_reddit, nullptr, finish_reddit},
    FeedFlavour{"youtube", is_youtube, nullptr, finish_youtube},
    FeedFlavour{"fediverse", is_fediverse, nullptr, finish_fediverse},
};

}  // namespace

const FeedFlavour* flavour_of(const std::string& feed_url) {
  const auto host = host_of(feed_url), path = path_of(feed_url);
  const auto* found = std::ranges::find_if(flavours, [&](const FeedFlavour& each) { return each.is(host, path); });
  return found == flavours.end() ? nullptr : found;
}

}  // namespace campaignd
