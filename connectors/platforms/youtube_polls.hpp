#pragma once
/// The polls and measurements of YouTube.
#include "connectors/connector.hpp"

namespace campaignd {

/// Without a key: the newest videos of `source.account`, a channel's id or its handle, from the feed anybody may read.
std::unique_ptr<Job> poll_channel_feed(const SourceSettings& source, Cursor cursor);

/// With a key, the uploads of `source.account`: at first back to the floor, later to a while before the last poll.
std::unique_ptr<Job> poll_uploads(SourceSettings source, const Cursor& cursor);

/// With a key, the videos a search finds for `source.tags` and for `source.query`.
std::unique_ptr<Job> search_videos(const SourceSettings& source, const Cursor& cursor);

/// With a key, what videos count and say now.
std::unique_ptr<Job> measure_youtube(std::shared_ptr<Session> session, std::vector<PostRef> posts);

}  // namespace campaignd
