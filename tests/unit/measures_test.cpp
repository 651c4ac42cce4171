// Publicity measures: planned, evidenced and claimed.
#include <catch2/catch.hpp>

#include "tests/unit/roster.hpp"

using namespace campaignd;
using namespace campaignd::test;
using report::Cell;

TEST_CASE("T-21 evidenced of planned is a share, and nothing where nothing was planned", "[measures]") {
  Roster world;
  store::Database db(world.file, store::Access::write);
  db.run(
      "INSERT INTO measure(id, edition, partner, description, unit, planned, evidenced, claimed, status) VALUES "
      "('cards', '2025', 'maritza', 'Cards', 'cards', 750, 500, 700, 'ongoing'), "
      "('talks', '2025', 'maritza', 'Talks', 'talks', NULL, 3, NULL, 'delivered'), "
      "('films', '2025', 'maritza', 'Films', 'films', 0, 0, NULL, 'cancelled'), "
      "('walks', '2025', 'maritza', 'Walks', 'walks', 4, NULL, NULL, 'planned'), "
      "('other', '2024', 'maritza', 'Last year', 'cards', 1, 1, 1, 'delivered')");
  auto sheet = world.sheet("measures");
  CHECK(sheet.rows.size() == 4U);
  CHECK(std::get<double>(cell_of(sheet, "cards", "evidenced_pct")) == Approx(66.7).margin(0.05));
  CHECK(cell_of(sheet, "cards", "claimed_qty") == Cell(std::int64_t{700}));
  for (const char* measure : {"talks", "films", "walks"}) {
    INFO(measure);
    CHECK(cell_of(sheet, measure, "evidenced_pct") == Cell());
  }
  CHECK(cell_of(sheet, "talks", "planned_qty") == Cell());
}
