#include "connectors/platforms/instagram.hpp"

#include "tests/unit/meta_talk.hpp"

using namespace campaignd;
using namespace campaignd::test;

namespace {

const std::string api = "https://graph.facebook.com/v25.0/";
const std::string user = "17841400000000001";
const std::string tag_id = R"({"data":[{"id":"17843857450040591"}]})";
const std::string list_query = "?user_id=" + user +
                               "&fields=id%2Ccaption%2Cmedia_type%2Cpermalink%2Ctimestamp%2Clike_count%2C"
                               "comments_count%2Cchildren%7Bid%7D&limit=50";
const std::string recent = api + "17843857450040591/recent_media" + list_query;
const std::string top = api + "17843857450040591/top_media" + list_query;

std::string medium(int id, const std::string& time = "20T09:00:00", const std::string& more = "") {
  return fmt::format(R"({{"id":"1790{}","permalink":"https://www.instagram.com/p/C{}/","timestamp":"2025-06-{}+0000",)"
                     R"("caption":"x #AllIn","comments_count":1{}}})",
                     id, id, time, more);
}

SourceSettings settings(const std::vector<std::string>& tags = {"AllIn"}) {
  auto out = meta_settings(user + ":" + secret);
  out.tags = tags;
  return out;
}

Talk searching(const Cursor& cursor = {}, const std::vector<std::string>& tags = {"AllIn"}, sys_ms now = meta_now) {
  return {make_instagram(settings(tags))->discover(cursor), now};
}

/// A poll of one tag that is read to its end.
Page poll(const Cursor& cursor, sys_ms now) {
  auto talk = searching(cursor, {"AllIn"}, now);
  if (talk.ask().find("ig_hashtag_search") != std::string::npos) {
    talk.page(200, tag_id);
    talk.ask();
  }
  talk.page(200, data_of({medium(1)}));
  talk.ask();
  return talk.page(200, data_of({}));
}

Talk reading(const std::string& position = "", const std::string& account = "Partner.Example") {
  auto source = settings({});
  source.account = account;
  return {make_instagram(source)->discover({position, "", ""}), meta_now};
}

std::string discovery(const std::vector<std::string>& media, const std::string& after = "",
                      const std::string& name = "partner.example") {
  auto paging = after.empty() ? std::string{} : R"(,"paging":{"cursors":{"after":")" + after + "\"}}";
  return R"({"business_discovery":{"id":"5","username":")" + name +
         R"(","name":"Partner","followers_count":4210,"media_count":9,"media":{"data":)" + make_list(media) + paging +
         "}},\"id\":\"" + user + "\"}";
}

}  // namespace

TEST_CASE("the id of a hashtag is looked up, then its newest and its most popular media are read", "[instagram]") {
  auto talk = searching();
  CHECK(talk.ask() == api + "ig_hashtag_search?user_id=" + user + "&q=AllIn");
  CHECK(talk.asked().bucket == "instagram");
  check_hidden(talk.asked());
  CHECK(talk.page(200, tag_id).more);
  CHECK(talk.ask() == recent);
  CHECK(talk.asked().bucket == "instagram");
  check_hidden(talk.asked());
  auto first = talk.page(200, data_of({medium(2), medium(1)}, "same", true));
  CHECK(first.found.size() == 2U);
  CHECK(first.more);
  CHECK(first.cursor.position.find(secret) == std::string::npos);
  CHECK(talk.ask() == recent + "&after=same");
  CHECK(talk.page(200, data_of({medium(3)}, "same", true)).more);  // the same cursor leads further all the same
  CHECK(talk.ask() == recent + "&after=same");
  CHECK(talk.page(200, data_of({medium(3)}, "same", true)).more);  // nothing new any more
  CHECK(talk.ask() == top);
  auto last = talk.page(200, data_of({medium(9, "01T09:00:00", R"(,"like_count":9)")}, "same", true));
  CHECK(last.found.size() == 1U);
  CHECK_FALSE(last.more);
  CHECK(shown(last.since) == "2025-06-19T12:00:00.000Z");

  auto next = searching(last.cursor);
  CHECK(next.ask() == recent);  // the id is known
}

TEST_CASE("polls within a day of each other join, others cover a day", "[instagram]") {
  auto first = poll({}, meta_now);
  CHECK_FALSE(first.joins_last);
  auto soon = poll(first.cursor, meta_now + std::chrono::hours(6));
  CHECK(soon.joins_last);
  CHECK_FALSE(soon.since);
  auto late = poll(first.cursor, meta_now + std::chrono::hours(30));
  CHECK_FALSE(late.joins_last);
  CHECK(shown(late.since) == "2025-06-20T18:00:00.000Z");
}

TEST_CASE("a poll that broke off begins again, and does not look up its tags twice", "[instagram]") {
  auto talk = searching();
  talk.ask();
  talk.page(200, tag_id);
  talk.ask();
  auto page = talk.page(200, data_of({medium(1)}, "same"));
  auto resumed = searching(page.cursor);
  CHECK(resumed.ask() == recent);
  resumed.page(200, data_of({medium(1)}));
  resumed.ask();
  CHECK(shown(resumed.page(200, data_of({})).since) == "2025-06-19T12:00:00.000Z");
}

TEST_CASE("hidden likes are not said, and nobody is the author of a medium with a hashtag", "[instagram]") {
  auto talk = searching();
  talk.ask();
  talk.page(200, tag_id);
  talk.ask();
  auto page = talk.page(200, data_of({medium(1), medium(2, "20T08:00:00", R"(,"like_count":0)")}));
  REQUIRE(page.found.size() == 2U);
  CHECK_FALSE(page.found[0].counters.likes);
  CHECK(page.found[0].counters.replies == 1);
  CHECK(page.found[1].counters.likes == 0);
  CHECK(page.found[0].post.author.key == "https://www.instagram.com/p/C1/");
  CHECK(page.found[0].post.author.name.empty());
}

TEST_CASE("a medium found by a hashtag has it, wherever it was typed", "[instagram]") {
  auto talk = searching({}, {"Łódź"});
  talk.ask();
  talk.page(200, tag_id);
  talk.ask();
  auto page = talk.page(200, data_of({medium(1)}));
  REQUIRE(page.found.size() == 1U);
  CHECK(page.found[0].post.tags == std::vector<std::string>{"allin", "Łódź"});
}

TEST_CASE("a hashtag nobody has used is asked for again half a day later", "[instagram]") {
  const auto unknown = graph_error(24, "The requested resource does not exist");
  auto talk = searching({}, {"Nobody", "AllIn"});
  talk.ask();
  auto page = talk.page(400, unknown);
  CHECK(page.more);
  CHECK(page.refused.empty());
  CHECK_FALSE(page.cost);
  CHECK(talk.ask().ends_with("&q=AllIn"));
  talk.page(200, tag_id);
  talk.ask();
  talk.page(200, data_of({medium(1)}));
  talk.ask();
  auto last = talk.page(200, data_of({}));
  CHECK(last.since);  // of what does not exist nothing is missing
  CHECK(searching(last.cursor, {"Nobody", "AllIn"}).ask() == recent);
  auto later = searching(last.cursor, {"Nobody", "AllIn"}, meta_now + std::chrono::hours(13));
  CHECK(later.ask().ends_with("&q=Nobody"));
}

TEST_CASE("a tag is looked up as often as the configuration asks, for Instagram counts each but once", "[instagram]") {
  REQUIRE(instagram_contract.budgets.size() == 1U);
  CHECK(instagram_contract.budgets[0].bucket == "instagram");
  auto talk = searching();
  talk.ask();
  auto page = talk.page(400, graph_error(18, "Too many hashtags"));
  REQUIRE(page.refused.size() == 1U);
  CHECK(page.refused.front().why == "Instagram does not search for #AllIn: 30 others were asked for within seven days");
  CHECK_FALSE(page.cost);  // a request like any other
}

TEST_CASE("a hashtag that is refused does not hold up the others, and the poll covers nothing", "[instagram]") {
  for (int code : {18, 100, 12345}) {
    auto talk = searching({}, {"Sensitive", "AllIn"});
    talk.ask();
    auto page = talk.page(400, graph_error(code, "Invalid parameter"));
    CHECK(page.more);
    REQUIRE(page.refused.size() == 1U);
    CHECK(page.refused.front().id.empty());
    CHECK(page.refused.front().why.find("#Sensitive") != std::string::npos);
    talk.ask();
    talk.page(200, tag_id);
    talk.ask();
    talk.page(200, data_of({medium(1)}));
    talk.ask();
    auto last = talk.page(200, data_of({}));
    CHECK_FALSE(last.more);
    CHECK_FALSE(last.joins_last);
    CHECK_FALSE(last.since);
  }
}

TEST_CASE("a tag with more media than pages may be read covers nothing", "[instagram]") {
  auto source = settings();
  source.backfill_pages = 1;
  Talk talk(make_instagram(source)->discover({"id0=17843857450040591", "", ""}), meta_now);
  CHECK(talk.ask() == recent);
  talk.page(200, data_of({medium(1)}, "same"));
  CHECK(talk.ask() == top);
  auto page = talk.page(200, data_of({}));
  CHECK_FALSE(page.more);
  CHECK_FALSE(page.since);
}

TEST_CASE("a trouble that is not about the hashtag ends the poll", "[instagram]") {
  auto talk = searching();
  talk.ask();
  auto limited = talk.hear(403, graph_error(80002, "There have been too many calls"), business_usage(100, 7));
  REQUIRE_FALSE(limited.has_value());
  CHECK(limited.error().code == Failure::throttled);
  CHECK(limited.error().retry_after == std::chrono::minutes(7));
  auto review = talk.hear(403, graph_error(10));
  REQUIRE_FALSE(review.has_value());
  CHECK(review.error().message.find("Instagram Public Content Access") != std::string::npos);
}

TEST_CASE("a credential without the id of the account is told of, and not repeated", "[instagram]") {
  for (const std::string& credential :
       {std::string(), secret, ":" + secret, "name:" + secret, user + ":", user + ":a b"}) {
    auto source = settings();
    source.session->credential = credential;
    Talk talk(make_instagram(source)->discover({}), meta_now);
    CHECK(talk.ask().find(secret) == std::string::npos);
    auto result = talk.hear(400, graph_error(190));
    REQUIRE_FALSE(result.has_value());
    CHECK(result.error().code == Failure::refused);
    CHECK(result.error().message.find("IG user id:token") != std::string::npos);
    CHECK(result.error().message.find(secret) == std::string::npos);
  }
  auto none = settings();
  none.session = nullptr;
  Talk talk(make_instagram(none)->discover({}), meta_now);
  talk.ask();
  CHECK_FALSE(talk.hear(400, "").has_value());
}

TEST_CASE("a partner's professional account is read through business discovery", "[instagram]") {
  auto talk = reading();
  CHECK(decoded(talk.ask()) ==
        api + user +
            "?fields=business_discovery.username(partner.example){id,username,name,followers_count,media_count,"
            "media.limit(50){id,caption,media_type,permalink,timestamp,like_count,comments_count,children{id}}}");
  check_hidden(talk.asked());
  auto page = talk.page(200, discovery({medium(2), medium(1, "20T08:00:00")}, "QVFI_-="));
  REQUIRE(page.found.size() == 2U);
  CHECK(page.found[0].post.author.key == "partner.example");
  CHECK(page.found[0].post.author.followers == 4210);
  CHECK(page.more);
  CHECK(decoded(talk.ask()).find("media.limit(50).after(QVFI_-=){") != std::string::npos);
  auto last = talk.page(200, discovery({medium(3, "01T09:00:00")}));
  CHECK_FALSE(last.more);
  CHECK(shown(last.since) == "2025-01-01T00:00:00.000Z");

  auto next = reading(last.cursor.position);
  next.ask();
  auto joined = next.page(200, discovery({medium(1, "05T08:00:00")}, "more"));  // a fortnight is read again, no more
  CHECK_FALSE(joined.more);
  CHECK(joined.joins_last);
}

TEST_CASE("a cursor that could end the question's expression is not followed", "[instagram]") {
  auto talk = reading();
  talk.ask();
  CHECK_FALSE(talk.page(200, discovery({medium(2)}, "x){id}")).more);
}

TEST_CASE("an account Instagram does not show is named", "[instagram]") {
  for (const auto& body : {graph_error(110, "Invalid user id", 2207013), graph_error(100, "x", 2207013)}) {
    auto talk = reading();
    talk.ask();
    auto result = talk.hear(400, body);
    REQUIRE_FALSE(result.has_value());
    CHECK(result.error().code == Failure::gone);
    CHECK(result.error().message.find("@partner.example") != std::string::npos);
  }
  auto other = reading();
  other.ask();
  CHECK_FALSE(other.hear(200, discovery({}, "", "somebody")).has_value());
  auto left_out = reading();
  left_out.ask();
  CHECK_FALSE(
      left_out.hear(200, R"({"business_discovery":{"username":"partner.example","media_count":3}})").has_value());
  auto empty = reading();
  empty.ask();
  CHECK(empty.page(200, R"({"business_discovery":{"username":"partner.example","media_count":0}})").since);
  auto hostile = reading("", "a){x}");
  hostile.ask();
  CHECK_FALSE(hostile.hear(200, discovery({})).has_value());
}

TEST_CASE("media of Instagram are measured by reading their lists again", "[instagram]") {
  CHECK(instagram_contract.batch == 0);
  CHECK(make_instagram(settings())->measure({}) == nullptr);
}
