#include <fmt/format.h>

#include "connectors/platforms/flickr_photo.hpp"
#include "connectors/reading/text.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd {

namespace {

constexpr std::string_view api = "https://api.flickr.com/services/rest/";

// flickr.com/services/api: the codes that every method shares, and one of the
// search's.
enum Code : std::int64_t {
  search_down = 10,
  first_login = 95,
  last_key = 100,
  service_down = 105,
  operation_failed = 106
};

}  // namespace

bool has_flickr_key(const std::shared_ptr<Session>& session) { return session && !session->credential.empty(); }

Request ask_flickr(const std::string& method, const std::string& arguments, const Session& session) {
  Request request{std::string(api)};
  request.bucket = "flickr";
  request.follows_redirects = false;
  request.headers.emplace_back("accept", "application/json");
  request.headers.emplace_back("content-type", "application/x-www-form-urlencoded");
  request.body = fmt::format("method={}&api_key={}&format=json&nojsoncallback=1{}", method,
                             percent_encode(session.credential), arguments);
  return request;
}

std::optional<FlickrError> read_flickr_error(std::string_view body) {
  std::optional<FlickrError> out;
  auto use = [&](Json document) {
    if (json_text(document, "stat") != "fail") return;
    out = FlickrError{json_count(document, "code").value_or(0), cut(clean_utf8(json_text(document, "message")), 100)};
  };
  if (!read_json(body, use)) return std::nullopt;
  return out;
}

Failure flickr_failure(const FlickrError& error) {
  auto said = fmt::format("{}{}", error.code, error.message.empty() ? "" : ", \"" + error.message + "\"");
  if (error.code == service_down || error.code == operation_failed || error.code == search_down)
    return {Failure::unavailable, fmt::format("Flickr is in trouble ({}); trying again later", said)};
  // The message may repeat the key.
  if (error.code >= first_login && error.code <= last_key)
    return {Failure::refused, fmt::format("Flickr does not take this API key ({}): check it in "
                                          "the credential file",
                                          error.code)};
  return {Failure::refused, fmt::format("Flickr does not accept the question ({})", said)};
}

}  // namespace campaignd
