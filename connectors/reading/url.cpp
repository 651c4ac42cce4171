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
  auto from = urls::parse_uri(base);
  auto to = urls::parse_uri_reference(reference);
  if (!from || !to) return std::string(reference);
  urls::url out;
  if (!urls::resolve(*from, *to, out)) return std::string(reference);
  return std::string(out.buffer());
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
