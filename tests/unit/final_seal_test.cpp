// The seal that an edition gets by itself when its figures are final.
#include "daemon/run/sealing.hpp"

#include "tests/unit/sealing.hpp"

using namespace campaignd;
using namespace campaignd::test;
using namespace std::chrono_literals;

namespace {

/// An edition watched until its final day, all added up.
struct Watched : Sealing {
  collect::Mac key{"a key of the tests"};
  Watched() {
    cover(edition().from, edition().final_at - 1h);
    see({liked_post("1", 3)}, on_the_day);
    books.aggregate(100);
  }
  run::FinalSeal made(sys_ms now) const { return run::make_final_seal(file, config, now, "", key); }
};

}  // namespace

TEST_CASE("on its final day an edition is sealed as of that day's beginning, and once", "[seal]") {
  Watched world;
  auto now = world.edition().final_at + 40min;
  CHECK_FALSE(world.made(world.edition().final_at - 1min).seal.has_value());
  auto made = world.made(now);
  INFO(made.objection);
  REQUIRE(made.seal.has_value());
  CHECK(made.seal->at.as_of == world.edition().final_at);
  CHECK(made.seal->at.sealed == now);
  auto sealed = opened(made.seal->body);
  CHECK(sealed.edition == "2025");
  CHECK(sealed.rows.posts.size() == 1U);
  world.books.keep_seal(*made.seal);
  CHECK_FALSE(world.made(now + 1h).seal.has_value());
}

TEST_CASE("what objects to a seal is said instead", "[seal]") {
  Watched world;
  world.tamper(
      "INSERT INTO settled(edition, metric, version, breakdown, key, from_utc, until_utc, at_utc, value, n) VALUES "
      "('2025', 'M-01', '1', 'platform', 'reddit', 1750406400000, 1750410000000, 1750600000000, 4, 4)");
  auto made = world.made(world.edition().final_at + 1h);
  CHECK_FALSE(made.seal.has_value());
  CHECK(made.edition == "2025");
  CHECK(made.objection.find("sheets disagree: Mentions by partner") != std::string::npos);
}

TEST_CASE("hours that are not added up just now do not object: a seal reads the posts themselves", "[seal]") {
  Watched world;
  world.see({liked_post("2", 3)}, on_the_day + 1h);
  auto made = world.made(world.edition().final_at + 1h);
  INFO(made.objection);
  REQUIRE(made.seal.has_value());
  CHECK(opened(made.seal->body).rows.posts.size() == 2U);
}

TEST_CASE("an edition that nobody watched before its final day is not sealed by itself", "[seal]") {
  Sealing world;  // read for the first time on the day after
  auto made = run::make_final_seal(world.file, world.config, sealed_as_of + 1h, "", collect::Mac("a key of the tests"));
  CHECK_FALSE(made.seal.has_value());
  CHECK(made.objection.empty());
}

TEST_CASE("a seal made before the final day does not stand for the final one", "[seal]") {
  Watched world;
  world.seal(world.edition().final_at - 24h);
  CHECK(world.made(world.edition().final_at + 1h).seal.has_value());
}

TEST_CASE("an edition that ends before its final day is sealed on it all the same, until its posts have gone",
          "[seal]") {
  Watched world;
  auto& edition = world.config.campaign.editions.front();
  edition.until = edition.final_at - 72h;
  REQUIRE(world.config.campaign.edition_at(edition.final_at) == nullptr);
  auto made = world.made(edition.final_at + 40min);
  INFO(made.objection);
  REQUIRE(made.seal.has_value());
  CHECK(made.edition == "2025");
  CHECK(world.made(edition.forget_at() - 1min).seal.has_value());
  CHECK_FALSE(world.made(edition.forget_at()).seal.has_value());
  world.books.keep_seal(*made.seal);
  CHECK_FALSE(world.made(edition.final_at + 2h).seal.has_value());
}
