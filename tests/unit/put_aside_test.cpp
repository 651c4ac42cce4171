// Older databases: what a restore must not bring back, and what it leaves beside.
#include <catch2/catch.hpp>
#include <fstream>

#include "daemon/collect/collector.hpp"
#include "daemon/run/state_directory.hpp"
#include "tests/unit/support.hpp"

using namespace campaignd;
using namespace campaignd::test;

namespace {

const sys_ms on_the_day = utc("2025-06-20T08:00:00Z");

struct Restored : World {
  collect::Keys keys = collect::Keys::open(dir.path(), {"2025"}, false);
  Restored() { see({make_fact("1", "ala", on_the_day), make_fact("2", "ola", on_the_day)}, on_the_day); }
  std::int64_t expired(sys_ms now) { return collect::expire_overdue(books, small_campaign(), keys, now); }
};

}  // namespace

TEST_CASE("of a copy from before an edition's key was destroyed private posts go before it is served", "[privacy]") {
  Restored world;
  auto now = small_campaign().editions.front().final_at;
  CHECK(world.expired(now) == 0);
  world.keys.destroy("2025");
  CHECK(world.expired(now) == 2);
  CHECK(world.ask("SELECT count(*) FROM author") == 0);
  CHECK(world.ask("SELECT sum(value) FROM settled WHERE metric = 'M-01' AND breakdown = 'platform'") == 2);
}

TEST_CASE("of a copy of an edition whose retention is over private posts go, key or no key", "[privacy]") {
  Restored world;
  CHECK(world.expired(small_campaign().editions.front().forget_at()) == 2);
}

TEST_CASE("P-09 forgetting deletes the databases that restores have put aside, and nothing else", "[privacy]") {
  TempDir dir;
  auto old = run::put_aside(dir.path(), on_the_day);
  CHECK(old.filename() == "campaignd.db.before-20250620T080000Z");
  std::vector<std::filesystem::path> kept{dir.path() / "campaignd.db", dir.path() / "campaignd.db-wal",
                                          dir.path() / "root.key"};
  for (const auto& file : kept) std::ofstream(file) << "kept";
  for (const char* end : {"", "-wal"}) std::ofstream(old.string() + end) << "a person";
  CHECK(run::delete_put_aside(dir.path()) == 1);
  CHECK_FALSE(std::filesystem::exists(old));
  CHECK_FALSE(std::filesystem::exists(old.string() + "-wal"));
  for (const auto& file : kept) CHECK(std::filesystem::exists(file));
  CHECK(run::delete_put_aside(dir.path()) == 0);
}
