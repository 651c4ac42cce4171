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
  std::string of;              ///< what it counts, posts or articles: a source that shows none says nothing of it
  bool empty_is_zero = false;  ///< a set without posts is zero, not unknown
  bool additive = false;       ///< hours add up, so they are kept as slices
  std::string sql;
};

/// All of them, in order of id.
const std::vector<Metric>& metrics();
const Metric& metric(std::string_view id);

/// A half-open span of time with a label, the way methodology M-00 cuts days and hours.
struct Bucket {
  sys_ms start, end;
  std::string label;
};

enum class Breakdown : std::uint8_t { none, platform, partner, outlet_country };

/// What a metric file gives for one bucket and one key.
struct MetricRow {
  std::optional<double> value, low, high, high_known;
  std::optional<std::int64_t> n;
  std::optional<sys_ms> oldest;
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
  MetricRows run(const Metric& metric);
  /// Up to the last whole minute: an idle minute changes nothing, so readers are served with 304s.
  CoverageRows coverage(sys_ms now);

 private:
  Database& db_;
  std::string edition_;
};

}  // namespace campaignd::store
