#pragma once
/// A status of the Mastodon API, and of the servers that speak it, as a Finding.
#include "connectors/connector.hpp"
#include "connectors/reading/json.hpp"

namespace campaignd {

/// `observer` is the host that answered: accounts without a host of their own live there. A boost gives the post it
/// boosts (T-11). The failure says why the status is not one we may keep.
Result<Finding> read_status(Json status, const std::string& observer);

/// Statuses of a timeline page into the page, refusals beside them.
Result<void> read_timeline(const Answer& answer, const std::string& observer, Page& page);

}  // namespace campaignd
