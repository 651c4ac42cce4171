#pragma once
/// What a search vouches for when it finds a text that it does not show: the quoted phrases of its query.
#include <string>
#include <string_view>
#include <vector>

namespace campaignd {

/// Texts of which every find of `query` holds one: `"all in" refugees` -> {all in}; `("all in" OR "tous ensemble")` ->
/// {all in, tous ensemble}; phrases that all must be there are one text, parted by points. Words without quotation
/// marks vouch for nothing, since searches bend them, nor do phrases with something before them (-"a", near20:"a b"),
/// nor a choice that holds any of these.
std::vector<std::string> vouched_by(std::string_view query);

}  // namespace campaignd
