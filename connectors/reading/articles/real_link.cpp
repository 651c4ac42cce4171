// Links that lead to another one, and whether they say where.
#include <array>

#include "connectors/reading/articles/article.hpp"
#include "connectors/reading/articles/link_parts.hpp"
#include "connectors/reading/base64.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd {

namespace {

/// %XX decoded once, and nothing else: '+' is a plus in a wrapped link.
std::string decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto byte = escaped_byte(text, i);
    out += byte.value_or(text[i]);
    if (byte) i += 2;
  }
  return out;
}

struct Wrapper {
  std::string_view host;  ///< or below it; "google." is Google of any country
  std::string_view path;  ///< begins so
  std::string_view parameter;
};
constexpr std::array wrappers{
    Wrapper{"bing.com", "/news/apiclick", "url"},
    Wrapper{"google.", "/url", "q"},
    Wrapper{"google.", "/url", "url"},
    Wrapper{"google.", "/news/url", "url"},
    Wrapper{"consent.google.com", "/m", "continue"},
    Wrapper{"facebook.com", "/l.php", "u"},
    Wrapper{"l.instagram.com", "/", "u"},
    Wrapper{"l.threads.net", "/", "u"},
    Wrapper{"youtube.com", "/redirect", "q"},
    Wrapper{"linkedin.com", "/redir/redirect", "url"},
    Wrapper{"duckduckgo.com", "/l/", "uddg"},
    Wrapper{"out.reddit.com", "/", "url"},
    Wrapper{"t.umblr.com", "/redirect", "z"},
    Wrapper{"vk.com", "/away.php", "to"},
    Wrapper{"safelinks.protection.outlook.com", "/", "url"},
};

/// Hosts whose links lead elsewhere without saying where.
constexpr std::array<std::string_view, 16> opaque_hosts{"news.google.com",
                                                        "feedproxy.google.com",
                                                        "feeds.feedburner.com",
                                                        "t.co",
                                                        "bit.ly",
                                                        "tinyurl.com",
                                                        "ow.ly",
                                                        "goo.gl",
                                                        "buff.ly",
                                                        "dlvr.it",
                                                        "lnkd.in",
                                                        "trib.al",
                                                        "ift.tt",
                                                        "flip.it",
                                                        "apple.news",
                                                        "is.gd"};

bool host_is(std::string_view host, std::string_view pattern) {
  return pattern.ends_with('.') ? host.starts_with(pattern) : host_within(host, pattern);
}

bool is_web_link(std::string_view url) {
  auto start = lowered(url.substr(0, 8));
  return (start.starts_with("http://") || start.starts_with("https://")) && take_apart(url).has_value();
}

/// A Google News token is base64url of a protobuf message: 08 13 22, a varint, then that many bytes: the page's URL,
/// or, in newer ones, "AU_yqL…", which says nothing.
std::string in_google_token(std::string_view path) {
  auto at = path.rfind("/articles/");
  if (at == path.npos) return {};
  auto bytes = decode_base64(path.substr(at + 10));
  if (!bytes.starts_with("\x08\x13\x22")) return {};
  std::size_t length = 0, from = 3;
  for (unsigned shift = 0; from < bytes.size() && shift <= 14; shift += 7) {
    auto byte = static_cast<unsigned char>(bytes[from++]);
    length |= static_cast<std::size_t>(byte & 0x7FU) << shift;
    if (byte < 0x80) break;
  }
  return length <= bytes.size() - from ? bytes.substr(from, length) : std::string{};
}

/// "google.com/amp/s/host/path" and "host.cdn.ampproject.org/c/s/host/path".
std::string in_amp_cache(const LinkParts& parts) {
  auto path = parts.path;
  std::string_view scheme = "http://";
  auto skip = [&](std::string_view prefix) {
    bool there = path.starts_with(prefix);
    if (there) path.remove_prefix(prefix.size());
    return there;
  };
  bool google = (host_is(parts.host, "google.") || host_is(parts.host, "bing.com")) && skip("/amp/");
  bool cache = host_is(parts.host, "cdn.ampproject.org") && (skip("/c/") || skip("/v/") || skip("/i/") || skip("/wp/"));
  if (!google && !cache) return {};
  if (skip("s/")) scheme = "https://";
  auto out = std::string(scheme) + std::string(path);
  return parts.query.empty() ? out : out + "?" + std::string(parts.query);
}

/// The target a wrapper carries; empty where the link is none.
std::string unwrapped(std::string_view url) {
  auto parts = take_apart(url);
  if (!parts) return {};
  for (const auto& wrapper : wrappers) {
    if (!host_is(parts->host, wrapper.host) || !parts->path.starts_with(wrapper.path)) continue;
    std::string target;
    each_pair(parts->query, [&](std::string_view, std::string_view name, std::string_view value) {
      if (target.empty() && name == wrapper.parameter) target = decoded(value);
    });
    if (is_web_link(target)) return target;
  }
  auto target = host_is(parts->host, "news.google.com") ? in_google_token(parts->path) : in_amp_cache(*parts);
  return is_web_link(target) ? target : std::string{};
}

}  // namespace

std::string real_link(std::string_view url) {
  std::string link(url);
  if (link.size() > longest_link) return link;
  // Each wrapper is longer than what it carries, so this ends.
  for (auto inner = unwrapped(link); !inner.empty(); inner = unwrapped(link)) link = std::move(inner);
  return link;
}

bool hides_page(std::string_view url) {
  auto link = real_link(url);
  auto parts = take_apart(link);
  if (!parts) return false;
  bool wrapper = std::ranges::any_of(wrappers, [&](const Wrapper& each) {
    return each.path.size() > 1 && host_is(parts->host, each.host) && parts->path.starts_with(each.path);
  });
  return wrapper || std::ranges::any_of(opaque_hosts, [&](auto each) { return host_within(parts->host, each); });
}

}  // namespace campaignd
