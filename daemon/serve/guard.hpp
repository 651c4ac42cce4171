#pragma once
/// Who may ask, and what a request of ours looks like. Pure: no socket, no parser.
#include "connectors/http.hpp"
#include "daemon/serve/respond.hpp"

namespace campaignd::serve {

/// The head of a request as it was parsed; header names in lower case, every field kept.
struct Head {
  std::string method, target;
  Headers headers;
};

/// What is wrong with a request before anybody looks at its path: its Host is not one of our names (421, so that no
/// page elsewhere can read us by rebinding its own), its method (405), a body (413), a foreign page that reads us
/// (403), a path that is none (400). `port` is the one we serve on.
std::optional<Response> refusal(const Head& head, const Config& config, int port);

}  // namespace campaignd::serve
