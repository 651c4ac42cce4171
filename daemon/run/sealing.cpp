#include "daemon/run/sealing.hpp"

#include <fmt/format.h>

#include "daemon/report/seal.hpp"

namespace campaignd::run {

namespace {

bool was_watched_before(store::Database& db, const Edition& edition) {
  return store::Query(db,
                      "SELECT 1 FROM poll WHERE end_utc >= ? AND end_utc < ? AND covered_from_utc IS NOT NULL LIMIT 1",
                      edition.from, edition.final_at)
      .next();
}

FinalSeal seal_of(const Edition& edition, const std::filesystem::path& database, const Config& config, sys_ms now,
                  const std::string& clock, const collect::Mac& key) try {
  FinalSeal out;
  out.edition = edition.id;
  store::Database db(database, store::Access::read);
  auto known = store::seal_times(db, edition.id, now);
  if ((known && known->as_of >= edition.final_at) || !was_watched_before(db, edition)) return out;
  report::Sealer sealer{CAMPAIGND_VERSION, clock, [&key](std::string_view text) { return key.of(text); }};
  auto sealing = report::seal_edition(db, config, edition, {now, edition.final_at}, sealer);
  out.objection = fmt::format("{}", fmt::join(sealing.objections, "; "));
  out.seal = std::move(sealing.seal);
  return out;
} catch (const std::runtime_error& wrong) {  // a report that fails is no reason to stop collecting
  return {edition.id, {}, fmt::format("{}; tried again in an hour", wrong.what())};
}

}  // namespace

FinalSeal make_final_seal(const std::filesystem::path& database, const Config& config, sys_ms now,
                          const std::string& clock, const collect::Mac& key) {
  FinalSeal objected;
  for (const auto& edition : config.campaign.editions) {
    if (now < edition.final_at || now >= edition.forget_at()) continue;
    auto made = seal_of(edition, database, config, now, clock, key);
    if (made.seal) return made;
    if (!made.objection.empty()) objected = std::move(made);
  }
  return objected;
}

}  // namespace campaignd::run
