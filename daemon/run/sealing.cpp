#include "daemon/run/sealing.hpp"

#include <fmt/format.h>

#include "daemon/report/lint.hpp"
#include "daemon/report/seal.hpp"
#include "daemon/store/as_of.hpp"

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
  store::Snapshot snapshot(db);
  auto known = store::seal_times(db, edition.id, now);
  if ((known && known->as_of >= edition.final_at) || !was_watched_before(db, edition)) return out;
  store::SealTimes at{now, edition.final_at};
  store::AsOf past(db, edition.id, store::Known::from_facts(at.as_of));
  auto said = report::lint(db, config.campaign, edition, at.as_of);
  if (!said.blocks.empty()) {
    out.objection = fmt::format("{}", fmt::join(said.blocks, "; "));
    return out;
  }
  auto keyed = [&key](std::string_view text) { return key.of(text); };
  report::SealWords words{CAMPAIGND_VERSION, clock, said.remarks, {}};
  auto seal = report::make_seal(db, config, edition, at, words, keyed);
  if (seal.body.size() > store::longest_seal)
    out.objection = fmt::format("it is larger than the {} bytes the database keeps", store::longest_seal);
  else
    out.seal = std::move(seal);
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
