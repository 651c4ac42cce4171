#include "connectors/platforms/webfinger.hpp"

#include <algorithm>

#include "connectors/reading/json.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd {

namespace {

/// The host of an https address; empty for what is no name of a host.
std::string host_in(const std::string& address) {
  auto host = address.starts_with("https://") ? host_of(address) : std::string{};
  bool is_name = std::ranges::all_of(
      host, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-'; });
  return is_name && host.find('.') != host.npos ? host : std::string{};
}

}  // namespace

Request ask_webfinger(const std::string& user, const std::string& host) {
  Request request("https://" + host + "/.well-known/webfinger?resource=" + percent_encode("acct:" + user + "@" + host));
  request.bucket = "mastodon";
  request.headers.emplace_back("accept", "application/jrd+json, application/json");
  return request;
}

std::string server_in_webfinger(const std::string& document) {
  std::string self, page;
  auto use = [&](Json read) {
    auto links = json_member(read, "links");
    if (!links || !links->is_array()) return;
    for (Json link : simdjson::dom::array(*links)) {
      auto host = host_in(json_text(link, "href"));
      auto rel = json_text(link, "rel");
      bool is_actor = rel == "self" && json_text(link, "type").find("json") != std::string::npos;
      if (is_actor && self.empty()) self = host;
      if (rel == "http://webfinger.net/rel/profile-page" && page.empty()) page = host;
    }
  };
  if (!read_json(document, use)) return {};
  return self.empty() ? page : self;
}

}  // namespace campaignd
