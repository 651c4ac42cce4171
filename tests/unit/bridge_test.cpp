// From one report to the next: each cause moves its own column, and the columns add up.
#include <algorithm>

#include "tests/unit/sealing.hpp"

using namespace campaignd;
using namespace campaignd::test;
using namespace std::chrono_literals;
using report::Cell;

namespace {

constexpr std::array steps{"erased_or_corrected", "read_again", "found_late", "gaps_refilled", "definition"};

std::size_t column(const report::Sheet& sheet, std::string_view name) {
  return static_cast<std::size_t>(std::ranges::find(sheet.columns, name) - sheet.columns.begin());
}

double number(const Cell& cell) {
  if (const auto* whole = std::get_if<std::int64_t>(&cell)) return static_cast<double>(*whole);
  if (const auto* real = std::get_if<double>(&cell)) return *real;
  return 0;
}

/// Of a metric's row: "value", "low" or "high".
const std::vector<Cell>& row_of(const report::Sheet& sheet, std::string_view metric,
                                std::string_view figure = "value") {
  for (const auto& row : sheet.rows)
    if (row[column(sheet, "metric_id")] == Cell(std::string(metric)) &&
        row[column(sheet, "figure")] == Cell(std::string(figure)))
      return row;
  throw std::invalid_argument("no row of " + std::string(metric));
}

double at(const report::Sheet& sheet, std::string_view metric, std::string_view name) {
  return number(row_of(sheet, metric)[column(sheet, name)]);
}

/// Only this step is not zero.
void check_only(const report::Sheet& sheet, std::string_view metric, std::string_view step, double by) {
  for (std::string_view each : steps) {
    INFO(metric << " " << each);
    CHECK(at(sheet, metric, each) == (each == step ? by : 0.0));
  }
}

void check_sums(const report::Sheet& sheet) {
  for (const auto& row : sheet.rows) {
    double sum = number(row[column(sheet, "old")]);
    for (std::string_view each : steps) sum += number(row[column(sheet, each)]);
    INFO(std::get<std::string>(row.front()));
    CHECK(sum == Approx(number(row[column(sheet, "new")])).margin(1e-9));
  }
}

/// One post of the day with three likes and a hundred followers, known at the seal's time.
struct Growing : Sealing {
  report::BridgeStart since;
  Growing() {
    auto post = liked_post("1", 3);
    post.author.followers = 100;
    see({post}, on_the_day);
    since.at = sealed_as_of;
  }
  /// A post of that hour, seen long after.
  void find_late(const std::string& name) { see({liked_post(name, 1)}, after_the_seal - 1h); }
  void refill() const {
    tamper(
        "INSERT INTO refilled(source, from_utc, until_utc, at_utc) VALUES ('one', 1750402800000, 1750410000000, "
        "1754042400000)");  // 07:00 to 09:00 of the day, on 1 August at 10:00
  }
};

}  // namespace

TEST_CASE("nothing happened: every step is zero", "[bridge]") {
  Growing world;
  auto sheet = world.bridge(world.since);
  check_only(sheet, "M-01", "none", 0);
  CHECK(at(sheet, "M-01", "old") == 1.0);
  CHECK(at(sheet, "M-01", "new") == 1.0);
  check_sums(sheet);
}

TEST_CASE("reactions that grew move what is read again, and no count of posts", "[bridge]") {
  Growing world;
  world.see({liked_post("1", 10)}, after_the_seal - 1h);
  auto sheet = world.bridge(world.since);
  check_only(sheet, "M-07", "read_again", 7);
  check_only(sheet, "M-01", "none", 0);
  check_sums(sheet);
}

TEST_CASE("a post found late moves what is found late", "[bridge]") {
  Growing world;
  world.find_late("2");
  auto sheet = world.bridge(world.since);
  check_only(sheet, "M-01", "found_late", 1);
  check_only(sheet, "M-02", "found_late", 1);
  check_only(sheet, "M-07", "found_late", 1);
  check_sums(sheet);
}

TEST_CASE("a post that only the refilling of a gap has shown moves the gaps", "[bridge]") {
  Growing world;
  world.find_late("2");
  world.refill();
  auto sheet = world.bridge(world.since);
  check_only(sheet, "M-01", "gaps_refilled", 1);
  check_sums(sheet);
}

TEST_CASE("what was not seen is estimated by the same servers at each step", "[bridge]") {
  Growing world;
  auto& sources = world.config.campaign.sources;
  sources.push_back(sources.front());
  sources.front().host = "a.example";
  sources.back().id = "two";
  sources.back().host = "b.example";
  std::vector<store::Fact> posts;
  for (int i = 0; i < 12; ++i) posts.push_back(liked_post("shown by both " + std::to_string(i), 1));
  for (const char* source : {"one", "two"}) world.see(posts, on_the_day, source);
  world.since.said["M-15"].value = 13;  // the servers saw 13 and 12, 12 of them alike
  auto sheet = world.bridge(world.since);
  CHECK(at(sheet, "M-15", "old") == 13.0);
  check_only(sheet, "M-15", "none", 0);
}

TEST_CASE("a post that another source showed before is not the refilling's", "[bridge]") {
  Growing world;
  world.refill();
  auto sheet = world.bridge(world.since);
  check_only(sheet, "M-01", "none", 0);
}

TEST_CASE("what was erased since a seal moves what is erased", "[bridge]") {
  Growing world;
  world.see({liked_post("2", 4)}, on_the_day);
  auto sealed = opened(world.seal().body);
  world.remove("2", after_the_seal - 1h);
  auto sheet = world.bridge(report::bridge_from(sealed));
  check_only(sheet, "M-01", "erased_or_corrected", -1);
  check_only(sheet, "M-07", "erased_or_corrected", -4);
  check_sums(sheet);
}

TEST_CASE("without a report of then nobody knows what was erased: the cell is empty", "[bridge]") {
  Growing world;
  auto sheet = world.bridge(world.since);
  CHECK(row_of(sheet, "M-01")[column(sheet, "erased_or_corrected")] == Cell());
}

TEST_CASE("all causes at once add up, for bounds too", "[bridge]") {
  Growing world;
  world.see({liked_post("2", 4)}, on_the_day);
  auto sealed = opened(world.seal().body);
  world.remove("2", after_the_seal - 2h);
  world.see({liked_post("1", 10)}, after_the_seal - 1h);
  auto late = make_fact("3", "C", on_the_day + 5h);
  late.author.followers = 40;
  world.see({late}, after_the_seal - 1h);
  world.find_late("4");
  world.refill();
  auto sheet = world.bridge(report::bridge_from(sealed));
  CHECK(at(sheet, "M-01", "erased_or_corrected") == -1.0);
  CHECK(at(sheet, "M-01", "found_late") == 1.0);
  CHECK(at(sheet, "M-01", "gaps_refilled") == 1.0);
  CHECK(at(sheet, "M-01", "new") == 3.0);
  CHECK(number(row_of(sheet, "M-04", "low")[column(sheet, "new")]) == 100.0);
  check_sums(sheet);
}

TEST_CASE("the versions of then and of today stand beside the figure", "[bridge]") {
  Growing world;
  auto sheet = world.bridge(report::bridge_from(opened(world.seal().body)));
  const auto& row = row_of(sheet, "M-01");
  CHECK(row[column(sheet, "old_version")] == Cell(std::string("1")));
  CHECK(row[column(sheet, "new_version")] == Cell(std::string("1")));
  CHECK(row[column(sheet, "old_as_of_utc")] == Cell(format_utc(sealed_as_of)));
}
