#pragma once
/// What is said before a report is sealed: what speaks against it, and what a reader must know. Sentences for people.
#include "daemon/report/figures.hpp"

namespace campaignd::report {

struct Lint {
  std::vector<std::string> blocks, remarks;
};

/// Of an edition as of then. The caller holds a snapshot.
Lint lint(store::Database& db, const Campaign& campaign, const Edition& edition, sys_ms as_of);

}  // namespace campaignd::report
