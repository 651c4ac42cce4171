#pragma once
/// What a news search vouches for when it finds an article: the phrases of its query.
#include <string>
#include <string_view>
#include <vector>

namespace campaignd {

/// The quoted phrases every find of `query` holds: `"all in" refugees` -> {all in}. None where the query has
/// alternatives (OR, |, parentheses), for then nobody knows which; single words are none either, since searches bend
/// them. A phrase that an operator stands before (-"a", near20:"a b") is no such phrase.
std::vector<std::string> phrases_of(std::string_view query);

}  // namespace campaignd
