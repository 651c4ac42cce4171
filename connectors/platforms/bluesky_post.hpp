#pragma once
/// A post of Bluesky as a Finding: from the record its author wrote, or from what an AppView makes of it.
#include "connectors/connector.hpp"
#include "connectors/reading/at_uri.hpp"
#include "connectors/reading/json.hpp"

namespace campaignd {

/// A record of app.bsky.feed.post, as repositories and streams hold it: no counters, of the author the DID alone, and
/// the date is what the author says. The failure says why it is not one we may keep.
Result<Finding> read_post_record(Json record, const std::string& uri);

/// A post as an AppView shows it (app.bsky.feed.defs#postView). What a bridge copied from elsewhere is its original.
Result<Finding> read_post_view(Json view);

/// What a profile says of an author (profileViewBasic and its children): handle, name, followers where it has them, the
/// labels "automated" and "not for those without a login", and a biography that asks to be left out.
void read_profile(Json profile, Author& author);

}  // namespace campaignd
