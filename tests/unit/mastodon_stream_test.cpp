#include <fmt/format.h>

#include "tests/unit/talk.hpp"

using namespace campaignd;
using namespace campaignd::test;
using namespace std::chrono_literals;

namespace {

const sys_ms noon = utc("2025-06-20T12:00:00Z");
const std::string timeline = "https://home.example/api/v1/timelines/tag/AllIn?limit=40";
const Headers events{{"content-type", "text/event-stream"}};

SourceSettings with_token() {
  SourceSettings out;
  out.host = "home.example";
  out.tags = {"AllIn"};
  out.session = std::make_shared<Session>();
  out.session->credential = "t0ken";
  return out;
}

/// A conversation in which time passes.
class Listening {
 public:
  explicit Listening(const std::string& position = "newest=300", SourceSettings settings = with_token())
      : job_(make_mastodon(settings)->discover(resumed(position, noon, noon))) {}

  std::string ask() {
    asked_ = job_->ask(now);
    return asked_.url;
  }
  const Request& asked() const { return asked_; }
  Page page(int status, const std::string& body, const Headers& headers = {}) {
    auto read = job_->read(reply(asked_, status, body, now, headers));
    REQUIRE(read.has_value());
    return *read;
  }
  Result<Page> hear(int status, const std::string& body, const Headers& headers = {}) {
    return job_->read(reply(asked_, status, body, now, headers));
  }
  /// To the first batch of the stream, the timeline having been read at noon.
  Page open(const std::string& body = ":)\n") {
    ask();
    page(200, "[]");
    ask();
    page(200, R"({"configuration":{"urls":{"streaming":"wss://streaming.home.example"}}})");
    ask();
    return page(200, body, events);
  }
  sys_ms now = noon;

 private:
  std::unique_ptr<Job> job_;
  Request asked_{std::string()};
};

std::string event(const std::string& name, const std::string& data) {
  return "event: " + name + "\ndata: " + data + "\n\n";
}

}  // namespace

TEST_CASE("with a token the timeline is read, then the tag's stream, where the server has it", "[mastodon]") {
  Listening talk;
  CHECK(talk.ask() == timeline + "&min_id=300");
  CHECK(header(talk.asked().headers, "authorization") == "Bearer t0ken");
  auto read = talk.page(200, "[]");
  CHECK(read.joins_last);
  CHECK(read.more);
  CHECK(talk.ask() == "https://home.example/api/v2/instance");
  CHECK(talk.page(200, R"({"configuration":{"urls":{"streaming":"wss://streaming.home.example:4000/x"}}})").more);
  CHECK(talk.ask() == "https://streaming.home.example:4000/api/v1/streaming/hashtag?tag=AllIn");
  CHECK(talk.asked().stream == StreamKind::events);
  CHECK(header(talk.asked().headers, "accept") == "text/event-stream");
  CHECK(header(talk.asked().headers, "authorization") == "Bearer t0ken");
  CHECK(talk.page(200, ":)\n", events).more);
}

TEST_CASE("without a token there is no stream", "[mastodon]") {
  auto settings = with_token();
  settings.session = nullptr;
  Listening talk("newest=300", settings);
  talk.ask();
  CHECK(header(talk.asked().headers, "authorization").empty());
  CHECK_FALSE(talk.page(200, "[]").more);
}

TEST_CASE("a server that does not say where its streams are has them itself", "[mastodon]") {
  for (const std::string said : {"{}", "[", R"({"configuration":{"urls":{"streaming":"http://x/"}}})"}) {
    Listening talk;
    talk.ask();
    talk.page(200, "[]");
    talk.ask();
    talk.page(200, said);
    CHECK(talk.ask() == "https://home.example/api/v1/streaming/hashtag?tag=AllIn");
  }
}

TEST_CASE("what the stream tells is a post without numbers", "[mastodon]") {
  Listening talk;
  auto page = talk.open(event("update", make_status("301")) + event("status.update", make_status("302")) +
                        event("announcement", "{}") + event("update", "{\"id\":\"303\"}") + event("update", "{"));
  REQUIRE(page.found.size() == 2U);
  CHECK(page.found[0].local_id == "301");
  CHECK(page.found[0].counters == Counters{});
  CHECK(page.found[1].local_id == "302");
  CHECK(page.refused.size() == 2U);
  CHECK(page.more);
  CHECK_FALSE(page.joins_last);
  CHECK_FALSE(page.since);
}

TEST_CASE("a deletion is believed of the server's own posts that it showed", "[mastodon]") {
  Listening talk;
  auto far = make_status("302");
  far.replace(far.find("https://home.example"), 20, "https://away.example");
  auto page = talk.open(event("update", make_status("301")) + event("update", far) + event("delete", "301") +
                        event("delete", "302") + event("delete", "299"));
  REQUIRE(page.gone.size() == 1U);
  CHECK(page.gone[0].of.post == 0);
  CHECK(page.gone[0].of.uri == "https://home.example/users/a/statuses/301");
}

TEST_CASE("a post of the timeline is known to the stream", "[mastodon]") {
  Listening talk;
  talk.ask();
  talk.page(200, make_list({make_status("301")}));
  talk.ask();
  talk.page(200, "[]");
  talk.ask();
  talk.page(404, "");
  talk.ask();
  CHECK(talk.page(200, event("delete", "301"), events).gone.size() == 1U);
}

TEST_CASE("beside the stream the timeline is read at once and every five minutes: it alone vouches", "[mastodon]") {
  Listening talk;
  talk.open();
  talk.now = noon + 10s;
  CHECK(talk.ask() == timeline + "&min_id=300");  // what came before the stream was open
  auto between = talk.page(200, make_list({make_status("305")}));
  CHECK(between.more);
  CHECK(talk.ask() == timeline + "&min_id=305");
  auto joined = talk.page(200, "[]");
  CHECK(shown(joined.since) == shown(noon));
  CHECK(joined.more);
  talk.now = noon + 5min;
  CHECK(talk.ask() == "https://streaming.home.example/api/v1/streaming/hashtag?tag=AllIn");
  CHECK_FALSE(talk.page(200, ":thump\n", events).since);
  talk.now = noon + 5min + 10s;
  CHECK(talk.ask() == timeline + "&min_id=305");
  CHECK(shown(talk.page(200, "[]").since) == shown(noon + 10s));
  CHECK(talk.ask().find("/streaming/") != std::string::npos);
}

TEST_CASE("a stream that broke off is not tried again for an hour, but for one that had lasted", "[mastodon]") {
  Listening first;
  auto cursor = first.open().cursor;
  auto streams_after = [](const Cursor& from, std::chrono::minutes later) {
    Listening talk(from.position);
    talk.now = noon + later;
    talk.ask();
    return talk.page(200, "[]").more;
  };
  CHECK_FALSE(streams_after(cursor, 59min));
  CHECK(streams_after(cursor, 60min));
  first.ask();
  first.page(200, "[]");
  first.now = noon + 5min;
  first.ask();
  CHECK(streams_after(first.page(200, "[]").cursor, 6min));
}

TEST_CASE("a broken off stream's time is covered by the timeline read after it", "[mastodon]") {
  Listening first;
  auto cursor = first.open().cursor;
  Listening second(cursor.position);
  second.now = noon + 20min;
  second.ask();
  CHECK(shown(second.page(200, "[]").since) == shown(noon));
}

TEST_CASE("a server that declines its stream is polled, and says so where the token is why", "[mastodon]") {
  auto declined = [](int status, const Headers& headers = {}) {
    Listening talk;
    talk.ask();
    talk.page(200, "[]");
    talk.ask();
    talk.page(200, "{}");
    talk.ask();
    return talk.page(status, "<html>", headers);
  };
  CHECK(declined(403).refused.size() == 1U);
  CHECK(declined(403).refused[0].why.find("read:statuses") != std::string::npos);
  CHECK(declined(404).refused.empty());
  CHECK(declined(502).refused.empty());
  CHECK(declined(200, {{"content-type", "text/html"}}).refused.empty());
  CHECK_FALSE(declined(404).more);
}

TEST_CASE("a token that is not taken is a failure that says what to do", "[mastodon]") {
  Listening talk;
  talk.ask();
  auto failure = talk.hear(401, R"({"error":"The access token is invalid"})");
  REQUIRE(failure.has_error());
  CHECK(failure.error().code == Failure::refused);
  CHECK(failure.error().message.find("credentials/mastodon-home.example") != std::string::npos);
  CHECK(failure.error().message.find("t0ken") == std::string::npos);

  auto job = make_mastodon(with_token())->measure({{1, "home.example", "300", "https://home.example/1"}});
  auto asked = job->ask(noon);
  CHECK(header(asked.headers, "authorization") == "Bearer t0ken");
  auto measured = job->read(reply(asked, 401, "{}", noon));
  REQUIRE(measured.has_error());
  CHECK(measured.error().code == Failure::refused);
}

TEST_CASE("a token is for its server: an account found elsewhere is asked for without", "[mastodon]") {
  auto settings = with_token();
  settings.account = "a@home.example";
  Cursor cursor;
  cursor.position = fmt::format("at=elsewhere.example&asked={}", noon.time_since_epoch().count());
  auto job = make_mastodon(settings)->discover(cursor);
  auto asked = job->ask(noon);
  CHECK(asked.url.starts_with("https://elsewhere.example/"));
  CHECK(header(asked.headers, "authorization").empty());
  cursor.position = fmt::format("asked={}", noon.time_since_epoch().count());
  auto at_home = make_mastodon(settings)->discover(cursor)->ask(noon);
  CHECK(header(at_home.headers, "authorization") == "Bearer t0ken");
}
