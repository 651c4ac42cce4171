#include "connectors/platforms/facebook.hpp"

#include "connectors/reading/hmac.hpp"
#include "tests/unit/meta_talk.hpp"

using namespace campaignd;
using namespace campaignd::test;

namespace {

const std::string api = "https://graph.facebook.com/v25.0/";
const std::string fields =
    "id,created_time,message,permalink_url,shares,reactions.limit(0).summary(total_count),"
    "comments.limit(0).summary(total_count),attachments{media_type,unshimmed_url,subattachments{media_type}}";
const std::string own = "EAABtoken-of-the-page-itself";
const std::string look_up = api + "niem.project?fields=id,name,followers_count,access_token";

std::string page_of(const std::string& token = "") {
  return R"({"id":"104","name":"NIEM","followers_count":42)" +
         (token.empty() ? std::string{} : R"(,"access_token":")" + token + "\"") + "}";
}

std::string post(int id, const std::string& time = "20T09:00:00", const std::string& more = "") {
  return fmt::format(R"({{"id":"104_{}","created_time":"2025-06-{}+0000","message":"x #AllIn",)"
                     R"("reactions":{{"data":[],"summary":{{"total_count":7}}}},)"
                     R"("comments":{{"data":[],"summary":{{"total_count":2}}}}{}}})",
                     id, time, more);
}

SourceSettings settings(const std::string& credential = secret) {
  auto out = meta_settings(credential);
  out.account = "NIEM.project";
  return out;
}

Talk polling(const std::string& position = "", const std::string& credential = secret) {
  return {make_facebook(settings(credential))->discover({position, "", ""}), meta_now};
}

/// A poll that knows its page.
Talk reading(const std::string& position = "") {
  auto talk = polling(position);
  talk.ask();
  talk.page(200, page_of());
  return talk;
}

PostRef ref(int id, const std::string& page = "niem.project") {
  return {id, "facebook.com", fmt::format("{}/104_{}", page, id),
          fmt::format("https://www.facebook.com/104/posts/{}", id)};
}

/// A measurement that knows its page.
Talk measuring(const std::vector<PostRef>& posts) {
  Talk talk(make_facebook(meta_settings())->measure(posts), meta_now);
  CHECK(talk.ask() == look_up);
  CHECK(talk.page(200, page_of(own)).more);
  return talk;
}

std::string by_id(const std::vector<int>& ids) {
  std::string out = "{";
  for (int id : ids) out += fmt::format("{}\"104_{}\":{}", out.size() > 1 ? "," : "", id, post(id));
  return out + "}";
}

const std::string not_there = graph_error(100, "Unsupported get request. Object with ID '104_2' does not exist", 33);

}  // namespace

TEST_CASE("a page is looked up with its own token, then its posts are read with it", "[facebook]") {
  auto talk = polling();
  CHECK(talk.ask() == look_up);
  CHECK(talk.asked().bucket == "facebook");
  check_hidden(talk.asked());
  auto first = talk.page(200, page_of(own));
  CHECK(first.more);
  CHECK(first.cursor.position.find(own) == std::string::npos);
  CHECK(decoded(talk.ask()) == api + "104/posts?fields=" + fields + "&limit=25");
  check_hidden(talk.asked(), own);
  auto page = talk.page(200, data_of({post(2, "20T09:00:00", R"(,"shares":{"count":3})"), post(1)}, "n", true));
  REQUIRE(page.found.size() == 2U);
  CHECK(page.found[0].counters == Counters{7, 3, std::nullopt, 2, std::nullopt});
  CHECK(page.found[1].counters.reposts == 0);  // left out where there are none
  CHECK(page.found[0].local_id == "niem.project/104_2");
  CHECK(page.found[0].post.author.key == "104");
  CHECK(page.found[0].post.author.handle == "niem.project");
  CHECK(page.found[0].post.author.followers == 42);
  CHECK(page.more);
  CHECK(page.cursor.position.find(secret) == std::string::npos);
  CHECK(talk.ask().ends_with("&limit=25&after=n"));
  auto last = talk.page(200, data_of({post(3, "01T09:00:00")}, "m"));
  CHECK_FALSE(last.more);
  CHECK(shown(last.since) == "2025-01-01T00:00:00.000Z");
}

TEST_CASE("others' pages are read with the credential itself", "[facebook]") {
  auto talk = polling();
  talk.ask();
  CHECK(talk.page(403, graph_error(200, "Requires a task on the page")).more);
  CHECK(talk.ask() == api + "niem.project?fields=id,name,followers_count");
  talk.page(200, page_of());
  talk.ask();
  check_hidden(talk.asked());
}

TEST_CASE("where the app's secret is known, each request proves it for its own token", "[facebook]") {
  auto talk = polling("", secret + ":app-secret");
  CHECK(talk.ask() == look_up + "&appsecret_proof=" + hmac_sha256_hex("app-secret", secret));
  check_hidden(talk.asked());
  CHECK(talk.asked().url.find("app-secret") == std::string::npos);
  talk.page(200, page_of(own));
  CHECK(talk.ask().ends_with("&limit=25&appsecret_proof=" + hmac_sha256_hex("app-secret", own)));
}

TEST_CASE("a poll that broke off goes on at its page, a later one stops two days before the last", "[facebook]") {
  auto talk = reading();
  talk.ask();
  auto first = talk.page(200, data_of({post(3)}, "n", true));
  auto resumed = reading(first.cursor.position);
  CHECK(resumed.ask().ends_with("&after=n"));

  auto whole = reading();
  whole.ask();
  auto end = whole.page(200, data_of({post(3)}));
  auto next = reading(end.cursor.position);
  next.ask();
  auto joined = next.page(200, data_of({post(2, "18T11:59:00")}, "n", true));
  CHECK_FALSE(joined.more);
  CHECK(joined.joins_last);
}

TEST_CASE("a page that showed posts before and shows none now is not covered, and the source says so", "[facebook]") {
  auto never = reading();
  never.ask();
  auto empty = never.page(200, data_of({}));
  CHECK(empty.refused.empty());
  CHECK(shown(empty.since) == "2025-01-01T00:00:00.000Z");

  auto first = reading(empty.cursor.position);
  first.ask();
  auto seen = first.page(200, data_of({post(3)}));
  CHECK(seen.joins_last);
  auto withheld = reading(seen.cursor.position);
  withheld.ask();
  auto nothing = withheld.page(200, data_of({}));
  CHECK_FALSE(nothing.more);
  CHECK_FALSE(nothing.joins_last);
  CHECK_FALSE(nothing.since);
  REQUIRE(nothing.refused.size() == 1U);
  CHECK(nothing.refused.front().id.empty());
  CHECK(nothing.refused.front().why.starts_with("Facebook shows no post of niem.project where it showed some before"));

  auto later = reading(nothing.cursor.position);
  later.ask();
  auto back = later.page(200, data_of({post(3)}));
  CHECK(back.refused.empty());
  CHECK(back.joins_last);
}

TEST_CASE("an empty page below others is the end of the list", "[facebook]") {
  auto talk = reading();
  talk.ask();
  talk.page(200, data_of({post(3)}, "n", true));
  talk.ask();
  auto last = talk.page(200, data_of({}));
  CHECK(last.refused.empty());
  CHECK(shown(last.since) == "2025-01-01T00:00:00.000Z");
}

TEST_CASE("a next page that nobody can ask for cuts the list", "[facebook]") {
  const std::string next = R"(,"paging":{"cursors":{},"next":"https://graph.facebook.com/x"}})";
  auto talk = reading();
  talk.ask();
  auto page = talk.page(200, R"({"data":[)" + post(3) + "," + post(2, "19T09:00:00") + "]" + next);
  CHECK_FALSE(page.more);
  CHECK_FALSE(page.joins_last);
  CHECK(shown(page.since) == "2025-06-20T09:00:00.000Z");
}

TEST_CASE("when Facebook wants less data, half as many posts are asked for", "[facebook]") {
  const auto too_much = graph_error(1, "Please reduce the amount of data you're asking for, then retry your request");
  auto talk = reading();
  for (int limit : {25, 12, 6, 3, 1}) {
    CHECK(talk.ask().ends_with(fmt::format("&limit={}", limit)));
    if (limit > 1) CHECK(talk.page(500, too_much).more);
  }
  auto last = talk.hear(500, too_much);
  REQUIRE_FALSE(last.has_value());
  CHECK(last.error().code == Failure::unavailable);
}

TEST_CASE("a page that is not shown is told for its remedy", "[facebook]") {
  auto why = [](int status, const std::string& body) {
    auto talk = polling();
    talk.ask();
    auto result = talk.hear(status, body);
    REQUIRE_FALSE(result.has_value());
    return result.error();
  };
  auto unknown = why(404, graph_error(803, "Some of the aliases you requested do not exist: niem.project"));
  CHECK(unknown.code == Failure::gone);
  CHECK(unknown.message.find("the page niem.project") != std::string::npos);
  auto hidden = why(400, graph_error(100, "Object does not exist, cannot be loaded due to missing permission", 33));
  CHECK(hidden.code == Failure::refused);
  CHECK(hidden.message.find("Page Public Content Access") != std::string::npos);
  auto proof =
      why(400, graph_error(100, "Pages Public Content Access requires either app secret proof or an app token"));
  CHECK(proof.message.find("token:app secret") != std::string::npos);
  auto invalid = why(400, graph_error(100, "Invalid appsecret_proof provided in the API argument"));
  CHECK(invalid.message.find("token:app secret") != std::string::npos);
  CHECK(why(400, graph_error(32)).code == Failure::throttled);
  CHECK(why(400, graph_error(190, "Error validating access token: " + secret)).message.find(secret) ==
        std::string::npos);
  CHECK(why(200, "{}").code == Failure::malformed);
  CHECK(why(200, "[").message.starts_with("Facebook: "));
}

TEST_CASE("without a token or a page a facebook source says what it needs", "[facebook]") {
  auto source = settings();
  source.session = nullptr;
  Talk talk(make_facebook(source)->discover({}), meta_now);
  CHECK(talk.ask().starts_with(api));
  auto result = talk.hear(400, graph_error(190));
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().message.find("credential") != std::string::npos);
  Talk nobody(make_facebook(meta_settings())->discover({}), meta_now);
  nobody.ask();
  CHECK_FALSE(nobody.hear(200, page_of()).has_value());
}

TEST_CASE("posts are measured by their ids, with the token of their page", "[facebook]") {
  auto talk = measuring({ref(1), ref(2)});
  CHECK(decoded(talk.ask()) == api + "?ids=104_1,104_2&fields=" + fields);
  check_hidden(talk.asked(), own);
  auto page = talk.page(200, by_id({1, 2}));
  CHECK_FALSE(page.more);
  CHECK(page.gone.empty());
  REQUIRE(page.readings.size() == 2U);
  CHECK(page.readings[0].of.post == 1);
  CHECK(page.readings[0].counters.likes == 7);
  REQUIRE(page.readings[0].now);
  CHECK(page.readings[0].now->post.author.handle == "niem.project");
}

TEST_CASE("one post that is not there is found by halves, and is gone where the page shows its others", "[facebook]") {
  auto talk = measuring({ref(1), ref(2), ref(3)});
  talk.ask();
  CHECK(talk.page(400, not_there).more);
  CHECK(decoded(talk.ask()).find("?ids=104_1&") != std::string::npos);
  CHECK(talk.page(200, by_id({1})).readings.size() == 1U);
  CHECK(decoded(talk.ask()).find("?ids=104_2,104_3&") != std::string::npos);
  talk.page(400, not_there);
  talk.ask();
  CHECK(talk.page(400, not_there).gone.empty());
  talk.ask();
  auto last = talk.page(200, by_id({3}));
  CHECK_FALSE(last.more);
  REQUIRE(last.gone.size() == 1U);
  CHECK(last.gone.front().of.post == 2);
}

TEST_CASE("a post left out of an answer is gone only with a proof that its page is shown", "[facebook]") {
  auto proven_by = [](int status, const std::string& body) {
    auto talk = measuring({ref(2)});
    talk.ask();
    CHECK(talk.page(200, "{}").more);
    CHECK(talk.ask() == api + "104/posts?fields=id&limit=1");
    auto last = talk.page(status, body);
    CHECK_FALSE(last.more);
    CHECK(last.gone.size() + last.refused.size() == 1U);
    return last;
  };
  auto proven = proven_by(200, data_of({R"({"id":"104_9"})"}));
  REQUIRE(proven.gone.size() == 1U);
  CHECK(proven.gone.front().of.post == 2);
  CHECK(proven_by(400, graph_error(100, "missing permission", 33)).gone.empty());
  for (const auto& nothing : {data_of({}), std::string("{}"), std::string("<html>")}) {
    auto last = proven_by(200, nothing);
    REQUIRE(last.refused.size() == 1U);
    CHECK(last.refused.front().id == "niem.project/104_2");
    CHECK(last.refused.front().why == "it is not there, but Facebook shows no post of its page at all");
  }
}

TEST_CASE("an error that says nothing of deletion takes no post away", "[facebook]") {
  auto talk = measuring({ref(1), ref(2)});
  talk.ask();
  talk.page(400, graph_error(12345, "something new"));
  talk.ask();
  CHECK(talk.page(200, by_id({1})).readings.size() == 1U);
  talk.ask();
  auto last = talk.page(400, graph_error(12345, "something new"));
  CHECK(last.gone.empty());
  REQUIRE(last.refused.size() == 1U);
  CHECK(last.refused.front().why == "Facebook: something new");
}

TEST_CASE("pages are measured one after another, and one that is withheld does not hold up the others", "[facebook]") {
  Talk talk(make_facebook(meta_settings())->measure({ref(1), ref(2, "other.page"), {9, "facebook.com", "x", "y"}}),
            meta_now);
  CHECK(talk.ask().find("/other.page?") != std::string::npos);
  auto page = talk.page(404, graph_error(803, "do not exist: other.page"));
  CHECK(page.more);
  CHECK(page.refused.size() == 2U);  // the page, and an id that is none
  CHECK(talk.ask() == look_up);
  talk.page(200, page_of());
  talk.ask();
  CHECK_FALSE(talk.page(200, by_id({1})).more);
}

TEST_CASE("a measurement ends at what is not about its posts", "[facebook]") {
  auto talk = measuring({ref(1), ref(2)});
  talk.ask();
  auto limited = talk.hear(400, graph_error(32), app_usage(100));
  REQUIRE_FALSE(limited.has_value());
  CHECK(limited.error().code == Failure::throttled);
  CHECK(limited.error().retry_after == std::chrono::hours(1));
}

TEST_CASE("a measurement slows down with the limit", "[facebook]") {
  auto talk = measuring({ref(1), ref(2)});
  talk.ask();
  CHECK_FALSE(talk.page(400, not_there, app_usage(96)).more);
}
