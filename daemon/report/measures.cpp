// Publicity measures: planned, evidenced and claimed are three numbers.
#include "daemon/report/making.hpp"

namespace campaignd::report {

namespace {

/// What was evidenced of what was planned. Where nothing was planned there is no share, not a share of 0.
std::optional<double> evidenced_pct(std::optional<double> planned, std::optional<double> evidenced) {
  if (!planned || *planned <= 0 || !evidenced) return std::nullopt;
  return 100 * *evidenced / *planned;
}

}  // namespace

Sheet make_measures(const Scope& scope) {
  Sheet sheet{"measures",
              {"measure_id", "partner_id", "description", "unit", "planned_qty", "evidenced_qty", "claimed_qty",
               "evidenced_pct", "status"},
              {}};
  store::Query query(scope.db,
                     "SELECT id, partner, description, unit, planned, evidenced, claimed, status FROM measure WHERE "
                     "edition = ? ORDER BY partner, id",
                     scope.edition.id);
  while (query.next()) {
    auto planned = query.maybe_real(4), evidenced = query.maybe_real(5);
    sheet.rows.push_back({query.text(0), query.text(1), query.text(2), query.text(3), cell(planned), cell(evidenced),
                          cell(query.maybe_real(6)), cell(evidenced_pct(planned, evidenced)), query.text(7)});
  }
  return sheet;
}

}  // namespace campaignd::report
