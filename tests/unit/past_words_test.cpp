// An answer of the past says nothing of how sources fare today.
#include <catch2/catch.hpp>

#include "daemon/report/overview.hpp"
#include "daemon/store/as_of.hpp"
#include "tests/unit/roster.hpp"

using namespace campaignd;
using namespace campaignd::test;

TEST_CASE("as of a moment, partners were last read before it, and nothing is told of today's sources", "[as_of]") {
  Roster world;
  world.read_all(campaign_morning);
  world.read_all(a_month_later);
  store::Database db(world.file, store::Access::read);
  store::Snapshot snapshot(db);
  store::AsOf past(db, "2025", campaign_morning);
  int read = 0;
  for (const auto& row :
       report::partner_rows(db, world.config.campaign, world.edition(), world.whole(), campaign_morning)) {
    if (row.watched == 0) continue;
    ++read;
    CHECK(shown(row.last_read) == shown(campaign_morning));
  }
  CHECK(read > 0);
  CHECK(report::sentence(db, world.config.campaign, world.edition(), world.whole(), campaign_morning)
            .starts_with("Edition 2025: "));
}
