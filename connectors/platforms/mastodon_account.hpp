#pragma once
#include "connectors/connector.hpp"

namespace campaignd {

/// One poll of the posts of `source.account`, at `source.host` or, where that is empty, at the account's own server.
/// The id of the account is looked up first, and once a day again: that is how a move or a suspension is learned.
std::unique_ptr<Job> poll_account(SourceSettings source, const Cursor& cursor);

}  // namespace campaignd
