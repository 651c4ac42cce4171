#include "connectors/platforms/misskey.hpp"

#include <catch2/catch.hpp>

#include "connectors/platforms/misskey_note.hpp"
#include "tests/unit/talk.hpp"

using namespace campaignd;
using namespace campaignd::test;

namespace {

const sys_ms now = utc("2025-06-20T12:00:00Z");
const std::string search = "https://social.example/api/notes/search-by-tag";
const std::string asked = "&asked=" + std::to_string(now.time_since_epoch().count());

/// A note as its own server shows it; `more` is further members, each beginning with a comma.
std::string note(const std::string& id, const std::string& created = "2025-06-20T08:00:00.000Z",
                 const std::string& more = "") {
  return R"({"id":")" + id + R"(","createdAt":")" + created +
         R"(","user":{"username":"Ann","host":null},"text":"#AllIn","visibility":"public","renoteCount":1)" + more +
         "}";
}

std::string error(const std::string& code) { return R"({"error":{"message":"x","code":")" + code + R"(","id":"1"}})"; }

SourceSettings one_tag() {
  auto out = social_settings();
  out.tags = {"AllIn"};
  return out;
}

Cursor at(const std::string& position, const std::string& software = "misskey+2025.6.0") {
  Cursor out;
  out.position = position + asked + "&software=" + software;
  return out;
}

Talk poll(const Cursor& cursor, const SourceSettings& settings = one_tag()) {
  return {make_misskey(settings)->discover(cursor), now};
}

Talk measure(const std::vector<std::string>& ids) {
  std::vector<PostRef> posts;
  for (const auto& id : ids) posts.push_back({1, "social.example", id, "https://social.example/notes/" + id});
  return {make_misskey({})->measure(posts), now};
}

std::string notice_in(const Page& page) {
  for (const auto& each : page.refused)
    if (each.id.empty()) return each.why;
  return {};
}

Result<Finding> read(const std::string& text) {
  Result<Finding> out = Failure{};
  REQUIRE(read_json(text, [&](Json json) { out = read_note(json, "social.example"); }).has_value());
  return out;
}

Failure failure_of(int status, const std::string& body, const Headers& headers = {}) {
  auto talk = poll(at("newest=b&oldest="));
  talk.ask();
  auto said = talk.hear(status, body, headers);
  REQUIRE(said.has_error());
  return said.error();
}

}  // namespace

TEST_CASE("the first poll asks what the server runs, then pages back by untilId to the floor", "[misskey]") {
  auto talk = poll({});
  CHECK(talk.ask() == "https://social.example/.well-known/nodeinfo");
  CHECK(talk.asked().bucket == "misskey");
  CHECK(talk.asked().body.empty());
  CHECK(talk.page(404, "").more);

  CHECK(talk.ask() == search);
  CHECK(talk.asked().body == R"({"limit":50,"tag":"AllIn"})");
  CHECK(header(talk.asked().headers, "content-type") == "application/json");
  CHECK(talk.asked().bucket == "misskey");
  auto first = talk.page(200, make_list({note("c3"), note("c2")}));
  CHECK(first.found.size() == 2U);
  CHECK(first.more);
  CHECK_FALSE(first.joins_last);
  talk.ask();
  CHECK(talk.asked().body == R"({"limit":50,"tag":"AllIn","untilId":"c2"})");
  auto last = talk.page(200, make_list({note("b1", "2024-06-01T00:00:00Z")}));
  CHECK_FALSE(last.more);
  CHECK(shown(last.since) == "2025-01-01T00:00:00.000Z");
}

TEST_CASE("several tags are asked for at once, each of them being enough", "[misskey]") {
  auto talk = poll(at(""), social_settings());
  talk.ask();
  CHECK(talk.asked().body == "{\"limit\":50,\"query\":[[\"AllIn\"],[\"Integração\"]]}");
}

TEST_CASE("a later poll that meets a known note joins the last one", "[misskey]") {
  auto talk = poll(at("newest=c3&oldest="));
  talk.ask();
  auto page = talk.page(200, make_list({note("c5"), note("c4"), note("c3")}));
  CHECK(page.joins_last);
  CHECK_FALSE(page.more);
  CHECK(page.cursor.position.find("newest=c5&") == 0U);
}

TEST_CASE("a poll pages down until it meets a known note, also when it broke off", "[misskey]") {
  auto talk = poll(at("newest=c3&oldest="));
  talk.ask();
  auto page = talk.page(200, make_list({note("c9"), note("c8")}));
  CHECK(page.more);
  CHECK_FALSE(page.joins_last);

  auto resumed = poll(page.cursor);
  resumed.ask();
  CHECK(resumed.asked().body.find("untilId") == std::string::npos);
  auto newest = resumed.page(200, make_list({note("d1"), note("c9")}));
  CHECK(newest.more);  // the gap below c8 is still open
  CHECK_FALSE(newest.joins_last);
  resumed.ask();
  CHECK(resumed.asked().body.find(R"("untilId":"c8")") != std::string::npos);
  auto joined = resumed.page(200, make_list({note("c7"), note("c2")}));
  CHECK(joined.joins_last);
  CHECK_FALSE(joined.more);
}

TEST_CASE("a poll that joined goes on with reading back where it stopped", "[misskey]") {
  auto talk = poll(at("newest=c3&oldest=b7&pages=4"));
  talk.ask();
  auto page = talk.page(200, make_list({note("c3"), note("c2")}));
  CHECK(page.joins_last);
  CHECK(page.more);
  talk.ask();
  CHECK(talk.asked().body.find(R"("untilId":"b7")") != std::string::npos);
}

TEST_CASE("reading back stops at its cap and covers no further than it read", "[misskey]") {
  auto settings = one_tag();
  settings.backfill_pages = 2;
  auto talk = poll(at("newest=c3&oldest=b7&pages=1"), settings);
  talk.ask();
  talk.page(200, make_list({note("c3")}));
  talk.ask();
  auto page = talk.page(200, make_list({note("b6", "2025-05-02T00:00:00Z"), note("b5", "2025-05-01T00:00:00Z")}));
  CHECK_FALSE(page.more);
  CHECK(shown(page.since) == "2025-05-02T00:00:00.000Z");
}

TEST_CASE("a server that ignores untilId does not make the poll loop", "[misskey]") {
  auto talk = poll(at("newest=c3&oldest="));
  const auto same = make_list({note("c9"), note("c8")});
  int requests = 0;
  for (bool more = true; more && requests < 10; ++requests) {
    talk.ask();
    auto page = talk.page(200, same);
    CHECK_FALSE(page.joins_last);
    more = page.more;
  }
  CHECK(requests == 2);
}

// Since 2025 a server may hide notes from visitors: it then answers [] with 200, and says nowhere that it does.
TEST_CASE("an empty list proves nothing where notes may be hidden from visitors", "[misskey]") {
  auto talk = poll(at(""));
  talk.ask();
  auto page = talk.page(200, "[]");
  CHECK_FALSE(page.more);
  CHECK_FALSE(page.joins_last);
  CHECK_FALSE(page.since.has_value());
  CHECK(notice_in(page).empty());
}

TEST_CASE("an empty list of a server of before 2025 means that there are no notes", "[misskey]") {
  for (const char* software : {"misskey+2024.11.0", "misskey+13.14.2"}) {
    auto talk = poll(at("", software));
    talk.ask();
    CHECK(shown(talk.page(200, "[]").since) == "2025-01-01T00:00:00.000Z");
  }
  for (const char* software : {"misskey+2025.5.0", "misskey+", "sharkey+2024.1.0", "cherrypick+4.18.0", ""}) {
    auto talk = poll(at("", software));
    talk.ask();
    CHECK_FALSE(talk.page(200, "[]").since.has_value());
  }
}

TEST_CASE("a server that shows nothing any more is told of, and nothing is forgotten", "[misskey]") {
  auto talk = poll(at("newest=c3&oldest="));
  talk.ask();
  auto page = talk.page(200, "[]");
  CHECK(notice_in(page).find("social.example shows visitors no notes") == 0U);
  CHECK_FALSE(page.joins_last);
  CHECK(page.cursor.position.find("newest=c3&") == 0U);
}

TEST_CASE("after a page with notes an empty one is the end of the list", "[misskey]") {
  auto talk = poll(at(""));
  talk.ask();
  CHECK(talk.page(200, make_list({note("c3")})).more);
  talk.ask();
  auto page = talk.page(200, "[]");
  CHECK_FALSE(page.more);
  CHECK(shown(page.since) == "2025-01-01T00:00:00.000Z");
}

TEST_CASE("errors are told by what the server says of them", "[misskey]") {
  Headers wait;
  wait.emplace_back("retry-after", "90");
  auto limited = failure_of(429, error("RATE_LIMIT_EXCEEDED"), wait);
  CHECK(limited.code == Failure::throttled);
  CHECK(limited.retry_after == std::chrono::seconds(90));
  CHECK(failure_of(400, error("RATE_LIMIT_EXCEEDED")).code == Failure::throttled);

  auto login = failure_of(401, error("CREDENTIAL_REQUIRED"));
  CHECK(login.code == Failure::refused);
  CHECK(login.message == "social.example answered 401 CREDENTIAL_REQUIRED: it shows tags to logged-in callers only");
  CHECK(failure_of(403, error("ACCESS_DENIED")).code == Failure::refused);
  CHECK(failure_of(403, "<html>").message.find("logged-in callers only") == std::string::npos);
  CHECK(failure_of(400, error("UNAVAILABLE")).code == Failure::refused);
  CHECK(failure_of(400, error("INVALID_PARAM")).code == Failure::refused);
  CHECK(failure_of(404, error("UNKNOWN_API_ENDPOINT")).code == Failure::gone);
  CHECK(failure_of(404, "<html>").message.find("no Misskey interface") != std::string::npos);
  CHECK(failure_of(500, error("INTERNAL_ERROR")).code == Failure::unavailable);
  CHECK(failure_of(502, "<html>").code == Failure::unavailable);
  CHECK(failure_of(204, "").code == Failure::malformed);

  Headers challenge;
  challenge.emplace_back("cf-mitigated", "challenge");
  CHECK(failure_of(403, "<html>", challenge).message.find("lets browsers in") != std::string::npos);
}

TEST_CASE("a page that is no list, or of which nothing can be read, is malformed", "[misskey]") {
  for (const char* body : {"<html></html>", "", "{}", R"([{"text":"x"}])", "[1]", "[[]]", R"([{"id":"c1")"})
    CHECK(failure_of(200, body).code == Failure::malformed);
  CHECK(failure_of(200, error("INTERNAL_ERROR")).code == Failure::malformed);
}

TEST_CASE("one bad note costs its page nothing", "[misskey]") {
  auto talk = poll(at("newest=c1&oldest="));
  talk.ask();
  auto page = talk.page(200, make_list({note("c3"), R"({"id":"c2","user":7})", "null", note("c1", "soon")}));
  CHECK(page.found.size() == 2U);
  CHECK_FALSE(page.found.back().post.published.has_value());
  REQUIRE(page.refused.size() == 2U);
  CHECK(page.refused[0].id == "c2");
  CHECK(page.refused[1].id == "item 3");
  CHECK(page.joins_last);
}

TEST_CASE("a note of the server itself is named by its address there, one of another by its own", "[misskey]") {
  auto local = read(note("c3"));
  REQUIRE(local.has_value());
  CHECK(local->post.uri == "https://social.example/notes/c3");
  CHECK(local->post.host == "social.example");
  CHECK(local->post.author.key == "ann@social.example");
  CHECK_FALSE(local->counters.likes.has_value());
  CHECK_FALSE(local->counters.replies.has_value());
  CHECK_FALSE(local->post.tags.has_value());

  auto remote = read(note("c3", "2025-06-20T08:00:00Z",
                          R"(,"uri":"https://far.example/objects/1","url":"https://far.example/@ann/1")"));
  REQUIRE(remote.has_value());
  CHECK(remote->post.uri == "https://far.example/objects/1");
  CHECK(remote->post.url == "https://far.example/@ann/1");
  CHECK(remote->post.aliases == std::vector<std::string>{"https://far.example/@ann/1"});
  CHECK(remote->post.host == "far.example");
  CHECK(remote->home_id.empty());  // a server of other software: this interface does not lead to it
  CHECK(local->home_id.empty());
  auto other = read(note("c3", "2025-06-20T08:00:00Z", R"(,"uri":"https://far.example/notes/9abc")"));
  REQUIRE(other.has_value());
  CHECK(other->home_id == "9abc");
}

TEST_CASE("reactions are counted all together, and a sum that cannot be read is not said", "[misskey]") {
  auto likes = [](const std::string& more) { return read(note("c", "2025-06-20T08:00:00Z", more))->counters.likes; };
  CHECK(likes(R"(,"reactions":{"❤":2,":a@.:":3})") == 5);
  CHECK(likes(R"(,"reactions":{})") == 0);
  CHECK(likes(R"(,"reactions":{"❤":2},"reactionCount":9)") == 9);
  CHECK_FALSE(likes(R"(,"reactions":{"❤":-2})").has_value());
  CHECK_FALSE(likes(R"(,"reactions":{"❤":"2"})").has_value());
  CHECK_FALSE(likes(R"(,"reactions":{"❤":1.5})").has_value());
  CHECK_FALSE(likes(R"(,"reactions":{"a":999999999999,"b":999999999999})").has_value());
  CHECK_FALSE(likes(R"(,"reactions":[2])").has_value());
  CHECK_FALSE(likes(R"(,"reactionCount":-1)").has_value());
}

TEST_CASE("renotes are no posts, and quotes are", "[misskey]") {
  auto with = [](const std::string& text, const std::string& more) {
    return read(R"({"id":"c","createdAt":"2025-06-20T08:00:00Z","user":{"username":"a"},"renoteId":"b","text":)" +
                text + more + "}");
  };
  CHECK(with("null", "").has_error());
  CHECK(with("\"\"", R"(,"files":[],"fileIds":[])").has_error());
  CHECK(with("\"look\"", "")->post.kind == Kind::quote);
  CHECK(with("null", R"(,"fileIds":["f"])")->post.kind == Kind::quote);
  CHECK(with("\"look\"", R"(,"replyId":"a")")->post.kind == Kind::reply);
}

TEST_CASE("notes that are not public, or withheld, are refused", "[misskey]") {
  auto refused = [](const std::string& visibility, const std::string& more) {
    auto text = note("c", "2025-06-20T08:00:00Z", more);
    auto word = text.find("public");
    return read(text.replace(word, 6, visibility)).has_error();
  };
  CHECK(refused("followers", ""));
  CHECK(refused("specified", ""));
  CHECK_FALSE(refused("home", ""));
  CHECK(refused("public", R"(,"isHidden":true)"));
}

TEST_CASE("an author who shows notes to logged-in callers only, or says noindex, has opted out", "[misskey]") {
  auto author = [](const std::string& more) {
    return read(R"({"id":"c","createdAt":"2025-06-20T08:00:00Z","user":{"username":"a")" + more + "}}")->post.author;
  };
  CHECK_FALSE(author("").opted_out);
  CHECK_FALSE(author("").indexable.has_value());
  CHECK(author(R"(,"noindex":true)").opted_out);
  CHECK(author(R"(,"noindex":false)").indexable == true);
  CHECK(author(R"(,"requireSigninToViewContents":true)").opted_out);
}

TEST_CASE("posts are measured one by one", "[misskey]") {
  auto talk = measure({"c1", "c2", "c3", "c4", "c5"});
  CHECK(talk.ask() == "https://social.example/api/notes/show");
  CHECK(talk.asked().body == R"({"noteId":"c1"})");
  auto page = talk.page(200, note("c1"));
  CHECK(page.more);
  REQUIRE(page.readings.size() == 1U);
  CHECK(page.readings[0].counters.reposts == 1);
  CHECK(page.readings[0].now.has_value());

  talk.ask();
  CHECK(talk.asked().body == R"({"noteId":"c2"})");
  auto deleted = talk.page(400, error("NO_SUCH_NOTE"));
  REQUIRE(deleted.gone.size() == 1U);
  CHECK(deleted.gone[0].of.local_id == "c2");
  CHECK(deleted.gone[0].why == "no such note");

  talk.ask();
  CHECK(talk.page(400, error("CONTENT_RESTRICTED_BY_USER")).gone.size() == 1U);

  talk.ask();
  auto hidden = talk.page(200, note("c4", "2025-06-20T08:00:00Z", R"(,"isHidden":true)"));
  CHECK(hidden.readings.empty());
  CHECK(hidden.gone.size() == 1U);

  talk.ask();
  auto kept_back = talk.page(400, error("CONTENT_RESTRICTED_BY_SERVER"));
  CHECK(kept_back.gone.empty());
  CHECK(kept_back.refused.size() == 1U);
  CHECK_FALSE(kept_back.more);
}

TEST_CASE("a server in trouble is no deletion, and one bad note holds up no other", "[misskey]") {
  for (int status : {401, 403, 404, 429, 502, 503}) {
    auto talk = measure({"c1", "c2"});
    talk.ask();
    CHECK(talk.hear(status, "").has_error());
  }
  for (const char* body : {"<html>", "{}", "[]", R"({"error":{"code":"INTERNAL_ERROR"}})"}) {
    auto talk = measure({"c1", "c2"});
    talk.ask();
    auto page = talk.page(200, body);
    CHECK(page.gone.empty());
    CHECK(page.readings.empty());
    CHECK(page.refused.size() == 1U);
    CHECK(page.more);
  }
  auto talk = measure({"c1"});
  talk.ask();
  CHECK(talk.page(200, note("c9")).readings.empty());  // another note
  auto strange = measure({"c1"});
  strange.ask();
  CHECK(strange.page(500, error("INTERNAL_ERROR")).refused.size() == 1U);
}
