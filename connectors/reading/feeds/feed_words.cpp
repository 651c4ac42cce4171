#include "connectors/reading/feeds/feed_words.hpp"

#include "connectors/reading/text.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd {

bool lists(std::string_view names, std::string_view name) {
  for (auto at = names.find(name); at != names.npos; at = names.find(name, at + 1)) {
    auto before = names.substr(0, at), behind = names.substr(at + name.size());
    if ((before.empty() || before.ends_with(", ")) && (behind.empty() || behind.starts_with(", "))) return true;
  }
  return false;
}

std::string_view trimmed(std::string_view text) {
  auto first = text.find_first_not_of(" \t\r\n");
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::string lower_case(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 32);
  return out;
}

const std::string* find_attribute(const XmlAttributes& attributes, std::string_view lower_name) {
  for (const auto& each : attributes)
    if (each.name.prefix.empty() && lower_case(each.name.local) == lower_name) return &each.value;
  return nullptr;
}

std::string attribute(const XmlAttributes& attributes, std::string_view lower_name) {
  const auto* found = find_attribute(attributes, lower_name);
  return found == nullptr ? std::string{} : *found;
}

std::optional<std::int64_t> count(std::string_view text) {
  std::int64_t value = 0;
  int digits = 0;
  for (char c : trimmed(text)) {
    if (c == ',' || c == ' ') continue;
    if (c < '0' || c > '9' || ++digits > 12) return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return digits > 0 ? std::optional(value) : std::nullopt;
}

bool holds_markup(std::string_view text) {
  if (text.find("</") != text.npos || text.find("/>") != text.npos) return true;
  auto at = text.find('&');
  return at != text.npos && text.substr(at, 12).find(';') != text.npos;
}

std::string language_tag(std::string_view text) {
  constexpr std::size_t longest = 35;
  auto tag = trimmed(text);
  return tag.size() <= longest && is_ascii(tag) ? std::string(tag) : std::string{};
}

std::string page_link(std::string_view link) {
  std::string out(trimmed(link));
  std::erase_if(out, [](char c) { return c == '\t' || c == '\n'; });  // as browsers do
  auto colon = out.find(':');
  bool may_lead = !host_of(out).empty() || colon == out.npos || out.find_first_of("/?#") < colon;
  return may_lead ? out : std::string{};
}

}  // namespace campaignd
