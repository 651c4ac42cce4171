#pragma once
/// Flickr's photos as its public feed, its search and its details show them, as Findings.
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "connectors/connector.hpp"
#include "connectors/reading/json.hpp"

namespace campaignd {

struct FlickrList {
  std::vector<Finding> found;
  std::vector<Refused> refused;
  std::size_t size = 0;               ///< refused ones included
  std::optional<sys_ms> oldest;       ///< upload of all whose date could be read
  std::optional<std::int64_t> pages;  ///< of a search: how many there are, from this one on
};
/// Of the public feed, or of a search.
Result<FlickrList> read_flickr_list(std::string_view body);
/// The member "photo" of flickr.photos.getInfo.
Result<Finding> read_flickr_details(Json photo);

/// Flickr says no with status 200: {"stat": "fail", "code": 100, "message": …}.
struct FlickrError {
  std::int64_t code = 0;
  std::string message;
};
std::optional<FlickrError> read_flickr_error(std::string_view body);
Failure flickr_failure(const FlickrError& error);

/// A question to the API. It is a POST, so that the key stands in no address.
Request ask_flickr(const std::string& method, const std::string& arguments, const Session& session);

/// Without one there is the public feed alone.
bool has_flickr_key(const std::shared_ptr<Session>& session);

std::unique_ptr<Job> search_flickr(const SourceSettings& settings, const Cursor& cursor);
std::unique_ptr<Job> poll_flickr_feed(const SourceSettings& settings, const Cursor& cursor);
std::unique_ptr<Job> measure_flickr(std::shared_ptr<Session> session, std::vector<PostRef> posts);
/// Without a key: whether they are still there, and no numbers.
std::unique_ptr<Job> look_for_flickr(std::vector<PostRef> posts);

}  // namespace campaignd
