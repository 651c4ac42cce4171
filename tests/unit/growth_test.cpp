// How reactions grow, what a reading is worth, and what closed posts teach.
#include "daemon/store/growth.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <random>

using namespace campaignd::store;
using namespace std::chrono_literals;

namespace {

const Growth mastodon = growth_before_learning("mastodon");

Level level(double before, milliseconds age_before, double last, milliseconds age) {
  return level_of(mastodon, {age_before, before}, {age, last});
}

/// Posts that grow by this share an age, whatever the prior says: read at these ages, each with noise of its own.
std::vector<Series> grown_by(double (*share)(double hours), int posts) {
  std::mt19937_64 random(3);
  std::vector<Series> out;
  for (int i = 0; i < posts; ++i) {
    Series series;
    double count = 0, before = 0;
    for (auto age : {10min + 1min * (i % 20), 90min, 300min, 1000min, 4000min, 43200min}) {
      auto now = share(std::chrono::duration<double, std::ratio<3600>>(age).count());
      count += std::poisson_distribution<>(60 * (now - before) + 1e-9)(random);
      before = now;
      series.push_back({age, count});
    }
    out.push_back(series);
  }
  return out;
}

}  // namespace

TEST_CASE("a curve begins at nothing, rises, and has all when posts are measured no more", "[growth]") {
  for (const char* platform : {"x", "mastodon", "youtube", "a platform nobody knows"}) {
    auto growth = growth_before_learning(platform);
    CHECK(growth.share(0ms) == 0);
    CHECK(growth.share(closed_after) == 1);
    CHECK(growth.share(2 * closed_after) == 1);
    double before = 0;
    for (auto age = 1min; age < closed_after; age += age / 3 + 1min) {
      CHECK(growth.share(age) > before);
      before = growth.share(age);
    }
  }
  CHECK(growth_before_learning("x").share(1h) > growth_before_learning("mastodon").share(1h));
  CHECK(growth_before_learning("mastodon").share(1h) > growth_before_learning("youtube").share(1h));
}

TEST_CASE("what came lately counts more than what came before", "[growth]") {
  auto burst = level(10, 6h, 60, 12h), even = level(50, 6h, 60, 12h);
  CHECK(burst.mean() > 1.5 * even.mean());
  auto next = [&](const Level& of) { return expected_growth(mastodon, of, 12h, 24h).mean; };
  CHECK(next(burst) > 1.5 * next(even));
}

TEST_CASE("what is not known grows with the time since the reading, and less as a post ages", "[growth]") {
  auto of = level(5, 1h, 20, 2h);
  CHECK(uncertainty(mastodon, of, 2h, 2h) == 0);
  CHECK(uncertainty(mastodon, of, 2h, 4h) < uncertainty(mastodon, of, 2h, 8h));
  CHECK(uncertainty(mastodon, of, 2h, 4h) > uncertainty(mastodon, of, 50h, 52h));
}

TEST_CASE("a lively young post is read soon, a quiet one later, a closed one no more", "[growth]") {
  auto lively = worth_reading_at(mastodon, level(0, 0min, 50, 30min), 30min);
  auto quiet = worth_reading_at(mastodon, level(0, 2h, 0, 4h), 4h);
  REQUIRE(lively);
  REQUIRE(quiet);
  CHECK(*lively >= 40min);
  CHECK(*lively <= 1h);
  CHECK(*quiet - 4h > 2 * (*lively - 30min));
  CHECK_FALSE(worth_reading_at(mastodon, level(3, 10 * 24h, 3, 30 * 24h), 30 * 24h));
}

TEST_CASE("a post from which nothing more is expected has one last reading when it is closed", "[growth]") {
  auto silent = level(0, 7 * 24h, 0, 14 * 24h);
  REQUIRE(uncertainty(mastodon, silent, 14 * 24h, closed_after) < 1);
  CHECK(worth_reading_at(mastodon, silent, 14 * 24h) == closed_after);
}

TEST_CASE("a quiet post that has waited for long goes before a lively one just read", "[growth]") {
  auto lively = level(50, 3h, 100, 6h), quiet = level(1, 3h, 2, 6h);
  CHECK(urgency(mastodon, lively, 6h, 12h) > urgency(mastodon, quiet, 6h, 12h));
  CHECK(urgency(mastodon, quiet, 6h, 48h) > urgency(mastodon, lively, 6h, 6h + 1min));
}

TEST_CASE("of two readings the first is taken when the post was half as old", "[growth]") {
  Series series{{1h, 1}, {3h, 4}, {5h, 6}, {10h, 9}};
  CHECK(half_as_old(series).age == 5h);
  series.push_back({11h, 9});
  CHECK(half_as_old(series).age == 5h);
  series.push_back({30h, 12});
  CHECK(half_as_old(series).age == 11h);
  CHECK(half_as_old(Series{{1h, 1}}).count == 0);
}

TEST_CASE("nine times in ten a Gamma with that mean and variance lies between", "[growth]") {
  // Of an exponential distribution the quantiles are known: -ln(1 - p) means.
  auto exponential = interval90({10, 100});
  CHECK(exponential.low == Approx(10 * -std::log(0.95)));
  CHECK(exponential.high == Approx(10 * -std::log(0.05)));
  auto narrow = interval90({1000, 100});
  CHECK(narrow.low == Approx(983.6).margin(0.5));
  CHECK(narrow.high == Approx(1016.5).margin(0.5));
  CHECK(interval90({0, 0}).high == 0);
  auto tiny = interval90({0.001, 5});
  CHECK(tiny.low >= 0);
  CHECK(tiny.high >= 0);
}

TEST_CASE("closed posts teach the curve they grew by", "[growth]") {
  auto slow = [](double hours) { return 1 - std::exp(-hours / 40); };
  const auto series = grown_by(slow, 2000);
  auto learnt = learn("x", series);
  CHECK(learnt.n == 2000);
  for (auto age : {4h, 16h, 48h, 168h}) {
    auto truth = slow(static_cast<double>(age.count()));
    CHECK(std::abs(learnt.growth.share(age) - truth) < 0.06);
  }
  CHECK(growth_before_learning("x").share(4h) > 0.8);
  CHECK(learnt.growth.bias < growth_before_learning("x").bias);
  CHECK(learnt.growth.unread.mean() > 30);
}

TEST_CASE("a few closed posts change little", "[growth]") {
  auto learnt = learn("x", grown_by([](double hours) { return 1 - std::exp(-hours / 40); }, 3));
  for (auto age : curve_ages) CHECK(std::abs(learnt.growth.share(age) - growth_before_learning("x").share(age)) < 0.15);
  CHECK(learn("x", {}).growth.shares == growth_before_learning("x").shares);
}

TEST_CASE("what was learnt foresees the growth of others like them", "[growth]") {
  auto slow = [](double hours) { return 1 - std::exp(-hours / 40); };
  const auto series = grown_by(slow, 2000);
  auto growth = learn("x", series).growth;
  double came = 0, expected = 0;
  for (const auto& post : series) {
    came += post[3].count - post[2].count;
    expected += expected_growth(growth, level_of(growth, post[1], post[2]), post[2].age, post[3].age).mean;
  }
  CHECK(expected == Approx(came).epsilon(0.12));
}
