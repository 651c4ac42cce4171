#pragma once
/// What two cross-posts have in common: their words.
#include <string>

#include "connectors/post.hpp"

namespace campaignd {

/// The words of a post, folded, without what platforms write differently: links (shortened, cut or left out), mentions
/// (handles differ), marks and spaces. Empty: it has no words of its own.
std::string story_text(const Post& post);

}  // namespace campaignd
