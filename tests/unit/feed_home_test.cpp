// Of a home page the feed is looked for, remembered, and looked for again when it is gone.
#include "tests/unit/feed_talk.hpp"

using namespace campaignd;
using namespace campaignd::test;
using namespace campaignd::test::feeds;
using namespace std::chrono_literals;

namespace {

/// One poll of a home page, request after request.
class HomePoll {
 public:
  explicit HomePoll(const Cursor& cursor = {}, sys_ms at = now) : at_(at) {
    SourceSettings home;
    home.url = "https://paper.example/";
    job_ = make_feed(home)->discover(cursor);
  }
  std::string ask() {
    asked_ = job_->ask(at_);
    return asked_.url;
  }
  Result<Page> hear(int status, const std::string& body, const Headers& headers = {}) {
    return job_->read(reply(asked_, status, body, at_, headers));
  }
  /// The next request is to `url`, and the poll goes on after its answer.
  void goes_on(const std::string& url, int status, const std::string& body) {
    CHECK(ask() == url);
    auto page = hear(status, body);
    REQUIRE(page.has_value());
    CHECK(page->more);
    CHECK(page->found.empty());
    cursor_ = page->cursor;
  }
  Page ends(const std::string& url, int status, const std::string& body, const Headers& headers = {}) {
    CHECK(ask() == url);
    auto page = hear(status, body, headers);
    REQUIRE(page.has_value());
    CHECK_FALSE(page->more);
    return *page;
  }
  const Cursor& cursor() const { return cursor_; }

 private:
  std::unique_ptr<Job> job_;
  sys_ms at_;
  Request asked_{std::string()};
  Cursor cursor_;
};

const std::string home_page =
    "<!DOCTYPE html><html><head><link rel=alternate type=application/rss+xml "
    "href=/news/rss><title>t</title></head></html>";
const std::string home = "https://paper.example/", found = "https://paper.example/news/rss";

/// The cursor after the feed was found.
Cursor after_finding(const Headers& headers = {}) {
  HomePoll poll;
  poll.goes_on(home, 200, home_page);
  return poll.ends(found, 200, rss_of({"1"}), headers).cursor;
}

}  // namespace

TEST_CASE("of a home page the feed it names is read, and asked directly from then on", "[feed][discover]") {
  auto cursor = after_finding(validators("\"v1\"", ""));
  HomePoll next(cursor, now + 30min);
  auto page = next.ends(found, 304, "");
  CHECK(page.joins_last);
  HomePoll after(page.cursor, now + 1h);
  CHECK(after.ends(found, 200, rss_of({"2", "1"})).joins_last);
}

TEST_CASE("what is found is judged by its content: sites send unknown paths home", "[feed][discover]") {
  HomePoll poll;
  poll.goes_on(home, 200, bare_page);
  poll.goes_on("https://paper.example/feed/", 200, bare_page);
  poll.goes_on("https://paper.example/rss.xml", 404, "");
  auto page = poll.ends("https://paper.example/feed.xml", 200, rss_of({"1"}), {{"content-type", "text/html"}});
  CHECK(page.found.size() == 1U);
}

TEST_CASE("a home page without a feed is malformed after twelve requests, and says what was tried",
          "[feed][discover]") {
  HomePoll poll;
  poll.ask();
  auto page = poll.hear(200, bare_page);
  int requests = 1;
  while (page && page->more && requests < 100) {
    poll.ask();
    ++requests;
    page = poll.hear(200, bare_page);
  }
  CHECK(requests <= 12);
  REQUIRE_FALSE(page.has_value());
  CHECK(page.error().code == Failure::malformed);
  CHECK(page.error().message.find("https://paper.example/feed/") != std::string::npos);
}

TEST_CASE("a home page without a feed may be read as a page, and the failure says so", "[feed][discover]") {
  HomePoll poll;
  poll.ask();
  auto page = poll.hear(200, bare_page);
  for (int i = 0; page && i < 20; ++i) {
    poll.ask();
    page = poll.hear(404, "");
  }
  REQUIRE_FALSE(page.has_value());
  CHECK(page.error().message.ends_with("or use connector = \"page\" if the site has no feed"));
}

TEST_CASE("an address on a private network that a page names is passed over", "[feed][discover]") {
  HomePoll poll;
  poll.goes_on(home, 200,
               "<html><head><link rel=alternate type=application/rss+xml href=http://192.168.0.1/feed></head></html>");
  CHECK(poll.ask() == "https://paper.example/feed/");
}

TEST_CASE("an empty answer where the feed may be is passed over", "[feed][discover]") {
  HomePoll poll;
  poll.goes_on(home, 200, home_page);
  poll.goes_on(found, 200, "");
  CHECK(poll.ask() == "https://paper.example/feed/");
}

TEST_CASE("a host that says 429 is not asked for other addresses", "[feed][discover]") {
  HomePoll poll;
  poll.goes_on(home, 200, bare_page);
  poll.ask();
  auto page = poll.hear(429, "");
  REQUIRE_FALSE(page.has_value());
  CHECK(page.error().code == Failure::throttled);
}

// A host that is no more, named by a page: no answer ever comes, and the poll ends there.
TEST_CASE("the next poll begins behind an address that gave no answer", "[feed][discover]") {
  HomePoll poll;
  poll.goes_on(home, 200, home_page);
  CHECK(poll.ask() == found);
  HomePoll next(poll.cursor(), now + 1h);
  next.goes_on(home, 200, home_page);
  CHECK(next.ask() == "https://paper.example/feed/");
}

TEST_CASE("a feed that shows a page is waited for some hours, then looked for again", "[feed][discover]") {
  auto cursor = after_finding();
  HomePoll soon(cursor, now + 1h);
  CHECK(soon.ask() == found);
  auto page = soon.hear(200, bare_page);
  REQUIRE_FALSE(page.has_value());
  CHECK(page.error().code == Failure::malformed);
  HomePoll late(cursor, now + 7h);
  late.goes_on(found, 200, bare_page);
  late.goes_on(home, 200, home_page);
  CHECK(late.ends(found, 200, rss_of({"2", "1"})).joins_last);
}

TEST_CASE("a feed that is gone from where it was found is looked for at once", "[feed][discover]") {
  HomePoll poll(after_finding(), now + 1h);
  poll.goes_on(found, 404, "");
  CHECK(poll.ask() == home);
}

TEST_CASE("a server in trouble does not make us look elsewhere", "[feed][discover]") {
  for (int status : {429, 500, 503}) {
    HomePoll poll(after_finding(), now + 48h);
    CHECK(poll.ask() == found);
    CHECK_FALSE(poll.hear(status, bare_page).has_value());
  }
}
