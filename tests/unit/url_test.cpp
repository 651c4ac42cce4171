#include "connectors/reading/url.hpp"

#include <catch2/catch.hpp>

using namespace campaignd;

TEST_CASE("the host of a URL is lower case, without user, port and path", "[url]") {
  CHECK(host_of("HTTPS://User:pw@News.Example:8443/a?b#c") == "news.example");
  CHECK(host_of("http://news.example") == "news.example");
  CHECK(host_of("http://news.example?x") == "news.example");
  CHECK(host_of("http://news.example\\@evil.example/") == "news.example");
}

TEST_CASE("what is no http URL has no host", "[url]") {
  for (const char* url : {"", "news.example", "ftp://news.example/", "mailto:a@news.example", "tag:news.example,2025:1",
                          "//news.example"}) {
    INFO(url);
    CHECK(host_of(url).empty());
  }
}

// "[2001:db8::1]:8080" kept its port, so two spellings of one host were two hosts.
TEST_CASE("the host of an IPv6 URL has no port either", "[url]") {
  CHECK(host_of("http://[2001:db8::1]/") == "[2001:db8::1]");
  CHECK(host_of("http://[2001:DB8::1]:8080/") == "[2001:db8::1]");
}

TEST_CASE("references are resolved as RFC 3986 says", "[url]") {
  const std::string base = "https://news.example/a/b/c?q";
  CHECK(resolve(base, "d") == "https://news.example/a/b/d");
  CHECK(resolve(base, "../d") == "https://news.example/a/d");
  CHECK(resolve(base, "/d?x=1#y") == "https://news.example/d?x=1#y");
  CHECK(resolve(base, "//other.example/d") == "https://other.example/d");
  CHECK(resolve(base, "https://other.example/d") == "https://other.example/d");
}

TEST_CASE("a reference that cannot be resolved stays as it is", "[url]") {
  CHECK(resolve("", "d") == "d");
  CHECK(resolve("https://news.example/", "two words") == "two words");
}

TEST_CASE("percent-encoding keeps only unreserved characters", "[url]") {
  CHECK(percent_encode("aZ09-._~") == "aZ09-._~");
  CHECK(percent_encode("a b&c=d/e#f+g") == "a%20b%26c%3Dd%2Fe%23f%2Bg");
  CHECK(percent_encode("и") == "%D0%B8");
}

TEST_CASE("percent-decoding undoes encoding and leaves broken escapes", "[url]") {
  const std::string text = "a b&c=ż/🎉+%";
  CHECK(percent_decode(percent_encode(text)) == text);
  CHECK(percent_decode("a+b") == "a b");
  CHECK(percent_decode("%zz %4 %") == "%zz %4 %");
}

TEST_CASE("a query parameter is found by its decoded name", "[url]") {
  CHECK(query_value("https://a.example/?x=1&y=%D0%B8&z#x=2", "y") == "и");
  CHECK(query_value("https://a.example/?x=1&x=2", "x") == "1");
  CHECK(query_value("https://a.example/?z", "z").empty());
  CHECK(query_value("https://a.example/?ax=1", "x").empty());
  CHECK(query_value("https://a.example/", "x").empty());
}

TEST_CASE("a host lies within a domain at a dot only", "[url]") {
  CHECK(host_within("news.example", "news.example"));
  CHECK(host_within("www.news.example", "news.example"));
  CHECK_FALSE(host_within("fakenews.example", "news.example"));
  CHECK_FALSE(host_within("news.example", "www.news.example"));
  CHECK_FALSE(host_within("news.example", ""));
}
