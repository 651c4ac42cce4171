#include "connectors/reading/url.hpp"
#include "tests/unit/x_talk.hpp"

using namespace campaignd;
using namespace campaignd::test;
using namespace std::chrono_literals;

namespace {

const sys_ms now = utc("2025-06-20T12:00:00Z");
const std::string a_week_ago = "&start_time=2025-06-13T13%3A00%3A00Z";

std::string search_for(const std::string& query, int size = 100) {
  return fmt::format("{}tweets/search/recent?query={}&max_results={}{}{}", x_api, query, size, x_fields, x_authors);
}
const std::string search = search_for("%23AllIn%20-is%3Aretweet");

Talk searching(const Cursor& cursor = {}, const SourceSettings& settings = x_settings(), sys_ms at = now) {
  return {make_x(settings)->discover(cursor), at};
}

std::string at(int hour, int minute = 0) { return id_at(fmt::format("2025-06-20T{:02}:{:02}:00Z", hour, minute)); }

/// A first poll that found one post.
Page first_poll(const std::string& id) {
  auto talk = searching();
  talk.ask();
  return talk.page(200, x_list({x_post(id)}));
}

Failure failure_of(int status, const std::string& body, const Headers& headers = {}) {
  auto talk = searching();
  talk.ask();
  auto result = talk.hear(status, body, headers);
  REQUIRE_FALSE(result.has_value());
  const auto& message = result.error().message;
  CHECK(message.find(x_token) == std::string::npos);
  CHECK(message.find('?') == std::string::npos);
  CHECK(result.error().cost == 0);
  return result.error();
}

Headers limits(const std::string& remaining, std::chrono::seconds reset) {
  Headers out;
  out.emplace_back("x-rate-limit-limit", "450");
  out.emplace_back("x-rate-limit-remaining", remaining);
  out.emplace_back("x-rate-limit-reset", std::to_string((now.time_since_epoch() + reset) / 1s));
  return out;
}

}  // namespace

TEST_CASE("a first search of X goes back a week, with the token in a header", "[x]") {
  auto talk = searching();
  CHECK(talk.ask() == search + a_week_ago);
  CHECK(header(talk.asked().headers, "authorization") == "Bearer " + x_token);
  CHECK(header(talk.asked().headers, "accept") == "application/json");
  CHECK(talk.asked().bucket == "x");
  auto page = talk.page(200, x_list({x_post(at(9)), x_post(at(8))}));
  CHECK(page.found.size() == 2U);
  CHECK_FALSE(page.more);
  CHECK_FALSE(page.joins_last);
  CHECK(shown(page.since) == "2025-06-13T13:00:00.000Z");
  CHECK(page.cursor.position.find(x_token) == std::string::npos);
}

TEST_CASE("a search of X that began later goes back to the edition's start", "[x]") {
  auto settings = x_settings();
  settings.floor = utc("2025-06-18T10:00:00.500Z");
  auto talk = searching({}, settings);
  CHECK(talk.ask() == search + "&start_time=2025-06-18T10%3A00%3A00Z");
  CHECK(shown(talk.page(200, x_list({})).since) == "2025-06-18T10:00:00.500Z");

  settings.floor = utc("2026-01-01T00:00:00Z");  // an edition that has not begun
  CHECK(searching({}, settings).ask() == search + "&start_time=2025-06-20T11%3A59%3A00Z");
}

TEST_CASE("X is asked for any of the tags, or the query", "[x]") {
  auto settings = x_settings();
  settings.tags = {"AllIn", "Łódź"};
  settings.query = "\"all in\" url:allin.example";
  CHECK(searching({}, settings)
            .ask()
            .starts_with(search_for("%28%23AllIn%20OR%20%23%C5%81%C3%B3d%C5%BA%20OR%20%28%22all%20in%22%20url%3Aallin."
                                    "example%29%29%20-is%3Aretweet")));
  settings.tags.clear();
  settings.query = "one two";
  CHECK(searching({}, settings).ask().starts_with(search_for("%28one%20two%29%20-is%3Aretweet")));
}

TEST_CASE("what makes a query longer than X takes is left out and said", "[x]") {
  auto settings = x_settings();
  for (int i = 0; i < 246; ++i) settings.query += "ł ";  // two bytes, one character
  auto talk = searching({}, settings);
  CHECK(talk.ask().starts_with(search));
  auto page = talk.page(200, x_list({}));
  REQUIRE(page.refused.size() == 1U);
  CHECK(page.refused.front().id.empty());
  CHECK(page.refused.front().why.find("512 characters") != std::string::npos);

  settings.tags.clear();  // alone it fits
  CHECK(searching({}, settings).ask().starts_with(x_api + "tweets/search/recent?query=%28%C5%82%20%C5%82"));
  for (const auto& query : {std::string(600, 'a'), std::string()}) {
    settings.query = query;
    auto alone = searching({}, settings);
    alone.ask();
    auto refused = alone.hear(400, x_problem("invalid-request", "Invalid Request", "x"));
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == Failure::refused);
  }
}

TEST_CASE("the next search of X asks for what is newer than the newest post known", "[x]") {
  auto newest = at(9);
  auto second = searching(first_poll(newest).cursor, x_settings(), now + 15min);
  CHECK(second.ask() == search + "&since_id=" + newest);
  auto page = second.page(200, x_list({}));
  CHECK(page.joins_last);
  CHECK_FALSE(page.since);
  // An empty answer forgets nothing.
  CHECK(searching(page.cursor, x_settings(), now + 30min).ask() == search + "&since_id=" + newest);
}

TEST_CASE("a quiet hashtag is asked for by time, because X refuses ids that are a week old", "[x]") {
  auto page = first_poll(id_at("2025-06-14T00:00:00Z"));
  Cursor cursor = page.cursor;
  for (auto later = now + 24h; later <= now + 10 * 24h; later += 24h) {
    auto talk = searching(cursor, x_settings(), later);
    auto url = talk.ask();
    bool by_id = later < utc("2025-06-21T00:00:00Z") - 1h;
    CHECK((url.find("&since_id=") != std::string::npos) == by_id);
    if (!by_id) CHECK(url == search + "&start_time=" + shown(later - 25h).substr(0, 11) + "11%3A00%3A00Z");
    auto next = talk.page(200, x_list({}));
    CHECK(next.joins_last);
    cursor = next.cursor;
  }
}

TEST_CASE("after more than a week without an answer there is a gap, and X says where", "[x]") {
  auto page = first_poll(at(9));
  auto late = searching(page.cursor, x_settings(), now + 20 * 24h);
  CHECK(late.ask() == search + "&start_time=2025-07-03T13%3A00%3A00Z");
  auto gap = late.page(200, x_list({}));
  CHECK_FALSE(gap.joins_last);
  CHECK(shown(gap.since) == "2025-07-03T13:00:00.000Z");
}

TEST_CASE("pages of a search follow one another with the same bound, and the first one's newest id is the next",
          "[x]") {
  auto old = at(9);
  auto talk = searching(first_poll(old).cursor, x_settings(), now + 15min);
  talk.ask();
  auto first = talk.page(200, x_list({x_post(at(11, 30)), x_post(at(11))}, "b26v89 c"));
  CHECK(first.more);
  CHECK_FALSE(first.joins_last);
  CHECK(talk.ask() == search + "&since_id=" + old + "&next_token=b26v89%20c");
  auto last = talk.page(200, x_list({x_post(at(10))}));
  CHECK_FALSE(last.more);
  CHECK(last.joins_last);
  CHECK(searching(last.cursor, x_settings(), now + 30min).ask() == search + "&since_id=" + at(11, 30));
}

TEST_CASE("a search that broke off goes on at its page, then reads what has come since", "[x]") {
  auto old = at(9);
  auto talk = searching(first_poll(old).cursor, x_settings(), now + 15min);
  talk.ask();
  auto broken = talk.page(200, x_list({x_post(at(11))}, "two"));
  auto resumed = searching(broken.cursor, x_settings(), now + 2h);
  CHECK(resumed.ask() == search + "&since_id=" + old + "&next_token=two");
  auto rest = resumed.page(200, x_list({x_post(at(10))}));
  CHECK(rest.more);
  CHECK(resumed.ask() == search + "&since_id=" + at(11));
  auto last = resumed.page(200, x_list({}));
  CHECK_FALSE(last.more);
  CHECK(last.joins_last);
}

TEST_CASE("a first reading of X that takes hours keeps its page, and goes down as far as the list still does", "[x]") {
  auto talk = searching();
  CHECK(talk.ask() == search + a_week_ago);
  auto first = talk.page(200, x_list({x_post(at(11))}, "two"));
  auto soon = searching(first.cursor, x_settings(), now + 50min);
  CHECK(soon.ask() == search + a_week_ago + "&next_token=two");
  auto second = soon.page(200, x_list({x_post(at(10))}, "three"));
  auto late = searching(second.cursor, x_settings(), now + 2h);
  CHECK(late.ask() == search + "&start_time=2025-06-13T15%3A00%3A00Z&next_token=three");
  CHECK(late.page(200, x_list({x_post(at(9))})).more);
  CHECK(late.ask() == search + "&since_id=" + at(11));
  auto last = late.page(200, x_list({}));
  CHECK_FALSE(last.more);
  CHECK(shown(last.since) == "2025-06-13T15:00:00.000Z");
}

TEST_CASE("a search that broke off more than a week ago begins anew where its mark is not known any more", "[x]") {
  auto talk = searching();
  talk.ask();
  auto broken = talk.page(200, x_list({x_post(at(11))}, "two"));
  auto late = searching(broken.cursor, x_settings(), now + 9 * 24h);
  CHECK(late.ask() == search + "&start_time=2025-06-22T13%3A00%3A00Z&next_token=two");
  CHECK(late.page(400, x_problem("invalid-request", "Invalid Request", "x")).more);
  CHECK(late.ask() == search + "&start_time=2025-06-22T13%3A00%3A00Z");
}

TEST_CASE("an id or a mark that X does not accept is forgotten once", "[x]") {
  auto talk = searching(first_poll(at(9)).cursor, x_settings(), now + 15min);
  talk.ask();
  auto stale = R"({"errors":[{"parameters":{"since_id":["1"]},"message":"'since_id' must be a tweet id created after )"
               R"([2025-06-13T12:00Z]."}],"title":"Invalid Request","detail":"One or more parameters to your request )"
               R"(was invalid.","type":"https://api.twitter.com/2/problems/invalid-request"})";
  auto again = talk.page(400, stale);
  CHECK(again.more);
  CHECK(again.cost == 0);
  CHECK(talk.ask() == search + "&start_time=2025-06-20T11%3A00%3A00Z");
  auto refused = talk.hear(400, stale);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == Failure::refused);
  CHECK(refused.error().message ==
        "api.x.com answered 400: it does not accept the question (\"'since_id' must be a tweet id created after "
        "[2025-06-13T12:00Z].\")");
}

TEST_CASE("a server that repeats its mark is not followed for ever, and neither is one past the cap", "[x]") {
  auto ends_with = [](const std::string& mark, int most_pages) {
    auto settings = x_settings();
    settings.backfill_pages = most_pages;
    auto talk = searching({}, settings);
    talk.ask();
    CHECK(talk.page(200, x_list({x_post(at(11))}, "a")).more);
    talk.ask();
    auto last = talk.page(200, x_list({x_post(at(10))}, mark));
    CHECK_FALSE(last.more);
    CHECK_FALSE(last.joins_last);
    return shown(last.since);
  };
  CHECK(ends_with("a", 200) == "2025-06-20T10:00:00.000Z");
  CHECK(ends_with("b", 2) == "2025-06-20T10:00:00.000Z");
}

TEST_CASE("money is counted in tenths of a cent: reserved at its most, spent as returned", "[x]") {
  auto talk = searching();
  talk.ask();
  CHECK(talk.asked().cost == 1'500);
  CHECK(talk.asked().allowance == 50'000);
  auto page = talk.page(200, x_list({x_post(at(9)), x_post(at(8), "", "8"), "{}"}, "", {x_user(), x_user("8", "b")}));
  CHECK(page.cost == 3 * 5 + 2 * 10);
  REQUIRE(x_contract.budgets.size() == 1U);
  CHECK(x_contract.budgets[0].reset == Reset::utc_month);
  CHECK(x_contract.budgets[0].unit.starts_with("tenths of a US cent"));
}

TEST_CASE("little money is asked for in little pages", "[x]") {
  auto size_for = [](std::optional<int> cents) {
    auto settings = x_settings();
    settings.spend_monthly = cents;
    auto talk = searching({}, settings);
    auto size = query_value(talk.ask(), "max_results");
    CHECK(talk.asked().cost == std::stoi(size) * 15);
    return std::pair(size, talk.asked().allowance.value());
  };
  CHECK(size_for(std::nullopt) == std::pair<std::string, int>("66", 10'000));  // ten dollars
  CHECK(size_for(100) == std::pair<std::string, int>("10", 1'000));
  CHECK(size_for(0) == std::pair<std::string, int>("10", 0));
  CHECK(size_for(1'000'000) == std::pair<std::string, int>("100", 10'000'000));
}

TEST_CASE("without a token X is not read", "[x]") {
  auto settings = x_settings();
  settings.session.reset();
  auto talk = searching({}, settings);
  talk.ask();
  CHECK(header(talk.asked().headers, "authorization").empty());
  auto refused = talk.hear(401, "{}");
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == Failure::refused);
  CHECK(refused.error().message.find("bearer token") != std::string::npos);
}

TEST_CASE("X's limits are waited for, however they are told", "[x]") {
  auto limited =
      failure_of(429, x_problem("rate-limit-exceeded", "Too Many Requests", "Too Many Requests"), limits("0", 90s));
  CHECK(limited.code == Failure::throttled);
  CHECK(limited.retry_after == 90s);
  for (const std::string body :
       {R"({"errors":[{"code":88,"message":"Rate limit exceeded"}]})", "Rate limit exceeded",
        "<html><h1>429</h1></html>", R"({"title":"Too Many Requests","type":"about:blank","status":429})", ""}) {
    auto failure = failure_of(429, body);
    CHECK(failure.code == Failure::throttled);
    CHECK(failure.retry_after == 15min);
  }
  CHECK(failure_of(429, "", limits("0", -90s)).retry_after == 15min);
}

TEST_CASE("a spent month is no rate limit", "[x]") {
  auto capped = failure_of(429,
                           R"({"account_id":1,"product_name":"standard-basic","title":"UsageCapExceeded",)"
                           R"("period":"Monthly","scope":"Product","detail":"Usage cap exceeded: Monthly product cap",)"
                           R"("type":"https://api.twitter.com/2/problems/usage-capped"})",
                           limits("448", 90s));
  CHECK(capped.code == Failure::exhausted);
  CHECK(capped.retry_after == 24h);
  CHECK(failure_of(429, x_problem("usage-capped", "Too Many Requests", "x")).code == Failure::exhausted);
  auto spent = failure_of(
      403, x_problem("credits", "SpendCapReached", "Your enrolled account has reached its billing cycle spend cap."));
  CHECK(spent.code == Failure::exhausted);
  CHECK(spent.message.find("spending limit") != std::string::npos);
}

TEST_CASE("what an operator has to do at X is said", "[x]") {
  auto refused = [](int status, const std::string& body, const std::string& word) {
    auto failure = failure_of(status, body);
    CHECK(failure.code == Failure::refused);
    CHECK(failure.message.find(word) != std::string::npos);
  };
  refused(402, x_problem("credits", "CreditsDepleted", "Your enrolled account [1] does not have any credits"), "buy");
  refused(402, x_problem("credits-depleted", "Payment Required", "credits depleted"), "buy");
  refused(402, "", "buy");
  refused(401, x_problem("", "Unauthorized", "Unauthorized"), "make a new one");
  refused(401, R"({"errors":[{"code":89,"message":"Invalid or expired token."}]})", "Invalid or expired token");
  refused(403, x_problem("client-forbidden", "Client Forbidden", "x", R"(,"reason":"client-not-enrolled")"),
          "project that pays per use");
  refused(403, x_problem("unsupported-authentication", "Unsupported Authentication", "x"), "bearer token of an app");
  refused(403, "<html>Attention required</html>", "this machine's address");
  refused(400, R"({"errors":[{"message":"Rules must be up to 512"}],"title":"Invalid Request","detail":"One or more"})",
          "Rules must be up to 512");
}

TEST_CASE("X in trouble is asked again", "[x]") {
  for (int status : {500, 502, 503, 504})
    CHECK(failure_of(status, x_problem("", "Service Unavailable", "Service Unavailable")).code == Failure::unavailable);
  CHECK(failure_of(404, "").code == Failure::gone);
  for (const std::string body : {"", "{}", "[]", "<html>", R"({"data":[)", R"({"data":[{"key":1}]})"}) {
    auto talk = searching();
    talk.ask();
    auto failure = talk.hear(200, body);
    REQUIRE_FALSE(failure.has_value());
    CHECK(failure.error().code == Failure::malformed);
    CHECK(failure.error().message.starts_with("api.x.com: "));
  }
  CHECK(failure_of(200, x_problem("usage-capped", "UsageCapExceeded", "x")).code == Failure::exhausted);
}

TEST_CASE("a token that an answer repeats is not passed on", "[x]") {
  CHECK(failure_of(401, x_problem("", "Unauthorized", "no such token: " + x_token)).code == Failure::refused);
}
