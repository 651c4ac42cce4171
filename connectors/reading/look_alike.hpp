#pragma once
/// Hashtags that may stand for another: mistyped, or written with letters that look the same.
#include <cstddef>
#include <string_view>

namespace campaignd {

/// How many letters must be set, left out or put in to make one word the other (Levenshtein).
std::size_t letters_apart(std::string_view a, std::string_view b);

/// Whether one folded tag may be meant for another: at most two letters set, left out or put in, fewer where the tag is
/// short; or both look alike (UTS #39, the skeletons are equal). A tag is no look-alike of itself.
bool looks_like(std::string_view tag, std::string_view other);

}  // namespace campaignd
