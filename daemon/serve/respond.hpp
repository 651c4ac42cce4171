#pragma once
/// What the page and the API answer. No sockets here: a request in, a response out, on a worker's own connection.
#include <map>
#include <memory>
#include <string>

#include "daemon/config/config.hpp"
#include "daemon/store/database.hpp"

namespace campaignd::serve {

struct Query {
  std::string path;    ///< "/api/v1/summary"
  std::string target;  ///< with the parameters
  std::string if_none_match;
  bool accepts_gzip = false;
};

struct Response {
  int status = 200;
  std::string type = "application/json";
  std::string body;
  std::string etag;
  std::string file_name;  ///< for a download
  bool gzipped = false;
};

/// When the configuration was last read, and why a newer one was refused.
struct Loaded {
  sys_ms at;
  std::string problem;  ///< "campaign.toml:3:1: …; and 2 more"; empty: the last reload was taken
};

/// What answers are made from besides the database.
struct Facts {
  std::shared_ptr<const Config> config;
  sys_ms now;
  std::string clock;  ///< of the test world, else empty
  std::string store;  ///< ok, full, locked, io
  bool ready = false;
  bool local = false;  ///< only this machine can ask: the port is on loopback, and no proxy shows it
  Loaded configuration;
  std::map<std::string, std::string> objections{};  ///< by edition: what spoke against its seal in the last hour
};

/// A line of the surface.
struct Route {
  std::string_view path;
  std::string_view what;
  Response (*answer)(const Query&, store::Database&, const Facts&);
};
std::span<const Route> routes();

Response respond(const Query& query, store::Database& db, const Facts& facts);

/// An RFC 9457 problem.
Response problem(int status, std::string_view title, std::string_view detail);

}  // namespace campaignd::serve
