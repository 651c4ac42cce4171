#include <boost/json.hpp>

#include "connectors/platforms/youtube.hpp"
#include "connectors/platforms/youtube_feed.hpp"
#include "connectors/reading/feeds/discover.hpp"
#include "connectors/reading/json_out.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd {

namespace {

std::string written(std::vector<Finding> found, std::vector<Refused> refused) {
  Page page;
  page.found = std::move(found);
  page.refused = std::move(refused);
  return boost::json::serialize(to_json(page));
}

}  // namespace

/// A feed, or the API's list of videos. A channel's page gives {"channel": id}.
Result<std::string> parse_youtube(const std::string& body, const ParseHints& hints) {
  if (body.find_first_not_of(" \t\r\n") == body.find('{')) {
    auto list = read_api_videos(body);
    if (!list) return list.error();
    return written(std::move(list->found), std::move(list->refused));
  }
  if (looks_like_html(body)) {
    auto id = channel_of_page(body);
    if (id.empty()) return Failure{Failure::malformed, "a web page that names no channel"};
    return boost::json::serialize(boost::json::object{{"channel", id}});
  }
  auto id = query_value(hints.url, "channel_id");
  if (!is_channel_id(id)) id = channel_of_feed(body);
  auto list = read_videos(body, hints.content_type, {id, {}});
  if (!list) return list.error();
  return written(std::move(list->found), std::move(list->refused));
}

}  // namespace campaignd
