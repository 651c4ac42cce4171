#include "tests/unit/feed_talk.hpp"

using namespace campaignd;
using namespace campaignd::test;
using namespace campaignd::test::feeds;
using namespace std::chrono_literals;

namespace {

Page polled(const Cursor& cursor, int status, const std::string& body, const Headers& headers = {}) {
  auto job = make_feed(settings())->discover(cursor);
  auto request = job->ask(now);
  auto page = job->read(reply(std::move(request), status, body, now, headers));
  REQUIRE(page.has_value());
  return *page;
}

std::string asked(const Cursor& cursor, std::string_view name, sys_ms at = now) {
  auto request = make_feed(settings())->discover(cursor)->ask(at);
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

TEST_CASE("a pinned entry is no sign of an overlap, nor is one that stands in the list for ever", "[feed]") {
  auto first = polled({}, 200, rss_of({"1", "4", "3", "2"}));
  CHECK_FALSE(polled(first.cursor, 200, rss_of({"1", "9", "8", "7"})).joins_last);
  CHECK_FALSE(polled(first.cursor, 200, rss_of({"9", "1", "8", "7"})).joins_last);
  CHECK_FALSE(polled(first.cursor, 200, rss_of({"9", "8", "7", "2"})).joins_last);
  CHECK_FALSE(polled(first.cursor, 200, rss_of({"1", "9", "8", "2"})).joins_last);
  CHECK(polled(first.cursor, 200, rss_of({"1", "9", "8", "4", "3"})).joins_last);
  CHECK(polled(first.cursor, 200, rss_of({"1", "9", "8", "4"})).joins_last);
  CHECK(polled(first.cursor, 200, rss_of({"9", "4", "3", "2"})).joins_last);
}

TEST_CASE("a list with nothing new joins, also where an entry was taken out", "[feed]") {
  auto first = polled({}, 200, rss_of({"4", "3", "2", "1"}));
  CHECK(polled(first.cursor, 200, rss_of({"4", "3"})).joins_last);
  CHECK(polled(first.cursor, 200, rss_of({"4", "2", "1"})).joins_last);
  CHECK(polled(first.cursor, 200, rss_of({"4", "3", "2", "1", "0"})).joins_last);
}

TEST_CASE("what is remembered of a long list still joins, whatever it shows first", "[feed]") {
  std::vector<std::string> long_list;
  for (char c = 'a'; c <= 'z'; ++c) long_list.emplace_back(1, c);
  auto first = polled({}, 200, rss_of(long_list));
  long_list.insert(long_list.begin() + 1, "new");
  CHECK(polled(first.cursor, 200, rss_of(long_list)).joins_last);
  long_list.erase(long_list.begin(), long_list.begin() + 3);
  CHECK(polled(first.cursor, 200, rss_of(long_list)).joins_last);
}

TEST_CASE("a feed that shows one entry joins while it is the same", "[feed]") {
  auto first = polled({}, 200, rss_of({"1"}));
  auto same = rss_of({"1"});
  same.insert(same.find("<item>"), "<ttl>60</ttl>");
  CHECK(polled(first.cursor, 200, same).joins_last);
  CHECK(polled(first.cursor, 200, rss_of({"2", "1"})).joins_last);
  CHECK_FALSE(polled(first.cursor, 200, rss_of({"2"})).joins_last);
}

// A feed once numbered every item 0: another list looked like the same.
TEST_CASE("an id that stands on every entry is no sign of an overlap", "[feed]") {
  auto zeros = [](const std::vector<std::string>& titles, bool linked) {
    std::string out = "<rss><channel>";
    for (const auto& each : titles)
      out += "<item><title>" + each + "</title>" + (linked ? "<link>https://news.example/" + each + "</link>" : "") +
             "<guid isPermaLink=\"false\">0</guid></item>";
    return out + "</channel></rss>";
  };
  for (bool linked : {true, false}) {
    auto first = polled({}, 200, zeros({"c", "b", "a"}, linked));
    CHECK_FALSE(polled(first.cursor, 200, zeros({"f", "e", "d"}, linked)).joins_last);
    CHECK(polled(first.cursor, 200, zeros({"d", "c", "b"}, linked)).joins_last);
    REQUIRE(first.found.size() == 3U);
    CHECK(first.found[0].local_id != first.found[1].local_id);
  }
}

TEST_CASE("names that stand on every entry are none: such a feed never joins", "[feed]") {
  auto list = [](const std::string& text) {
    auto item = "<item><link>https://news.example/</link><description>" + text + "</description></item>";
    return "<rss><channel>" + item + item + "</channel></rss>";
  };
  auto first = polled({}, 200, list("a"));
  CHECK_FALSE(polled(first.cursor, 200, list("b")).joins_last);
  auto named = polled({}, 200, rss_of({"4", "3", "2"}));
  CHECK_FALSE(polled(named.cursor, 200, rss_of({"4", "9", "9"})).joins_last);
}

TEST_CASE("a short id that may be every article's is no name of one", "[feed]") {
  auto one = [](const std::string& id, const std::string& link) {
    return "<rss><channel><item><title>t</title>" + (link.empty() ? "" : "<link>" + link + "</link>") +
           "<guid isPermaLink=\"false\">" + id + "</guid></item></channel></rss>";
  };
  const std::string link = "https://news.example/a";
  auto first = polled({}, 200, one("1", link));
  CHECK(first.found.at(0).post.aliases.empty());
  CHECK_FALSE(polled(first.cursor, 200, one("1", "https://news.example/b")).joins_last);
  for (const char* id : {"https://news.example/?p=1", "tag:n,1:1", "urn:a:1", "20250620", "tag:a,1"})
    CHECK(polled({}, 200, one(id, link)).found.at(0).post.aliases == std::vector<std::string>{address + "#" + id});
  for (const char* id : {"1", "1234567", "news"})
    CHECK(polled({}, 200, one(id, link)).found.at(0).post.aliases.empty());
  CHECK(polled({}, 200, one("1", "")).found.at(0).post.uri == address + "#1");
}

TEST_CASE("a feed covers from its newest entry back to where its dates stop descending", "[feed]") {
  auto since = [](const std::vector<std::string>& ids) { return shown(polled({}, 200, rss_of(ids)).since); };
  CHECK(since({"9", "8", "7"}) == "2025-06-20T07:00:00.000Z");
  CHECK(since({"1", "9", "8", "7"}) == "2025-06-20T07:00:00.000Z");
  CHECK(since({"9", "8", "1", "7", "6"}) == "2025-06-20T01:00:00.000Z");
  CHECK(since({"7", "8", "9"}) == "2025-06-20T09:00:00.000Z");
  CHECK(since({"9", "8", "x", "7"}) == "2025-06-20T08:00:00.000Z");
  CHECK(since({"x", "y"}) == "none");
  auto event = rss_of({"9", "8", "7"});  // the last of them has a date to come
  event.replace(event.find("20 Jun 2025 07"), 11, "20 Jul 2025");
  CHECK(shown(polled({}, 200, event).since) == "2025-06-20T08:00:00.000Z");
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

TEST_CASE("an article is of its outlet, under its link", "[feed]") {
  auto page = polled({}, 200, rss_of({"1"}));
  REQUIRE(page.found.size() == 1U);
  const auto& finding = page.found.front();
  CHECK(finding.post.kind == Kind::article);
  CHECK(finding.post.host == "news.example");
  CHECK(finding.post.author.key == "news.example");
  CHECK(finding.post.author.media);
  CHECK(finding.post.uri == "https://www.news.example/1");
  CHECK(finding.post.aliases.empty());
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

TEST_CASE("a document that broke off covers nothing unless it overlaps the last one", "[feed]") {
  auto broken = [](const std::vector<std::string>& ids, const std::string& at) {
    auto body = rss_of(ids);
    return body.substr(0, body.find("<title>" + at));
  };
  auto first = polled({}, 200, broken({"3", "2", "1"}, "1"));
  CHECK_FALSE(first.joins_last);
  CHECK_FALSE(first.since.has_value());
  auto none = polled(first.cursor, 200, broken({"9"}, "9"));
  CHECK_FALSE(none.joins_last);
  CHECK(none.found.empty());
  auto whole = polled({}, 200, rss_of({"4", "3", "2", "1"}));
  auto apart = polled(whole.cursor, 200, broken({"9", "8", "7"}, "7"));
  CHECK_FALSE(apart.joins_last);
  CHECK_FALSE(apart.since.has_value());
  CHECK(polled(whole.cursor, 200, broken({"5", "4", "3", "2"}, "2")).joins_last);
  auto head = polled(whole.cursor, 200, broken({"4", "3"}, "3"));
  CHECK_FALSE(head.joins_last);
  CHECK_FALSE(polled(head.cursor, 200, rss_of({"4", "9", "8"})).joins_last);
}

TEST_CASE("a document equal to the last one is not read again, and joins", "[feed]") {
  auto first = polled({}, 200, rss_of({"2", "1"}), validators("\"v1\"", ""));
  auto second = polled(first.cursor, 200, rss_of({"2", "1"}), validators("\"v2\"", ""));
  CHECK(second.found.empty());
  CHECK(second.joins_last);
  CHECK(second.cursor.etag == "\"v2\"");
  CHECK(polled(second.cursor, 200, rss_of({"3", "2"})).found.size() == 2U);
}

TEST_CASE("a document that broke off is read again, though it is the same", "[feed]") {
  auto body = rss_of({"3", "2", "1"});
  body.resize(body.find("<title>1"));
  auto first = polled({}, 200, body);
  CHECK(polled(first.cursor, 200, body).found.size() == first.found.size());
}

// Servers were seen that say 304 for ever.
TEST_CASE("once a day the whole feed is asked for, whatever its validators say", "[feed]") {
  auto first = polled({}, 200, rss_of({"1"}), validators("\"v1\"", "Fri, 20 Jun 2025 07:00:00 GMT"));
  CHECK(asked(first.cursor, "if-none-match", now + 16h) == "\"v1\"");
  CHECK(asked(first.cursor, "if-none-match", now + 18h).empty());
  CHECK(asked(first.cursor, "if-modified-since", now + 18h).empty());
  auto job = make_feed(settings())->discover(first.cursor);
  auto later = job->read(reply(job->ask(now + 10h), 304, "", now + 10h));
  REQUIRE(later.has_value());
  CHECK(asked(later->cursor, "if-none-match", now + 18h).empty());
  auto whole = make_feed(settings())->discover(later->cursor);
  auto answer = whole->read(reply(whole->ask(now + 18h), 200, rss_of({"1"}), now + 18h, validators("\"v1\"", "")));
  REQUIRE(answer.has_value());
  CHECK(asked(answer->cursor, "if-none-match", now + 19h) == "\"v1\"");
}

TEST_CASE("a clock that was set back asks for the whole feed too", "[feed]") {
  auto first = polled({}, 200, rss_of({"1"}), validators("\"v1\"", ""));
  CHECK(asked(first.cursor, "if-none-match", now - 1h).empty());
}

TEST_CASE("a 304 nobody asked for is malformed", "[feed]") {
  auto job = make_feed(settings())->discover({});
  auto page = job->read(reply(job->ask(now), 304, "", now));
  REQUIRE_FALSE(page.has_value());
  CHECK(page.error().code == Failure::malformed);
}

TEST_CASE("validators that would hide everything to come are not kept", "[feed]") {
  auto future = polled({}, 200, rss_of({"1"}), validators("\"v1\"", "Fri, 20 Jun 2031 07:00:00 GMT"));
  CHECK(future.cursor.last_modified.empty());
  CHECK(future.cursor.etag == "\"v1\"");
  auto frozen = polled({}, 200, rss_of({"1"}), validators("", "Tue, 01 Jan 1980 00:00:00 GMT"));
  CHECK(frozen.cursor.last_modified.empty());
  auto headers = validators("\"v1\"", "Fri, 20 Jun 2025 07:00:00 GMT");
  headers.emplace_back("expires", "0");
  auto expired = polled({}, 200, rss_of({"1"}), headers);
  CHECK(expired.cursor.etag.empty());
  CHECK(expired.cursor.last_modified.empty());
}

TEST_CASE("a position of the first version still joins, and the whole feed is asked for", "[feed]") {
  auto marks = polled({}, 200, rss_of({"2", "1"})).cursor.position;
  auto begin = marks.find("marks=") + 6;
  auto mark = marks.substr(begin, 16);
  Cursor old;
  old.position = mark + " 0123456789abcdef ";
  old.etag = "\"v1\"";
  CHECK(asked(old, "if-none-match").empty());
  CHECK(polled(old, 200, rss_of({"3", "2"})).joins_last);
}

TEST_CASE("a position nobody can read is an empty one", "[feed]") {
  for (const char* position : {"v=99&feed=https%3A%2F%2Fx.example%2F",
                               "v=2&full=99999999999999999999&refresh=-5&hours=x", "=", "&&&==", "v=2&marks=%ZZ"}) {
    Cursor cursor;
    cursor.position = position;
    auto job = make_feed(settings())->discover(cursor);
    CHECK(job->ask(now).url == address);
  }
}

TEST_CASE("how long the feed asks to be left alone is remembered over a 304", "[feed]") {
  auto body = rss_of({"1"});
  body.insert(body.find("<item>"), "<ttl>120</ttl>");
  auto first = polled({}, 200, body, validators("\"v1\"", ""));
  CHECK(first.rest == std::chrono::seconds(2h));
  CHECK(polled(first.cursor, 304, "").rest == std::chrono::seconds(2h));
  CHECK(polled(first.cursor, 200, body).rest == std::chrono::seconds(2h));
  CHECK_FALSE(polled(first.cursor, 200, rss_of({"2"})).rest.has_value());
}

TEST_CASE("a 410 asks for a day, a riddle for browsers is told from a login", "[feed]") {
  auto heard = [](int status, const Headers& headers) {
    auto job = make_feed(settings())->discover({});
    return job->read(reply(job->ask(now), status, "<html></html>", now, headers)).error();
  };
  CHECK(heard(410, {}).retry_after == std::chrono::seconds(24h));
  CHECK_FALSE(heard(404, {}).retry_after.has_value());
  Headers riddle;
  riddle.emplace_back("cf-mitigated", "challenge");
  CHECK(heard(403, riddle).code == Failure::refused);
  CHECK(heard(403, riddle).message.find("Cloudflare") != std::string::npos);
  CHECK(heard(403, {}).message.find("Cloudflare") == std::string::npos);
}

TEST_CASE("an answer that cannot be used says what it was and what to do", "[feed]") {
  auto heard = [](int status, const std::string& body) {
    auto job = make_feed(settings())->discover({});
    return job->read(reply(job->ask(now), status, body, now)).error();
  };
  CHECK(heard(200, "").message == "https://news.example/feed.xml answered with nothing (200, 0 bytes)");
  CHECK(heard(200, "").code == Failure::malformed);
  CHECK(heard(403, "<html></html>").message ==
        "https://news.example/feed.xml: the site refuses programs (403); ask its editors, or look for another address");
}

TEST_CASE("a configured feed that shows a page for a moment is no home page", "[feed][discover]") {
  auto first = polled({}, 200, rss_of({"1"}));
  auto job = make_feed(settings())->discover(first.cursor);
  auto page = job->read(reply(job->ask(now + 1h), 200, bare_page, now + 1h));
  REQUIRE_FALSE(page.has_value());
  CHECK(page.error().message.find("web page") != std::string::npos);
}

TEST_CASE("what is neither feed nor page is malformed at once", "[feed][discover]") {
  for (const char* body : {"", "hello", "<?xml version=\"1.0\"?>", "{\"a\":1}", "<opml></opml>"}) {
    auto job = make_feed(settings())->discover({});
    auto page = job->read(reply(job->ask(now), 200, body, now));
    REQUIRE_FALSE(page.has_value());
    CHECK(page.error().code == Failure::malformed);
  }
}

TEST_CASE("feeds cannot be measured, and the contract says so", "[feed]") {
  CHECK(feed_contract.batch == 0U);
  bool measurable = make_feed(settings())->measure({}) != nullptr;
  CHECK_FALSE(measurable);
}
