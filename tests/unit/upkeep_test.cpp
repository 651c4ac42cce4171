// What the store does for itself: slices of another definition, empty platforms, the lesson that is due.
#include <catch2/catch.hpp>

#include "tests/unit/support.hpp"

using namespace campaignd;
using namespace campaignd::test;
using namespace std::chrono_literals;

namespace {

const sys_ms morning = utc("2025-06-20T08:00:00Z");

std::optional<double> mentions(const World& world) {
  store::Database db(world.file, store::Access::read);
  store::MetricRunner runner(db);
  runner.choose("2025", {{morning, morning + 1h, "hour"}}, store::Breakdown::none);
  return runner.run(store::metric("M-01")).at({"hour", ""}).value;
}

void run(const World& world, const char* sql) {
  store::Database db(world.file, store::Access::write);
  db.run(sql);
}

}  // namespace

TEST_CASE("slices that another text of a definition made are made again", "[store]") {
  World world;
  world.see({make_fact("1", "ala", morning)}, morning);
  while (world.books.aggregate(100)) {}
  run(world, "UPDATE slice SET value = 99");
  { store::Store again(world.file); }
  CHECK(mentions(world) == 99.0);
  run(world, "UPDATE sliced SET sha256 = 'of before' WHERE metric = 'M-01'");
  store::Store later(world.file);
  CHECK(mentions(world) == 1.0);
  CHECK(world.ask("SELECT count(*) FROM dirty") == 1);
  while (later.aggregate(100)) {}
  CHECK(mentions(world) == 1.0);
}
