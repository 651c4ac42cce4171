#include <catch2/catch.hpp>

#include "connectors/platforms/feed.hpp"
#include "tests/unit/support.hpp"

using namespace campaignd;
using namespace campaignd::test;

namespace {

const sys_ms now = utc("2025-06-20T12:00:00Z");
const std::string address = "https://news.example/feed.xml?key=1";

SourceSettings settings() {
  SourceSettings out;
  out.url = address;
  out.language = "pl";
  return out;
}

std::string rss_of(const std::vector<std::string>& ids) {
  std::string out = "<rss version=\"2.0\"><channel><title>News</title>";
  for (const auto& id : ids)
    out += "<item><title>" + id + "</title><link>https://www.news.example/" + id +
           "</link><guid isPermaLink=\"false\">" + id + "</guid><pubDate>Fri, 20 Jun 2025 0" + id +
           ":00:00 GMT</pubDate></item>";
  return out + "</channel></rss>";
}

Headers validators(const std::string& etag, const std::string& date) {
  Headers out;
  if (!etag.empty()) out.emplace_back("etag", etag);
  if (!date.empty()) out.emplace_back("last-modified", date);
  return out;
}

Page polled(const Cursor& cursor, int status, const std::string& body, const Headers& headers = {}) {
  auto job = make_feed(settings())->discover(cursor);
  auto request = job->ask(now);
  auto page = job->read(reply(std::move(request), status, body, now, headers));
  REQUIRE(page.has_value());
  return *page;
}

std::string asked(const Cursor& cursor, std::string_view name) {
  auto request = make_feed(settings())->discover(cursor)->ask(now);
  return std::string(header(request.headers, name));
}

}  // namespace

TEST_CASE("the first poll asks without validators, the next with those of the 200, byte for byte", "[feed]") {
  CHECK(asked({}, "if-none-match").empty());
  CHECK(asked({}, "if-modified-since").empty());
  auto page = polled({}, 200, rss_of({"1"}), validators("W/\"a b\"", "Fri, 20 Jun 2025 07:00:00 GMT"));
  CHECK(asked(page.cursor, "if-none-match") == "W/\"a b\"");
  CHECK(asked(page.cursor, "if-modified-since") == "Fri, 20 Jun 2025 07:00:00 GMT");
  auto request = make_feed(settings())->discover(page.cursor)->ask(now);
  CHECK(request.url == address);
  CHECK(request.bucket == "feed");
  CHECK(request.cost == 1);
}

TEST_CASE("a 304 may bring a new validator, and keeps the old ones where it brings none", "[feed]") {
  auto first = polled({}, 200, rss_of({"1"}), validators("\"v1\"", "Fri, 20 Jun 2025 07:00:00 GMT"));
  auto second = polled(first.cursor, 304, "", validators("\"v2\"", ""));
  CHECK(second.cursor.etag == "\"v2\"");
  CHECK(second.cursor.last_modified == "Fri, 20 Jun 2025 07:00:00 GMT");
  CHECK(second.cursor.position == first.cursor.position);
  CHECK(second.joins_last);
  CHECK(second.found.empty());
  CHECK_FALSE(second.more);
}

TEST_CASE("a 200 without validators takes the old ones away", "[feed]") {
  auto first = polled({}, 200, rss_of({"1"}), validators("\"v1\"", "Fri, 20 Jun 2025 07:00:00 GMT"));
  auto second = polled(first.cursor, 200, rss_of({"1"}));
  CHECK(second.cursor.etag.empty());
  CHECK(second.cursor.last_modified.empty());
}

TEST_CASE("the first poll covers back to its oldest item, a later one joins where it knows an item", "[feed]") {
  auto first = polled({}, 200, rss_of({"3", "2", "1"}));
  CHECK_FALSE(first.joins_last);
  CHECK(shown(first.since) == "2025-06-20T01:00:00.000Z");
  auto joined = polled(first.cursor, 200, rss_of({"5", "4", "3"}));
  CHECK(joined.joins_last);
  CHECK_FALSE(joined.since.has_value());
  auto apart = polled(joined.cursor, 200, rss_of({"9", "8"}));
  CHECK_FALSE(apart.joins_last);
  CHECK(shown(apart.since) == "2025-06-20T08:00:00.000Z");
}

TEST_CASE("an empty feed has nothing older to hide", "[feed]") {
  auto page = polled({}, 200, rss_of({}));
  CHECK(page.joins_last);
  CHECK(page.found.empty());
}

TEST_CASE("what is not 200 is a failure named for its remedy", "[feed]") {
  const std::pair<int, Failure::Code> answers[] = {{403, Failure::refused},     {404, Failure::gone},
                                                   {410, Failure::gone},        {429, Failure::throttled},
                                                   {503, Failure::unavailable}, {302, Failure::malformed}};
  for (const auto& [status, code] : answers) {
    INFO(status);
    auto job = make_feed(settings())->discover({});
    auto request = job->ask(now);
    auto page = job->read(reply(std::move(request), status, "", now));
    REQUIRE_FALSE(page.has_value());
    CHECK(page.error().code == code);
    CHECK(page.error().message.find("key=1") == std::string::npos);
  }
}

TEST_CASE("an article is of its outlet, under its link and its guid", "[feed]") {
  auto page = polled({}, 200, rss_of({"1"}));
  REQUIRE(page.found.size() == 1U);
  const auto& finding = page.found.front();
  CHECK(finding.post.kind == Kind::article);
  CHECK(finding.post.host == "news.example");
  CHECK(finding.post.author.key == "news.example");
  CHECK(finding.post.author.media);
  CHECK(finding.post.uri == "https://www.news.example/1");
  CHECK(finding.post.aliases == std::vector<std::string>{address + "#1"});
  CHECK(finding.post.language == "pl");
  CHECK_FALSE(finding.post.tags.has_value());
  CHECK(finding.counters == Counters{});
}

TEST_CASE("an aggregator's article is of the outlet it names", "[feed]") {
  auto page = polled({}, 200,
                     "<rss><channel><item><title>t</title><link>https://hub.example/1</link>"
                     "<source url=\"https://www.outlet.example/rss\">The Outlet</source></item></channel></rss>");
  REQUIRE(page.found.size() == 1U);
  CHECK(page.found[0].post.author.key == "outlet.example");
  CHECK(page.found[0].post.author.name == "The Outlet");
}

TEST_CASE("an entry without id, link and title is refused and the others kept", "[feed]") {
  auto page = polled(
      {}, 200, "<rss><channel><item><description>x</description></item><item><title>t</title></item></channel></rss>");
  CHECK(page.refused.size() == 1U);
  REQUIRE(page.found.size() == 1U);
  CHECK(page.found[0].post.uri == address + "#t");
  CHECK(page.found[0].post.url.empty());
}

// Its validators would answer the next poll with a 304, and what broke off would never be read.
TEST_CASE("a document that broke off gives no validators", "[feed]") {
  auto body = rss_of({"3", "2", "1"});
  auto page = polled({}, 200, body.substr(0, body.find("<title>1")), validators("\"v1\"", ""));
  CHECK(page.refused.size() == 1U);
  CHECK(page.cursor.etag.empty());
}

TEST_CASE("feeds cannot be measured, and the contract says so", "[feed]") {
  CHECK(feed_contract.batch == 0U);
  bool measurable = make_feed(settings())->measure({}) != nullptr;
  CHECK_FALSE(measurable);
}
