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

// The examples of RFC 3986, 5.4, that do not climb above the root.
TEST_CASE("the references of RFC 3986 are resolved as it shows", "[url]") {
  struct Example {
    const char *reference, *resolved;
  };
  const Example examples[] = {{"g", "http://a/b/c/g"},
                              {"./g", "http://a/b/c/g"},
                              {"g/", "http://a/b/c/g/"},
                              {"/g", "http://a/g"},
                              {"//g", "http://g"},
                              {"?y", "http://a/b/c/d;p?y"},
                              {"g?y", "http://a/b/c/g?y"},
                              {"#s", "http://a/b/c/d;p?q#s"},
                              {"g#s", "http://a/b/c/g#s"},
                              {"g?y#s", "http://a/b/c/g?y#s"},
                              {";x", "http://a/b/c/;x"},
                              {"g;x", "http://a/b/c/g;x"},
                              {"", "http://a/b/c/d;p?q"},
                              {".", "http://a/b/c/"},
                              {"./", "http://a/b/c/"},
                              {"..", "http://a/b/"},
                              {"../", "http://a/b/"},
                              {"../g", "http://a/b/g"},
                              {"../..", "http://a/"},
                              {"../../g", "http://a/g"},
                              {"/./g", "http://a/g"},
                              {"g.", "http://a/b/c/g."},
                              {"..g", "http://a/b/c/..g"},
                              {"./../g", "http://a/b/g"},
                              {"./g/.", "http://a/b/c/g/"},
                              {"g/./h", "http://a/b/c/g/h"},
                              {"g/../h", "http://a/b/c/h"},
                              {"g?y/../x", "http://a/b/c/g?y/../x"},
                              {"g#s/../x", "http://a/b/c/g#s/../x"}};
  for (const auto& [reference, resolved] : examples) {
    INFO(reference);
    CHECK(resolve("http://a/b/c/d;p?q", reference) == resolved);
  }
}

TEST_CASE("an absolute reference stays as it is written", "[url]") {
  for (const char* url : {"https://other.example/a b/../c?d=żółw", "mailto:a@b.example", "HTTP://Other.Example",
                          "tag:x,2025:1", "data:text/plain,a b"}) {
    INFO(url);
    CHECK(resolve("https://news.example/", url) == url);
  }
  CHECK(resolve("https://news.example/", " \n https://other.example/ \t") == "https://other.example/");
}

TEST_CASE("a colon behind a slash makes no reference absolute", "[url]") {
  CHECK(resolve("https://news.example/a/", "/2025:1") == "https://news.example/2025:1");
  CHECK(resolve("https://news.example/a/", "b/2025:1") == "https://news.example/a/b/2025:1");
  CHECK(resolve("https://news.example/a/", "?at=10:30") == "https://news.example/a/?at=10:30");
}

TEST_CASE("what no URL may hold is percent-encoded on the way, once", "[url]") {
  const std::string base = "https://news.example/a/";
  CHECK(resolve(base, "two words") == "https://news.example/a/two%20words");
  CHECK(resolve(base, "żółw?q=ł#ś") == "https://news.example/a/%C5%BC%C3%B3%C5%82w?q=%C5%82#%C5%9B");
  CHECK(resolve(base, "a%20b%C5%BC") == "https://news.example/a/a%20b%C5%BC");
  CHECK(resolve(base, "100%|{x}\\y") == "https://news.example/a/100%25%7C%7Bx%7D%5Cy");
  CHECK(resolve(base, "b#c#d") == "https://news.example/a/b#c%23d");
  CHECK(resolve("https://news.example/zażółć gęś/", "b") ==
        "https://news.example/za%C5%BC%C3%B3%C5%82%C4%87%20g%C4%99%C5%9B/b");
}

TEST_CASE("white space around a reference is no part of it", "[url]") {
  CHECK(resolve("https://news.example/a", "\n  b \t") == "https://news.example/b");
  CHECK(resolve("https://news.example/a?q", "  ") == "https://news.example/a?q");
}

TEST_CASE("a reference that cannot be resolved stays as it is", "[url]") {
  CHECK(resolve("", "d") == "d");
  CHECK(resolve("news.example", "d") == "d");
  CHECK(resolve("/a/b", "d") == "d");
  CHECK(resolve("https://news.example/", "//[broken/d") == "//[broken/d");
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
