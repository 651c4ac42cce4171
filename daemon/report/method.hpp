#pragma once
/// What a reader must know beside the figures, for the sheet and the API.
#include "daemon/report/concentration.hpp"
#include "daemon/report/making.hpp"

namespace campaignd::report {

/// On how few accounts the mentions (M-01) rest: all of them, and those that no declared bot wrote.
struct Behind {
  Concentration all, without_bots;
};
Behind behind_mentions(const Scope& scope);

/// Between 1 % and 20 % of the potential ones (M-05), as one vendor found: never one number.
Figure actual_impressions(Figures& figures);
constexpr std::string_view actual_impressions_name = "Impressions, between 1 % and 20 % of the potential ones";

}  // namespace campaignd::report
