#include "connectors/reading/html.hpp"

#include <libxml/HTMLparser.h>

#include <algorithm>
#include <array>

#include "connectors/reading/url.hpp"

namespace campaignd {

namespace {

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool is_letter(char c) { return (c | 32) >= 'a' && (c | 32) <= 'z'; }
bool is_alnum(char c) { return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z'); }

void append_utf8(std::string& out, unsigned code) {
  auto byte = [&](unsigned value) { out += static_cast<char>(value); };
  if (code == 0 || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) code = 0xFFFD;
  if (code < 0x80) {
    byte(code);
  } else if (code < 0x800) {
    byte(0xC0 | code >> 6);
    byte(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    byte(0xE0 | code >> 12);
    byte(0x80 | (code >> 6 & 0x3F));
    byte(0x80 | (code & 0x3F));
  } else {
    byte(0xF0 | code >> 18);
    byte(0x80 | (code >> 12 & 0x3F));
    byte(0x80 | (code >> 6 & 0x3F));
    byte(0x80 | (code & 0x3F));
  }
}

/// Numeric references 128–159 mean windows-1252 (HTML 5, 13.2.5.80).
unsigned from_windows_1252(unsigned code) {
  constexpr std::array<unsigned, 32> table{0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                           0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D,   0x017D, 0x8F,
                                           0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                           0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};
  return code >= 0x80 && code < 0xA0 ? table[code - 0x80] : code;
}

}  // namespace

std::size_t decode_reference(std::string_view behind, std::string& out) {
  auto rest = behind.substr(0, 32);
  auto none = [&out] {
    out += '&';
    return std::size_t{0};
  };
  if (rest.starts_with('#')) {
    bool hex = rest.size() > 1 && (rest[1] | 32) == 'x';
    std::size_t i = hex ? 2 : 1;
    auto first = i;
    unsigned code = 0;
    for (; i < rest.size(); ++i) {
      char c = static_cast<char>(rest[i] | 32);
      bool digit = rest[i] >= '0' && rest[i] <= '9';
      if (!digit && !(hex && c >= 'a' && c <= 'f')) break;
      auto value = static_cast<unsigned>(digit ? rest[i] - '0' : c - 'a' + 10);
      code = std::min(code * (hex ? 16U : 10U) + value, 0x110000U);
    }
    if (i == first) return none();
    append_utf8(out, from_windows_1252(code));
    return i + (i < rest.size() && rest[i] == ';' ? 1 : 0);
  }
  std::size_t length = 0;
  while (length < rest.size() && is_alnum(rest[length])) ++length;
  if (length == 0 || length == rest.size() || rest[length] != ';') return none();
  std::string name(rest.substr(0, length));
  if (name == "apos") {
    out += '\'';
  } else {
    const auto* entity = htmlEntityLookup(reinterpret_cast<const xmlChar*>(name.c_str()));
    if (entity == nullptr) return none();
    append_utf8(out, entity->value);
  }
  return length + 1;
}

namespace {

/// A tag of the source: its lower-case name and where it ends.
struct Tag {
  std::string name;
  bool closing = false;
  std::size_t end = 0;  ///< behind its '>'
};

/// Gives every attribute with a value to `each`: its name and its value, both as they are written.
template <class Each>
Tag read_tag(std::string_view html, std::size_t at, Each each) {
  Tag tag;
  auto size = html.size();
  auto i = at + 1;
  if (i < size && html[i] == '/') tag.closing = true, ++i;
  for (; i < size && is_alnum(html[i]); ++i) tag.name += static_cast<char>(html[i] >= 'A' ? html[i] | 32 : html[i]);
  while (i < size && html[i] != '>') {
    if (is_space(html[i]) || html[i] == '/') {
      ++i;
      continue;
    }
    auto name_start = i;
    while (i < size && html[i] != '=' && html[i] != '>' && html[i] != '/' && !is_space(html[i])) ++i;
    if (i == name_start) ++i;
    auto name = html.substr(name_start, i - name_start);
    while (i < size && is_space(html[i])) ++i;
    if (i >= size || html[i] != '=') continue;
    ++i;
    while (i < size && is_space(html[i])) ++i;
    char quote = i < size && (html[i] == '"' || html[i] == '\'') ? html[i++] : '\0';
    auto value_start = i;
    while (i < size && (quote != '\0' ? html[i] != quote : (html[i] != '>' && !is_space(html[i])))) ++i;
    each(name, html.substr(value_start, i - value_start));
    if (quote != '\0' && i < size) ++i;
  }
  tag.end = std::min(size, i + 1);
  return tag;
}

Tag read_tag(std::string_view html, std::size_t at) {
  return read_tag(html, at, [](std::string_view, std::string_view) {});
}

bool is_named(std::string_view name, std::string_view lower) {
  return name.size() == lower.size() && std::ranges::equal(name, lower, {}, [](char c) { return c | 32; });
}

/// Attributes whose value is an address.
bool holds_address(std::string_view name) {
  constexpr std::array<std::string_view, 14> names{"href",    "src",      "cite",       "action",   "background",
                                                   "classid", "codebase", "data",       "longdesc", "poster",
                                                   "profile", "usemap",   "formaction", "icon"};
  return std::ranges::any_of(names, [&](auto each) { return is_named(name, each); });
}

bool ends_line(std::string_view name) {
  constexpr std::array<std::string_view, 16> blocks{"br", "p",  "div", "li", "ul", "ol",         "tr",      "table",
                                                    "h1", "h2", "h3",  "h4", "h5", "blockquote", "article", "section"};
  return std::ranges::find(blocks, name) != blocks.end();
}

/// Behind the end of an element whose content is no text.
std::size_t skip_raw(std::string_view html, std::size_t at, std::string_view name) {
  for (auto i = html.find("</", at); i != html.npos; i = html.find("</", i + 2)) {
    auto same = [](char a, char b) { return (a | 32) == b; };
    auto there = html.substr(i + 2, name.size());
    if (std::ranges::equal(there, name, same)) return read_tag(html, i).end;
  }
  return html.size();
}

}  // namespace

std::string decode_entities(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    auto next = text.find('&', at);
    out.append(text, at, std::min(next, text.size()) - at);
    if (next == text.npos) break;
    at = next + 1 + decode_reference(text.substr(next + 1), out);
  }
  return out;
}

Fragment read_html(std::string_view html) {
  Fragment fragment;
  std::string& text = fragment.text;
  text.reserve(html.size());
  for (std::size_t at = 0; at < html.size();) {
    auto next = std::find_if(html.begin() + static_cast<std::ptrdiff_t>(at), html.end(),
                             [](char c) { return c == '<' || c == '&'; });
    text.append(html, at, static_cast<std::size_t>(next - html.begin()) - at);
    if (next == html.end()) break;
    at = static_cast<std::size_t>(next - html.begin());
    if (html[at] == '&') {
      at += 1 + decode_reference(html.substr(at + 1), text);
    } else if (html.substr(at).starts_with("<!--")) {
      auto end = html.find("-->", at + 4);
      at = end == html.npos ? html.size() : end + 3;
    } else if (at + 1 < html.size() && (is_letter(html[at + 1]) || html[at + 1] == '/' || html[at + 1] == '!')) {
      auto tag = read_tag(html, at, [&](std::string_view name, std::string_view value) {
        if (is_named(name, "href") && !value.empty()) fragment.links.push_back(decode_entities(value));
      });
      at = tag.end;
      if (ends_line(tag.name) && !text.empty() && text.back() != '\n') text += '\n';
      if (!tag.closing && (tag.name == "script" || tag.name == "style")) at = skip_raw(html, at, tag.name);
    } else {
      text += html[at++];
    }
  }
  while (!text.empty() && is_space(text.back())) text.pop_back();
  return fragment;
}

std::string with_absolute_links(std::string_view html, const std::string& base) {
  std::string out;
  std::size_t copied = 0;
  for (auto at = html.find('<'); at < html.size(); at = html.find('<', at)) {
    if (html.substr(at).starts_with("<!--")) {
      at = html.find("-->", at);
      continue;
    }
    bool is_tag = at + 1 < html.size() && is_letter(html[at + 1]);
    if (!is_tag) {
      ++at;
      continue;
    }
    if (read_tag(html, at).end == html.size() && !html.ends_with('>')) break;  // it never ends
    auto tag = read_tag(html, at, [&](std::string_view name, std::string_view value) {
      if (!holds_address(name)) return;
      auto from = static_cast<std::size_t>(value.data() - html.data());
      bool quoted = html[from - 1] == '"' || html[from - 1] == '\'';
      const char* quote = quoted ? "" : "\"";
      out.append(html.substr(copied, from - copied)).append(quote);
      out.append(escape_html(resolve(base, decode_entities(value)))).append(quote);
      copied = from + value.size();
    });
    at = tag.end;
  }
  return out.append(html.substr(copied));
}

std::string escape_html(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (char c : text) {
    if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '&')
      out += "&amp;";
    else if (c == '"')
      out += "&quot;";
    else if (c == '\'')
      out += "&#39;";
    else
      out += c;
  }
  return out;
}

}  // namespace campaignd
