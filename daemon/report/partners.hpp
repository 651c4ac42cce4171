#pragma once
/// What is said of each registered organisation: its state, its figures, its local day.
#include "daemon/report/figures.hpp"

namespace campaignd::report {

/// Only nothing_seen is a zero.
enum class PartnerState : std::uint8_t { used_tag, posted_without, nothing_seen, not_readable, no_channel };
std::string_view name_of(PartnerState state);

struct PartnerRow {
  const Partner* partner = nullptr;
  PartnerState state = PartnerState::no_channel;
  std::int64_t channels = 0;  ///< accounts and sites configured
  std::int64_t watched = 0;   ///< of them, those read in this window
  std::string trouble;        ///< why some are not: "not read so far", "no connector reads x", what a source says
  Figure mentions, without_tag, actions, audience, articles, articles_without_tag;
  Figure on_campaign_day, on_local_day;  ///< mentions of the two readings of 20 June (M-00)
  std::optional<sys_ms> first_post, last_post, last_read;
};
std::string words_of(const PartnerRow& row);  ///< "nothing seen on 3 watched channels"

/// In the order of the configuration. Figures rest on the partner's own channels that show what they count: with none
/// of those read, that nothing was seen proves nothing, and the figure is unknown.
std::vector<PartnerRow> partner_rows(store::Database& db, const Campaign& campaign, const Edition& edition,
                                     Window window, sys_ms now);

}  // namespace campaignd::report
