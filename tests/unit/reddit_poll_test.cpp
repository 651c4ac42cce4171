// Reddit: what is read of posts, searches and accounts, and how far.
#include "tests/unit/reddit_talk.hpp"

using namespace campaignd;
using namespace campaignd::test;
using namespace campaignd::test::reddit;

TEST_CASE("Reddit: a post is its author's, with Reddit's score for likes", "[reddit]") {
  auto talk = poll();
  talk.ask();
  const std::string more =
      R"x(,"selftext":"#AllIn & [this](https://allin.example/a)","score":42,"num_comments":7,"num_crossposts":1)x"
      R"x(,"edited":1750413600.0,"url":"https://news.example/?a=1&b=2")x";
  auto page = talk.page(200, listing({make_post("t3_1lg0002", more)}));
  REQUIRE(page.found.size() == 1);
  const auto& post = page.found[0].post;
  CHECK(page.found[0].local_id == "t3_1lg0002");
  CHECK(post.platform == "reddit");
  CHECK(post.host == "reddit.com");
  CHECK(post.uri == "https://www.reddit.com/comments/1lg0002");
  CHECK(post.url == "https://www.reddit.com/r/x/comments/1lg0002/all_in/");
  CHECK(post.aliases == std::vector<std::string>{"https://redd.it/1lg0002"});
  CHECK(post.author.key == "ewa");
  CHECK(post.kind == Kind::original);
  CHECK(shown(post.published) == "2025-06-21T10:00:00.000Z");
  CHECK(shown(post.edited) == "2025-06-20T10:00:00.000Z");
  CHECK(post.title == "All in");
  CHECK(post.text.find("#AllIn & this") == 0);
  CHECK(post.links == std::vector<std::string>{"https://allin.example/a", "https://news.example/?a=1&b=2"});
  CHECK_FALSE(post.tags.has_value());
  CHECK(post.language.empty());
  CHECK(page.found[0].counters == Counters{.likes = 42, .quotes = 1, .replies = 7});
}

TEST_CASE("Reddit: a score that is hidden, negative or none was not said", "[reddit]") {
  for (const char* more : {R"(,"score":1,"hide_score":true)", R"(,"score":-4)", R"(,"score":null)", "",
                           R"(,"score":"many")", R"(,"score":1e300)"}) {
    INFO(more);
    auto talk = poll();
    talk.ask();
    auto page = talk.page(200, listing({make_post("t3_a", more)}));
    REQUIRE(page.found.size() == 1);
    CHECK_FALSE(page.found[0].counters.likes.has_value());
  }
}

TEST_CASE("Reddit: a post that was deleted or removed is not read", "[reddit]") {
  for (const char* more :
       {R"(,"removed_by_category":"deleted")", R"(,"removed_by_category":"moderator")",
        R"(,"removed_by_category":"automod_filtered")", R"(,"selftext":"[removed]")", R"(,"selftext":"[deleted]")"}) {
    INFO(more);
    auto talk = poll();
    talk.ask();
    auto page = talk.page(200, listing({make_post("t3_a", more), make_post("t3_b")}));
    REQUIRE(page.found.size() == 1);
    CHECK(page.found[0].local_id == "t3_b");
    REQUIRE(page.refused.size() == 1);
    CHECK(page.refused[0].id == "t3_a");
  }
}

TEST_CASE("Reddit: a first poll pages down to the floor and says so", "[reddit]") {
  auto talk = poll();
  talk.ask();
  auto page = talk.page(200, listing({make_post("t3_b9"), make_post("t3_b8")}, "\"t3_b8\""));
  CHECK(page.more);
  CHECK_FALSE(page.since.has_value());
  CHECK(talk.ask() == search + "&after=t3_b8");
  page = talk.page(200, listing({make_post("t3_b7")}));
  CHECK_FALSE(page.more);
  CHECK_FALSE(page.joins_last);
  CHECK(shown(page.since) == "2025-06-01T00:00:00.000Z");
}

TEST_CASE("Reddit: a later poll reads down to a day before the last, because the search learns late", "[reddit]") {
  auto first = poll();
  first.ask();
  auto cursor = first.page(200, listing({make_post("t3_b1")})).cursor;

  auto later = noon + 30min;
  auto talk = poll(searching(), cursor, later);
  CHECK(talk.ask() == search);
  auto page =
      talk.page(200, listing({make_post("t3_b3", "", later - 1min), make_post("t3_b0", "", noon - 25h)}, "\"t3_b0\""));
  CHECK(page.more);  // not all of it is old
  CHECK(talk.ask() == search + "&after=t3_b0");
  page = talk.page(200, listing({make_post("t3_a9", "", noon - 26h)}, "\"t3_a9\""));
  CHECK_FALSE(page.more);
  CHECK(page.joins_last);
  CHECK_FALSE(page.since.has_value());
}

TEST_CASE("Reddit: a search that ends by itself after two hundred posts claims no more than it read", "[reddit]") {
  auto talk = poll();
  talk.ask();
  talk.page(200, listing({make_post("t3_b9")}, "\"t3_b9\""));
  talk.ask();
  talk.page(200, listing({make_post("t3_b8")}, "\"t3_b8\""));
  talk.ask();
  auto page = talk.page(200, listing({make_post("t3_b7", "", noon - 5h)}));
  CHECK_FALSE(page.more);
  CHECK(page.since == noon - 5h);
}

TEST_CASE("Reddit: a listing is read for ten pages at the most, and one that turns in circles is left", "[reddit]") {
  auto talk = poll();
  Page page;
  int requests = 0;
  for (page.more = true; page.more && requests < 50; ++requests) {
    talk.ask();
    page = talk.page(200, listing({make_post(fmt::format("t3_b{}", requests))}, fmt::format("\"t3_b{}\"", requests)));
  }
  CHECK(requests == 10);
  CHECK(page.since == noon - 2h);

  auto circle = poll();
  circle.ask();
  CHECK(circle.page(200, listing({make_post("t3_b1")}, "\"t3_b1\"")).more);
  circle.ask();
  CHECK_FALSE(circle.page(200, listing({make_post("t3_b1")}, "\"t3_b1\"")).more);

  auto odd = poll();
  odd.ask();
  CHECK_FALSE(odd.page(200, listing({make_post("t3_b1")}, "\"../../api\"")).more);
}

TEST_CASE("Reddit: a poll that broke off goes on at its page, and then looks at what came since", "[reddit]") {
  auto first = poll();
  first.ask();
  auto cursor = first.page(200, listing({make_post("t3_b9")}, "\"t3_b9\"")).cursor;

  auto talk = poll(searching(), cursor, noon + 1h);
  CHECK(talk.ask() == search + "&after=t3_b9");
  CHECK(talk.page(200, listing({make_post("t3_b8")})).more);
  CHECK(talk.ask() == search);
}

TEST_CASE("Reddit: where the post that named the page is gone, the list is read from its top", "[reddit]") {
  auto first = poll();
  first.ask();
  auto cursor = first.page(200, listing({make_post("t3_b9")}, "\"t3_b9\"")).cursor;

  auto talk = poll(searching(), cursor, noon + 1h);
  talk.ask();
  CHECK(talk.page(200, listing({})).more);
  CHECK(talk.ask() == search);
}

TEST_CASE("Reddit: a token that ends within a poll does not lose its place", "[reddit]") {
  auto talk = poll();
  talk.ask();
  talk.page(200, listing({make_post("t3_b9")}, "\"t3_b9\""));
  talk.ask();
  auto page = talk.page(401, "");
  talk.ask();
  CHECK(talk.page(200, token_answer).cursor == page.cursor);
  CHECK(talk.ask() == search + "&after=t3_b9");
}

TEST_CASE("Reddit: an account's posts are read by its name, however it is written", "[reddit]") {
  for (const char* name : {"Ewa_K", "u/Ewa_K", "/u/Ewa_K", "/user/Ewa_K", "@Ewa_K"}) {
    auto settings = searching();
    settings.account = name;
    CHECK(poll(settings).ask() == "https://oauth.reddit.com/user/Ewa_K/submitted?sort=new&t=all&limit=100&raw_json=1");
  }
}

TEST_CASE("Reddit: an account that is not shown is a failure that names it", "[reddit]") {
  auto settings = searching();
  settings.account = "Ewa_K";
  for (auto [status, body] : {std::pair(404, R"({"message": "Not Found", "error": 404})"),
                              std::pair(403, R"({"message": "Forbidden", "error": 403})")}) {
    auto failure = failure_of(status, body, {}, settings);
    CHECK(failure.code == Failure::gone);
    CHECK(failure.message.find("Ewa_K") != std::string::npos);
  }
  CHECK(failure_of(403, "<html>whoa there, pardner!</html>", html, settings).code == Failure::refused);
}
