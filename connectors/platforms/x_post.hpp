#pragma once
/// Posts of X as Findings.
#include <map>

#include "connectors/connector.hpp"
#include "connectors/reading/json.hpp"

namespace campaignd {

/// X is renaming tweets to posts (its specification since August 2026): either name is read.
struct XName {
  std::string_view old, now;
};
std::optional<Json> x_member(Json object, XName name);
/// The items of a list; none where it is no list.
std::vector<Json> x_items(std::optional<Json> list);

/// An account as it comes beside posts.
struct XUser {
  std::string id, username, name;
  std::optional<std::int64_t> followers;
  bool is_protected = false, opted_out = false;
};
using XUsers = std::map<std::string, XUser>;  ///< by id
XUser read_x_user(Json user);

bool is_x_id(std::string_view text);
bool is_x_repost(Json post);
/// The failure says why it is not one we may keep. Every edit is a post of its own, with an id of its own: the first
/// alias is the address under the first id, which stands for all of them.
Result<Finding> read_x_post(Json post, const XUsers& users);

/// When an id was given out: ids hold their time since November 2010.
std::optional<sys_ms> x_time(std::string_view id);

/// The address of a post; under any name it leads to the same.
std::string x_address(std::string_view username, std::string_view id);
/// The name in such an address; empty: none.
std::string x_name_in(const std::string& address);

/// Gives a post its author's name, where it did not come with one, or goes by another.
void name_x_author(Finding& finding, const std::string& username);

}  // namespace campaignd
