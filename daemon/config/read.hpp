#pragma once
/// Readers of the parts of a configuration; load.cpp puts them together.
#include "daemon/config/config.hpp"
#include "daemon/config/table.hpp"

namespace campaignd {

void read_campaign(Table& root, Campaign& campaign);                              ///< [campaign], [[edition]], [[term]]
void read_partners(Table& root, Campaign& campaign, const FetchSettings& fetch);  ///< [[partner]]
/// [[source]]; `whole`: every partner is known, so that one who is not known does not exist.
void read_sources(Table& root, Campaign& campaign, const FetchSettings& fetch, bool whole);
void read_outlets(Table& root, Outlets& outlets);  ///< [[outlet]]

/// A sentence for each tag of the campaign that no source asks for.
std::vector<std::string> unasked_tags(const Campaign& campaign);

/// The channels of partners that a connector can read, as sources of their own. After partners and sources.
void watch_partners(Campaign& campaign);

/// A source that does not say what it may spend, such as a partner's account, is bound by what others of its connector
/// say. After all sources are there.
void share_purses(Campaign& campaign);

/// An address must be http(s) and at a port that is allowed.
void check_url(Table& table, const Place& place, const std::string& url, const FetchSettings& fetch);

}  // namespace campaignd
