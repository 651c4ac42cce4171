#include "daemon/serve/guard.hpp"

#include <catch2/catch.hpp>

using namespace campaignd;
using serve::Head;

namespace {

constexpr int our_port = 8620;

/// 0 when the request is let through, else the status it is refused with.
int status_of(const Head& head, const Config& config = {}) {
  auto refused = serve::refusal(head, config, our_port);
  return refused ? refused->status : 0;
}

Head get(std::string target, Headers more = {}, std::string host = "127.0.0.1:8620") {
  Head head{"GET", std::move(target), {{"host", std::move(host)}}};
  head.headers.insert(head.headers.end(), more.begin(), more.end());
  return head;
}

}  // namespace

TEST_CASE("only our own names are answered, exactly", "[guard]") {
  for (const char* name : {"127.0.0.1:8620", "localhost:8620", "[::1]:8620"}) CHECK(status_of(get("/", {}, name)) == 0);
  for (const char* name : {"127.0.0.1", "127.0.0.1:80", "localhost:8620.evil.example", "evil.example", "LOCALHOST:8620",
                           "", "127.0.0.1:8620@evil.example"}) {
    INFO(name);
    CHECK(status_of(get("/", {}, name)) == 421);
  }
}

TEST_CASE("a request has exactly one Host", "[guard]") {
  CHECK(status_of(Head{"GET", "/", {}}) == 400);
  CHECK(status_of(get("/", {{"host", "127.0.0.1:8620"}})) == 400);
}

TEST_CASE("the host of public_url is one of our names", "[guard]") {
  Config config;
  config.public_url = "https://campaign.example/stats/";
  CHECK(status_of(get("/", {}, "campaign.example"), config) == 0);
  CHECK(status_of(get("/", {}, "campaign.example.evil.example"), config) == 421);
  CHECK(status_of(get("/", {{"origin", "https://campaign.example"}}, "campaign.example"), config) == 0);
}

TEST_CASE("pages of other sites may link here and nothing else", "[guard]") {
  Headers link{{"sec-fetch-site", "cross-site"}, {"sec-fetch-mode", "navigate"}, {"sec-fetch-dest", "document"}};
  CHECK(status_of(get("/", link)) == 0);
  Headers frame{{"sec-fetch-site", "cross-site"}, {"sec-fetch-mode", "navigate"}, {"sec-fetch-dest", "iframe"}};
  CHECK(status_of(get("/", frame)) == 403);
  Headers script{{"sec-fetch-site", "same-site"}, {"sec-fetch-mode", "no-cors"}, {"sec-fetch-dest", "script"}};
  CHECK(status_of(get("/report/summary.csv", script)) == 403);
  CHECK(status_of(get("/", {{"origin", "https://evil.example"}})) == 403);
  CHECK(status_of(get("/", {{"origin", "null"}})) == 403);
  CHECK(status_of(get("/", {{"origin", "http://127.0.0.1:8620"}})) == 0);
}

TEST_CASE("a body is refused however it is announced", "[guard]") {
  CHECK(status_of(get("/", {{"content-length", "0"}})) == 0);
  CHECK(status_of(get("/", {{"content-length", "5"}})) == 413);
  CHECK(status_of(get("/", {{"content-length", "0"}, {"content-length", "0"}})) == 413);
  CHECK(status_of(get("/", {{"transfer-encoding", "chunked"}})) == 413);
  Head post = get("/");
  post.method = "POST";
  CHECK(status_of(post) == 405);
}

TEST_CASE("a path is a path, decoded once", "[guard]") {
  for (const char* path : {"/../etc/passwd", "/web/..%2f..%2fetc", "/web/%2e%2e/x", "/%252e%252e", "/a%00b", "/a\\b",
                           "", "http://evil.example/", "*"}) {
    INFO(path);
    CHECK(status_of(get(path)) == 400);
  }
  CHECK(status_of(get("/api/v1/posts?limit=20&x=%252e")) == 0);
  CHECK(status_of(get("/" + std::string(5000, 'a'))) == 414);
}

TEST_CASE("more header fields than any browser sends are refused", "[guard]") {
  Headers many;
  for (int i = 0; i < 64; ++i) many.emplace_back("x-" + std::to_string(i), "1");
  CHECK(status_of(get("/", many)) == 431);
}
