#include "connectors/reading/html.hpp"

#include <libxml/HTMLparser.h>

#include <algorithm>
#include <array>

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

/// Reads the reference at text[at] == '&'; returns the characters consumed, 0 when it is none.
std::size_t decode_one(std::string_view text, std::size_t at, std::string& out) {
  auto rest = text.substr(at + 1, 32);
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
    if (i == first) return 0;
    append_utf8(out, from_windows_1252(code));
    return 1 + i + (i < rest.size() && rest[i] == ';' ? 1 : 0);
  }
  std::size_t length = 0;
  while (length < rest.size() && is_alnum(rest[length])) ++length;
  if (length == 0 || length == rest.size() || rest[length] != ';') return 0;
  std::string name(rest.substr(0, length));
  if (name == "apos") {
    out += '\'';
  } else {
    const auto* entity = htmlEntityLookup(reinterpret_cast<const xmlChar*>(name.c_str()));
    if (entity == nullptr) return 0;
    append_utf8(out, entity->value);
  }
  return length + 2;
}

/// One tag of the source: its lower-case name, and its href where it has one.
struct Tag {
  std::string name;
  bool closing = false;
  std::string href;
  std::size_t end = 0;  ///< behind its '>'
};

Tag read_tag(std::string_view html, std::size_t at) {
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
    auto value = html.substr(value_start, i - value_start);
    if (quote != '\0' && i < size) ++i;
    if (name.size() == 4 && std::ranges::equal(name, std::string_view("href"), {}, [](char c) { return c | 32; }))
      tag.href = decode_entities(value);
  }
  tag.end = std::min(size, i + 1);
  return tag;
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
    auto consumed = decode_one(text, next, out);
    if (consumed == 0) out += '&', consumed = 1;
    at = next + consumed;
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
      auto consumed = decode_one(html, at, text);
      if (consumed == 0) text += '&', consumed = 1;
      at += consumed;
    } else if (html.substr(at).starts_with("<!--")) {
      auto end = html.find("-->", at + 4);
      at = end == html.npos ? html.size() : end + 3;
    } else if (at + 1 < html.size() && (is_letter(html[at + 1]) || html[at + 1] == '/' || html[at + 1] == '!')) {
      auto tag = read_tag(html, at);
      at = tag.end;
      if (!tag.href.empty()) fragment.links.push_back(std::move(tag.href));
      if (ends_line(tag.name) && !text.empty() && text.back() != '\n') text += '\n';
      if (!tag.closing && (tag.name == "script" || tag.name == "style")) at = skip_raw(html, at, tag.name);
    } else {
      text += html[at++];
    }
  }
  while (!text.empty() && is_space(text.back())) text.pop_back();
  return fragment;
}

}  // namespace campaignd
