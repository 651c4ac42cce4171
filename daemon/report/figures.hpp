#pragma once
/// Figures: numbers that come with their coverage, age, definition and reason, in JSON and CSV alike.
#include <boost/json/value.hpp>
#include <functional>

#include "daemon/config/config.hpp"
#include "daemon/store/metrics.hpp"

namespace campaignd::report {

struct Figure {
  std::optional<double> value, low, high;
  std::optional<double> high_known;  ///< of a bound with unknown parts: "1,400 or more"
  std::string range;  ///< what low and high are: bound, interval90, interval95; empty: low alone, "at least"
  std::optional<double> numerator,
      denominator;  ///< of a ratio its two sums; of M-04 accounts of known audience, and all
  std::string unit;
  std::optional<std::int64_t> n;
  std::optional<double> coverage;             ///< share of planned time, 0 … 1
  std::optional<double> refilled;             ///< of planned time, covered only by a poll that paged back over a gap
  std::optional<std::int64_t> longest_gap_s;  ///< of the sources it rests on
  std::optional<sys_ms> oldest_reading;
  sys_ms as_of;
  std::optional<std::int64_t> erased_since;  ///< of an answer of the past: posts that were removed or expired behind it
  std::string definition;
  std::string status = "ok";  ///< ok, incomplete, unknown
  std::string reason;
};
boost::json::object to_json(const Figure& figure);

/// The reason of a figure whose time lies ahead.
constexpr std::string_view not_yet = "this time has not come yet";

/// The reason of a figure whose facts had to go (a platform's limit, the edition's retention) before it was asked for.
constexpr std::string_view expired = "expired: what it rests on could be kept no longer";

/// From this share of its planned time on a figure is complete (M-14).
constexpr double complete_from = 0.95;

/// "1,400"
std::string with_separators(std::int64_t number);

/// A half-open span a page or a sheet speaks of.
struct Window {
  sys_ms from, until;
  std::string label;
};

/// The campaign day while it lasts, else the edition: never an empty today.
Window window_to_show(const Edition& edition, sys_ms now);

/// Local days and UTC hours of a window, up to `now`.
std::vector<store::Bucket> days_of(const std::string& zone, Window window, sys_ms now);
std::vector<store::Bucket> hours_of(const std::string& zone, Window window, sys_ms now);
std::string local_label(const std::string& zone, sys_ms time, const char* format);  ///< date's format, "%d %b %H:%M"

/// M-15: the sources, each with its server, that show what anybody posts in the fediverse. The accounts of one
/// organisation are no look at the network.
std::set<std::pair<std::string, std::string>> observers_of(const Campaign& campaign);

/// Whether sources of a platform show what a metric counts: feeds and pages show articles, all others posts.
bool shows(std::string_view platform, const store::Metric& metric);

/// All figures of one window. The caller holds a snapshot, so that they agree.
class Figures {
 public:
  Figures(store::Database& db, const Campaign& campaign, const Edition& edition, Window window, sys_ms now);
  Figure of(std::string_view metric);
  /// By platform, partner, term, country and so on; a key that is not there is an empty set and gets
  /// `empty(metric)`.
  std::map<std::string, Figure> by(std::string_view metric, store::Breakdown breakdown);
  /// A platform's row rests on that platform's sources alone.
  Figure empty(std::string_view metric, std::string_view platform = {}) const;
  /// A partner's row rests on its own channels.
  Figure empty_of_partner(std::string_view metric, std::string_view partner) const;
  Figure coverage(std::string_view platform = {}) const;
  /// M-14 of one term, over all sources or those that show posts; nothing where none was planned.
  enum class Showing : std::uint8_t { anything, posts };
  std::optional<double> coverage_of_term(const std::string& term, Showing showing = Showing::posts) const;
  using BySource = std::map<std::string, store::Coverage>;
  const BySource& coverage_by_source() const { return by_source(store::metric("M-14")); }

 private:
  struct Share {
    std::optional<double> covered, refilled;  ///< of the planned time, 0 … 1
    std::optional<std::int64_t> longest_gap_s;
    int sources = 0, lagging = 0;  ///< that are planned; that cover less than 95 %
    std::string shortfall() const;
  };
  store::MetricRows growth_of(const store::Metric& metric, const store::MetricRows& counted);
  Figure make(const store::Metric& metric, const store::MetricRow* row, const Share& share) const;
  using Counts = std::function<bool(const Source&)>;
  /// Of the sources that `counts` picks and that show what the metric counts.
  Share share(const store::Metric& metric, const Counts& counts) const;
  const BySource& by_source(const store::Metric& metric) const;
  void note(Figure& figure, const Share& share) const;
  store::Database& db_;
  mutable store::MetricRunner runner_;
  const Campaign& campaign_;
  const Edition& edition_;
  const Window window_;
  const sys_ms now_;
  mutable std::map<std::string, BySource> by_class_;  ///< coverage, by the class of the terms that must be watched
  std::optional<std::int64_t> erased_since_;          ///< of the past only
};

}  // namespace campaignd::report
