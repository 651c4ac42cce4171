#pragma once
/// The metric files: definition and code in one (schema/metrics/README.md).
#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "daemon/store/database.hpp"

namespace campaignd::store {

struct Metric {
  std::string id, name, formula, unit, caveat, valid_from;
  std::string version;      ///< goes up when what the number means changes: "1"; the file of before moves to retired/
  std::string of;           ///< what it counts, posts or articles: a source that shows none says nothing of it
  std::string match_class;  ///< of the terms it rests on (hashtag, plain …); any: all but variants; none: on no term
  bool empty_is_zero = false;  ///< a set without posts is zero, not unknown
  bool additive = false;       ///< hours add up, so they are kept as slices
  bool is_ratio = false;       ///< the two sums of a ratio add up, so they are kept as slices, too
  std::string range;           ///< what low and high are: "bound", "interval95"; empty: low alone, "at least"
  std::string reason;          ///< why it is unknown where nothing says it; empty: the usual one
  std::string sql;             ///< empty: a rule that others rest on
};

/// The data dictionary, in order of id: the metrics of today and the rules they rest on.
const std::vector<Metric>& definitions();
/// Those that can be run.
const std::vector<Metric>& metrics();
const Metric& metric(std::string_view id);
/// As an older version defined it, too (schema/metrics/retired). Throws std::out_of_range where there is none.
const Metric& metric(std::string_view id, std::string_view version);
/// Whether it is made from posts: M-14 and M-16 read what was polled and what was removed, so nothing of them expires.
bool is_of_posts(const Metric& metric);
/// Whether it reads posts of before its time, too, as long as they were followed into it.
bool follows(const Metric& metric);
/// Whether hours of it are kept.
bool is_sliced(const Metric& metric);

/// A half-open span of time with a label, the way M-00 cuts days and hours.
struct Bucket {
  sys_ms start, end;
  std::string label;
};

enum class Breakdown : std::uint8_t { none, platform, partner, outlet_country, country, language, relation, bot, term };
std::string_view name_of(Breakdown breakdown);

/// All of them but `none`, which is their sum.
std::vector<Breakdown> breakdowns();

/// By which hours are kept as slices.
constexpr Breakdown sliced_breakdowns[] = {Breakdown::none, Breakdown::platform, Breakdown::partner,
                                           Breakdown::language};

/// What a metric file gives for one bucket and one key.
struct MetricRow {
  std::optional<double> value, low, high, high_known;
  std::optional<std::int64_t> n;
  std::optional<sys_ms> oldest;
  std::optional<double> numerator,
      denominator;       ///< of a ratio its two sums; of M-04 accounts of known audience, and all
  bool expired = false;  ///< rests on facts that had to go: on what was settled of them, or null
};
using MetricRows = std::map<std::pair<std::string, std::string>, MetricRow>;  ///< by (bucket label, key)

/// M-14 for one source in one bucket.
struct Coverage {
  std::chrono::milliseconds covered{}, planned{}, longest_gap{};
  std::chrono::milliseconds refilled{};  ///< of `covered`: only by a poll that paged back over a gap
  std::chrono::milliseconds blind{};     ///< not covered: neither the source nor its control tag showed anything
};
using CoverageRows = std::map<std::pair<std::string, std::string>, Coverage>;  ///< by (bucket label, source)

/// Runs metric files on one connection. Not for two threads.
class MetricRunner {
 public:
  explicit MetricRunner(Database& db);
  void choose(const std::string& edition, const std::vector<Bucket>& buckets, Breakdown breakdown);
  /// M-15: the sources that see for themselves what is posted on a network, each with its server.
  void observe(const std::set<std::pair<std::string, std::string>>& sources_and_hosts);
  /// What metric files that ask for `moment` take for now: the last whole minute before.
  void at(sys_ms now);
  /// From slices and what was settled, where the metric or its two sums add up; from readings where they do not, kept
  /// until something changes unless they are of the past.
  MetricRows run(const Metric& metric);
  /// The metric file itself, over readings.
  MetricRows compute(const Metric& metric);
  /// Up to the last whole minute: an idle minute changes nothing, so readers are served with 304s. Only time counts in
  /// which a source watched all of `terms`; none: whatever it watched.
  CoverageRows coverage(sys_ms now, const std::vector<std::string>& terms);

 private:
  MetricRows from_slices(const Metric& metric);
  std::vector<Bucket> dirty_spans();
  void add_hours(const Metric& metric, const std::vector<Bucket>& dirty, MetricRows& out);
  void add_sums(const Metric& metric, bool some_are_dirty, MetricRows& out);
  MetricRows kept(const Metric& metric);
  void add_settled(const Metric& metric, MetricRows& rows);
  void add_settled_hours(const Metric& metric, MetricRows& rows);
  void stand_in_for_expired(const Metric& metric, MetricRows& rows);
  void use(const std::vector<Bucket>& buckets);

  /// One run of a metric file: over which views (metric_views.cpp), for which row of the breakdown; without views of
  /// its own for all buckets and rows at once.
  struct Way {
    std::string views, key;
  };
  void make_views();
  std::vector<Way> ways(const Metric& metric);
  std::vector<std::string> keys(std::string_view column, std::string_view which);
  bool is_all_of_edition(const Bucket& bucket);

  Database& db_;
  std::string edition_;
  std::vector<Bucket> buckets_;
  std::vector<Bucket> in_use_;  ///< those the metric files read just now
  Breakdown breakdown_ = Breakdown::none;
};

}  // namespace campaignd::store
