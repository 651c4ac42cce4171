#pragma once
/// A post as its home server shows it to other servers: an ActivityPub object, of which the numbers are read.
#include "connectors/connector.hpp"

namespace campaignd {

Request ask_object(const std::string& uri);

struct ObjectAnswer {
  enum Kind { shown, gone, not_found, refused };
  Kind kind = refused;  ///< not_found: a 404, which a server that is none of the network any more gives as well
  std::string why;
  Counters counters;
};
/// What an answer says of the object that was asked for; never a failure: what concerns the server is told by its
/// status (429, 503).
ObjectAnswer read_object(const Answer& answer, const std::string& uri);

}  // namespace campaignd
