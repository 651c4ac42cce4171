#include "daemon/serve/sealed.hpp"

#include <fmt/format.h>

#include "daemon/report/seal.hpp"

namespace campaignd::serve {

Response sealed_file(store::Database& db, const std::string& campaign, const Edition& edition,
                     const std::string& name) {
  auto body = store::last_seal(db, edition.id);
  if (!body) return problem(404, "Not sealed", fmt::format("Edition {} is not sealed.", edition.id));
  Response response;
  if (name == "seal.json") {
    response.file_name = fmt::format("{}-{}.seal.json", campaign, edition.id);
    response.body = std::move(*body);
    return response;
  }
  auto read = report::read_seal(*body);
  if (const auto* wrong = std::get_if<std::string>(&read)) return problem(500, "Damaged seal", "The seal: " + *wrong);
  const auto& sealed = std::get<report::Sealed>(read);
  const auto* sheet = name.ends_with(".csv") ? sealed.sheet(name.substr(0, name.size() - 4)) : nullptr;
  if (sheet == nullptr) return problem(404, "No such sheet", "The seal has no such sheet.");
  response.type = "text/csv; charset=utf-8; header=present";
  response.file_name = fmt::format("{}-{}-{}-sealed.csv", campaign, edition.id, sheet->name);
  response.body = report::to_csv(*sheet);
  return response;
}

}  // namespace campaignd::serve
