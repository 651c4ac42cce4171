// This edition beside the last one, and beside the weeks before it, at equal day.
#include <algorithm>
#include <array>

#include "daemon/report/comparison.hpp"
#include "daemon/report/exact.hpp"
#include "daemon/report/kinds.hpp"
#include "daemon/store/as_of.hpp"
#include "daemon/store/functions.hpp"

namespace campaignd::report {

namespace {

/// A figure of a time.
struct Side {
  Figure figure;
  Window window;
};

constexpr auto of_the_edition_before =
    "what was known of the edition before is not made again for a moment of the past";

/// What is compared. Reactions come in bunches, so no interval of a count is theirs.
struct Compared {
  std::string_view metric;
  bool is_count;
};
constexpr std::array of_editions{Compared{"M-01", true}, Compared{"M-02", true}, Compared{"M-07", false},
                                 Compared{"M-13", true}};

double days(const Window& window) {
  return std::chrono::duration<double, std::chrono::days::period>(window.until - window.from).count();
}

/// How long it was looked, which is what a count rests on.
double days_read(const Side& side) { return days(side.window) * side.figure.coverage.value_or(0); }

Side side_of(const Scope& scope, const Edition& edition, const Window& window, std::string_view metric) {
  return {Figures(scope.db, scope.campaign, edition, window, scope.now).of(metric), window};
}

/// Why two figures cannot be held against each other; empty: they can.
std::string hindrance(const Side& now, const Side& then, bool is_count) {
  if (!now.figure.value) return now.figure.reason;
  if (!then.figure.value) return "then: " + then.figure.reason;
  if (days_read(now) <= 0 || days_read(then) <= 0) return "one of the two times was not watched";
  return is_count ? "" : "reactions come in bunches: no interval of a count holds for them";
}

void add_side(std::vector<Cell>& row, const Side& side, bool is_count) {
  row.push_back(cell(side.figure.value));
  if (side.figure.value && is_count) {
    auto interval = store::poisson_interval(*side.figure.value);
    row.insert(row.end(), {interval.low, interval.high});
  } else {
    row.resize(row.size() + 2);
  }
  row.insert(row.end(), {days(side.window), percent(side.figure.coverage)});
}

/// One row: a figure of two times, their exact intervals, and what may be said of the difference.
std::vector<Cell> row_of(const std::string& against, const Compared& of, const Side& now, const Side& then) {
  std::vector<Cell> row{std::string(of.metric), store::metric(of.metric).name, against};
  add_side(row, now, of.is_count);
  add_side(row, then, of.is_count);
  auto why_not = hindrance(now, then, of.is_count);
  if (why_not.empty())
    row.emplace_back(std::string(beside(*now.figure.value, days_read(now), *then.figure.value, days_read(then))));
  else
    row.emplace_back();
  bool is_whole = now.figure.status == "ok" && then.figure.status == "ok";
  row.push_back(text_or_nothing(!why_not.empty() ? why_not : is_whole ? "" : "by the time that was read of each"));
  return row;
}

/// Both editions from the same number of days before their campaign days to the same moment relative to them.
void add_last_edition(const Scope& scope, const Window& now_in, Sheet& sheet) {
  const auto* last = edition_before(scope.campaign, scope.edition);
  if (last == nullptr) return;
  auto first = std::max(now_in.from - scope.edition.day_from, last->from - last->day_from);
  auto behind = std::min(now_in.until - scope.edition.day_from, last->until - last->day_from);
  if (first >= behind) return;
  Window here{scope.edition.day_from + first, scope.edition.day_from + behind, ""};
  Window there{last->day_from + first, last->day_from + behind, last->id};
  for (const auto& of : of_editions) {
    auto now = side_of(scope, scope.edition, here, of.metric);
    Side then{{}, there};
    if (!store::knows(scope.db, last->id))
      then.figure.reason = of_the_edition_before;
    else
      then = side_of(scope, *last, there, of.metric);
    sheet.rows.push_back(row_of("edition " + last->id, of, now, then));
  }
}

/// A time by the editions its posts were kept in: the weeks before one may be the last of another.
std::vector<std::pair<const Edition*, Window>> parts_of(const Campaign& campaign, const Edition& edition,
                                                        const Window& window) {
  std::vector<std::pair<const Edition*, Window>> out;
  auto add = [&](const Edition& each, sys_ms from, sys_ms until) {
    Window part{std::max(window.from, from), std::min(window.until, until), window.label};
    if (part.from < part.until) out.emplace_back(&each, part);
  };
  auto own_from = edition.baseline_from;
  for (const auto& each : campaign.editions)
    if (each.until <= edition.from) {
      add(each, each.from, each.until);
      own_from = std::max(own_from, each.until);
    }
  add(edition, own_from, edition.until);
  return out;
}

/// Posts of registered organisations, with the tag or without it: what they usually post is known from the weeks before
/// their edition. Their own sources alone are read then, so these are what covers it.
Figure posts_of_partners(const Scope& scope, const Window& window) {
  Figure out;
  std::chrono::milliseconds covered{}, planned{};
  for (const auto& [edition, part] : parts_of(scope.campaign, scope.edition, window)) {
    Figures figures(scope.db, scope.campaign, *edition, part, scope.now);
    auto posts = figures.of("M-01-owned");
    for (const auto& [partner, tagged] : figures.by("M-01", store::Breakdown::partner))
      if (!partner.empty() && tagged.value) posts.value = posts.value.value_or(0) + *tagged.value;
    if (!posts.value && out.reason.empty()) out.reason = posts.reason;
    out.value = out.value.value_or(0) + posts.value.value_or(0);
    for (const auto& [id, each] : figures.coverage_by_source()) {
      auto source = std::ranges::find(scope.campaign.sources, id, &Source::id);
      if (source == scope.campaign.sources.end() || source->partner.empty()) continue;
      covered += each.covered;
      planned += each.planned;
    }
  }
  if (!out.reason.empty()) out.value.reset();
  if (planned.count() > 0) out.coverage = static_cast<double>(covered.count()) / static_cast<double>(planned.count());
  out.status = !out.value ? "unknown" : out.coverage.value_or(0) < complete_from ? "incomplete" : "ok";
  return out;
}

void add_baseline(const Scope& scope, const Window& now_in, Sheet& sheet) {
  Window before{scope.edition.baseline_from, scope.edition.from, "before"};
  if (before.from >= before.until || now_in.from >= now_in.until) return;
  Side then{{}, before};
  auto parts = parts_of(scope.campaign, scope.edition, before);
  if (!std::ranges::all_of(parts, [&](auto& part) { return store::knows(scope.db, part.first->id); }))
    then.figure.reason = of_the_edition_before;
  else
    then.figure = posts_of_partners(scope, before);
  auto row = row_of("the weeks before", {"M-01-owned", true}, {posts_of_partners(scope, now_in), now_in}, then);
  row[1] = std::string("Partners' posts, with the tag or without it");
  sheet.rows.push_back(std::move(row));
}

}  // namespace

const Edition* edition_before(const Campaign& campaign, const Edition& edition) {
  const Edition* out = nullptr;
  for (const auto& each : campaign.editions)
    if (each.until <= edition.from) out = &each;
  return out;
}

std::vector<std::string> compared_with(const Campaign& campaign, const Edition& edition) {
  const auto* last = edition_before(campaign, edition);
  return last == nullptr ? std::vector<std::string>() : std::vector{last->id};
}

Sheet make_comparison(const Scope& scope) {
  Sheet sheet{"comparison",
              {"metric_id", "name", "against", "value", "low95", "high95", "days", "completeness_pct", "value_then",
               "low95_then", "high95_then", "days_then", "completeness_then_pct", "difference", "note"},
              {},
              {{"name", "name"},
               {"against", "against"},
               {"value", "now"},
               {"value_then", "then"},
               {"difference", "difference", "-"},
               {"note", "note", "-"}}};
  Window so_far{scope.edition.from, std::min({scope.window.until, scope.edition.until, scope.now}), ""};
  add_last_edition(scope, so_far, sheet);
  add_baseline(scope, so_far, sheet);
  return sheet;
}

}  // namespace campaignd::report
