#pragma once
/// How YouTube's Data API v3 is asked, and what its errors mean.
#include "connectors/connector.hpp"

namespace campaignd {

/// What Google has changed before and will change again.
namespace youtube {
constexpr std::string_view api = "https://www.googleapis.com/youtube/v3/";
constexpr std::string_view search_bucket = "youtube-search", unit_bucket = "youtube-api";
// Since 1 June 2026 search.list has a budget of its own, which counts calls; every other list costs one unit a call.
constexpr int searches_a_day = 100, units_a_day = 10'000;
constexpr std::size_t page_size = 50;  ///< of a list, and of ids in one request
constexpr int most_search_pages = 10;  ///< a search ends near 500 results, or repeats itself
}  // namespace youtube

/// Whether the source has a key to ask with.
bool has_youtube_key(const SourceSettings& source);

/// A GET of "videos?part=…". The key goes into a header and nowhere else.
Request ask_youtube(const std::shared_ptr<Session>& session, const std::string& method,
                    std::string_view bucket = youtube::unit_bucket);

/// Whether an error says this: "playlistNotFound".
bool youtube_error_is(const Answer& answer, std::string_view reason);

/// What an answer other than 200 means, whatever was asked. Nothing of Google's own message is told: it may hold the
/// key
/// ("Consumer 'api_key:…' has been suspended").
Failure youtube_failure(const Answer& answer);

}  // namespace campaignd
