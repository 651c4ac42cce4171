// The data dictionary: the headers of the files in schema/metrics, nothing else.
#include "daemon/report/making.hpp"

namespace campaignd::report {

Sheet make_dictionary(const Scope&) {
  Sheet sheet{"dictionary",
              {"id", "name", "definition", "unit", "caveat", "valid_from", "version"},
              {},
              {{"id", "id"}, {"name", "name"}, {"unit", "unit"}, {"definition", "definition"}}};
  for (const auto& each : store::definitions())
    sheet.rows.push_back({each.id, each.name, each.formula, each.unit, each.caveat, each.valid_from, each.version});
  return sheet;
}

}  // namespace campaignd::report
