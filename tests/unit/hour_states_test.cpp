// What is said of a source and an hour.
#include "daemon/report/hour_states.hpp"

#include "tests/unit/roster.hpp"

using namespace campaignd;
using namespace campaignd::test;
using report::Cell;
using report::Hour;
using report::HourFacts;
using report::HourState;

namespace {

/// An hour of which so much was covered.
HourFacts an_hour(std::chrono::milliseconds covered, const std::string& outcome = {}) {
  HourFacts out;
  out.coverage.planned = 1h;
  out.coverage.covered = covered;
  out.outcome = outcome;
  return out;
}

/// The source "one" on 20 June 2025 from midnight in Warsaw, 22:00 UTC, on.
struct Watched : World {
  Edition edition = edition_2025();
  sys_ms day = edition.day_from;
  Watched() { books.configure({make_source("one", "v1")}, edition.id, edition.from); }
  void fail(sys_ms at, const std::string& outcome, sys_ms next) {
    auto page = make_page({}, at);
    page.poll.outcome = outcome;
    store::SourceState state;
    state.next_poll = next;
    books.finish(page.poll, state, "");
  }
  std::string letters(sys_ms now) const {
    store::Database db(file, store::Access::read);
    auto hours = report::hour_states(db, small_campaign(), edition, {day, edition.day_until, ""}, now);
    std::string out;
    for (auto hour : hours.at("one")) out += letter_of(hour);
    return out;
  }
};

}  // namespace

TEST_CASE("half an hour covered is an hour read, with posts or without", "[hours]") {
  CHECK(report::hour_of(an_hour(30min)) == Hour{HourState::empty});
  auto seen = an_hour(1h, "unreachable");
  seen.has_posts = true;
  seen.coverage.refilled = 20min;
  CHECK(report::hour_of(seen) == Hour{HourState::seen, true});
  CHECK(report::letter_of(report::hour_of(seen)) == 's');
}

TEST_CASE("an hour that was not read says why", "[hours]") {
  for (auto [outcome, state] :
       {std::pair("refused", HourState::refused), std::pair("gone", HourState::refused),
        std::pair("unreachable", HourState::failed), std::pair("malformed", HourState::failed),
        std::pair("throttled", HourState::throttled), std::pair("exhausted", HourState::throttled),
        std::pair("", HourState::paused), std::pair("interrupted", HourState::paused)}) {
    INFO(outcome);
    CHECK(report::hour_of(an_hour(10min, outcome)) == Hour{state});
  }
}

TEST_CASE("an answer that does not say how far back it reaches is an answer", "[hours]") {
  CHECK(report::hour_of(an_hour(0min, "ok")) == Hour{HourState::empty});
  CHECK(report::hour_of(an_hour(10min, "ok")) == Hour{HourState::paused});
}

TEST_CASE("a blind hour is blind, and what is not planned has no other state", "[hours]") {
  auto blind = an_hour(0min, "ok");
  blind.coverage.blind = 1h;
  CHECK(report::hour_of(blind) == Hour{HourState::blind});
  blind.coverage.planned = 0h;
  CHECK(report::hour_of(blind) == Hour{HourState::not_planned});
  CHECK(report::letter_of(Hour{HourState::not_planned, true}) == '-');
}

TEST_CASE("a day is told hour by hour: seen, empty, failed, resting, paused, blind, refilled", "[hours]") {
  Watched world;
  world.see({make_fact("1", "A", world.day + 30min)}, world.day + 40min);
  world.cover(world.day, world.day + 3h);
  world.fail(world.day + 3h + 10min, "unreachable", world.day + 3h + 11min);
  world.fail(world.day + 4h + 10min, "refused", world.day + 6h + 30min);
  CHECK(world.letters(world.day + 9h) == "SEEFRRRPP");
  world.cover(world.day + 8h, world.day + 10h);
  auto control = make_page({}, world.day + 9h + 20min, "control:one").poll;
  control.outcome = "ok";
  world.books.note_control(control, "one", 0, {});
  CHECK(world.letters(world.day + 10h) == "SEEFRRRPeB");
  world.cover(world.day + 3h, world.day + 11h);
  CHECK(world.letters(world.day + 11h) == "SEEeeeeeeBE");
}

TEST_CASE("a source that was taken out is not planned from then on", "[hours]") {
  Watched world;
  world.cover(world.day, world.day + 2h);
  world.books.configure({make_source("two", "v1")}, "2025", world.day + 2h);
  CHECK(world.letters(world.day + 4h) == "EE--");
}

TEST_CASE("the last days of a window end with it and with now, and begin on a whole hour", "[hours]") {
  auto edition = edition_2025();
  const report::Window window{edition.from, edition.until, ""};
  auto week = report::last_days(window, 7, edition.day_from + 20min);
  CHECK(shown(week.from) == "2025-06-12T22:00:00.000Z");
  CHECK(shown(week.until) == shown(edition.until));
  CHECK(shown(report::last_days(window, 7, edition.from + 1h).from) == shown(edition.from));
}

TEST_CASE("the sheets of coverage count and list the hours of each source", "[hours][sheets]") {
  Roster roster;
  roster.read_all();
  roster.post("used@social.example", "#AllIn");
  auto coverage = roster.sheet("coverage");
  CHECK(cell_of(coverage, "tags", "completeness_pct") == Cell(100.0));
  CHECK(cell_of(coverage, "tags", "hours_seen") == Cell(std::int64_t{1}));
  CHECK(cell_of(coverage, "tags", "hours_paused") == Cell(std::int64_t{0}));
  CHECK(cell_of(coverage, "tags", "longest_gap_s") == Cell(std::int64_t{0}));
  auto hours = roster.sheet("hours");
  auto of_tags = std::ranges::count_if(hours.rows, [](const auto& row) { return row.front() == Cell("tags"); });
  CHECK(of_tags == 31 * 24);
  CHECK(cell_of(hours, "tags", "state") == Cell("empty"));
}
