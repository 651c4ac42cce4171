#include "daemon/report/standing.hpp"

#include <fmt/format.h>

#include "daemon/report/lint.hpp"
#include "daemon/store/as_of.hpp"

namespace campaignd::report {

std::string day_in_words(const Campaign& campaign, sys_ms time) {
  auto text = local_label(campaign.zone, time, "%d %B %Y");
  return text.starts_with('0') ? text.substr(1) : text;
}

Standing standing_of(const Campaign& campaign, const Edition& edition, sys_ms now,
                     const std::optional<store::SealTimes>& sealed, const std::string& objection) {
  auto day = [&](sys_ms time) { return day_in_words(campaign, time); };
  if (now < edition.preliminary_at)
    return {"running",
            fmt::format("running; preliminary on {}, final on {}", day(edition.preliminary_at), day(edition.final_at))};
  if (now < edition.final_at)
    return {"preliminary", fmt::format("preliminary, figures still rise; final on {}", day(edition.final_at))};
  if (sealed && sealed->as_of >= edition.final_at)
    return {"final", fmt::format("final: sealed on {}, as of {}", day(sealed->sealed), format_utc(sealed->as_of))};
  return {"preliminary", fmt::format("preliminary, was to be final on {}; not sealed yet{}{}", day(edition.final_at),
                                     objection.empty() ? "" : ": ", objection)};
}

Standing standing_in(const Scope& scope) {
  auto sealed = scope.sealing ? scope.sealing : store::seal_times(scope.db, scope.edition.id, scope.now);
  auto standing = standing_of(scope.campaign, scope.edition, scope.now, sealed);
  bool is_overdue = scope.now >= scope.edition.final_at && standing.word != "final";
  if (!is_overdue || store::is_of_the_past(scope.db)) return standing;  // what objected then is not made again
  if (scope.objection) return standing_of(scope.campaign, scope.edition, scope.now, sealed, *scope.objection);
  auto blocks = lint(scope.db, scope.campaign, scope.edition, scope.now).blocks;
  return standing_of(scope.campaign, scope.edition, scope.now, sealed, blocks.empty() ? std::string() : blocks.front());
}

}  // namespace campaignd::report
