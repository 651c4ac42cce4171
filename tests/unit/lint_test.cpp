// What speaks against a seal, and what its readers must know.
#include "daemon/report/lint.hpp"

#include <algorithm>

#include "tests/unit/sealing.hpp"

using namespace campaignd;
using namespace campaignd::test;
using namespace std::chrono_literals;

namespace {

bool says(const std::vector<std::string>& sentences, std::string_view words) {
  return std::ranges::any_of(sentences, [&](const std::string& each) { return each.find(words) != each.npos; });
}

/// Two posts, all added up.
struct Ready : Sealing {
  Ready() {
    see({liked_post("1", 3), liked_post("2", 5)}, on_the_day);
    books.aggregate(100);
  }
  report::Lint lint(sys_ms as_of = sealed_as_of) const {
    store::Database db(file, store::Access::read);
    store::Snapshot snapshot(db);
    return report::lint(db, config.campaign, edition(), as_of);
  }
};

}  // namespace

TEST_CASE("nothing speaks against a seal of what was covered and adds up", "[lint]") {
  CHECK(Ready().lint().blocks.empty());
}

TEST_CASE("the day has to be over", "[lint]") {
  CHECK(says(Ready().lint(on_the_day).blocks, "the campaign day is not over: its figures are preliminary on 21 June"));
}

TEST_CASE("hours that are not added up speak against a seal", "[lint]") {
  Ready world;
  world.see({liked_post("3", 1)}, on_the_day + 1h);
  CHECK(says(world.lint().blocks, "1 hour is not added up yet"));
}

TEST_CASE("where nothing is covered there is nothing to seal", "[lint]") {
  Ready world;
  world.tamper("DELETE FROM covered");
  CHECK(says(world.lint().blocks, "nothing is covered"));
}

TEST_CASE("sheets that disagree speak against a seal, with both sums", "[lint]") {
  Ready world;
  world.tamper("UPDATE slice SET value = value + 1 WHERE breakdown = 'partner' AND metric = 'M-01'");
  CHECK(says(world.lint().blocks, "Mentions by partner, the unattributed among them, is 3 together, and 2 in the "));
}

TEST_CASE("what a reader must know is remarked, and blocks nothing", "[lint]") {
  Ready world;
  CHECK(says(world.lint().remarks, "the country of 100 % of the mentions is not known"));
  CHECK(says(world.lint().remarks, "unknown, and not zero: "));
  CHECK_FALSE(says(world.lint().remarks, "cover less than 95 %"));
  world.tamper("UPDATE covered SET until_utc = from_utc + 3600000");
  world.tamper(
      "INSERT INTO settled(edition, metric, version, breakdown, key, from_utc, until_utc, at_utc, value, n) VALUES "
      "('2025', 'M-01', '1', 'platform', 'reddit', 1750406400000, 1750410000000, 1750600000000, 4, 4)");
  auto later = world.lint();
  CHECK(says(later.remarks, "1 of 1 sources cover less than 95 % of the edition"));
  CHECK(says(later.remarks, "some posts had to go already"));
}
