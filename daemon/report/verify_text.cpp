#include <fmt/format.h>

#include <boost/json.hpp>

#include "daemon/report/verify.hpp"

namespace campaignd::report {

namespace json = boost::json;

namespace {

json::array texts(const std::vector<std::string>& all) {
  json::array out;
  for (const auto& each : all) out.emplace_back(each);
  return out;
}

json::array cells(const std::vector<CellDifference>& all) {
  json::array out;
  for (const auto& each : all)
    out.push_back(json::object{
        {"sheet", each.sheet}, {"row", each.row}, {"column", each.column}, {"sealed", each.sealed}, {"now", each.now}});
  return out;
}

/// "summary, "M-01", value: 57 sealed, 56 now"
std::string told_of(const CellDifference& each) {
  auto or_unknown = [](const std::string& cell) { return cell.empty() ? std::string("unknown") : cell; };
  return fmt::format("  {}, {}{}{}: {} sealed, {} now\n", each.sheet, each.row, each.column.empty() ? "" : ", ",
                     each.column, or_unknown(each.sealed), or_unknown(each.now));
}

}  // namespace

std::string to_text(const Verification& found) {
  auto out = found.verdict() + "\n";
  for (const auto& each : found.differences) out += "  " + each + "\n";
  for (const auto& each : found.cells) out += told_of(each);
  if (!found.carried.empty()) out += "figures that what is gone carried:\n";
  for (const auto& each : found.carried) out += told_of(each);
  for (const auto& each : found.remarks) out += "note: " + each + "\n";
  return out;
}

std::string to_json_text(const Verification& found) {
  return json::serialize(json::object{{"verdict", found.verdict()},
                                      {"differs", found.differs()},
                                      {"erased", found.erased},
                                      {"expired_polls", found.polls},
                                      {"differences", texts(found.differences)},
                                      {"cells", cells(found.cells)},
                                      {"carried", cells(found.carried)},
                                      {"remarks", texts(found.remarks)}});
}

}  // namespace campaignd::report
