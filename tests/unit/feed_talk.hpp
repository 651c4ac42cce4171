#pragma once
/// Small feeds, and what a server says beside them.
#include <catch2/catch.hpp>

#include "connectors/platforms/feed.hpp"
#include "tests/unit/support.hpp"

namespace campaignd::test::feeds {

inline const sys_ms now = utc("2025-06-20T12:00:00Z");
inline const std::string address = "https://news.example/feed.xml?key=1";

inline SourceSettings settings() {
  SourceSettings out;
  out.url = address;
  out.language = "pl";
  return out;
}

inline std::string rss_of(const std::vector<std::string>& ids) {
  std::string out = "<rss version=\"2.0\"><channel><title>News</title>";
  for (const auto& id : ids)
    out += "<item><title>" + id + "</title><link>https://www.news.example/" + id +
           "</link><guid isPermaLink=\"false\">" + id + "</guid><pubDate>Fri, 20 Jun 2025 0" + id +
           ":00:00 GMT</pubDate></item>";
  return out + "</channel></rss>";
}

inline Headers validators(const std::string& etag, const std::string& date) {
  Headers out;
  if (!etag.empty()) out.emplace_back("etag", etag);
  if (!date.empty()) out.emplace_back("last-modified", date);
  return out;
}

inline const std::string bare_page =
    "<!DOCTYPE html><html><head><title>t</title></head><body>Nothing here</body></html>";

}  // namespace campaignd::test::feeds
