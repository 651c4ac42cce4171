// M-07 says what was counted, and between what it lies now.
#include <catch2/catch.hpp>
#include <optional>

#include "daemon/report/figures.hpp"
#include "daemon/store/as_of.hpp"
#include "tests/unit/support.hpp"

using namespace campaignd;
using namespace campaignd::test;
using namespace std::chrono_literals;

namespace {

const sys_ms morning = utc("2025-06-20T08:00:00Z");

struct Measured : World {
  Edition edition = edition_2025();
  void read(const std::string& name, std::int64_t likes, sys_ms now, const std::string& observer = "home.example") {
    auto fact = make_fact(name, "ala", morning);
    fact.counters.likes = likes;
    see({fact}, now, "one", observer);
  }
  report::Figure reactions(sys_ms now, std::optional<sys_ms> as_of = std::nullopt) const {
    store::Database db(file, store::Access::read);
    std::optional<store::AsOf> past;
    if (as_of) past.emplace(db, edition.id, *as_of);
    report::Figures figures(db, small_campaign(), edition, {edition.from, edition.until, "edition"}, now);
    return figures.of("M-07");
  }
};

}  // namespace

TEST_CASE("the value is what was counted, the interval what it is thought to be now", "[growth]") {
  Measured world;
  world.read("1", 10, morning + 1h);
  world.read("1", 20, morning + 2h);
  auto now = world.reactions(morning + 6h);
  CHECK(now.value == 20.0);
  CHECK(now.range == "interval90");
  REQUIRE(now.low);
  REQUIRE(now.high);
  CHECK(*now.low >= 20);
  CHECK(*now.high > *now.low);
  auto later = world.reactions(morning + 48h);
  CHECK(*later.high > *now.high);
  CHECK(*later.high < 2000);
}

TEST_CASE("a sum just read, or of posts that are measured no more, lies where it was counted", "[growth]") {
  Measured world;
  world.read("1", 20, morning + 2h);
  auto at_once = world.reactions(morning + 2h);
  CHECK(at_once.low == 20.0);
  CHECK(at_once.high == 20.0);
  world.read("1", 30, morning + 31 * 24h);
  auto closed = world.reactions(morning + 60 * 24h);
  CHECK(closed.low == 30.0);
  CHECK(closed.high == 30.0);
}

TEST_CASE("a count that is a lower bound has no interval", "[growth]") {
  Measured world;
  world.read("1", 20, morning + 2h, "away.example");
  auto figure = world.reactions(morning + 6h);
  CHECK(figure.low == 20.0);
  CHECK_FALSE(figure.high.has_value());
  CHECK(figure.range.empty());
}

TEST_CASE("the interval of a moment of the past is made of what was known then", "[growth]") {
  Measured world;
  world.read("1", 10, morning + 1h);
  auto then = world.reactions(morning + 6h);
  world.read("1", 90, morning + 7h);
  auto again = world.reactions(morning + 6h, morning + 6h);
  CHECK(again.value == then.value);
  CHECK(again.low == then.low);
  CHECK(again.high == then.high);
}
