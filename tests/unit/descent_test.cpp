// What a reading of lists covers, also where it takes several polls.
#include "connectors/reading/descent.hpp"

#include <catch2/catch.hpp>

#include "tests/unit/support.hpp"

using namespace campaignd;
using namespace campaignd::test;
using namespace std::chrono_literals;

namespace {

const sys_ms noon = utc("2025-06-20T12:00:00Z");
const sys_ms cut_at = utc("2025-06-11T00:00:00Z");

SourceSettings source() {
  SourceSettings out;
  out.floor = utc("2025-01-01T00:00:00Z");
  out.backfill_pages = 200;
  return out;
}

Descent descent(const std::string& position, sys_ms now = noon) {
  Descent out(source(), position, 2, 1h);
  out.begin(now);
  return out;
}

/// Ends what is left of both lists, as whole ones.
Page read_to_end(Descent& lists) {
  Page page;
  do {
    page = {};
    lists.begin(noon + 1h);
    lists.end_list(page);
  } while (page.more);
  return page;
}

/// The position of a reading whose first list was read by `read`, and that broke off in its second.
template <class Read>
std::string broken_off(Read read, const std::string& position = "") {
  auto lists = descent(position);
  Page page;
  read(lists, page);
  REQUIRE(lists.list() == 1);
  lists.go_down(page, "deeper");
  return lists.position();
}

const std::string known = "known=" + std::to_string((noon - 24h).time_since_epoch().count());

}  // namespace

TEST_CASE("a list that was cut is remembered where the poll breaks off in the next one", "[descent]") {
  auto cut = [](Descent& each, Page& page) { each.cut_list(page, cut_at); };
  auto first = descent(broken_off(cut));
  CHECK(first.mark() == "deeper");
  auto page = read_to_end(first);
  CHECK(shown(page.since) == "2025-06-11T00:00:00.000Z");
  CHECK_FALSE(page.joins_last);

  auto later = descent(broken_off(cut, known));
  page = read_to_end(later);
  CHECK(shown(page.since) == "2025-06-11T00:00:00.000Z");
  CHECK_FALSE(page.joins_last);
}

TEST_CASE("a list that was cut nobody knows where covers nothing, in the next poll too", "[descent]") {
  auto lists = descent(broken_off([](Descent& each, Page& page) { each.cut_list(page, std::nullopt); }));
  Page page;
  lists.cut_list(page, cut_at);
  page = read_to_end(lists);
  CHECK_FALSE(page.since.has_value());
  CHECK_FALSE(page.joins_last);
}

TEST_CASE("a reading that is not trusted is none in the next poll either", "[descent]") {
  auto lists = descent(broken_off([](Descent& each, Page& page) {
    each.distrust();
    each.end_list(page);
  }));
  auto page = read_to_end(lists);
  CHECK_FALSE(page.since.has_value());
  CHECK_FALSE(page.joins_last);
  CHECK(lists.is_first());
}

TEST_CASE("a first reading covers the edition, also where a poll breaks off before it has looked again", "[descent]") {
  auto lists = descent(broken_off([](Descent& each, Page& page) { each.end_list(page); }));
  Page page;
  lists.end_list(page);
  REQUIRE(page.more);  // both lists are read, and are looked at once more
  auto position = lists.position();

  auto next = descent(position, noon + 1h);
  CHECK(next.line() == noon - 1h);
  page = read_to_end(next);
  CHECK(shown(page.since) == "2025-01-01T00:00:00.000Z");

  auto again = descent(position, noon + 1h);  // which breaks off too
  again.go_down(page, "deeper");
  auto last = descent(again.position(), noon + 2h);
  page = read_to_end(last);
  CHECK(shown(page.since) == "2025-01-01T00:00:00.000Z");
}

TEST_CASE("a reading that is told of leaves nothing to the next one", "[descent]") {
  auto lists = descent(broken_off([](Descent& each, Page& page) { each.cut_list(page, cut_at); }));
  read_to_end(lists);
  for (const char* field : {"first", "cut", "doubt"}) CHECK(lists.position().find(field) == std::string::npos);
  auto next = descent(lists.position());
  auto page = read_to_end(next);
  CHECK(page.joins_last);
  CHECK_FALSE(page.since.has_value());
}
