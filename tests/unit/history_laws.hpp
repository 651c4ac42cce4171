#pragma once
/// What must hold of a store, whatever its history was. Each law gives what breaks it, or nothing.
#include "daemon/store/as_of.hpp"
#include "tests/unit/histories.hpp"
#include "tests/unit/naive_figures.hpp"

namespace campaignd::test {

constexpr store::Breakdown all_breakdowns[] = {
    store::Breakdown::none,     store::Breakdown::platform, store::Breakdown::partner, store::Breakdown::outlet_country,
    store::Breakdown::language, store::Breakdown::relation, store::Breakdown::bot,     store::Breakdown::term};

/// Figures as they were given at a moment, and what they rested on.
struct Given {
  sys_ms at;
  std::vector<store::Bucket> buckets;
  std::map<std::pair<std::string, store::Breakdown>, store::MetricRows> figures;
  store::CoverageRows coverage;
  std::map<std::int64_t, std::string> articles;        ///< what was told of each
  std::map<std::int64_t, std::string> undated, links;  ///< of the posts known then: what as-of takes as it is today
  std::set<std::int64_t> mentions;
};

/// Half of the metrics, given at `at`, by a connection that stays open: it keeps answers.
Given ask(store::Database& db, const std::vector<store::Bucket>& buckets,
          const std::vector<store::Breakdown>& breakdowns, sys_ms at, Chance& chance);

/// The table `reading` is what the facts say, and so is reading.sql for a whole edition.
std::optional<std::string> readings_law(store::Database& db);
/// Slices are the sums of their hours.
std::optional<std::string> slices_law(store::Database& db);
/// What is given is what plain loops over the facts give; parts sum to totals where a metric is additive.
std::optional<std::string> figures_law(store::Database& db, const Given& given);
/// As of any moment at which the match of a post changed, every post is there once.
std::optional<std::string> once_law(store::Database& db);
/// What was given is given as of that moment again, as far as nothing it rested on was erased or linked otherwise.
std::optional<std::string> past_law(store::Database& db, const Given& given);

}  // namespace campaignd::test
