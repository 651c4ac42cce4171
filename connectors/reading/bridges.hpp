#pragma once
/// Copies of posts that a service carried from one network to another, and the originals they stand for. Only the
/// services of one table are believed, each for what stands on its own host: anybody can write any address into a post.
///
/// A finding that is a copy then has the original's platform, host, uri, url and author; `Post::bridge` names the
/// service, and every address of the copy is among the aliases, beside those the original's own connector would give.
/// Its id at the observer stays, and so do its counters: they are what the observer counted, of the copy. What the
/// bridge's account says of itself is not said of the author: neither followers nor whether it is a bot, nor that it
/// may be searched for. That it asks to be left out is heeded.
#include "connectors/post.hpp"

namespace campaignd {

/// A post as a server of the fediverse showed it: copies from Bluesky, X and Nostr, and articles that a bot or a
/// website put there. An article is an outlet's, under its own link, and dated by its copy. True: it was a copy.
bool name_original(Finding& copy);

/// A post as Bluesky showed it, `original` being the address its record gives: copies from the fediverse and of
/// websites. The author's handle says that the bridge made it. True: it was a copy.
bool name_bluesky_original(Finding& copy, const std::string& original);

}  // namespace campaignd
