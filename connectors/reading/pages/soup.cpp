#include "connectors/reading/pages/soup.hpp"

#include <algorithm>
#include <array>

#include "connectors/reading/charset.hpp"
#include "connectors/reading/html.hpp"

namespace campaignd {

namespace {

constexpr std::size_t most_attributes = 32, most_tags = 100'000;

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool is_letter(char c) { return (c | 32) >= 'a' && (c | 32) <= 'z'; }
bool is_name(char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '_'; }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 32) : c; }

std::size_t find_folded(std::string_view text, std::string_view lower_needle, std::size_t from) {
  auto same = [](char a, char b) { return lower(a) == b; };
  if (from >= text.size()) return text.npos;
  auto found = std::search(text.begin() + static_cast<std::ptrdiff_t>(from), text.end(), lower_needle.begin(),
                           lower_needle.end(), same);
  return found == text.end() ? text.npos : static_cast<std::size_t>(found - text.begin());
}

/// What <meta> says, at the beginning of a page.
std::string charset_in(std::string_view text) {
  auto at = find_folded(text, "charset=", 0);
  if (at == text.npos) return {};
  at += 8;
  while (at < text.size() && (text[at] == '"' || text[at] == '\'' || is_space(text[at]))) ++at;
  std::string out;
  for (; at < text.size() && out.size() < 40 && (is_name(text[at]) || text[at] == '.' || text[at] == ':'); ++at)
    out += lower(text[at]);
  return out;
}

/// Elements whose content is no text of the page.
bool is_dropped(std::string_view name) {
  constexpr std::array<std::string_view, 13> names{"script", "style", "template", "noscript", "iframe",
                                                   "object", "svg",   "math",     "textarea", "select",
                                                   "canvas", "video", "audio"};
  return std::ranges::find(names, name) != names.end();
}

class Tidy {
 public:
  explicit Tidy(std::string_view html) : html_(html) { out_.reserve(html.size()); }

  Result<std::string> all() {
    while (at_ < html_.size()) {
      auto next = std::min(html_.find('<', at_), html_.size());
      escape(decode_entities(html_.substr(at_, next - at_)));
      at_ = next;
      if (at_ < html_.size()) markup();
      if (tags_ > most_tags) return Failure{Failure::too_large, "the page has more than 100,000 tags"};
    }
    return std::move(out_);
  }

 private:
  char peek(std::size_t ahead = 0) const { return at_ + ahead < html_.size() ? html_[at_ + ahead] : '\0'; }

  void escape(std::string_view text) {
    for (char c : text) {
      if (c == '&')
        out_ += "&amp;";
      else if (c == '<')
        out_ += "&lt;";
      else if (c == '>')
        out_ += "&gt;";
      else if (c == '"')
        out_ += "&quot;";
      else
        out_ += c;
    }
  }

  void markup() {
    if (html_.substr(at_).starts_with("<!--")) {
      auto end = html_.find("-->", at_ + 4);
      at_ = end == html_.npos ? html_.size() : end + 3;
    } else if (peek(1) == '!' || peek(1) == '?') {
      auto end = html_.find('>', at_);
      at_ = end == html_.npos ? html_.size() : end + 1;
    } else if (is_letter(peek(1)) || (peek(1) == '/' && is_letter(peek(2)))) {
      tag();
    } else {
      out_ += "&lt;";
      ++at_;
    }
  }

  void tag() {
    bool closing = peek(1) == '/';
    at_ += closing ? 2 : 1;
    auto name = take_name();
    auto before = out_.size();
    out_ += closing ? "</" : "<";
    out_ += name;
    bool closed = attributes(closing);
    out_ += '>';
    ++tags_;
    if (!closed || is_dropped(name)) out_.resize(before);
    if (!closing && is_dropped(name)) skip_to_end_of(name);
  }

  std::string take_name() {
    std::string name;
    for (; is_name(peek()); ++at_) name += lower(peek());
    return name.size() > 30 ? std::string("span") : name;
  }

  /// Up to and with the '>'; false where there is none.
  bool attributes(bool closing) {
    for (std::size_t count = 0; at_ < html_.size();) {
      if (peek() == '>') return ++at_, true;
      if (!is_letter(peek())) {
        ++at_;
        continue;
      }
      std::string name;
      for (; at_ < html_.size() && !is_space(peek()) && peek() != '=' && peek() != '>' && peek() != '/'; ++at_)
        name += lower(peek());
      auto value = take_value();
      if (closing || name.size() > 40 || !std::ranges::all_of(name, is_name) || count++ >= most_attributes) continue;
      out_ += ' ' + name + "=\"";
      escape(decode_entities(value));
      out_ += '"';
    }
    return false;
  }

  std::string_view take_value() {
    while (is_space(peek())) ++at_;
    if (peek() != '=') return {};
    ++at_;
    while (is_space(peek())) ++at_;
    char quote = peek() == '"' || peek() == '\'' ? peek() : '\0';
    if (quote != '\0') ++at_;
    auto first = at_;
    while (at_ < html_.size() && (quote != '\0' ? peek() != quote : peek() != '>' && !is_space(peek()))) ++at_;
    auto value = html_.substr(first, at_ - first);
    if (quote != '\0' && at_ < html_.size()) ++at_;
    return value;
  }

  void skip_to_end_of(const std::string& name) {
    auto end = find_folded(html_, "</" + name, at_);
    at_ = end == html_.npos ? html_.size() : std::min(html_.find('>', end), html_.size() - 1) + 1;
  }

  std::string_view html_;
  std::size_t at_ = 0, tags_ = 0;
  std::string out_;
};

}  // namespace

std::string decode_html(std::string_view bytes, std::string_view content_type) {
  auto charset = charset_of(content_type);
  return to_utf8(bytes, charset.empty() ? charset_in(bytes.substr(0, 2048)) : charset);
}

Result<std::string> tidy_markup(std::string_view html) { return Tidy(html).all(); }

}  // namespace campaignd
