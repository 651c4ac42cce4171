#pragma once
/// From a report of then to one of now: each figure's difference, by cause. Every column is the step between two worlds
/// that differ in one thing alone, so the columns add up to the difference.
#include "daemon/report/seal.hpp"

namespace campaignd::report {

/// What a bridge starts from.
struct BridgeStart {
  struct Numbers {
    std::optional<double> value, low, high;
  };
  sys_ms at;
  std::optional<Window> window;                 ///< of a sealed report; else the one asked for
  std::map<std::string, Numbers> said;          ///< by metric, as the report said it; empty: nobody knows what it said
  std::map<std::string, std::string> versions;  ///< of its definitions, by id; what is not there has today's
};
BridgeStart bridge_from(const Sealed& sealed);

/// The sheet `bridge`, up to scope.now. The caller holds a Snapshot, and no AsOf.
Sheet make_bridge(const Scope& scope, const BridgeStart& start);

}  // namespace campaignd::report
