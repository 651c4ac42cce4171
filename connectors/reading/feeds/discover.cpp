#include "connectors/reading/feeds/discover.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "connectors/reading/html.hpp"
#include "connectors/reading/text.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd {

namespace {

constexpr std::size_t most_declared = 10, most_in_all = 20;
constexpr std::size_t longest_address = 2000;
constexpr std::size_t searched = 1 << 20;  ///< bytes of a page; what declares its feeds further down is not found

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 32) : c; }

std::string lowered(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), lower);
  return out;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

/// `name` is in lower case.
bool starts_with_name(std::string_view text, std::string_view name) {
  return text.size() >= name.size() &&
         std::ranges::equal(text.substr(0, name.size()), name, [](char a, char b) { return lower(a) == b; });
}

/// What a <link> element, or one value of a Link header, says.
struct Link {
  std::string href, rel, type, title;

  void set(std::string_view name, std::string value) {
    auto key = lowered(name);
    auto keep = [&](std::string& field) {
      if (field.empty()) field = std::move(value);
    };
    if (key == "href") keep(href);
    if (key == "rel") keep(rel);
    if (key == "type") keep(type);
    if (key == "title") keep(title);
  }
};

bool has_token(std::string_view tokens, std::string_view wanted) {
  while (!(tokens = trimmed(tokens)).empty()) {
    auto token = tokens.substr(0, static_cast<std::size_t>(std::ranges::find_if(tokens, is_space) - tokens.begin()));
    if (lowered(token) == wanted) return true;
    tokens.remove_prefix(token.size());
  }
  return false;
}

/// A feed, as far as its type tells. Plain JSON is as often an interface for programs (WordPress, oEmbed).
bool declares_feed(const Link& link) {
  constexpr std::array<std::string_view, 9> types{
      "application/rss+xml",    "application/atom+xml", "application/feed+json",
      "application/rdf+xml",    "application/json",     "application/x.atom+xml",
      "application/x-atom+xml", "application/xml",      "text/xml"};
  if (link.href.empty() || has_token(link.rel, "stylesheet")) return false;
  auto type = lowered(trimmed(std::string_view(link.type).substr(0, link.type.find(';'))));
  bool of_a_feed = std::ranges::find(types, type) != types.end();
  if (!has_token(link.rel, "feed") && !(has_token(link.rel, "alternate") && of_a_feed)) return false;
  auto href = lowered(link.href);
  return href.find("/wp-json") == href.npos && href.find("rest_route=") == href.npos &&
         href.find("oembed") == href.npos;
}

/// The word stands in titles in many languages; addresses are WordPress's.
bool is_about_comments(const Link& link) {
  auto href = lowered(link.href);
  if (href.find("/comments/") != href.npos || href.find("comments-rss2") != href.npos) return true;
  auto title = fold(link.title);
  constexpr std::array<std::string_view, 8> words{"comment",  "kommentar", "komentar", "komentář",
                                                  "comentar", "commenti",  "комент",   "σχόλι"};
  return std::ranges::any_of(words, [&](std::string_view word) { return title.find(fold(word)) != title.npos; });
}

/// The attributes of the tag whose name ends at `at`; gives the place behind its '>'.
template <class Use>
std::size_t read_attributes(std::string_view html, std::size_t at, Use use) {
  while (at < html.size() && html[at] != '>') {
    if (is_space(html[at]) || html[at] == '/') {
      ++at;
      continue;
    }
    auto begin = at++;
    while (at < html.size() && !is_space(html[at]) && html[at] != '=' && html[at] != '>' && html[at] != '/') ++at;
    auto name = html.substr(begin, at - begin);
    while (at < html.size() && is_space(html[at])) ++at;
    if (at >= html.size() || html[at] != '=') continue;
    ++at;
    while (at < html.size() && is_space(html[at])) ++at;
    char quote = at < html.size() && (html[at] == '"' || html[at] == '\'') ? html[at++] : '\0';
    begin = at;
    while (at < html.size() && (quote != '\0' ? html[at] != quote : html[at] != '>' && !is_space(html[at]))) ++at;
    use(name, html.substr(begin, at - begin));
    if (quote != '\0' && at < html.size()) ++at;
  }
  return std::min(at + 1, html.size());
}

/// Behind the end tag of an element whose content is no markup.
std::size_t skip_raw(std::string_view html, std::size_t at, std::string_view name) {
  for (at = html.find("</", at); at != html.npos; at = html.find("</", at + 2))
    if (starts_with_name(html.substr(at + 2), name)) return at + 2 + name.size();
  return html.size();
}

struct Head {
  std::string base;
  std::vector<Link> links;
};

Head read_head(std::string_view html) {
  Head head;
  html = html.substr(0, searched);
  for (std::size_t at = html.find('<'); at < html.size(); at = html.find('<', at)) {
    auto rest = html.substr(++at);
    if (rest.starts_with("!--")) {
      at = std::min(html.find("-->", at + 3), html.size());
      continue;
    }
    auto end = std::ranges::find_if(rest.substr(0, 16), [](char c) { return is_space(c) || c == '>' || c == '/'; });
    auto name = lowered(rest.substr(0, static_cast<std::size_t>(end - rest.begin())));
    if (name == "script" || name == "style" || name == "title" || name == "textarea") {
      at = skip_raw(html, at, name);
    } else if (name == "base" || name == "link") {
      Link link;
      auto keep = [&](std::string_view key, std::string_view value) { link.set(key, decode_entities(value)); };
      at = read_attributes(html, at + name.size(), keep);
      if (name == "link" && head.links.size() < 200)
        head.links.push_back(std::move(link));
      else if (name == "base" && head.base.empty())
        head.base = std::move(link.href);
    }
  }
  return head;
}

/// `<address>; rel="alternate"; type="…", <another>; …` (RFC 8288 3).
void read_link_header(std::string_view value, std::vector<Link>& links) {
  for (auto open = value.find('<'); open != value.npos && links.size() < 200; open = value.find('<')) {
    auto close = value.find('>', open);
    if (close == value.npos) return;
    Link link;
    link.href = trimmed(value.substr(open + 1, close - open - 1));
    value.remove_prefix(close + 1);
    while (!(value = trimmed(value)).empty() && value.front() == ';') {
      value = trimmed(value.substr(1));
      auto name = value.substr(0, value.find_first_of("=;,"));
      value.remove_prefix(name.size());
      if (value.empty() || value.front() != '=') continue;
      value = trimmed(value.substr(1));
      bool quoted = !value.empty() && value.front() == '"';
      if (quoted) value.remove_prefix(1);
      auto text = value.substr(0, quoted ? value.find('"') : value.find_first_of(";,"));
      value.remove_prefix(std::min(value.size(), text.size() + (quoted ? 1U : 0U)));
      link.set(trimmed(name), std::string(trimmed(text)));
    }
    links.push_back(std::move(link));
  }
}

/// What stands between "://" and the path.
std::string_view authority_of(std::string_view url) {
  auto begin = std::min(url.size(), url.find("://"));
  url.remove_prefix(std::min(url.size(), begin + 3));
  return url.substr(0, url.find_first_of("/?#"));
}

/// The port as written; what the scheme implies where none is.
std::string_view port_of(std::string_view url) {
  auto authority = authority_of(url);
  auto colon = authority.find(':', authority.starts_with('[') ? authority.find(']') : 0);
  if (colon != authority.npos && colon + 1 < authority.size()) return authority.substr(colon + 1);
  return starts_with_name(url, "https:") ? "443" : "80";
}

/// The four numbers of an address; nothing for any other way to write one ("127.1", "0x7f000001").
std::optional<std::array<unsigned, 4>> read_ipv4(std::string_view text) {
  std::array<unsigned, 4> out{};
  for (std::size_t i = 0; i < out.size(); ++i) {
    auto part = text.substr(0, text.find('.'));
    auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), out[i]);
    bool leading_zero = part.size() > 1 && part.front() == '0';
    if (error != std::errc{} || end != part.data() + part.size() || out[i] > 255 || leading_zero) return std::nullopt;
    if ((part.size() == text.size()) != (i == 3)) return std::nullopt;
    text.remove_prefix(std::min(text.size(), part.size() + 1));
  }
  return out;
}

bool is_public(const std::array<unsigned, 4>& ip) {
  auto [a, b, c, d] = ip;
  bool is_private = a == 10 || (a == 172 && b >= 16 && b < 32) || (a == 192 && b == 168) || (a == 100 && b / 64 == 1);
  bool is_local = a == 0 || a == 127 || (a == 169 && b == 254);
  return !is_private && !is_local && a < 224;
}

/// Whether a host may be somebody's out there. The guard at the socket decides; this only saves a poll.
bool may_be_public(std::string_view host) {
  if (host.starts_with('[')) return host.size() > 5 && (host[1] == '2' || host[1] == '3') && host[5] == ':';
  while (host.ends_with('.')) host.remove_suffix(1);
  auto last = host.substr(host.rfind('.') + 1);
  if (last.empty() || last.size() == host.size()) return false;  // "localhost", "printer", "2130706433"
  if (last.front() >= '0' && last.front() <= '9') {
    auto ip = read_ipv4(host);
    return ip && is_public(*ip);
  }
  constexpr std::array<std::string_view, 6> at_home{"localhost", "local", "localdomain", "internal", "lan", "home"};
  return std::ranges::find(at_home, last) == at_home.end();
}

/// Absolute, of http or https, without fragment and user name; empty when it is none.
std::string address_of(const std::string& base, std::string_view href) {
  href = trimmed(href);
  if (starts_with_name(href, "feed:")) href.remove_prefix(href.substr(5).starts_with("//") ? 0 : 5);
  std::string reference(href.substr(0, href.find('#')));
  if (starts_with_name(reference, "feed://")) reference.replace(0, 4, "https");
  if (reference.empty() || reference.size() > longest_address) return {};
  auto url = resolve(base, reference);
  bool is_one = !host_of(url).empty() && authority_of(url).find('@') == std::string_view::npos;
  return is_one && url.size() <= longest_address ? url : std::string{};
}

/// Whether it is worth a request to ask what the page at `page` names.
bool may_answer(const std::string& url, const std::string& page) {
  auto host = host_of(url), port = std::string(port_of(url));
  return (host == host_of(page) || may_be_public(host)) && (port == port_of(page) || port == "80" || port == "443");
}

/// As a base for others: without query and fragment, with a path.
std::string without_tail(std::string url) {
  url.erase(std::min(url.size(), url.find_first_of("?#")));
  if (url.find('/', url.find("://") + 3) == url.npos) url += '/';
  return url;
}

}  // namespace

bool looks_like_html(std::string_view bytes) {
  auto start = lowered(bytes.substr(0, 16 << 10));
  constexpr std::array<std::string_view, 4> signs{"<!doctype html", "<html", "<head>", "<body"};
  return std::ranges::any_of(signs, [&](std::string_view sign) { return start.find(sign) != start.npos; });
}

bool looks_like_feed(std::string_view bytes) {
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  bytes = trimmed(bytes.substr(0, 16 << 10));
  if (bytes.starts_with('{')) return bytes.find("jsonfeed.org/version") != bytes.npos;
  while (bytes.starts_with("<?") || bytes.starts_with("<!")) {
    std::string_view end = bytes.starts_with("<!--") ? "-->" : ">";
    auto at = bytes.find(end);
    if (at == bytes.npos) return false;
    bytes = trimmed(bytes.substr(at + end.size()));
  }
  constexpr std::array<std::string_view, 3> roots{"<rss", "<feed", "<rdf:rdf"};
  return std::ranges::any_of(roots, [&](std::string_view root) {
    auto behind = bytes.substr(std::min(bytes.size(), root.size()));
    return starts_with_name(bytes, root) && (behind.empty() || is_space(behind[0]) || behind[0] == '>');
  });
}

std::vector<std::string> feed_links(std::string_view html, const std::string& base, const Headers& headers) {
  const auto here = without_tail(base);
  auto head = read_head(html);
  auto page_base = address_of(here, head.base);
  if (page_base.empty()) page_base = here;
  std::vector<Link> links;
  for (const auto& [name, value] : headers)
    if (name == "link") read_link_header(value, links);
  for (auto& link : links) link.href = address_of(here, link.href);
  for (auto& link : head.links) {
    link.href = address_of(page_base, link.href);
    links.push_back(std::move(link));
  }
  std::erase_if(links, [](const Link& link) { return !declares_feed(link); });
  if (!std::ranges::all_of(links, is_about_comments)) std::erase_if(links, is_about_comments);

  std::vector<std::string> out;
  auto add = [&](std::string url, std::size_t most) {
    bool known = url == base || url == here || std::ranges::find(out, url) != out.end();
    if (!url.empty() && !known && out.size() < most && may_answer(url, base)) out.push_back(std::move(url));
  };
  for (auto& link : links) add(std::move(link.href), most_declared);
  for (std::string_view path : {"feed/", "rss.xml", "feed.xml", "atom.xml", "index.xml"}) {
    add(address_of(here, path), most_in_all);
    add(address_of(here, "/" + std::string(path)), most_in_all);
  }
  return out;
}

}  // namespace campaignd
