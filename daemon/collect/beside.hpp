#pragma once
/// What stands beside the campaign in a post that is about it: other hashtags, and the sites it links to. Pure.
#include <set>

#include "connectors/reading/match.hpp"

namespace campaignd::collect {

/// The terms of a campaign as a post may show them: tags and words folded, without '#'; of links, the site.
std::set<std::string> own_names(const std::vector<Term>& terms);

/// Other hashtags, folded: 30 at most, of 60 characters at most.
std::vector<std::string> tags_beside(const Post& post, const std::set<std::string>& own);

/// Registrable domains of the pages it links to, 30 at most. Its own server is none of them, and neither is the page
/// of an account or of a hashtag: that is how servers write them.
std::vector<std::string> sites_beside(const Post& post, const std::set<std::string>& own);

/// The list of a hashtag's posts on some server.
bool is_tag_page(const std::string& link);

}  // namespace campaignd::collect
