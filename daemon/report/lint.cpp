#include "daemon/report/lint.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/report/standing.hpp"
#include "daemon/store/as_of.hpp"

namespace campaignd::report {

using store::Breakdown;
using store::Query;

namespace {

constexpr double most_unknown = 0.5;

struct Check {
  store::Database& db;
  const Campaign& campaign;
  const Edition& edition;
  const sys_ms as_of;
  Lint& out;

  Window whole() const { return {edition.from, edition.until, {}}; }
  void block(std::string sentence) const { out.blocks.push_back(std::move(sentence)); }
  void remark(std::string sentence) const { out.remarks.push_back(std::move(sentence)); }

  void time() const {
    if (as_of < edition.preliminary_at)
      block(fmt::format("the campaign day is not over: its figures are preliminary on {}",
                        day_in_words(campaign, edition.preliminary_at)));
  }

  /// A seal is made from the posts themselves.
  void aggregation() const {
    if (store::is_of_the_past(db)) return;
    Query query(db, "SELECT count(*) FROM dirty WHERE edition = ?", edition.id);
    query.next();
    if (auto hours = query.integer(0); hours > 0)
      block(fmt::format("{} {} not added up yet: campaignd run does it within seconds", hours,
                        hours == 1 ? "hour is" : "hours are"));
  }

  void coverage(Figures& figures) const {
    if (figures.coverage().value.value_or(0) <= 0) return block("nothing is covered: no source was read");
    std::int64_t planned = 0, lagging = 0;
    for (const auto& [source, each] : figures.coverage_by_source()) {
      if (each.planned.count() <= 0) continue;
      ++planned;
      auto share = static_cast<double>(each.covered.count()) / static_cast<double>(each.planned.count());
      if (share < complete_from) ++lagging;
    }
    if (lagging > 0) remark(fmt::format("{} of {} sources cover less than 95 % of the edition", lagging, planned));
  }

  void unknown(Figures& figures) const {
    std::string names;
    for (const auto& metric : store::metrics())
      if (store::is_of_posts(metric) && figures.of(metric.id).status == "unknown")
        names += (names.empty() ? "" : ", ") + metric.name;
    if (!names.empty()) remark("unknown, and not zero: " + names);
  }

  void expired() const {
    if (Query(db, "SELECT 1 FROM settled WHERE edition = ? LIMIT 1", edition.id).next())
      remark("some posts had to go already: figures rest in part on what was settled of them");
  }

  /// P-06: what its server says is gone, and is not believed.
  void doubted() const {
    for (Query query(
             db,
             "SELECT observer.host, sum(edition = ?2) FROM recheck JOIN observer ON observer.id = "
             "recheck.observer JOIN post ON post.id = recheck.post WHERE missing_utc <= ?1 GROUP BY observer.id "
             "HAVING count(*) >= 3 AND sum(edition = ?2) > 0",
             as_of - std::chrono::hours(2), edition.id);
         query.next();)
      remark(fmt::format("{} does not show {} of the posts that are counted, and it is not sure that they are gone",
                         query.text(0), query.integer(1)));
  }

  struct Sum {
    double value = 0, youtube = 0;
    bool expired = false;
  };
  Sum sum(const store::Metric& metric, const std::vector<store::Bucket>& buckets, Breakdown breakdown) const {
    store::MetricRunner runner(db);
    runner.choose(edition.id, buckets, breakdown);
    Sum total;
    for (const auto& [key, row] : runner.run(metric)) {
      total.value += row.value.value_or(0);
      if (breakdown == Breakdown::platform && key.second == "youtube") total.youtube = row.value.value_or(0);
      total.expired = total.expired || row.expired;
    }
    return total;
  }

  /// T-22: whatever the rows are, they add up. YouTube's may stand apart; what was settled has no country.
  void sums() const {
    std::vector<store::Bucket> all{{edition.from, edition.until, ""}}, days = days_of(campaign.zone, whole(), as_of);
    for (const auto& metric : store::metrics()) {
      if (!metric.additive || !store::is_of_posts(metric)) continue;
      auto total = sum(metric, all, Breakdown::none);
      auto compare = [&](const char* rows, const Sum& parts) {
        if (parts.value != total.value && parts.value - parts.youtube != total.value)
          block(fmt::format("sheets disagree: {} by {} is {} together, and {} in the summary", metric.name, rows,
                            parts.value, total.value));
      };
      compare("day", sum(metric, days, Breakdown::none));
      compare("platform", sum(metric, all, Breakdown::platform));
      compare("partner, the unattributed among them,", sum(metric, all, Breakdown::partner));
      if (!total.expired) compare("country", sum(metric, all, Breakdown::country));
    }
  }

  void countries() const {
    store::MetricRunner runner(db);
    runner.choose(edition.id, {{edition.from, edition.until, ""}}, Breakdown::country);
    double total = 0, nowhere = 0;
    for (const auto& [key, row] : runner.run(store::metric("M-01"))) {
      total += row.value.value_or(0);
      if (key.second == "unknown") nowhere += row.value.value_or(0);
    }
    if (total > 0 && nowhere / total > most_unknown)
      remark(fmt::format("the country of {} of the mentions is not known", percent_text(nowhere / total)));
  }
};

}  // namespace

Lint lint(store::Database& db, const Campaign& campaign, const Edition& edition, sys_ms as_of) {
  Lint out;
  Check check{db, campaign, edition, as_of, out};
  Figures figures(db, campaign, edition, check.whole(), as_of);
  check.time();
  check.coverage(figures);
  check.aggregation();
  check.sums();
  check.countries();
  check.expired();
  check.doubted();
  check.unknown(figures);
  return out;
}

}  // namespace campaignd::report
