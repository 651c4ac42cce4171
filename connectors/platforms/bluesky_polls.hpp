#pragma once
/// The polls and measurements of Bluesky.
#include "connectors/connector.hpp"

namespace campaignd {

/// One poll of the posts of `source.account`, a handle or a DID: back to the floor at first, later to the newest post
/// known. Its DID is remembered, so that it is read on under a new handle; the source then says so.
std::unique_ptr<Job> poll_author(SourceSettings source, const Cursor& cursor);

/// One poll of the newest posts with each of `source.tags`, one page of each: visitors are shown no more.
std::unique_ptr<Job> search_tags(SourceSettings source, const Cursor& cursor);

/// One poll of the posts with each of `source.tags` by an account that is logged in: all of them, back to the floor at
/// first, later to an hour before the last poll. There must be a session with a credential.
std::unique_ptr<Job> search_all(SourceSettings source, const Cursor& cursor);

/// Every post of the network as it is written, by Jetstream: those that hold one of the source's tags or words, what is
/// deleted, and accounts that go. Begins a little before the last event known, at most 36 hours back.
std::unique_ptr<Job> stream_posts(SourceSettings source, const Cursor& cursor);

/// Counters of posts by their addresses, then the followers of their authors.
std::unique_ptr<Job> measure_posts(const std::string& host, std::vector<PostRef> posts);

}  // namespace campaignd
