#pragma once
/// Which addresses we connect to (no request is led into the own network, SSRF). Checked when the socket opens, so
/// redirects and DNS rebinding are covered. Pure.
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/failure.hpp"

struct sockaddr;

namespace campaignd::fetch {

using Address = std::array<std::uint8_t, 16>;  ///< IPv6, or IPv4 as ::ffff:a.b.c.d

std::optional<Address> read_address(std::string_view text);
std::optional<Address> address_of(const sockaddr* socket_address);
std::string to_text(const Address& address);

struct Cidr {
  Address base{};
  int bits = 128;
  bool holds(const Address& address) const;
};
/// "10.0.0.0/8", "fd00::/8", or a single address.
std::optional<Cidr> read_cidr(std::string_view text);

class AddressGuard {
 public:
  /// `allow`: the operator's CIDRs, let through whatever they are.
  explicit AddressGuard(const std::vector<std::string>& allow);
  bool allows(const Address& address) const;

 private:
  std::vector<Cidr> allowed_;
};

/// What is fetched, parsed by the library that fetches, so that checker and fetcher cannot disagree.
struct Target {
  std::string url, scheme, host;
  int port = 0;
};
/// http and https only, no user name, a host, port 80, 443 or one of `ports`.
Result<Target> check_url(const std::string& url, const std::vector<int>& ports);

}  // namespace campaignd::fetch
