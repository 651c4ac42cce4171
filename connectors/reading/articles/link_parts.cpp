#include "connectors/reading/articles/link_parts.hpp"

#include <unicode/idna.h>

#include <array>

#include "connectors/reading/text.hpp"

namespace campaignd {

namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 32) : c; }

int hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  c = lower(c);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/// Lower case and ASCII ("xn--…"); empty for what cannot be a host's name.
std::string ascii_host(std::string_view text) {
  std::string out;
  if (is_ascii(text)) {
    out = lowered(text);
  } else {
    UErrorCode error = U_ZERO_ERROR;
    static const icu::IDNA* const idna = icu::IDNA::createUTS46Instance(UIDNA_NONTRANSITIONAL_TO_ASCII, error);
    if (idna == nullptr || !is_valid_utf8(text)) return {};
    icu::IDNAInfo info;
    icu::StringByteSink<std::string> sink(&out);
    error = U_ZERO_ERROR;
    idna->nameToASCII_UTF8({text.data(), static_cast<std::int32_t>(text.size())}, sink, info, error);
    if (U_FAILURE(error) || info.hasErrors()) return {};
  }
  while (out.ends_with('.')) out.pop_back();
  bool sound = std::ranges::all_of(
      out, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_'; });
  return sound && out.find('.') != out.npos && !out.starts_with('.') ? out : std::string{};
}

std::string folded_host(std::string host) {
  constexpr std::array<std::string_view, 4> prefixes{"www.", "m.", "mobile.", "amp."};
  for (bool again = true; again;) {
    again = false;
    for (auto prefix : prefixes) {
      if (!host.starts_with(prefix) || host.find('.', prefix.size()) == host.npos) continue;
      host.erase(0, prefix.size());
      again = true;
    }
  }
  return host;
}

}  // namespace

std::string lowered(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), lower);
  return out;
}

bool is_unreserved(char c) {
  return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z') || c == '-' || c == '.' || c == '_' || c == '~';
}

std::optional<char> escaped_byte(std::string_view text, std::size_t at) {
  if (at + 2 >= text.size() || text[at] != '%') return std::nullopt;
  int high = hex(text[at + 1]), low = hex(text[at + 2]);
  if (high < 0 || low < 0) return std::nullopt;
  return static_cast<char>(high * 16 + low);
}

std::optional<LinkParts> take_apart(std::string_view url) {
  while (!url.empty() && static_cast<unsigned char>(url.front()) <= 0x20) url.remove_prefix(1);
  while (!url.empty() && static_cast<unsigned char>(url.back()) <= 0x20) url.remove_suffix(1);
  if (url.size() > longest_link) return std::nullopt;
  auto colon = url.find("://");
  bool has_scheme = colon != url.npos && colon < url.find_first_of("/?#");
  if (has_scheme) {
    auto scheme = lowered(url.substr(0, colon));
    if (scheme != "http" && scheme != "https") return std::nullopt;
    url.remove_prefix(colon + 3);
  } else if (url.starts_with("//")) {
    url.remove_prefix(2);
  }
  LinkParts parts;
  auto end = std::min(url.find_first_of("/?#\\"), url.size());
  auto authority = url.substr(0, end);
  auto rest = url.substr(end);
  if (auto at = authority.rfind('@'); has_scheme && at != authority.npos) authority.remove_prefix(at + 1);
  if (auto at = authority.find(':'); at != authority.npos) {
    parts.port = authority.substr(at + 1);
    authority = authority.substr(0, at);
  }
  if (!std::ranges::all_of(parts.port, [](char c) { return c >= '0' && c <= '9'; })) return std::nullopt;
  parts.host = folded_host(ascii_host(authority));
  if (parts.host.empty()) return std::nullopt;
  if (auto at = rest.find('#'); at != rest.npos) {
    parts.fragment = rest.substr(at + 1);
    rest = rest.substr(0, at);
  }
  if (auto at = rest.find('?'); at != rest.npos) {
    parts.query = rest.substr(at + 1);
    rest = rest.substr(0, at);
  }
  parts.path = rest;
  return parts;
}

}  // namespace campaignd
