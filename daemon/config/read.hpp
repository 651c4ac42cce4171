#pragma once
/// Readers of the parts of a configuration; load.cpp puts them together.
#include "daemon/config/config.hpp"
#include "daemon/config/table.hpp"

namespace campaignd {

void read_campaign(Table& root, Campaign& campaign);                              ///< [campaign], [[edition]], [[term]]
void read_partners(Table& root, Campaign& campaign, const FetchSettings& fetch);  ///< [[partner]]
void read_sources(Table& root, Campaign& campaign, const FetchSettings& fetch);   ///< [[source]]
void read_outlets(Table& root, Outlets& outlets);                                 ///< [[outlet]]

/// The channels of partners that a connector can read, as sources of their own. After partners and sources.
void watch_partners(Campaign& campaign);

/// An address must be http(s) and at a port that is allowed.
void check_url(Table& table, const Place& place, const std::string& url, const FetchSettings& fetch);

}  // namespace campaignd
