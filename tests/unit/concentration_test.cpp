// On how few accounts a campaign rests, and how counts are held beside each other.
#include "daemon/report/concentration.hpp"

#include "daemon/report/exact.hpp"
#include "tests/unit/support.hpp"

#include <catch2/catch.hpp>

using namespace campaignd;
using namespace campaignd::test;
using namespace std::chrono_literals;
using report::Said;

namespace {

const sys_ms noon = utc("2025-06-20T12:00:00Z");

std::int64_t copied(const std::vector<std::pair<std::int64_t, std::chrono::minutes>>& posts) {
  std::vector<Said> said;
  for (const auto& [author, after] : posts) said.push_back({author, noon + after, "the same"});
  return report::bursts_of(said).posts;
}

}  // namespace

TEST_CASE("the share of the accounts that posted most is of their posts", "[concentration]") {
  std::vector<Said> posts;
  for (std::int64_t author : {1, 2, 2, 2, 3, 4, 4, 5, 6, 7}) posts.push_back({author, noon, ""});
  auto counts = report::posts_by_author(posts);
  CHECK(counts == std::vector<std::int64_t>{3, 2, 1, 1, 1, 1, 1});
  CHECK(report::of_the_top(counts, 5) == 8);
  CHECK(report::of_the_top(counts, 50) == 10);
  CHECK(report::of_the_top({}, 5) == 0);
}

TEST_CASE("Gini's coefficient is 0 where all post as much, and unknown of one account", "[concentration]") {
  CHECK(report::gini({1, 1, 1, 1}) == Approx(0));
  CHECK(report::gini({3, 1}) == Approx(0.25));
  CHECK(report::gini({97, 1, 1, 1}) == Approx(0.72));
  CHECK_FALSE(report::gini({5}).has_value());
  CHECK_FALSE(report::gini({}).has_value());
}

TEST_CASE("a burst is the same words by three accounts within an hour", "[concentration]") {
  CHECK(copied({{1, 0min}, {2, 20min}, {3, 50min}}) == 3);
  CHECK(copied({{1, 0min}, {1, 20min}, {2, 50min}}) == 0);
  CHECK(copied({{1, 0min}, {2, 50min}, {3, 70min}}) == 0);
  CHECK(copied({{1, 0min}, {2, 20min}, {3, 60min}}) == 0);
  CHECK(copied({{1, 0min}, {2, 30min}, {3, 59min}, {4, 80min}}) == 4);
  CHECK(copied({{1, 0min}, {2, 1min}, {3, 2min}, {4, 300min}, {5, 301min}}) == 3);
  auto two = report::bursts_of(
      {{1, noon, "a"}, {2, noon, "a"}, {3, noon, "a"}, {4, noon, "b"}, {5, noon, ""}, {6, noon, ""}, {7, noon, ""}});
  CHECK(two.texts == 1);
  CHECK(two.posts == 3);
}

TEST_CASE("two counts are told apart only where chance would seldom do it", "[concentration]") {
  CHECK(report::beside(30, 1, 5, 1) == "more");
  CHECK(report::beside(5, 1, 30, 1) == "fewer");
  CHECK(report::beside(5, 1, 8, 1) == "not distinguishable");
  CHECK(report::beside(10, 1, 20, 2) == "not distinguishable");
  CHECK(report::beside(20, 1, 20, 3) == "more");
  CHECK(report::beside(0, 1, 0, 1) == "not distinguishable");
  CHECK(report::beside(6, 1, 0, 1) == "more");
  CHECK(report::beside(5, 1, 0, 1) == "not distinguishable");
}
