#include "daemon/store/definitions.hpp"

#include <stdexcept>

namespace campaignd::store {

namespace {

thread_local std::map<std::string, const Metric*, std::less<>> of_a_report;

}  // namespace

Definitions::Definitions(const std::map<std::string, std::string>& versions) {
  for (const auto& [id, version] : versions)
    if (const auto* known = definition(id, version)) of_a_report[id] = known;
}

Definitions::~Definitions() { of_a_report.clear(); }

const Metric* Definitions::chosen(std::string_view id) {
  auto found = of_a_report.find(id);
  return found == of_a_report.end() ? nullptr : found->second;
}

const Metric* definition(std::string_view id, std::string_view version) try {
  return &metric(id, version);
} catch (const std::out_of_range&) { return nullptr; }

}  // namespace campaignd::store
