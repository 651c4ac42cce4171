// A thousand campaigns as they may go, and what must hold of each. SEED=n runs one of them alone and tells it.
#include <catch2/catch.hpp>
#include <cstdlib>

#include "tests/unit/history_laws.hpp"

using namespace campaignd;
using namespace campaignd::test;
using namespace std::chrono_literals;

namespace {

/// Memory, where there is a file system for it: a thousand files are written and forgotten.
std::filesystem::path quick_place() {
  std::error_code ignored;
  const std::filesystem::path memory = "/dev/shm";
  return std::filesystem::is_directory(memory, ignored) ? memory : std::filesystem::temp_directory_path();
}

/// A new database, made once and copied.
struct Place {
  TempDir dir{quick_place()};
  Place() { store::Store made(dir.path() / "new.db"); }
  std::filesystem::path fresh() const {
    for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(dir.path() / (std::string("one.db") + end));
    std::filesystem::copy_file(dir.path() / "new.db", dir.path() / "one.db");
    return dir.path() / "one.db";
  }
};

std::vector<store::Bucket> some_buckets(Chance& chance, sys_ms now) {
  auto day = std::chrono::floor<std::chrono::days>(now) - std::chrono::days(chance.below(3));
  std::vector<store::Bucket> out{{utc("2025-01-01T00:00:00Z"), utc("2026-01-01T00:00:00Z"), "edition"},
                                 {day, day + 24h, "day"}};
  if (chance.one_in(3)) out.push_back({day + 20min, day + 45min, "no whole hour"});
  return out;
}

std::vector<store::Breakdown> some_breakdowns(Chance& chance) {
  std::vector<store::Breakdown> out{store::Breakdown::none, chance.of(all_breakdowns)};
  return out;
}

/// What was written with an earlier stamp than an answer of before cannot be told from what was known then. So of a
/// history whose clock was put back, only those answers are asked for again that lie between all stamps.
struct Asked {
  Given given;
  bool is_between = true;
};

std::optional<std::string> break_law(History& history) {
  auto& reader = history.reader();
  auto& chance = history.chance();
  std::vector<Asked> asked;
  sys_ms latest = history.now();
  for (auto events = 30 + chance.below(60); events > 0; --events) {
    history.step();
    latest = std::max(latest, history.now());
    for (auto& each : asked) each.is_between = each.is_between && history.earliest() > each.given.at;
    if (chance.one_in(12)) history.aggregate();
    if (!chance.one_in(15)) continue;
    history.tell("asked");
    auto given = ask(reader, some_buckets(chance, history.now()), some_breakdowns(chance), history.now(), chance);
    if (auto wrong = figures_law(reader, given)) return wrong;
    asked.push_back({given, history.now() == latest});
  }
  if (auto wrong = readings_law(reader)) return wrong;
  history.aggregate();
  if (auto wrong = slices_law(reader)) return wrong;
  auto last = ask(reader, some_buckets(chance, history.now()), some_breakdowns(chance), history.now(), chance);
  if (auto wrong = figures_law(reader, last)) return wrong;
  for (const auto& each : asked)
    if (each.is_between)
      if (auto wrong = past_law(reader, each.given)) return wrong;
  return history.jumps() ? once_law(reader) : std::nullopt;
}

void run(std::uint64_t seed, const Place& place) {
  History history(seed, place.fresh());
  auto wrong = break_law(history);
  if (wrong) UNSCOPED_INFO(history.told());
  INFO("SEED=" << seed << " keeps every law");
  REQUIRE(wrong.value_or("") == "");
}

void run_all(std::uint64_t from, std::uint64_t until) {
  Place place;
  if (const char* seed = std::getenv("SEED")) return run(std::strtoull(seed, nullptr, 10), place);
  for (auto seed = from; seed < until; ++seed) run(seed, place);
}

}  // namespace

/// A case for every fifty, so that they run side by side.
#define HISTORIES(from, to)                                                                                           \
  TEST_CASE("whatever happened: figures are what the facts say, and stay what they were (histories " #from " to " #to \
            ")",                                                                                                      \
            "[histories]") {                                                                                          \
    run_all(from, (to) + 1);                                                                                          \
  }
HISTORIES(1, 50)
HISTORIES(51, 100)
HISTORIES(101, 150)
HISTORIES(151, 200)
HISTORIES(201, 250)
HISTORIES(251, 300)
HISTORIES(301, 350)
HISTORIES(351, 400)
HISTORIES(401, 450)
HISTORIES(451, 500)
HISTORIES(501, 550)
HISTORIES(551, 600)
HISTORIES(601, 650)
HISTORIES(651, 700)
HISTORIES(701, 750)
HISTORIES(751, 800)
HISTORIES(801, 850)
HISTORIES(851, 900)
HISTORIES(901, 950)
HISTORIES(951, 1000)
