#pragma once
/// A store whose posts are measured, and the figures made of them.
#include <catch2/catch.hpp>

#include "tests/unit/roster.hpp"

namespace campaignd::test {

inline const sys_ms morning = utc("2025-06-20T08:00:00Z");
inline const sys_ms later = utc("2025-06-21T12:00:00Z");

/// A store whose one source has been read from the edition's start until `later`.
struct Measured : World {
  Edition edition = edition_2025();
  Campaign campaign = small_campaign();
  Measured() {
    books.configure({make_source("one", "v1")}, edition.id, edition.from);
    cover(edition.from, later);
  }
  report::Window whole() const { return {edition.from, edition.until, "edition"}; }
  report::Figure of(std::string_view metric, const report::Window& window) const {
    store::Database db(file, store::Access::read);
    return report::Figures(db, campaign, edition, window, later).of(metric);
  }
  report::Figure of(std::string_view metric) const { return of(metric, whole()); }
  std::map<std::string, report::Figure> by(std::string_view metric, store::Breakdown breakdown) const {
    store::Database db(file, store::Access::read);
    return report::Figures(db, campaign, edition, whole(), later).by(metric, breakdown);
  }
  report::Sheet sheet(std::string_view name) const {
    store::Database db(file, store::Access::read);
    return report::make_sheet(name, db, campaign, edition, whole(), later).value();
  }
  store::MetricRows rows(std::string_view metric, const std::vector<store::Bucket>& buckets) const {
    store::Database db(file, store::Access::read);
    store::MetricRunner runner(db);
    runner.choose(edition.id, buckets, store::Breakdown::none);
    return runner.compute(store::metric(metric));
  }
};

/// A post of an account of its own.
inline store::Fact post_of(const std::string& name, std::optional<std::int64_t> followers,
                           const Counters& counters = {}) {
  auto fact = make_fact(name, name, morning);
  fact.author.followers = followers;
  fact.counters = counters;
  return fact;
}

}  // namespace campaignd::test
