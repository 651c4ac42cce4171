#include "daemon/fetch/address.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <catch2/catch.hpp>
#include <cstring>

using namespace campaignd;
using fetch::AddressGuard;
using fetch::check_url;
using fetch::read_address;

namespace {

const AddressGuard guard(std::vector<std::string>{});

bool allowed(const AddressGuard& by, std::string_view text) {
  auto address = read_address(text);
  REQUIRE(address.has_value());
  return by.allows(*address);
}

/// Whether the URL passes, and its host written as an address would be connected to.
bool reaches(const std::string& url) {
  auto target = check_url(url, {});
  if (!target) return false;
  auto host = target->host;
  if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
  auto address = read_address(host);
  return !address || guard.allows(*address);
}

}  // namespace

TEST_CASE("addresses that are not on the public Internet are refused", "[address]") {
  for (const char* text : {"0.0.0.0",
                           "0.1.2.3",
                           "10.0.0.0",
                           "10.255.255.255",
                           "100.64.0.0",
                           "100.127.255.255",
                           "127.0.0.1",
                           "127.255.255.255",
                           "169.254.0.1",
                           "169.254.169.254",
                           "172.16.0.0",
                           "172.31.255.255",
                           "192.0.0.1",
                           "192.0.2.1",
                           "192.88.99.1",
                           "192.168.0.1",
                           "192.168.255.255",
                           "198.18.0.0",
                           "198.19.255.255",
                           "198.51.100.7",
                           "203.0.113.7",
                           "224.0.0.1",
                           "239.255.255.255",
                           "240.0.0.1",
                           "255.255.255.255",
                           "::",
                           "::1",
                           "fc00::1",
                           "fd12:3456::1",
                           "fdff:ffff::1",
                           "fe80::1",
                           "febf::1",
                           "fec0::1",
                           "feff::1",
                           "ff02::1",
                           "ff0e::1",
                           "2001:db8::1",
                           "2001:db8:ffff::1",
                           "2001::1",
                           "2001:0:ffff::1",
                           "64:ff9b:1::1",
                           "100::1"}) {
    INFO(text);
    CHECK_FALSE(allowed(guard, text));
  }
}

TEST_CASE("addresses just outside the refused blocks are allowed", "[address]") {
  for (const char* text : {"1.0.0.0",
                           "1.1.1.1",
                           "8.8.8.8",
                           "9.255.255.255",
                           "11.0.0.0",
                           "100.63.255.255",
                           "100.128.0.0",
                           "126.255.255.255",
                           "128.0.0.0",
                           "169.253.255.255",
                           "169.255.0.0",
                           "172.15.255.255",
                           "172.32.0.0",
                           "192.0.1.0",
                           "192.0.3.0",
                           "192.88.98.255",
                           "192.88.100.0",
                           "192.167.255.255",
                           "192.169.0.0",
                           "198.17.255.255",
                           "198.20.0.0",
                           "198.51.99.255",
                           "198.51.101.0",
                           "203.0.112.255",
                           "203.0.114.0",
                           "223.255.255.255",
                           "2001:db7:ffff::1",
                           "2001:db9::1",
                           "2001:4860:4860::8888",
                           "2400:cb00::1",
                           "2606:4700:4700::1111",
                           "2a00:1450:4001::1"}) {
    INFO(text);
    CHECK(allowed(guard, text));
  }
}

TEST_CASE("an IPv4 address inside an IPv6 one is judged as itself", "[address]") {
  for (const char* text : {"::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::ffff:7f00:1",
                           "::127.0.0.1", "::192.168.0.1", "64:ff9b::127.0.0.1", "64:ff9b::a00:1",
                           "2002:7f00:1::", "2002:a00:1::1", "2002:c0a8:101::1", "2002:a9fe:a9fe::"}) {
    INFO(text);
    CHECK_FALSE(allowed(guard, text));
  }
  for (const char* text : {"::ffff:8.8.8.8", "::8.8.8.8", "64:ff9b::8.8.8.8", "2002:808:808::1"}) {
    INFO(text);
    CHECK(allowed(guard, text));
  }
}

TEST_CASE("the operator's CIDRs are let through and no others", "[address]") {
  const AddressGuard local({"127.0.0.0/8", "192.168.7.0/24", "fd00::/8", "10.1.2.3"});
  for (const char* text : {"127.0.0.1", "::ffff:127.9.9.9", "192.168.7.255", "fd12::1", "10.1.2.3", "8.8.8.8"}) {
    INFO(text);
    CHECK(allowed(local, text));
  }
  for (const char* text : {"::1", "192.168.6.255", "192.168.8.0", "fc00::1", "10.1.2.4"}) {
    INFO(text);
    CHECK_FALSE(allowed(local, text));
  }
}

TEST_CASE("what is no address is read as none", "[address]") {
  for (const char* text : {"", "127.1", "0x7f.1", "2130706433", "1.2.3", "1.2.3.4.5", "256.1.1.1", "1.2.3.4 ",
                           "localhost", ":::", "1::2::3", "[::1]"}) {
    INFO(text);
    CHECK_FALSE(read_address(text).has_value());
  }
}

TEST_CASE("a CIDR has as many bits as its family", "[address]") {
  for (const char* text : {"10.0.0.0/33", "::/129", "10.0.0.0/-1", "10.0.0.0/", "10.0.0.0/8x", "/8", "10.0.0/8"}) {
    INFO(text);
    CHECK_FALSE(fetch::read_cidr(text).has_value());
  }
  auto all = fetch::read_cidr("0.0.0.0/0");
  REQUIRE(all.has_value());
  CHECK(all->holds(*read_address("203.0.113.9")));
  CHECK_FALSE(all->holds(*read_address("2a00::1")));
  auto odd = fetch::read_cidr("172.16.0.0/12");
  REQUIRE(odd.has_value());
  CHECK(odd->holds(*read_address("172.31.0.1")));
  CHECK_FALSE(odd->holds(*read_address("172.32.0.1")));
}

TEST_CASE("addresses are written as people write them", "[address]") {
  CHECK(fetch::to_text(*read_address("8.8.8.8")) == "8.8.8.8");
  CHECK(fetch::to_text(*read_address("::ffff:8.8.8.8")) == "8.8.8.8");
  CHECK(fetch::to_text(*read_address("2A00:0:0::1")) == "2a00::1");
}

TEST_CASE("a socket's address is the address the guard judges", "[address]") {
  sockaddr_in v4{};
  v4.sin_family = AF_INET;
  inet_pton(AF_INET, "10.0.0.1", &v4.sin_addr);
  sockaddr generic{};
  std::memcpy(&generic, &v4, sizeof generic);
  auto address = fetch::address_of(&generic);
  REQUIRE(address.has_value());
  CHECK(fetch::to_text(*address) == "10.0.0.1");
  generic.sa_family = AF_UNIX;
  CHECK_FALSE(fetch::address_of(&generic).has_value());
}

TEST_CASE("a plain URL passes, without its fragment", "[address]") {
  auto target = check_url("https://News.Example/a?b=1#c", {});
  REQUIRE(target.has_value());
  CHECK(target->host == "news.example");
  CHECK(target->scheme == "https");
  CHECK(target->port == 443);
  CHECK(target->url.find('#') == std::string::npos);
  CHECK(check_url("http://news.example", {}).value().port == 80);
  CHECK(check_url("http://news.example:443/", {}).has_value());
}

TEST_CASE("other ways to write the loopback address are seen through", "[address]") {
  for (const char* url :
       {"http://127.0.0.1/", "http://127.1/", "http://0x7f.1/", "http://2130706433/", "http://017700000001/",
        "http://0177.0.0.01/", "http://0x7f000001/", "http://[::1]/", "http://[::ffff:7f00:1]/",
        "http://[::ffff:127.0.0.1]/", "http://0/", "http://169.254.169.254/latest/meta-data"}) {
    INFO(url);
    CHECK_FALSE(reaches(url));
  }
  CHECK(reaches("http://8.8.8.8/"));
  CHECK(reaches("http://news.example/"));
}

TEST_CASE("URLs with a user name, another scheme or no host are refused", "[address]") {
  for (const char* url :
       {"http://user@news.example/", "http://user:secret@news.example/", "https://127.0.0.1@news.example/",
        "ftp://news.example/", "file:///etc/passwd", "gopher://news.example/", "dict://news.example:11211/",
        "javascript:alert(1)", "news.example", "", "http://", "http://news.example\\@127.0.0.1/",
        "http://news\texample/", "http://news.example/\n", "http://news example/", "http://[::1/"}) {
    INFO(url);
    auto target = check_url(url, {});
    REQUIRE_FALSE(target.has_value());
    CHECK(target.error().code == Failure::blocked_address);
  }
}

TEST_CASE("only ports 80, 443 and the operator's are open", "[address]") {
  for (const char* url :
       {"http://news.example:0/", "http://news.example:22/", "http://news.example:25/", "http://news.example:6379/",
        "http://news.example:8080/", "https://news.example:8443/", "http://news.example:65536/"}) {
    INFO(url);
    CHECK_FALSE(check_url(url, {}).has_value());
  }
  CHECK(check_url("https://news.example:8443/", {8443}).has_value());
  CHECK_FALSE(check_url("https://news.example:8444/", {8443}).has_value());
}

TEST_CASE("what stands behind '#' is no host", "[address]") {
  auto target = check_url("http://news.example#@127.0.0.1/", {});
  REQUIRE(target.has_value());
  CHECK(target->host == "news.example");
}

// The sentence goes to the log and to the page; it showed the password.
TEST_CASE("a refusal tells no password and no query", "[address]") {
  auto target = check_url("http://user:secret@news.example/?key=hidden", {});
  REQUIRE_FALSE(target.has_value());
  CHECK(target.error().message.find("hidden") == std::string::npos);
  CHECK(target.error().message.find("secret") == std::string::npos);
}
