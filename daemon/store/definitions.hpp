#pragma once
/// Which versions of the definitions hold: today's, unless a report is made again by its own.
#include "daemon/store/metrics.hpp"

namespace campaignd::store {

/// Until it goes, metric(id) gives these versions on this thread. One at a time on a thread.
class Definitions {
 public:
  explicit Definitions(const std::map<std::string, std::string>& versions);  ///< by id; an unknown one is today's
  Definitions(const Definitions&) = delete;
  Definitions& operator=(const Definitions&) = delete;
  ~Definitions();
  /// Of such a report; null: today's.
  static const Metric* chosen(std::string_view id);
};

/// metric(id, version), and null where this program has none.
const Metric* definition(std::string_view id, std::string_view version);

}  // namespace campaignd::store
