#pragma once
/// The metric files: definition and code in one (schema/metrics/README.md).
#include <map>
#include <span>
#include <string>
#include <vector>

#include "daemon/store/database.hpp"

namespace campaignd::store {

struct Metric {
  std::string id, name, formula, unit, caveat, valid_from;
  std::string version;  ///< goes up when what the number means changes: "1"; the file of before moves to retired/
  std::string of;       ///< what it counts, posts or articles: a source that shows none says nothing of it
  bool empty_is_zero = false;  ///< a set without posts is zero, not unknown
  bool additive = false;       ///< hours add up, so they are kept as slices
  std::string sql;
};

/// All of them, in order of id.
const std::vector<Metric>& metrics();
const Metric& metric(std::string_view id);
/// Whether it is made from posts: coverage is not, so nothing of it expires.
bool is_of_posts(const Metric& metric);

/// A half-open span of time with a label, the way methodology M-00 cuts days and hours.
struct Bucket {
  sys_ms start, end;
  std::string label;
};

enum class Breakdown : std::uint8_t { none, platform, partner, outlet_country, country, language, relation, bot };
std::string_view name_of(Breakdown breakdown);

/// All of them but `none`, which is their sum.
std::vector<Breakdown> breakdowns();

/// By which hours are kept as slices; `none` is the sum over platforms.
constexpr Breakdown sliced_breakdowns[] = {Breakdown::platform, Breakdown::partner, Breakdown::language};

/// What a metric file gives for one bucket and one key.
struct MetricRow {
  std::optional<double> value, low, high, high_known;
  std::optional<std::int64_t> n;
  std::optional<sys_ms> oldest;
  bool expired = false;  ///< rests on facts that had to go: on what was settled of them, or null
};
using MetricRows = std::map<std::pair<std::string, std::string>, MetricRow>;  ///< by (bucket label, key)

/// M-14 for one source in one bucket.
struct Coverage {
  std::chrono::milliseconds covered{}, planned{}, longest_gap{};
};
using CoverageRows = std::map<std::pair<std::string, std::string>, Coverage>;  ///< by (bucket label, source)

/// Runs metric files on one connection. Not for two threads.
class MetricRunner {
 public:
  explicit MetricRunner(Database& db);
  void choose(const std::string& edition, const std::vector<Bucket>& buckets, Breakdown breakdown);
  /// From slices and what was settled, where the metric is additive; from readings, kept until something changes, where
  /// it is not; of the past always from readings.
  MetricRows run(const Metric& metric);
  /// The metric file itself, over readings.
  MetricRows compute(const Metric& metric);
  /// Up to the last whole minute: an idle minute changes nothing, so readers are served with 304s.
  CoverageRows coverage(sys_ms now);

 private:
  MetricRows from_slices(const Metric& metric);
  MetricRows kept(const Metric& metric);
  void add_settled(const Metric& metric, MetricRows& rows);
  void add_settled_hours(const Metric& metric, MetricRows& rows);
  void stand_in_for_expired(const Metric& metric, MetricRows& rows);
  void use(const std::vector<Bucket>& buckets);

  Database& db_;
  std::string edition_;
  std::vector<Bucket> buckets_;
  Breakdown breakdown_ = Breakdown::none;
};

}  // namespace campaignd::store
