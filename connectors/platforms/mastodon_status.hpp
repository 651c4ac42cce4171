#pragma once
/// A status of the Mastodon API, and of the servers that speak it, as a Finding.
#include "connectors/connector.hpp"
#include "connectors/reading/json.hpp"

namespace campaignd {

/// `observer` is the host that answered: accounts without a host of their own live there. A boost gives the post it
/// boosts (T-11). The failure says why the status is not one we may keep.
Result<Finding> read_status(Json status, const std::string& observer);

/// A list of statuses as the server sorted it.
struct Timeline {
  std::vector<Finding> found;
  std::vector<Refused> refused;
  std::vector<std::string> ids;  ///< of every item that has one, refused ones and boosts under their own id too
  bool nameless = false;         ///< an item without a readable id: nobody can say which one it was
};
Result<Timeline> read_timeline(std::string_view body, const std::string& observer);

/// A GET of the API, out of the budget of its host; with the token of a session, where there is one.
Request api_request(std::string url, const std::shared_ptr<Session>& session = nullptr);

/// {"error": "…"}: the API's own word, and no firewall's or other software's.
bool says_error(const Answer& answer);

/// A 401 to a request with a token: even what everybody may see is refused to one that is not valid.
Failure refused_token(const std::string& host);

/// Measures posts of one host: by id[] (Mastodon 4.3) or ids[] (Pleroma) what that API knows, post by post where a
/// server has no batches, and as ActivityPub objects what has an address for an id, or lies on a server that shows
/// visitors nothing by the API. Of an object the numbers are read and nothing else: its author has no name in it.
///
/// What a batch lacks is asked for singly. So each `gone` is the server's word on that very post: the API's own "not
/// found", a Tombstone, a 404 or 410 of a server that is known to be one of the network. However many of a batch are
/// gone, it is no outage; what an outage answers is a failure, or refused.
std::unique_ptr<Job> measure_statuses(std::vector<PostRef> posts, std::shared_ptr<Session> session);

}  // namespace campaignd
