// An organisation's campaign posts beside what its accounts usually get, at equal age.
#include "daemon/report/scores.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include "daemon/store/as_of.hpp"
#include "tests/unit/support.hpp"

using namespace campaignd;
using namespace campaignd::test;
using namespace std::chrono_literals;
using report::Score;

namespace {

const sys_ms day = utc("2025-06-20T08:00:00Z");
const sys_ms later = utc("2025-07-20T12:00:00Z");

struct Scores : World {
  Scores() { books.configure({make_source("one", "v1")}, "2025", edition_2025().from); }

  store::Fact post(const std::string& name, sys_ms published, const std::string& account = "ngo") const {
    auto fact = make_fact(name, account, published);
    fact.author.partner = "ngo";
    fact.match = Match{"", MatchClass::owned};
    return fact;
  }
  void read(store::Fact fact, std::int64_t likes, std::chrono::minutes age, std::int64_t reposts = 0) {
    fact.counters.likes = likes;
    fact.counters.reposts = reposts;
    see({fact}, *fact.published + age);
  }
  /// A post of so many days before, with so many reactions after an hour, and 100 after a day.
  void usual(int days_before, std::int64_t actions, const std::string& account = "ngo") {
    auto fact = post(account + std::to_string(days_before), day - days_before * 24h, account);
    read(fact, actions, 60min);
    read(fact, 100, 24h);
  }
  store::Fact tagged(const std::string& name = "campaign", sys_ms published = day) const {
    auto fact = post(name, published);
    fact.match = Match{"tag", MatchClass::hashtag};
    return fact;
  }
  std::map<std::string, Score> all() const {
    store::Database db(file, store::Access::read);
    auto edition = edition_2025();
    return report::partner_scores(db, edition, {edition.from, edition.until, "edition"}, later);
  }
  Score score() const { return all()["ngo"]; }
};

/// 1, 2, 4, 5 and 9 reactions after an hour: usually 4.
struct FiveUsual : Scores {
  FiveUsual() {
    int days_before = 10;
    for (auto actions : {4, 9, 1, 5, 2}) usual(days_before--, actions);
  }
};

}  // namespace

TEST_CASE("8 reactions after an hour, where usually there are 4, are twice the usual", "[scores]") {
  FiveUsual world;
  world.read(world.tagged(), 6, 60min, 2);
  auto score = world.score();
  CHECK(score.value == 2.0);
  CHECK(score.n == 1);
  CHECK(score.earlier == 5);
  CHECK(score.reason.empty());
}

TEST_CASE("the age is that of the latest reading", "[scores]") {
  FiveUsual world;
  world.read(world.tagged(), 8, 60min);
  world.read(world.tagged(), 80, 24h);
  CHECK(world.score().value == 0.8);
}

TEST_CASE("the score is the median over the campaign posts, and an earlier one of them is usual too", "[scores]") {
  FiveUsual world;
  world.read(world.tagged("first"), 8, 60min);
  // Of 1, 2, 4, 5, 8 and 9 the median is 4.5.
  world.read(world.tagged("second", day + 24h), 18, 60min);
  auto score = world.score();
  CHECK(score.value == 3.0);  // of 2 and 4
  CHECK(score.n == 2);
  CHECK(score.earlier == 6);
}

TEST_CASE("what servers say of one post is never added up", "[scores]") {
  FiveUsual world;
  world.read(world.tagged(), 8, 60min);
  auto fact = world.tagged();
  fact.counters.likes = 7;
  world.see({fact}, day + 60min, "one", "other.example");
  CHECK(world.score().value == 2.0);
}

TEST_CASE("with fewer than five earlier posts of the account there is no usual", "[scores]") {
  Scores world;
  for (int i = 1; i <= 4; ++i) world.usual(i, 4);
  for (int i = 1; i <= 5; ++i) world.usual(i, 4, "another account of the same organisation");
  world.read(world.tagged(), 8, 60min);
  auto score = world.score();
  CHECK_FALSE(score.value.has_value());
  CHECK(score.n == 0);
  CHECK(score.reason == "fewer than 5 earlier posts of its account were read at that age");
  world.usual(5, 4);
  CHECK(world.score().value == 2.0);
}

TEST_CASE("a post that was read last when much younger, or first when older, says nothing of that age", "[scores]") {
  Scores world;
  for (int i = 1; i <= 4; ++i) world.usual(i, 4);
  world.read(world.tagged(), 8, 60min);
  world.read(world.post("young", day - 9 * 24h), 0, 29min);
  world.read(world.post("old", day - 8 * 24h), 50, 61min);
  CHECK_FALSE(world.score().value.has_value());
  world.read(world.post("half", day - 7 * 24h), 4, 30min);
  CHECK(world.score().value == 2.0);
}

TEST_CASE("nothing is a multiple of nothing", "[scores]") {
  Scores world;
  for (int i = 1; i <= 5; ++i) world.usual(i, 0);
  world.read(world.tagged(), 8, 60min);
  auto score = world.score();
  CHECK_FALSE(score.value.has_value());
  CHECK(score.reason == "the account's earlier posts usually get no reactions");
}

TEST_CASE("a partner without a campaign post, and one without any, have a reason and no score", "[scores]") {
  Scores world;
  CHECK(world.all().empty());
  CHECK(Score{}.reason == "no post of its accounts is known");
  world.usual(1, 4);
  CHECK(world.score().reason == "no post with the hashtag");
  world.see({world.tagged()}, day + 60min);
  CHECK(world.score().reason == "no reading says its reactions");
}

TEST_CASE("no number is derived from YouTube's", "[scores]") {
  Scores world;
  auto video = world.tagged();
  video.platform = "youtube";
  world.read(video, 8, 60min);
  CHECK(world.all().empty());
}

TEST_CASE("a score of the past rests on what was read by then", "[scores]") {
  FiveUsual world;
  world.read(world.tagged(), 8, 60min);
  world.read(world.tagged(), 80, 24h);
  store::Database db(world.file, store::Access::read);
  store::Snapshot snapshot(db);
  auto edition = edition_2025();
  auto then = day + 2h;
  store::AsOf past(db, edition.id, then);
  CHECK(report::partner_scores(db, edition, {edition.from, edition.until, "edition"}, then)["ngo"].value == 2.0);
}

TEST_CASE("a score in JSON is null with its reason, or a value without one", "[scores]") {
  Score score;
  CHECK(boost::json::serialize(to_json(score)) ==
        R"({"value":null,"n":0,"earlier":0,"reason":"no post of its accounts is known"})");
  score.value = 2;
  score.reason.clear();
  CHECK(to_json(score).at("reason").is_null());
  CHECK(to_json(score).at("value").as_double() == 2.0);
}
