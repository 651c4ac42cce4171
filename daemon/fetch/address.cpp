#include "daemon/fetch/address.hpp"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <fmt/format.h>
#include <netinet/in.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <memory>

#include "connectors/http.hpp"

namespace campaignd::fetch {

namespace {

Address mapped(const std::uint8_t* four) {
  Address out{};
  out[10] = out[11] = 0xFF;
  std::memcpy(out.data() + 12, four, 4);
  return out;
}

bool is_mapped(const Address& a) {
  return std::all_of(a.begin(), a.begin() + 10, [](auto b) { return b == 0; }) && a[10] == 0xFF && a[11] == 0xFF;
}

/// The IPv4 address inside an IPv6 one: ::a.b.c.d, 6to4, NAT64.
std::optional<Address> embedded_ipv4(const Address& a) {
  auto starts = [&](std::initializer_list<std::uint8_t> bytes) {
    return std::equal(bytes.begin(), bytes.end(), a.begin());
  };
  if (starts({0x20, 0x02})) return mapped(a.data() + 2);
  if (starts({0x00, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0})) return mapped(a.data() + 12);
  if (starts({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0})) return mapped(a.data() + 12);
  return std::nullopt;
}

const std::vector<Cidr>& blocked() {
  static const std::vector<Cidr> list = [] {
    std::vector<Cidr> out;
    for (std::string_view text :
         {"0.0.0.0/8",     "10.0.0.0/8",      "100.64.0.0/10",  "127.0.0.0/8",    "169.254.0.0/16",
          "172.16.0.0/12", "192.0.0.0/24",    "192.0.2.0/24",   "192.88.99.0/24", "192.168.0.0/16",
          "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4",    "240.0.0.0/4",
          "::/128",        "::1/128",         "fc00::/7",       "fe80::/10",      "fec0::/10",
          "ff00::/8",      "2001:db8::/32",   "2001::/32",      "64:ff9b:1::/48", "100::/64"})
      out.push_back(*read_cidr(text));
    return out;
  }();
  return list;
}

struct UrlPart {
  char* text = nullptr;
  UrlPart() = default;
  UrlPart(const UrlPart&) = delete;
  UrlPart& operator=(const UrlPart&) = delete;
  ~UrlPart() { curl_free(text); }
};

}  // namespace

std::optional<Address> read_address(std::string_view text) {
  std::string copy(text);
  std::uint8_t four[4];
  if (inet_pton(AF_INET, copy.c_str(), four) == 1) return mapped(four);
  Address six{};
  if (inet_pton(AF_INET6, copy.c_str(), six.data()) == 1) return six;
  return std::nullopt;
}

std::optional<Address> address_of(const sockaddr* socket_address) {
  if (socket_address->sa_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, socket_address, sizeof v4);
    return mapped(reinterpret_cast<const std::uint8_t*>(&v4.sin_addr));
  }
  if (socket_address->sa_family == AF_INET6) {
    sockaddr_in6 v6{};
    std::memcpy(&v6, socket_address, sizeof v6);
    Address out{};
    std::memcpy(out.data(), &v6.sin6_addr, out.size());
    return out;
  }
  return std::nullopt;
}

std::string to_text(const Address& address) {
  char buffer[INET6_ADDRSTRLEN] = {};
  if (is_mapped(address))
    inet_ntop(AF_INET, address.data() + 12, buffer, sizeof buffer);
  else
    inet_ntop(AF_INET6, address.data(), buffer, sizeof buffer);
  return buffer;
}

bool Cidr::holds(const Address& address) const {
  auto whole = static_cast<std::size_t>(bits / 8);
  if (!std::equal(base.begin(), base.begin() + static_cast<std::ptrdiff_t>(whole), address.begin())) return false;
  if (bits % 8 == 0) return true;
  auto mask = static_cast<std::uint8_t>(0xFF << (8 - bits % 8));
  return (base[whole] & mask) == (address[whole] & mask);
}

std::optional<Cidr> read_cidr(std::string_view text) {
  auto slash = text.find('/');
  auto base = read_address(text.substr(0, slash));
  if (!base) return std::nullopt;
  bool v4 = text.substr(0, slash).find(':') == text.npos;
  int bits = v4 ? 32 : 128;
  if (slash != text.npos) {
    auto number = text.substr(slash + 1);
    auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), bits);
    if (error != std::errc{} || end != number.data() + number.size()) return std::nullopt;
  }
  if (bits < 0 || bits > (v4 ? 32 : 128)) return std::nullopt;
  return Cidr{*base, v4 ? bits + 96 : bits};
}

AddressGuard::AddressGuard(const std::vector<std::string>& allow) {
  for (const auto& text : allow)
    if (auto cidr = read_cidr(text)) allowed_.push_back(*cidr);
}

bool AddressGuard::allows(const Address& address) const {
  auto holds = [&](const Cidr& cidr) { return cidr.holds(address); };
  if (std::ranges::any_of(allowed_, holds)) return true;
  if (std::ranges::any_of(blocked(), holds)) return false;
  if (auto inner = embedded_ipv4(address)) return allows(*inner);
  return true;
}

Result<Target> check_url(const std::string& url, const std::vector<int>& ports) {
  auto refuse = [&](std::string_view why) {
    return Failure{Failure::blocked_address, fmt::format("{} is not fetched: {}", without_query(url), why)};
  };
  std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> parsed(curl_url(), curl_url_cleanup);
  if (curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK) return refuse("it is no URL");
  UrlPart scheme, host, port, user, whole;
  curl_url_get(parsed.get(), CURLUPART_SCHEME, &scheme.text, 0);
  curl_url_get(parsed.get(), CURLUPART_HOST, &host.text, 0);
  curl_url_get(parsed.get(), CURLUPART_PORT, &port.text, CURLU_DEFAULT_PORT);
  curl_url_get(parsed.get(), CURLUPART_USER, &user.text, 0);
  curl_url_set(parsed.get(), CURLUPART_FRAGMENT, nullptr, 0);
  curl_url_get(parsed.get(), CURLUPART_URL, &whole.text, 0);
  if (scheme.text == nullptr || host.text == nullptr || port.text == nullptr || whole.text == nullptr)
    return refuse("it lacks a host");
  Target target{whole.text, scheme.text, host.text, std::atoi(port.text)};
  for (char& c : target.host)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 32);
  if (target.scheme != "http" && target.scheme != "https") return refuse("only http and https are");
  if (user.text != nullptr) return refuse("it carries a user name");
  if (target.port != 80 && target.port != 443 && std::ranges::find(ports, target.port) == ports.end())
    return refuse(fmt::format("port {} is not among those allowed (fetch.ports)", target.port));
  return target;
}

}  // namespace campaignd::fetch
