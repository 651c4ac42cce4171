#include "connectors/reading/bridges.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <initializer_list>
#include <utility>

#include "connectors/reading/articles/article.hpp"
#include "connectors/reading/at_uri.hpp"
#include "connectors/reading/fediverse.hpp"
#include "connectors/reading/nostr.hpp"
#include "connectors/reading/text.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd {

namespace {

bool from_bridgy(Finding& copy);
bool from_birdsite(Finding& copy);
bool from_mostr(Finding& copy);
bool from_momostr(Finding& copy);
bool from_feed_bot(Finding& copy);

struct Bridge {
  std::string_view host, name;
  bool (*read)(Finding& copy);
};

constexpr std::array bridges{
    Bridge{"bsky.brid.gy", "Bridgy Fed", from_bridgy},     // Bluesky
    Bridge{"atproto.brid.gy", "Bridgy Fed", from_bridgy},  // the same, until 2024
    Bridge{"web.brid.gy", "Bridgy Fed", from_bridgy},      // websites
    Bridge{"fed.brid.gy", "Bridgy Fed", from_bridgy},      // older websites
    Bridge{"bird.makeup", "bird.makeup", from_birdsite},   // X
    Bridge{"birdmakeup.sboulema.nl", "bird.makeup", from_birdsite},
    Bridge{"mostr.pub", "Mostr", from_mostr},  // Nostr
    Bridge{"momostr.pink", "Momostr", from_momostr},
    Bridge{"rss-parrot.net", "RSS Parrot", from_feed_bot},
};

// On Bluesky the bridge's accounts have handles below these.
constexpr std::string_view bluesky_bridge = "Bridgy Fed", fediverse_handles = ".ap.brid.gy",
                           web_handles = ".web.brid.gy";

// Bridgy Fed writes these as '-' in a handle, which may hold neither.
constexpr std::string_view no_part_of_a_handle = "_~:";

void add_once(std::vector<std::string>& list, const std::string& text) {
  if (!text.empty() && std::ranges::find(list, text) == list.end()) list.push_back(text);
}

/// The original's names come first, then whatever the copy is called.
void take_names(Post& post, std::string uri, std::string url, std::initializer_list<std::string> more = {}) {
  auto of_copy = std::exchange(post.aliases, {});
  auto copy_url = std::exchange(post.url, std::move(url));
  post.copy_uri = std::exchange(post.uri, std::move(uri));
  auto add = [&](const std::string& name) {
    if (name != post.uri) add_once(post.aliases, name);
  };
  add(post.url);
  for (const auto& each : more) add(each);
  add(post.copy_uri);
  add(copy_url);
  for (const auto& each : of_copy) add(each);
}

/// The account is the bridge's, and so is what it says of itself; but a wish to be left out is the author's.
void take_author(Author& author, std::string key, std::string handle) {
  author.key = std::move(key);
  author.handle = std::move(handle);
  author.bot.reset();
  author.followers.reset();
  if (author.indexable.value_or(false)) author.indexable.reset();
}

std::string user_of(const Author& author) { return author.key.substr(0, author.key.find('@')); }

// ---- Bluesky

/// "at://…" as it may stand in a path: its colon encoded, its second slash lost.
std::optional<PostUri> post_in_path(std::string_view rest) {
  auto text = rest.find('%') == rest.npos ? std::string(rest) : percent_decode(rest);
  if (text.starts_with("at:/did:")) text.insert(4, "/");
  return read_post_uri(text);
}

/// https://bsky.app/profile/DID/post/KEY; a page that names its author by a handle does not say whose post it is.
std::optional<PostUri> post_on_page(std::string_view page) {
  constexpr std::string_view profile = "https://bsky.app/profile/", post = "/post/";
  auto at = page.find(post);
  if (!page.starts_with(profile) || at == page.npos || at < profile.size()) return std::nullopt;
  return read_post_uri(fmt::format("at://{}/app.bsky.feed.post/{}", page.substr(profile.size(), at - profile.size()),
                                   page.substr(at + post.size())));
}

bool from_bluesky(Finding& copy, const PostUri& name) {
  Post& post = copy.post;
  auto uri = fmt::format("at://{}/app.bsky.feed.post/{}", name.did, name.key);
  // "ola.bsky.social@bsky.brid.gy", or "ola.example@ola.example": the domain of an account that is its own.
  auto handle = user_of(post.author);
  auto host = post.author.key.substr(std::min(post.author.key.size(), handle.size() + 1));
  bool is_handle = handle.find('.') != handle.npos && is_at_name(handle) && (host == post.host || host == handle);
  if (!is_handle) handle.clear();
  take_names(post, uri, bluesky_page(name.did, name.key),
             {handle.empty() ? std::string{} : bluesky_page(handle, name.key)});
  post.platform = "bluesky";
  post.host = "bsky.app";
  take_author(post.author, name.did, handle);
  copy.home_id = uri;
  return true;
}

// ---- articles

std::string first_line(std::string_view text) {
  auto begin = text.find_first_not_of(" \t\r\n");
  if (begin == text.npos) return {};
  auto line = text.substr(begin, text.find('\n', begin) - begin);
  while (!line.empty() && (line.back() == ' ' || line.back() == '\r')) line.remove_suffix(1);
  return std::string(line);
}

/// The page of an outlet, as its feed would give it. Who asks to be left out stays a person.
bool from_page(Finding& copy, const std::string& link) {
  Post& post = copy.post;
  auto page = real_link(link);
  auto outlet = host_of(page);
  if (outlet.starts_with("www.")) outlet.erase(0, 4);
  if (outlet.empty() || post.author.opted_out) return false;
  take_names(post, page, page);
  take_author(post.author, outlet, {});
  post.author.indexable.reset();
  post.author.media = true;
  if (post.author.name.empty()) post.author.name = outlet;
  post.platform = "feed";
  post.host = outlet;
  post.kind = Kind::article;
  if (post.title.empty()) post.title = first_line(post.text);
  if (post.tags && post.tags->empty()) post.tags.reset();  // the bot tags nothing; the words stand in its text
  copy.home_id.clear();                                    // an article is counted nowhere
  return true;
}

/// The first link that leads away from the bot is the article's: title, link and summary are all it writes.
bool from_feed_bot(Finding& copy) {
  constexpr std::string_view parrot = "🦜 ";
  auto bot = copy.post.host;
  auto leads_away = [&](const std::string& link) { return !host_of(link).empty() && host_of(link) != bot; };
  auto link = std::ranges::find_if(copy.post.links, leads_away);
  if (link == copy.post.links.end()) return false;
  auto article = *link;
  if (!from_page(copy, article)) return false;
  if (copy.post.author.name.starts_with(parrot)) copy.post.author.name.erase(0, parrot.size());
  return true;
}

// ---- Bridgy Fed: https://bsky.brid.gy/convert/ap/at://…, https://web.brid.gy/r/https://…

bool from_bridgy(Finding& copy) {
  constexpr std::string_view converted = "/convert/ap/", redirected = "/r/";
  std::string_view uri = copy.post.uri;
  auto path = uri.substr(std::min(uri.size(), uri.find('/', std::string_view("https://").size())));
  if (path.starts_with(converted)) {
    auto name = post_in_path(path.substr(converted.size()));
    return name && from_bluesky(copy, *name);
  }
  if (!path.starts_with(redirected)) return false;
  std::string page(path.substr(redirected.size()));
  if (auto name = post_on_page(page)) return from_bluesky(copy, *name);
  if (page.starts_with("https:/") && !page.starts_with("https://")) page.insert(7, "/");
  return from_page(copy, page);
}

// ---- X: https://bird.makeup/users/name/statuses/123

bool from_birdsite(Finding& copy) {
  auto path = path_of(copy.post.uri);
  bool is_status = path.size() == 4 && path[0] == "users" && path[2] == "statuses" && !path[1].empty();
  if (!is_status || path[3].find_first_not_of("0123456789") != std::string_view::npos) return false;
  auto name = fold(path[1]);
  std::string id(path[3]);
  if (id.empty() || !is_at_name(name)) return false;
  Post& post = copy.post;
  auto page = fmt::format("https://x.com/{}/status/{}", name, id);
  take_names(post, page, page,
             {fmt::format("https://x.com/i/status/{}", id), fmt::format("https://twitter.com/{}/status/{}", name, id)});
  post.platform = "x";
  post.host = "x.com";
  take_author(post.author, name, name);  // X knows it by a number, which the bridge does not tell
  copy.home_id = id;
  return true;
}

// ---- Nostr: https://mostr.pub/objects/HEX, https://momostr.pink/notes/note1…

bool from_nostr(Finding& copy, const std::string& note) {
  Post& post = copy.post;
  auto user = user_of(post.author);
  if (user.empty() || !is_nostr_name("note", note)) return false;
  auto key = nostr_name("npub", user);
  take_names(post, "nostr:" + note, "https://njump.me/" + note);
  post.platform = "nostr";
  post.host = "nostr";  // it lies with relays, and is at home at none
  take_author(post.author, key.empty() ? user : key, {});
  copy.home_id.clear();
  return true;
}

bool from_mostr(Finding& copy) {
  auto path = path_of(copy.post.uri);
  return path.size() == 2 && path[0] == "objects" && from_nostr(copy, nostr_name("note", path[1]));
}

bool from_momostr(Finding& copy) {
  auto path = path_of(copy.post.uri);
  return path.size() == 2 && path[0] == "notes" && from_nostr(copy, std::string(path[1]));
}

// ---- copies on Bluesky

std::string as_in_handle(std::string_view name) {
  auto out = fold(name);
  for (char& c : out)
    if (no_part_of_a_handle.find(c) != no_part_of_a_handle.npos) c = '-';
  return out;
}

/// user@host of "user.host", the handle without its end. Where the page names its author, the rest is the host in the
/// account's name, which need not be the page's; else the page's host is believed to be it.
std::string account_of(std::string_view handle, const std::string& page) {
  auto path = path_of(page);
  std::string_view user;
  if (path.size() >= 2 && path[0].starts_with('@')) user = path[0].substr(1);
  if (path.size() >= 3 && path[0] == "users") user = path[1];
  user = user.substr(0, user.find('@'));
  auto beginning = as_in_handle(user) + ".", ending = "." + host_of(page);
  if (!user.empty() && handle.starts_with(beginning) && handle.substr(beginning.size()).find('.') != handle.npos)
    return fold(user) + "@" + std::string(handle.substr(beginning.size()));
  if (handle.size() > ending.size() && handle.ends_with(ending))
    return std::string(handle.substr(0, handle.size() - ending.size())) + "@" + host_of(page);
  return {};
}

bool from_fediverse(Finding& copy, std::string_view handle, const std::string& page) {
  Post& post = copy.post;
  auto account = account_of(handle, page);
  if (account.empty()) return false;
  auto path = path_of(page);
  auto id = mastodon_id_at_home(page);
  std::string uri;  // as Mastodon has it for accounts older than 4.6; the page does not say
  if (id != page && path.size() == 2)
    uri = fmt::format("https://{}/users/{}/statuses/{}", host_of(page), path[0].substr(1), id);
  take_names(post, page, page, {uri});
  post.platform = "mastodon";
  post.host = host_of(page);
  take_author(post.author, account, {});
  copy.home_id = id;
  return true;
}

}  // namespace

bool name_original(Finding& copy) {
  const auto* bridge = std::ranges::find(bridges, copy.post.host, &Bridge::host);
  bool stands_there = bridge != bridges.end() && copy.post.uri.starts_with(fmt::format("https://{}/", bridge->host));
  if (!stands_there || !bridge->read(copy)) return false;
  copy.post.bridge = bridge->name;
  return true;
}

bool name_bluesky_original(Finding& copy, const std::string& original) {
  std::string_view handle = copy.post.author.handle;
  auto without = [&](std::string_view ending) { return std::string(handle.substr(0, handle.size() - ending.size())); };
  bool is_address = std::ranges::all_of(original, [](char c) { return static_cast<unsigned char>(c) > ' '; });
  if (!is_address || !original.starts_with("https://") || host_of(original).empty()) return false;
  bool named = false;
  if (handle.ends_with(fediverse_handles)) named = from_fediverse(copy, without(fediverse_handles), original);
  if (handle.ends_with(web_handles)) named = from_page(copy, original);
  if (named) copy.post.bridge = bluesky_bridge;
  return named;
}

}  // namespace campaignd
