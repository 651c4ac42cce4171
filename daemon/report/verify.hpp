#pragma once
/// A seal held against the present database: is what it says still what the facts of its time give?
#include "daemon/report/seal.hpp"

namespace campaignd::report {

/// A cell of a sheet that is not what was sealed. A row that is only there or only here has no column.
struct CellDifference {
  std::string sheet, row, column, sealed, now;
};

struct Verification {
  std::vector<std::string> differences;  ///< that nothing accounts for; in sentences
  std::vector<CellDifference> cells;     ///< likewise
  std::int64_t erased = 0, polls = 0;    ///< posts that were erased or expired since; polls that are kept no more
  std::vector<CellDifference> carried;   ///< figures that those carried
  std::vector<std::string> remarks;      ///< what a reader should know, and no difference

  bool differs() const { return !differences.empty() || !cells.empty(); }
  /// "identical", "identical but for 3 erased or expired rows", "differs"
  std::string verdict() const;
};

/// The caller holds a Snapshot, and no AsOf.
Verification verify(store::Database& db, const Config& config, const Edition& edition, const Sealed& sealed,
                    const Keyed& keyed);

/// For people: the verdict, and what it rests on.
std::string to_text(const Verification& found);
std::string to_json_text(const Verification& found);

}  // namespace campaignd::report
