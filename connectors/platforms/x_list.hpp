#pragma once
/// Answers of X: {"data", "includes", "errors", "meta"}, and what X says where it gives none.
#include "connectors/platforms/x_post.hpp"

namespace campaignd {

/// What X says of something it does not give: of the whole answer, or of one post or account in it.
struct XProblem {
  std::string kind;           ///< the last part of its type's address: "resource-not-found"
  std::string title, detail;  ///< for people
  std::string resource;       ///< the id or name it is about; empty: the request
};

struct XList {
  std::vector<Finding> found;
  std::vector<Refused> refused;
  std::vector<XProblem> problems;
  std::optional<XUser> user;  ///< an answer to the question for one account
  std::size_t size = 0;       ///< posts, refused and left out ones too
  std::string newest;         ///< the highest id
  std::string next;           ///< the mark of the next page; empty: there is none
  int cost = 0;               ///< of what was returned
};

/// Any answer of these that is not an error as a whole; malformed where it is none.
Result<XList> read_x_list(std::string_view body);

/// The problem an answer consists of: RFC 9457, or {"errors": [{"code", "message"}]}; all empty where it is none.
XProblem read_x_problem(std::string_view body);

}  // namespace campaignd
