#include "connectors/platforms/threads.hpp"

#include <algorithm>

#include "tests/unit/meta_talk.hpp"

using namespace campaignd;
using namespace campaignd::test;

namespace {

const std::string api = "https://graph.threads.net/v1.0/";
const std::string fields =
    "id,text,media_type,permalink,shortcode,timestamp,username,is_quote_post,is_reply,topic_tag,link_attachment_url,"
    "alt_text,children";
const std::string tag_search =
    api + "keyword_search?q=AllIn&search_type=RECENT&search_mode=TAG&fields=" + fields + "&limit=100&since=1735689600";
const std::string me = R"({"id":"1","username":"Niem_Campaign"})";

std::string post(const std::string& id, const std::string& time, const std::string& user = "ola.example") {
  return R"({"id":")" + id + R"(","username":")" + user + R"(","permalink":"https://www.threads.net/@)" + user +
         "/post/C" + id + R"(","timestamp":"2025-06-)" + time + R"(+0000","text":"x #AllIn"})";
}

SourceSettings settings() {
  auto out = meta_settings();
  out.tags = {"AllIn"};
  return out;
}

/// A poll whose token's owner is known.
Talk searching(SourceSettings source = settings(), const Cursor& cursor = {}) {
  if (source.session) source.session->who = "niem_campaign";
  return {make_threads(source)->discover(cursor), meta_now};
}

Talk reading(const std::string& position = "") {
  auto source = meta_settings();
  source.account = "Partner.Example";
  return {make_threads(source)->discover({position, "", ""}), meta_now};
}

}  // namespace

TEST_CASE("a search asks for the newest hundred with a topic back to the floor, the token in a header", "[threads]") {
  auto talk = searching();
  CHECK(talk.ask() == tag_search);
  CHECK(talk.asked().bucket == "threads");
  check_hidden(talk.asked());
  auto page = talk.page(200, data_of({post("2", "20T09:00:00"), post("1", "20T08:00:00")}));
  REQUIRE(page.found.size() == 2U);
  CHECK_FALSE(page.more);
  CHECK(shown(page.since) == "2025-01-01T00:00:00.000Z");
  const auto& found = page.found.front();
  CHECK(found.counters == Counters{});
  CHECK(found.post.uri == "https://www.threads.com/t/C2");
  CHECK(found.post.author.key == "ola.example");
  CHECK(page.cursor.position.find(secret) == std::string::npos);
}

TEST_CASE("the owner of the token is asked for once, and it costs no search", "[threads]") {
  auto source = settings();
  Talk talk(make_threads(source)->discover({}), meta_now);
  CHECK(talk.ask() == api + "me?fields=username");
  auto page = talk.page(200, me);
  CHECK(page.more);
  CHECK(page.cost == 0);
  CHECK(source.session->who == "niem_campaign");
  CHECK(talk.ask() == tag_search);
  Talk second(make_threads(source)->discover({}), meta_now);
  CHECK(second.ask() == tag_search);
}

TEST_CASE("words are searched for as keywords, after the tags", "[threads]") {
  auto source = settings();
  source.query = "all in for integration";
  auto talk = searching(source);
  talk.ask();
  auto first = talk.page(200, data_of({post("1", "20T08:00:00")}));
  CHECK(first.more);
  CHECK(talk.ask().find("keyword_search?q=all%20in%20for%20integration&search_type=RECENT&search_mode=KEYWORD&") !=
        std::string::npos);
  CHECK_FALSE(talk.page(200, data_of({})).more);
}

TEST_CASE("pages follow the cursor until one is empty, and never paging.next", "[threads]") {
  auto talk = searching();
  talk.ask();
  auto first = talk.page(200, data_of({post("3", "20T09:00:00")}, "a=1&b", true));
  CHECK(first.more);
  CHECK_FALSE(first.joins_last);
  CHECK(first.cursor.position.find(secret) == std::string::npos);
  CHECK(talk.ask() == tag_search + "&after=a%3D1%26b");
  auto last = talk.page(200, data_of({}));
  CHECK_FALSE(last.more);
  CHECK(last.cost == 0);

  auto resumed = searching(settings(), first.cursor);  // the poll broke off after its first page
  CHECK(resumed.ask() == tag_search + "&after=a%3D1%26b");
}

TEST_CASE("a later search asks from a day before the last one, and joins it", "[threads]") {
  auto talk = searching();
  talk.ask();
  auto first = talk.page(200, data_of({post("3", "20T09:00:00")}));
  auto next = searching(settings(), first.cursor);
  CHECK(next.ask().ends_with("&since=1750334400"));
  auto page = next.page(200, data_of({}));
  CHECK(page.joins_last);
  CHECK_FALSE(page.since);
}

TEST_CASE("a server that repeats its cursor is not asked for ever", "[threads]") {
  auto talk = searching();
  talk.ask();
  talk.page(200, data_of({post("3", "20T09:00:00")}, "same"));
  talk.ask();
  auto page = talk.page(200, data_of({post("2", "20T08:00:00")}, "same"));
  CHECK_FALSE(page.more);
  CHECK(shown(page.since) == "2025-06-20T08:00:00.000Z");
}

TEST_CASE("a next page of Threads that nobody can ask for cuts the list", "[threads]") {
  auto talk = searching();
  talk.ask();
  auto page = talk.page(200, R"({"data":[)" + post("3", "20T09:00:00") + "," + post("2", "20T08:00:00") +
                                 R"(],"paging":{"cursors":{},"next":"https://graph.threads.net/x"}})");
  CHECK_FALSE(page.more);
  CHECK_FALSE(page.joins_last);
  CHECK(shown(page.since) == "2025-06-20T09:00:00.000Z");
}

/// A first poll that met nobody but the owner of the token, and asks for a proof.
static Talk unproven(const std::string& body) {
  auto talk = searching();
  talk.ask();
  auto page = talk.page(200, body);
  CHECK(page.more);
  CHECK_FALSE(page.since);
  CHECK(talk.ask() == api + "keyword_search?q=the&search_type=RECENT&fields=id,username&limit=100");
  return talk;
}

TEST_CASE("where nobody but the token's owner is met, a common word proves that the app is approved", "[threads]") {
  for (const auto& body : {data_of({}), data_of({post("3", "20T09:00:00", "niem_campaign")})}) {
    auto talk = unproven(body);
    auto proof = talk.page(200, data_of({R"({"id":"9","username":"somebody"})"}));
    CHECK(proof.found.empty());
    CHECK(proof.refused.empty());
    CHECK(shown(proof.since) == "2025-01-01T00:00:00.000Z");
    auto next = searching(settings(), proof.cursor);
    next.ask();
    CHECK_FALSE(next.page(200, data_of({})).more);  // it is known for a week
  }
}

TEST_CASE("an app without approval covers nothing, and the source says so", "[threads]") {
  for (const auto& own : {data_of({}), data_of({R"({"id":"9","username":"NIEM_campaign"})"})}) {
    auto talk = unproven(data_of({post("3", "20T09:00:00", "niem_campaign")}));
    auto proof = talk.page(200, own);
    CHECK_FALSE(proof.more);
    CHECK_FALSE(proof.joins_last);
    CHECK_FALSE(proof.since);
    CHECK(proof.cursor.position.empty());
    REQUIRE(proof.refused.size() == 1U);
    CHECK(proof.refused.front().id.empty());
    CHECK(proof.refused.front().why.find("@niem_campaign alone") != std::string::npos);
    CHECK(proof.refused.front().why.find("threads_keyword_search") != std::string::npos);
  }
}

TEST_CASE("what an error of Threads means is said with what is missing", "[threads]") {
  auto talk = searching();
  talk.ask();
  auto refused = talk.hear(500, graph_error(10, "Application does not have permission for this action"));
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == Failure::refused);
  CHECK(refused.error().message.find("threads_keyword_search") != std::string::npos);
  auto expired = talk.hear(401, graph_error(190, "Error validating access token " + secret, 463));
  REQUIRE_FALSE(expired.has_value());
  CHECK(expired.error().message.find(secret) == std::string::npos);
}

TEST_CASE("without a token or a question a threads source says what it needs", "[threads]") {
  auto source = settings();
  source.session = nullptr;
  auto talk = searching(source);
  CHECK(talk.ask().starts_with(api));
  auto none = talk.hear(401, graph_error(190));
  REQUIRE_FALSE(none.has_value());
  CHECK(none.error().code == Failure::refused);
  CHECK(none.error().message.find("credential") != std::string::npos);

  auto empty = searching(meta_settings());
  CHECK_FALSE(empty.ask().empty());
  auto nothing = empty.hear(200, data_of({}));
  REQUIRE_FALSE(nothing.has_value());
  CHECK(nothing.error().message.find("tags or a query") != std::string::npos);
}

TEST_CASE("a page that is no list is malformed, and says who sent it", "[threads]") {
  for (const std::string body : {"<html>", "", "[]", "{}", R"({"data":{}})", R"({"data":[)"}) {
    auto talk = searching();
    talk.ask();
    auto result = talk.hear(200, body);
    REQUIRE_FALSE(result.has_value());
    CHECK(result.error().code == Failure::malformed);
    CHECK(result.error().message.starts_with("Threads: "));
  }
}

TEST_CASE("a partner's profile is read out of a budget of its own", "[threads]") {
  auto talk = reading();
  CHECK(talk.ask() == api + "profile_posts?username=partner.example&fields=" + fields + "&limit=100&since=1735689600");
  CHECK(talk.asked().bucket == "threads-profiles");
  check_hidden(talk.asked());
  auto page = talk.page(
      200, data_of({post("3", "20T09:00:00", "Partner.Example"), post("2", "20T08:00:00", "somebody.else")}, "n"));
  CHECK(page.found.size() == 1U);
  CHECK(page.refused.size() == 1U);
  CHECK(page.more);
  CHECK(talk.ask().ends_with("&after=n"));
  auto last = talk.page(200, data_of({}));
  CHECK_FALSE(last.more);
  CHECK(shown(last.since) == "2025-01-01T00:00:00.000Z");
}

TEST_CASE("a profile Threads does not show is named", "[threads]") {
  auto talk = reading();
  talk.ask();
  auto result = talk.hear(400, graph_error(100, "Unsupported get request"));
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().code == Failure::refused);
  CHECK(result.error().message.find("@partner.example") != std::string::npos);
  CHECK(result.error().message.find("few followers") != std::string::npos);
  auto permission = talk.hear(400, graph_error(10));
  REQUIRE_FALSE(permission.has_value());
  CHECK(permission.error().message.find("threads_profile_discovery") != std::string::npos);
}

TEST_CASE("posts of Threads are not measured", "[threads]") {
  CHECK(threads_contract.batch == 0);
  CHECK(make_threads(settings())->measure({}) == nullptr);
}
