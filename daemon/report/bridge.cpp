#include "daemon/report/bridge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "daemon/store/as_of.hpp"
#include "daemon/store/definitions.hpp"

namespace campaignd::report {

namespace {

using Numbers = BridgeStart::Numbers;
using World = std::map<std::string, Numbers>;  ///< what every metric says in it

/// As exact as a sheet writes them, so that what is written adds up.
std::optional<double> rounded(const std::optional<double>& number) {
  constexpr double digits = 1e6;
  if (!number) return std::nullopt;
  return std::round(*number * digits) / digits;
}

const store::Metric& definition_of_then(const store::Metric& metric, const BridgeStart& start) {
  auto version = start.versions.find(metric.id);
  const auto* known = version == start.versions.end() ? nullptr : store::definition(metric.id, version->second);
  return known == nullptr ? metric : *known;
}

class Bridge {
 public:
  Bridge(const Scope& scope, const BridgeStart& start)
      : scope_(scope), start_(start), window_(start.window.value_or(scope.window)) {}

  Sheet make() {
    const auto then = start_.at, now = scope_.now;
    auto of_then = [this](const store::Metric& metric) -> const store::Metric& {
      return definition_of_then(metric, start_);
    };
    auto of_today = [](const store::Metric& metric) -> const store::Metric& { return metric; };
    // What was settled is there in all of them: whatever had to go is no step.
    auto again = world({.posts = then, .readings = then, .settled = now}, of_then);
    auto old = start_.said.empty() ? again : said(again);
    auto read_again = world({.posts = then, .readings = now, .settled = now}, of_then);
    auto found_late =
        world({.posts = now, .readings = now, .refilled = false, .refilled_before = then, .settled = now}, of_then);
    auto refilled = world({.posts = now, .readings = now, .settled = now}, of_then);
    auto today = world({.posts = now, .readings = now, .settled = now}, of_today);
    return sheet({old, again, read_again, found_late, refilled, today});
  }

 private:
  template <class Which>
  World world(store::Known known, Which which) const {
    known.by_facts_alone = true;  // as seals are
    store::AsOf past(scope_.db, scope_.edition.id, known);
    store::MetricRunner runner(scope_.db);
    runner.observe(observers_of(scope_.campaign));
    runner.choose(scope_.edition.id, {{window_.from, window_.until, ""}}, store::Breakdown::none);
    World out;
    for (const auto& metric : store::metrics()) {
      if (!store::is_of_posts(metric)) continue;
      auto rows = runner.run(which(metric));
      auto& numbers = out[metric.id];
      if (rows.empty()) {
        if (metric.empty_is_zero) numbers.value = 0;
        continue;
      }
      const auto& row = rows.begin()->second;
      numbers = {rounded(row.value), rounded(row.low), rounded(row.high)};
    }
    return out;
  }

  /// What the report of then said; of what it did not have, what the same facts give today.
  World said(World again) const {
    for (const auto& [id, numbers] : start_.said)
      if (again.contains(id)) again[id] = {rounded(numbers.value), rounded(numbers.low), rounded(numbers.high)};
    return again;
  }

  using Number = std::optional<double> Numbers::*;
  static constexpr std::size_t steps = 6;

  Sheet sheet(const std::array<World, steps>& worlds) const {
    Sheet out{"bridge",
              {"metric_id", "name", "figure", "unit", "old", "erased_or_corrected", "read_again", "found_late",
               "gaps_refilled", "definition", "new", "old_version", "new_version", "old_as_of_utc", "note"},
              {}};
    out.brief = {{"metric_id", "metric"},
                 {"name", "name"},
                 {"figure", "figure"},
                 {"old", "was"},
                 {"erased_or_corrected", "erased, corrected", "-"},
                 {"read_again", "read again"},
                 {"found_late", "found late"},
                 {"gaps_refilled", "gaps refilled"},
                 {"definition", "definition"},
                 {"new", "is"},
                 {"note", "note", "-"}};
    for (const auto& metric : store::metrics()) {
      if (!store::is_of_posts(metric)) continue;
      auto has = [&](Number number) {
        return std::ranges::any_of(worlds, [&](const World& each) { return (each.at(metric.id).*number).has_value(); });
      };
      bool is_bound = !has(&Numbers::value) && (has(&Numbers::low) || has(&Numbers::high));
      if (!is_bound) out.rows.push_back(row(metric, "value", &Numbers::value, worlds));
      if (!is_bound) continue;
      out.rows.push_back(row(metric, "low", &Numbers::low, worlds));
      out.rows.push_back(row(metric, "high", &Numbers::high, worlds));
    }
    return out;
  }

  std::vector<Cell> row(const store::Metric& metric, const char* figure, Number number,
                        const std::array<World, steps>& worlds) const {
    auto at = [&](std::size_t i) { return worlds[i].at(metric.id).*number; };
    std::vector<Cell> out{metric.id, metric.name, std::string(figure), metric.unit, cell(at(0))};
    for (std::size_t i = 1; i < steps; ++i) {
      bool nobody_knows = i == 1 && !start_.said.contains(metric.id);
      out.push_back(nobody_knows ? Cell() : cell(rounded(at(i).value_or(0) - at(i - 1).value_or(0))));
    }
    auto known =
        std::ranges::count_if(worlds, [&](const World& each) { return (each.at(metric.id).*number).has_value(); });
    out.push_back(cell(at(steps - 1)));
    out.emplace_back(definition_of_then(metric, start_).version);
    out.emplace_back(metric.version);
    out.emplace_back(format_utc(start_.at));
    out.push_back(known > 0 && known < std::ssize(worlds)
                      ? Cell(std::string("where it was unknown it counts as 0 here"))
                      : Cell());
    return out;
  }

  const Scope& scope_;
  const BridgeStart& start_;
  const Window window_;
};

/// "\"M-01\"" as "M-01": an id has nothing else to be unquoted.
std::string unquoted(const std::string& cell) {
  return cell.size() >= 2 && cell.front() == '"' ? cell.substr(1, cell.size() - 2) : cell;
}

}  // namespace

BridgeStart bridge_from(const Sealed& sealed) {
  BridgeStart out;
  out.at = sealed.at.as_of;
  out.window = sealed.window;
  for (const auto& each : sealed.definitions) out.versions[each.id] = each.version;
  const auto* summary = sealed.sheet("summary");
  if (summary == nullptr) return out;
  auto column = [&](std::string_view name) {
    return static_cast<std::size_t>(std::ranges::find(summary->columns, name) - summary->columns.begin());
  };
  for (const auto& row : summary->rows) {
    auto cells = cells_of(row);
    auto number = [&](std::string_view name) {
      auto at = column(name);
      return at < cells.size() ? number_in(cells[at]) : std::nullopt;
    };
    if (cells.size() > column("metric_id"))
      out.said[unquoted(cells[column("metric_id")])] = {number("value"), number("value_low"), number("value_high")};
  }
  return out;
}

Sheet make_bridge(const Scope& scope, const BridgeStart& start) {
  auto sheet = Bridge(scope, start).make();
  Scope whole{scope.db, scope.campaign, scope.edition, start.window.value_or(scope.window), scope.now};
  return finished(std::move(sheet), whole);
}

}  // namespace campaignd::report
