#include "daemon/config/forms.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "connectors/reading/look_alike.hpp"
#include "connectors/reading/text.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c | 32) >= 'a' && (c | 32) <= 'z'; }

/// What stands behind the colon of a bare host or an address.
std::string_view port_text(std::string_view address) {
  if (auto scheme = address.find("://"); scheme != address.npos) address.remove_prefix(scheme + 3);
  address = address.substr(0, address.find_first_of("/?#"));
  if (auto user = address.rfind('@'); user != address.npos) address.remove_prefix(user + 1);
  auto colon = address.rfind(':');
  return colon == address.npos || address.find(']', colon) != address.npos ? std::string_view{}
                                                                           : address.substr(colon + 1);
}

}  // namespace

std::string nearest(std::string_view word, const std::vector<std::string>& known) {
  return nearest(word, known, std::max<std::size_t>(2, word.size() / 3));
}

std::string nearest(std::string_view word, const std::vector<std::string>& known, std::size_t most) {
  std::string best;
  auto least = most + 1;
  for (const auto& each : known) {
    auto apart = letters_apart(word, each);
    if (apart >= least || apart >= std::max(word.size(), each.size())) continue;
    best = each;
    least = apart;
  }
  return best;
}

std::string did_you_mean(std::string_view word) {
  return word.empty() ? std::string{} : fmt::format("; did you mean '{}'?", word);
}

bool is_cidr(const std::string& text) {
  auto slash = text.find('/');
  auto base = text.substr(0, slash);
  unsigned char bytes[16];
  bool v4 = inet_pton(AF_INET, base.c_str(), bytes) == 1;
  if (!v4 && inet_pton(AF_INET6, base.c_str(), bytes) != 1) return false;
  if (slash == text.npos) return true;
  auto bits = text.substr(slash + 1);
  bool digits = !bits.empty() && bits.size() <= 3 && std::ranges::all_of(bits, is_digit);
  return digits && std::stoi(bits) <= (v4 ? 32 : 128);
}

bool is_name(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return is_digit(c) || is_letter(c) || c == '-' || c == '_'; });
}

std::string id_problem(std::string_view id) {
  if (is_name(id)) return {};
  std::string close;
  for (char c : id)
    if (is_name({&c, 1}))
      close += c;
    else if (!close.empty() && !close.ends_with('-'))
      close += '-';
  return fmt::format("an id is letters, digits, '-' and '_' only{}", did_you_mean(close));
}

std::string hashtag_problem(const std::string& tag) {
  auto body = fold(tag);
  if (body.starts_with('#')) body.erase(0, 1);
  if (!body.empty() && hashtags_in("#" + body) == std::vector{body}) return {};
  std::string close = tag;
  std::erase_if(close, [](char c) { return static_cast<unsigned char>(c) < 0x80 && (!is_name({&c, 1}) || c == '-'); });
  return fmt::format("'{}' cannot be a hashtag, which is letters, digits and '_' only{}", tag, did_you_mean(close));
}

std::string url_problem(const std::string& url) {
  if (url.empty()) return "the address is empty: write one such as https://isp.org.pl/";
  if (std::ranges::any_of(url, [](unsigned char c) { return c <= ' '; }))
    return fmt::format("'{}' is no address: there is a space in it", url);
  if (host_of(url).empty()) {
    bool bare = url.find("://") == url.npos && !host_of("https://" + url).empty();
    return bare ? fmt::format("'{0}' is no address: write https://{0}", url)
                : fmt::format("'{}' is no http(s) address: one begins with https://, then comes the server", url);
  }
  auto authority = url.substr(url.find("://") + 3);
  if (authority.substr(0, authority.find_first_of("/?#")).find('@') != url.npos)
    return "an address carries no user name and no password: what asks for one is not read";
  auto port = port_text(url);
  return port.empty() || is_port(port) ? std::string{}
                                       : fmt::format("'{}' is no port: one is a number from 1 to 65535", port);
}

std::string domain_problem(const std::string& text) {
  auto address = text.find("://") == text.npos ? "https://" + text : text;
  auto host = host_of(address);
  bool sound = address != text && host.find('.') != host.npos && url_problem(address).empty();
  if (sound) return {};
  auto close = host.find('.') == host.npos ? std::string{} : address.substr(address.find("://") + 3);
  while (close.ends_with('/')) close.pop_back();
  return fmt::format(
      "'{}' is no domain: write one such as isp.org.pl, or gov.pl/web/mswia where a host is shared, without https://{}",
      text, did_you_mean(close));
}

std::string without_www(std::string host) {
  if (host.starts_with("www.")) host.erase(0, 4);
  return host;
}

bool is_host(std::string_view text) {
  auto colon = text.find(':');
  if (colon == 0 || (colon != text.npos && !is_port(text.substr(colon + 1)))) return false;
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return is_digit(c) || is_letter(c) || c == '-' || c == '.' || c == ':' || static_cast<unsigned char>(c) >= 0x80;
  });
}

bool is_language(std::string_view text) {
  for (bool first = true;; first = false) {
    auto part = text.substr(0, text.find('-'));
    bool sized = first ? part.size() == 2 || part.size() == 3 : !part.empty() && part.size() <= 8;
    if (!sized || !std::ranges::all_of(part, [&](char c) { return is_letter(c) || (!first && is_digit(c)); }))
      return false;
    if (part.size() == text.size()) return true;
    text.remove_prefix(part.size() + 1);
  }
}

std::optional<std::chrono::milliseconds> duration_of(const std::string& text) {
  char* end = nullptr;
  auto number = std::strtod(text.c_str(), &end);
  std::string_view unit(end);
  double ms = unit == "ms"                   ? 1
              : unit == "s"                  ? 1e3
              : unit == "min" || unit == "m" ? 6e4
              : unit == "h"                  ? 3.6e6
              : unit == "d"                  ? 8.64e7
                                             : 0;
  constexpr double a_second = 1e3, a_year = 366 * 8.64e7;
  if (!(number * ms >= a_second && number * ms <= a_year)) return std::nullopt;
  return std::chrono::milliseconds(static_cast<std::int64_t>(number * ms));
}

bool is_port(std::string_view text) {
  return !text.empty() && text.size() <= 5 && std::ranges::all_of(text, is_digit) &&
         std::atoi(std::string(text).c_str()) <= 65535;
}

bool is_detour(std::string_view text) {
  auto equals = text.find('=');
  auto has_port = [](std::string_view side) { return side.rfind(':') < side.size() - 1; };
  return equals != text.npos && has_port(text.substr(0, equals)) && has_port(text.substr(equals + 1));
}

std::optional<int> port_of(std::string_view address) {
  auto digits = port_text(address);
  if (!is_port(digits)) return std::nullopt;
  return std::atoi(std::string(digits).c_str());
}

}  // namespace campaignd
