#pragma once
/// The polls and measurements of X.
#include "connectors/connector.hpp"

namespace campaignd {

/// One poll of the posts with one of `source.tags`, or that match `source.query`, of the last seven days.
std::unique_ptr<Job> search_x(const SourceSettings& source, const Cursor& cursor);

/// One poll of the posts of `source.account`. Its id is remembered, so that it is read on under a new name.
std::unique_ptr<Job> poll_x_account(SourceSettings source, const Cursor& cursor);

/// Counters of posts by their ids, of half the month's money at the most.
std::unique_ptr<Job> measure_x_posts(const SourceSettings& source, std::vector<PostRef> posts);

}  // namespace campaignd
