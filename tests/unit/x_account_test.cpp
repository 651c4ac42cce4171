#include "tests/unit/x_talk.hpp"

using namespace campaignd;
using namespace campaignd::test;

namespace {

const sys_ms now = utc("2025-06-20T12:00:00Z");
const std::string look_up = x_api + "users/by/username/ola_example?user.fields=protected";

std::string timeline(const std::string& bound, const std::string& id = "7") {
  return x_api + "users/" + id + "/tweets?exclude=retweets&max_results=100" + x_fields + x_authors + bound;
}

Talk polling(const Cursor& cursor = {}, std::string account = "@Ola_Example", sys_ms at = now) {
  auto settings = x_settings();
  settings.account = std::move(account);
  return {make_x(settings)->discover(cursor), at};
}

const std::string found = R"({"data":{"id":"7","username":"Ola_Example","name":"Ola"}})";

/// A talk that has looked the account up.
Talk known() {
  auto talk = polling();
  talk.ask();
  talk.page(200, found);
  return talk;
}

Failure failure_after(Talk talk, const std::string& body) {
  talk.ask();
  auto result = talk.hear(200, body);
  REQUIRE_FALSE(result.has_value());
  return result.error();
}

const std::string id1 = id_at("2025-06-19T09:00:00Z"), id2 = id_at("2025-06-20T09:00:00Z");

PostRef ref(const std::string& id, std::int64_t post, const std::string& uri = "") { return {post, "x.com", id, uri}; }

Talk measuring(std::vector<PostRef> posts, std::optional<int> cents = 5'000) {
  auto settings = x_settings();
  settings.tags.clear();
  settings.host = "x.com";
  settings.spend_monthly = cents;
  return {make_x(settings)->measure(std::move(posts)), now};
}

}  // namespace

TEST_CASE("an account of X is looked up once, then read back to the edition's start", "[x]") {
  auto talk = polling();
  CHECK(talk.ask() == look_up);
  CHECK(talk.asked().cost == 10);
  auto account = talk.page(200, found);
  CHECK(account.more);
  CHECK(account.cost == 10);
  CHECK(talk.ask() == timeline("&start_time=2025-01-01T00%3A00%3A00Z"));
  CHECK(talk.asked().cost == 510);
  auto first = talk.page(200, x_list({x_post(id2)}, "two"));
  CHECK(first.more);
  CHECK(first.cost == 15);
  CHECK(talk.ask() == timeline("&start_time=2025-01-01T00%3A00%3A00Z&pagination_token=two"));
  auto last = talk.page(200, x_list({x_post(id1)}));
  CHECK_FALSE(last.more);
  CHECK(shown(last.since) == "2025-01-01T00:00:00.000Z");
  CHECK(last.found.at(0).post.author.handle == "ola_example");
  CHECK(last.found.at(0).post.author.followers == 120);

  // A timeline has no week: a quiet account is asked by id for ever.
  auto later = polling(last.cursor, "@Ola_Example", now + std::chrono::days(60));
  CHECK(later.ask() == timeline("&since_id=" + id2));
  auto nothing = later.page(200, x_list({}));
  CHECK(nothing.joins_last);
  CHECK(nothing.cost == 0);
}

TEST_CASE("an account of X without posts is asked by time again", "[x]") {
  auto talk = known();
  talk.ask();
  auto empty = talk.page(200, x_list({}));
  CHECK(shown(empty.since) == "2025-01-01T00:00:00.000Z");
  auto next = polling(empty.cursor, "ola_example", now + std::chrono::minutes(15));
  CHECK(next.ask() == timeline("&start_time=2025-06-20T11%3A00%3A00Z"));
}

TEST_CASE("an account of X that took another name is read on under its own, and says so", "[x]") {
  auto talk = known();
  talk.ask();
  auto page = talk.page(200, x_list({x_post(id2)}, "", {x_user("7", "Ola_Sings")}));
  CHECK(page.found.at(0).post.author.handle == "ola_example");
  CHECK(page.found.at(0).post.uri == "https://x.com/ola_example/status/" + id2);
  REQUIRE(page.refused.size() == 1U);
  CHECK(page.refused.front().id.empty());
  CHECK(page.refused.front().why == "ola_example is now called ola_sings: write x:ola_sings into the configuration");
}

TEST_CASE("a post of another account is not taken for its own", "[x]") {
  auto talk = known();
  talk.ask();
  auto page = talk.page(200, x_list({x_post(id2), x_post(id1, "", "8")}));
  CHECK(page.found.size() == 1U);
  CHECK(page.refused.at(0).id == id1);
}

TEST_CASE("an account that X does not show is told for its reason", "[x]") {
  auto missing = [](const std::string& kind, const std::string& detail) {
    return x_errors({x_missing("ola_example", kind, detail, "user")});
  };
  auto unknown = failure_after(polling(), missing("resource-not-found", "Could not find user with username: [x]."));
  CHECK(unknown.code == Failure::gone);
  CHECK(unknown.cost == 0);
  CHECK(unknown.message == "X knows no account ola_example: check its name in the configuration");
  auto suspended = failure_after(polling(), missing("resource-not-found", "User has been suspended: [x]."));
  CHECK(suspended.code == Failure::gone);
  CHECK(suspended.message.find("suspended") != std::string::npos);
  auto hidden = failure_after(known(), missing("not-authorized-for-resource", "Sorry, you are not authorized"));
  CHECK(hidden.code == Failure::refused);
  CHECK(hidden.message.find("protected") != std::string::npos);
  auto closed = failure_after(polling(), R"({"data":{"id":"7","username":"ola_example","protected":true}})");
  CHECK(closed.code == Failure::refused);
  CHECK(closed.cost == 10);
  CHECK(failure_after(polling(), R"({"data":{"username":"ola_example"}})").code == Failure::malformed);
}

TEST_CASE("an account that is gone may have a successor of its name", "[x]") {
  auto talk = known();
  talk.ask();
  auto page = talk.page(200, x_list({x_post(id2)}));
  auto later = polling(page.cursor);
  CHECK(later.ask() == timeline("&since_id=" + id2));
  auto gone =
      later.page(200, x_errors({x_missing("7", "resource-not-found", "Could not find user with id: [7].", "user")}));
  CHECK(gone.more);
  CHECK(later.ask() == look_up);
  later.page(200, R"({"data":{"id":"9","username":"ola_example"}})");
  CHECK(later.ask() == timeline("&start_time=2025-01-01T00%3A00%3A00Z", "9"));
}

TEST_CASE("an account of X that is gone for a while is read on where it was", "[x]") {
  const auto not_found = x_errors({x_missing("7", "resource-not-found", "Could not find user with id: [7].", "user")});
  auto talk = known();
  talk.ask();
  auto page = talk.page(200, x_list({x_post(id2)}));
  auto away = polling(page.cursor);
  away.ask();
  auto gone = away.page(200, not_found);
  CHECK(gone.cost == 0);
  CHECK(away.ask() == look_up);
  auto nobody = away.hear(200, x_errors({x_missing("ola_example", "resource-not-found", "x", "user")}));
  REQUIRE_FALSE(nobody.has_value());
  CHECK(nobody.error().code == Failure::gone);

  auto back = polling(gone.cursor);
  CHECK(back.ask() == timeline("&since_id=" + id2));

  auto same = polling(page.cursor);
  same.ask();
  same.page(200, not_found);
  same.ask();
  CHECK(same.page(200, found).more);
  CHECK(same.ask() == timeline("&since_id=" + id2));
  CHECK_FALSE(same.hear(200, not_found).has_value());  // it is looked up once in a poll
}

TEST_CASE("a timeline that ends at X's limit does not cover what lies below", "[x]") {
  auto talk = known();
  for (int i = 0; i < 31; ++i) {
    talk.ask();
    CHECK(talk.page(200, x_list({x_post(id2)}, "page" + std::to_string(i))).more);
  }
  talk.ask();
  auto last = talk.page(200, x_list({x_post(id1)}));
  CHECK_FALSE(last.more);
  CHECK(shown(last.since) == "2025-06-19T09:00:00.000Z");
}

TEST_CASE("a timeline's errors are those of all of X", "[x]") {
  auto talk = known();
  talk.ask();
  auto spent = talk.hear(402, x_problem("credits", "CreditsDepleted", "x"));
  REQUIRE_FALSE(spent.has_value());
  CHECK(spent.error().code == Failure::refused);
}

TEST_CASE("posts of X are measured a hundred at a time, without their authors", "[x]") {
  auto talk = measuring({ref(id1, 11, "https://x.com/ola_example/status/" + id1), ref(id2, 12)});
  CHECK(talk.ask() == x_api + "tweets?ids=" + id1 + "," + id2 + x_fields);
  CHECK(talk.asked().cost == 10);
  CHECK(talk.asked().allowance == 25'000);  // half: the other half is for finding posts
  auto page = talk.page(200, x_errors({}, {x_post(id2), x_post(id1)}));
  CHECK_FALSE(page.more);
  CHECK(page.cost == 10);
  REQUIRE(page.readings.size() == 2U);
  CHECK(page.readings[0].of.post == 11);
  CHECK(page.readings[0].counters == Counters{3, 1, 4, 2, 6});
  REQUIRE(page.readings[0].now);
  CHECK(page.readings[0].now->post.author.key == "7");
  CHECK(page.readings[0].now->post.author.handle == "ola_example");  // as the address says it
  CHECK(page.readings[1].now->post.author.handle.empty());
}

TEST_CASE("a post of X is gone when X says so, and only then", "[x]") {
  auto talk = measuring({ref("1", 11), ref("2", 12), ref("3", 13), ref("4", 14), ref(id1, 15)});
  talk.ask();
  auto page =
      talk.page(200, x_errors({x_missing("1", "resource-not-found"), x_missing("2", "not-authorized-for-resource"),
                               x_missing("3", "resource-unavailable")},
                              {x_post(id1)}));
  CHECK(page.readings.size() == 1U);
  REQUIRE(page.gone.size() == 2U);
  CHECK(page.gone[0].of.post == 11);
  CHECK(page.gone[1].of.post == 12);
  CHECK(page.gone[1].why.find("protected") != std::string::npos);
  REQUIRE(page.refused.size() == 2U);
  CHECK(page.refused[0].why == "X does not give it: resource-unavailable");
  CHECK(page.refused[1].why == "X says nothing of it");

  auto all = measuring({ref("1", 11)});
  all.ask();
  auto none = all.page(200, x_errors({x_missing("1", "resource-not-found")}));
  CHECK(none.gone.size() == 1U);
  CHECK(none.cost == 0);
}

TEST_CASE("a post of X that was edited is known by any of its ids", "[x]") {
  auto talk = measuring({ref(id1, 11)});
  talk.ask();
  auto edited =
      R"({"id":")" + id2 + R"(","author_id":"7","text":"b","edit_history_tweet_ids":[")" + id1 + "\",\"" + id2 + "\"]}";
  auto page = talk.page(200, x_errors({}, {edited}));
  REQUIRE(page.readings.size() == 1U);
  CHECK(page.readings[0].now->local_id == id2);
}

TEST_CASE("little money measures X in little steps", "[x]") {
  auto talk = measuring({ref("1", 11), ref("2", 12), ref("3", 13)}, 20);
  CHECK(talk.ask() == x_api + "tweets?ids=1,2" + x_fields);
  CHECK(talk.page(200, x_errors({x_missing("1", "resource-not-found")})).more);
  CHECK(talk.ask() == x_api + "tweets?ids=3" + x_fields);
  CHECK_FALSE(talk.page(200, x_errors({x_missing("3", "resource-not-found")})).more);
}

TEST_CASE("a batch of X that is not answered says nothing of its posts", "[x]") {
  for (int status : {400, 401, 402, 403, 404, 429, 500, 200}) {
    auto talk = measuring({ref("1", 11)});
    talk.ask();
    CHECK_FALSE(talk.hear(status, "<html>").has_value());
  }
}
