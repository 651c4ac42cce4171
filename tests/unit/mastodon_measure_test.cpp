#include <catch2/catch.hpp>

#include "tests/unit/talk.hpp"

using namespace campaignd;
using namespace campaignd::test;

namespace {

const sys_ms now = utc("2025-06-20T12:00:00Z");
const std::string not_found = R"({"error":"Record not found"})";
const std::string statuses = "https://home.example/api/v1/statuses";

std::string status_uri(const std::string& id) { return "https://home.example/users/a/statuses/" + id; }

PostRef ref(std::int64_t post, const std::string& local_id, const std::string& uri = "") {
  return {post, "home.example", local_id, uri};
}
PostRef known(std::int64_t post, const std::string& id) { return ref(post, id, status_uri(id)); }
PostRef object_ref(std::int64_t post, const std::string& path) {
  auto uri = "https://home.example/" + path;
  return ref(post, uri, uri);
}

Talk measuring(std::vector<PostRef> posts) {
  return Talk(make_mastodon(social_settings())->measure(std::move(posts)), now);
}

std::string object(const std::string& path, const std::string& more = "") {
  return R"({"@context":"https://www.w3.org/ns/activitystreams","type":"Note","id":"https://home.example/)" + path +
         "\"" + more + "}";
}

/// The one page of a measurement of one object.
Page measured(int status, const std::string& body) {
  auto talk = measuring({object_ref(1, "objects/1")});
  talk.ask();
  return talk.page(status, body);
}

}  // namespace

TEST_CASE("a batch is measured in one request", "[mastodon][measure]") {
  auto talk = measuring({ref(1, "11"), ref(2, "12")});
  CHECK(talk.ask() == statuses + "?id[]=11&id[]=12");
  CHECK(header(talk.asked().headers, "accept") == "application/json");
  auto page = talk.page(200, make_list({make_status("12"), make_status("11")}));
  CHECK_FALSE(page.more);
  REQUIRE(page.readings.size() == 2U);
  CHECK(page.readings[0].of.post == 1);
  CHECK(page.readings[0].counters.likes == 1);
  CHECK(page.readings[0].now.has_value());
  CHECK(page.gone.empty());
}

TEST_CASE("what a batch lacks is gone when the server says so of the post itself", "[mastodon][measure]") {
  auto talk = measuring({ref(1, "11"), ref(2, "12"), ref(3, "13")});
  talk.ask();
  auto batch = talk.page(200, make_list({make_status("12")}));
  CHECK(batch.more);
  CHECK(batch.gone.empty());
  CHECK(talk.ask() == statuses + "/11");
  auto first = talk.page(404, not_found);
  REQUIRE(first.gone.size() == 1U);
  CHECK(first.gone[0].of.post == 1);
  CHECK(first.more);
  CHECK(talk.ask() == statuses + "/13");
  auto second = talk.page(200, make_status("13"));  // it was only not in the batch
  CHECK(second.gone.empty());
  REQUIRE(second.readings.size() == 1U);
  CHECK(second.readings[0].of.post == 3);
  CHECK_FALSE(second.more);
}

TEST_CASE("a batch of which nothing is shown is told from an outage post by post", "[mastodon][measure]") {
  auto talk = measuring({ref(1, "11"), ref(2, "12")});
  talk.ask();
  CHECK(talk.page(200, "[]").more);
  talk.ask();
  auto first = talk.page(410, R"({"error":"Gone"})");
  CHECK(first.gone.size() == 1U);
  talk.ask();
  auto outage = talk.hear(503, "");
  REQUIRE_FALSE(outage.has_value());
  CHECK(outage.error().code == Failure::unavailable);
}

TEST_CASE("a 404 that is no word of the API is no deletion", "[mastodon][measure]") {
  for (const char* body : {"<html>Not Found</html>", "", "[]", R"({"error":{"code":"UNKNOWN_API_ENDPOINT"}})",
                           R"({"message":"no Route matched"})"}) {
    INFO(body);
    auto talk = measuring({ref(1, "11")});
    talk.ask();
    talk.page(404, body);
    talk.ask();
    auto page = talk.page(404, body);
    CHECK(page.gone.empty());
    CHECK(page.refused.size() == 1U);
    CHECK_FALSE(page.more);
  }
}

TEST_CASE("a server that does not speak the API is asked for the ActivityPub object", "[mastodon][measure]") {
  auto talk = measuring({known(1, "11")});
  CHECK(talk.ask() == statuses + "?id[]=11");
  CHECK(talk.page(404, "<html>").more);
  CHECK(talk.ask() == statuses + "/11");
  CHECK(talk.page(404, "<html>").more);
  CHECK(talk.ask() == status_uri("11"));
  auto page = talk.page(200, object("users/a/statuses/11", R"(,"likes":{"totalItems":3})"));
  REQUIRE(page.readings.size() == 1U);
  CHECK(page.readings[0].of.post == 1);
  CHECK(page.readings[0].counters.likes == 3);
  CHECK_FALSE(page.more);
}

TEST_CASE("a server that shows visitors nothing by the API is asked for the objects", "[mastodon][measure]") {
  for (int status : {401, 403, 422}) {
    INFO(status);
    auto talk = measuring({known(1, "11"), ref(2, "12")});
    talk.ask();
    auto closed = talk.page(status, R"({"error":"This API requires an authenticated user"})");
    CHECK(closed.more);
    CHECK(closed.refused.size() == 1U);  // the one without an address
    CHECK(talk.ask() == status_uri("11"));
    auto page = talk.page(200, object("users/a/statuses/11", R"(,"shares":{"totalItems":2})"));
    CHECK(page.readings.at(0).counters.reposts == 2);
    CHECK_FALSE(page.more);
  }
}

TEST_CASE("Pleroma's batches go by another name", "[mastodon][measure]") {
  auto talk = measuring({ref(1, "AFmFNKmfrR9CxtV01g"), ref(2, "9vKL")});
  CHECK(talk.ask() == statuses + "?ids[]=AFmFNKmfrR9CxtV01g&ids[]=9vKL");
  auto page = talk.page(200, make_list({make_status("AFmFNKmfrR9CxtV01g"), make_status("9vKL")}));
  CHECK(page.readings.size() == 2U);
}

TEST_CASE("servers that do not know a batch are asked post by post", "[mastodon][measure]") {
  for (int status : {400, 404, 405}) {
    auto talk = measuring({ref(1, "11"), ref(2, "1/2")});
    talk.ask();
    CHECK(talk.page(status, "").more);
    CHECK(talk.ask() == statuses + "/11");
    auto first = talk.page(200, make_status("11"));
    CHECK(first.more);
    CHECK(first.readings.size() == 1U);
    CHECK(talk.ask() == statuses + "/1%2F2");
    auto second = talk.page(404, not_found);
    CHECK_FALSE(second.more);
    REQUIRE(second.gone.size() == 1U);
    CHECK(second.gone[0].of.post == 2);
  }
}

TEST_CASE("a post of the batch we may not keep, or cannot read, is no sign of a removal", "[mastodon][measure]") {
  auto hidden = measuring({ref(1, "11")});
  hidden.ask();
  auto page = hidden.page(
      200, R"([{"id":"11","uri":"https://home.example/11","visibility":"private","account":{"acct":"a"}}])");
  CHECK(page.gone.empty());
  CHECK(page.refused.size() == 1U);
  CHECK_FALSE(page.more);

  // A refused item has a place ("item 2") and no id, so its post was taken for missing; an hour later it was removed.
  auto broken = measuring({ref(1, "11"), ref(2, "12")});
  broken.ask();
  page = broken.page(200, make_list({make_status("11"), R"({"id":"12","favourites_count":1e400})"}));
  CHECK(page.readings.size() == 1U);
  CHECK(page.gone.empty());
  CHECK_FALSE(page.more);
}

TEST_CASE("one post that cannot be shown holds up no other", "[mastodon][measure]") {
  auto talk = measuring({ref(1, "11"), ref(2, "12")});
  talk.ask();
  talk.page(404, "");
  talk.ask();
  auto page = talk.page(500, "");
  CHECK(page.refused.size() == 1U);
  CHECK(page.more);
  talk.ask();
  auto other = talk.page(200, make_status("77"));
  REQUIRE(other.refused.size() == 1U);
  CHECK(other.refused[0].why == "another status was shown");
}

TEST_CASE("a server in trouble is no sign that its posts are gone", "[mastodon][measure]") {
  for (int status : {401, 403, 429, 500, 502, 503, 504}) {
    INFO(status);
    auto talk = measuring({ref(1, "11")});
    talk.ask();
    CHECK_FALSE(talk.hear(status, "").has_value());
  }
  for (int status : {429, 502, 503, 504}) {
    INFO(status);
    auto objects = measuring({object_ref(1, "objects/1")});
    objects.ask();
    CHECK_FALSE(objects.hear(status, "").has_value());
  }
}

TEST_CASE("what has an address for an id is read as an ActivityPub object", "[mastodon][measure]") {
  auto talk = measuring({object_ref(1, "objects/1"), object_ref(2, "notes/2")});
  CHECK(talk.ask() == "https://home.example/objects/1");
  CHECK(header(talk.asked().headers, "accept") ==
        "application/activity+json, application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\"");
  CHECK(talk.asked().bucket == "mastodon");
  auto first = talk.page(200, object("objects/1", R"(,"likes":{"type":"Collection","totalItems":4},)"
                                                  R"("shares":{"totalItems":2},"replies":{"totalItems":"1"})"));
  REQUIRE(first.readings.size() == 1U);
  CHECK(first.readings[0].of.post == 1);
  CHECK(first.readings[0].counters == Counters{4, 2, std::nullopt, 1, std::nullopt});
  CHECK_FALSE(first.readings[0].now.has_value());  // an object does not name its author
  CHECK(first.more);
  CHECK(talk.ask() == "https://home.example/notes/2");
  auto second = talk.page(200, object("notes/2"));
  CHECK(second.readings.at(0).counters == Counters{});
  CHECK_FALSE(second.more);
}

TEST_CASE("only numbers that stand in the object are read", "[mastodon][measure]") {
  auto counters = [](const std::string& more) {
    return measured(200, object("objects/1", more)).readings.at(0).counters;
  };
  CHECK(counters(R"(,"like_count":5,"announcement_count":3,"repliesCount":2)") ==
        Counters{5, 3, std::nullopt, 2, std::nullopt});
  CHECK(counters(R"(,"likes":"https://home.example/1/likes","shares":{"id":"https://home.example/1/shares"})") ==
        Counters{});
  CHECK(counters(R"(,"likes":{"totalItems":-1},"shares":{"totalItems":1.5},"replies":[7])") == Counters{});
}

TEST_CASE("an object that is no object of this address is refused", "[mastodon][measure]") {
  const std::pair<int, std::string> answers[] = {{401, R"({"error":"Request not signed"})"},
                                                 {403, "<html>"},
                                                 {302, ""},
                                                 {200, "<html>log in</html>"},
                                                 {200, ""},
                                                 {200, "[]"},
                                                 {200, R"({"id":"https://home.example/objects/1"})"},
                                                 {200, object("objects/2")},
                                                 {200, R"({"type":"Tombstone","id":"https://home.example/objects/2"})"},
                                                 {500, ""}};
  for (const auto& [status, body] : answers) {
    INFO(status << body);
    auto page = measured(status, body);
    CHECK(page.gone.empty());
    CHECK(page.readings.empty());
    CHECK(page.refused.size() == 1U);
    CHECK_FALSE(page.more);
  }
}

TEST_CASE("a tombstone or a 410 is the end of an object", "[mastodon][measure]") {
  CHECK(measured(410, "").gone.size() == 1U);
  CHECK(measured(200, R"({"type":"Tombstone","id":"https://home.example/objects/1"})").gone.size() == 1U);
}

TEST_CASE("a 404 is the end of an object where a server of the network still stands", "[mastodon][measure]") {
  auto talk = measuring({object_ref(1, "objects/1"), object_ref(2, "objects/2")});
  talk.ask();
  CHECK(talk.page(404, "<html>").gone.empty());
  talk.ask();
  auto shown = talk.page(200, object("objects/2"));  // it stands: no question about it is needed
  CHECK(shown.gone.size() == 1U);
  CHECK_FALSE(shown.more);

  for (bool stands : {true, false}) {
    INFO(stands);
    auto alone = measuring({object_ref(1, "objects/1"), object_ref(2, "objects/2")});
    alone.ask();
    CHECK(alone.page(404, "").more);
    alone.ask();
    CHECK(alone.page(404, "").more);
    CHECK(alone.ask() == "https://home.example/.well-known/nodeinfo");
    auto page = alone.page(stands ? 200 : 404, stands ? R"({"links":[]})" : "<html>");
    CHECK(page.gone.size() == (stands ? 2U : 0U));
    CHECK(page.refused.size() == (stands ? 0U : 2U));
    CHECK_FALSE(page.more);
  }
}
