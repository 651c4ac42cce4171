// M-15: what two servers saw says how much neither did.
#include <catch2/catch.hpp>

#include "tests/unit/measured.hpp"

using namespace campaignd;
using namespace campaignd::test;
using namespace std::chrono_literals;

namespace {

/// Two servers' timelines and one account of a partner, read on a third.
struct TwoServers : Measured {
  TwoServers() {
    campaign.sources.clear();
    for (const char* name : {"a", "b", "partners"}) {
      Source source;
      source.id = name;
      source.connector = "mastodon";
      source.host = std::string(name) + ".example";
      if (source.id == "partners") source.partner = "ngo", source.settings.account = "ngo@c.example";
      campaign.sources.push_back(source);
    }
  }
  /// Shows posts [from, until).
  void shows(const std::string& source, int from, int until) {
    std::vector<store::Fact> facts;
    for (int i = from; i < until; ++i) facts.push_back(post_of(std::to_string(i), {}));
    see(facts, morning + 1h, source, source + ".example");
  }
};

}  // namespace

TEST_CASE("M-15 two servers that saw 120 and 90, 72 both, say at least about 149.8", "[metrics]") {
  TwoServers world;
  world.shows("a", 0, 120);
  world.shows("b", 48, 138);
  world.shows("partners", 0, 138);
  auto unseen = world.of("M-15");
  CHECK(unseen.n == 138);
  CHECK(*unseen.value == Approx(149.8).margin(0.05));
  CHECK(*unseen.low == Approx(140.2).margin(0.05));
  CHECK(*unseen.high == Approx(159.5).margin(0.05));
  CHECK(unseen.range == "interval95");
  CHECK_THAT(unseen.unit, Catch::Contains("at least about"));
}

TEST_CASE("M-15 with fewer than ten posts seen by both nothing is said", "[metrics]") {
  TwoServers world;
  world.shows("a", 0, 29);
  world.shows("b", 20, 60);
  auto unseen = world.of("M-15");
  CHECK_FALSE(unseen.value.has_value());
  CHECK_FALSE(unseen.low.has_value());
  CHECK(unseen.reason == "no two servers showed ten posts alike");
}

TEST_CASE("M-15 is never under what was seen", "[metrics]") {
  TwoServers world;
  world.shows("a", 0, 20);
  world.shows("b", 0, 20);
  world.shows("partners", 0, 50);
  auto unseen = world.of("M-15");
  CHECK(unseen.value == 50.0);
  CHECK(unseen.low == 50.0);
  CHECK(unseen.high == 50.0);
}
