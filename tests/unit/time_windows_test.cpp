// Time windows: their boundaries, and what is claimed when something was too much.
#include "connectors/reading/time_windows.hpp"

#include <catch2/catch.hpp>
#include "tests/unit/support.hpp"

using namespace campaignd;
using namespace campaignd::test;
using namespace std::chrono_literals;
using std::chrono::days;

namespace {

constexpr TimeWindows::Limits limits{
    .full = 10, .slot = days(1), .widest = days(8), .memory = days(100), .overlap = 24h, .most_requests = 30};
const sys_ms floor_day = utc("2025-05-01T03:00:00Z"), evening = utc("2025-06-20T21:30:00Z");

}  // namespace

TEST_CASE("time windows lie on their slots, but for the floor and the present", "[windows]") {
  TimeWindows windows(floor_day, "", limits);
  std::vector<sys_ms> ends;
  Page page;
  do {
    windows.begin(evening);
    ends.push_back(windows.from());
    page = {};
    windows.read(page, ends.size() % 3 == 0 ? 10 : 0);
  } while (page.more);
  CHECK(ends.back() == floor_day);
  ends.pop_back();
  for (auto each : ends) CHECK(std::chrono::floor<days>(each) == each);
  CHECK(page.since == floor_day);
}

TEST_CASE("time windows: a hole in what was caught up with is told, and closes with the next poll", "[windows]") {
  auto position = [](sys_ms now, const std::string& before, std::size_t items) {
    TimeWindows windows(floor_day, before, limits);
    Page page;
    do {
      windows.begin(now);
      page = {};
      windows.read(page, items);
    } while (page.more);
    return std::pair(page, windows.position());
  };
  auto [first, settled] = position(evening, "", 0);
  auto [cut, after] = position(evening + days(3), settled, 10);
  CHECK_FALSE(cut.joins_last);
  CHECK(cut.since == evening + days(3));
  auto [healed, last] = position(evening + days(4), after, 0);
  CHECK(healed.joins_last);
}

TEST_CASE("time windows: a position that is none begins anew", "[windows]") {
  for (const char* nonsense : {"", "newest=", "newest=x&oldest=y", "newest=99999999999999999999", "%%%"}) {
    TimeWindows windows(floor_day, nonsense, limits);
    windows.begin(evening);
    CHECK(windows.to() == evening);
    CHECK(windows.from() < evening);
  }
}
