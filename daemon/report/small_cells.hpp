#pragma once
/// Small cells (P-08): what one or two people did is told only together with what others did. Applied
/// in sheets, and in what is published of the page and the API; on this machine they show everything.
#include <set>
#include <span>

#include "daemon/report/sheets.hpp"

namespace campaignd::report {

/// Who stands behind a cell: the authors that are neither a registered organisation nor an outlet.
struct Crowd {
  std::set<std::int64_t> authors;
  bool has_gone = false;  ///< posts had to go, and with them who wrote them: there may be fewer than three
};

enum class Told : std::uint8_t {
  shown,
  small,   ///< fewer than three stand behind it, or are still known
  beside,  ///< goes along with small ones, so that no total minus the rest tells them
};

/// What of a breakdown's cells may be told. Those that may not are together two cells of three authors at least, or
/// all there are of people. A cell behind which nobody stands, or organisations alone, is shown.
std::vector<Told> judge(std::span<const Crowd> cells);

/// Columns of a sheet that speak of the same posts.
struct Columns {
  std::vector<std::string_view> sums;      ///< add up
  std::vector<std::string_view> others{};  ///< do not: empty in the row `withheld`
};

/// Takes what is small out of those rows (`crowds` has one for each) and adds it to `together`: a row as wide as the
/// sheet. Whether there was any.
bool withhold(Sheet& sheet, std::span<const std::size_t> rows, std::span<const Crowd> crowds, const Columns& columns,
              std::vector<Cell>& together);

/// The same for a whole sheet, with a crowd for each row; what was taken out becomes a last row, `withheld`. The sheet
/// has a column `note`.
void withhold(Sheet& sheet, std::span<const Crowd> crowds, const Columns& columns);

/// What the column `note` says of such a row.
constexpr std::string_view told_together =
    "rows behind which fewer than three authors stand, or are still known where posts had to go, and what must go "
    "along "
    "lest they be told by subtraction";

/// Crowds by (bucket label, key) of the posts of a class, as a MetricRunner has chosen; `counted` is what it counts of
/// them.
using Crowds = std::map<std::pair<std::string, std::string>, Crowd>;
Crowds crowds_of(store::Database& db, std::string_view match_class, const store::MetricRows& counted);
const Crowd& crowd_at(const Crowds& crowds, const std::string& label, const std::string& key);

}  // namespace campaignd::report
