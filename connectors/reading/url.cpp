#include "connectors/reading/url.hpp"

#include <boost/url.hpp>

namespace campaignd {

namespace urls = boost::urls;

namespace {
bool is_unreserved(char c) {
  return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') || c == '-' || c == '.' || c == '_' || c == '~';
}
int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if ((c | 32) >= 'a' && (c | 32) <= 'f') return (c | 32) - 'a' + 10;
  return -1;
}

/// What no URL may hold, percent-encoded; what is encoded stays.
std::string escape_illegal(std::string_view url) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  bool fragment = false;
  for (std::size_t i = 0; i < url.size(); ++i) {
    auto byte = static_cast<unsigned char>(url[i]);
    bool percent = byte == '%' && !(i + 2 < url.size() && hex_digit(url[i + 1]) >= 0 && hex_digit(url[i + 2]) >= 0);
    bool bad = byte <= ' ' || byte >= 0x7F || percent ||
               std::string_view("\"<>\\^`{|}").find(url[i]) != std::string_view::npos || (byte == '#' && fragment);
    fragment = fragment || byte == '#';
    if (bad)
      out.append("%").append(1, digits[byte >> 4]).append(1, digits[byte & 15]);
    else
      out += url[i];
  }
  return out;
}
}  // namespace

std::string host_of(std::string_view url) {
  auto scheme = url.find("://");
  if (scheme == url.npos) return {};
  std::string name(url.substr(0, scheme));
  for (char& c : name) c = static_cast<char>(c | 32);
  if (name != "http" && name != "https") return {};
  auto rest = url.substr(scheme + 3);
  rest = rest.substr(0, rest.find_first_of("/?#\\"));
  if (auto at = rest.rfind('@'); at != rest.npos) rest.remove_prefix(at + 1);
  rest = rest.starts_with('[') ? rest.substr(0, rest.find(']') == rest.npos ? rest.npos : rest.find(']') + 1)
                               : rest.substr(0, rest.find(':'));
  std::string host(rest);
  for (char& c : host)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 32);
  return host;
}

std::string resolve(std::string_view base, std::string_view reference) {
  while (!reference.empty() && static_cast<unsigned char>(reference.front()) <= ' ') reference.remove_prefix(1);
  while (!reference.empty() && static_cast<unsigned char>(reference.back()) <= ' ') reference.remove_suffix(1);
  if (reference.empty()) return std::string(base.substr(0, base.find('#')));
  auto colon = reference.find(':');
  if (base.empty() || (colon != reference.npos && colon < reference.find_first_of("/?#")))
    return std::string(reference);  // absolute: as it is written
  auto clean_base = escape_illegal(base), clean = escape_illegal(reference);
  auto from = urls::parse_uri(clean_base);
  auto to = urls::parse_uri_reference(clean);
  if (!from || !to) return std::string(reference);
  urls::url out;
  if (!urls::resolve(*from, *to, out)) return std::string(reference);
  std::string whole(out.buffer());
  auto path = whole.find('/', whole.find("://") + 3);
  while (path != whole.npos && whole.compare(path, 4, "/../") == 0) whole.erase(path, 3);  // above the root is nothing
  return whole;
}

std::string percent_encode(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (char c : text) {
    if (is_unreserved(c)) {
      out += c;
    } else {
      auto byte = static_cast<unsigned char>(c);
      out += '%';
      out += digits[byte >> 4];
      out += digits[byte & 15];
    }
  }
  return out;
}

std::string percent_decode(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    int high = i + 2 < text.size() && text[i] == '%' ? hex_digit(text[i + 1]) : -1;
    int low = high >= 0 ? hex_digit(text[i + 2]) : -1;
    if (low >= 0) {
      out += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      out += text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

std::string query_value(std::string_view url, std::string_view name) {
  auto at = url.find('?');
  if (at == url.npos) return {};
  auto rest = url.substr(at + 1);
  rest = rest.substr(0, rest.find('#'));
  while (!rest.empty()) {
    auto pair = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
    auto equals = pair.find('=');
    if (percent_decode(pair.substr(0, equals)) == name)
      return equals == pair.npos ? std::string{} : percent_decode(pair.substr(equals + 1));
  }
  return {};
}

bool host_within(std::string_view host, std::string_view domain) {
  if (domain.empty() || !host.ends_with(domain)) return false;
  return host.size() == domain.size() || host[host.size() - domain.size() - 1] == '.';
}

}  // namespace campaignd
