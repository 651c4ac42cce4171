#include "connectors/reading/json_out.hpp"

#include <boost/json.hpp>

#include "connectors/reading/dates/time.hpp"

namespace campaignd {

namespace json = boost::json;

json::value json_or_null(const std::optional<sys_ms>& time) {
  return time ? json::value(format_utc(*time)) : json::value(nullptr);
}
json::value json_or_null(const std::optional<std::int64_t>& number) {
  return number ? json::value(*number) : json::value(nullptr);
}
json::value json_or_null(const std::optional<bool>& flag) { return flag ? json::value(*flag) : json::value(nullptr); }
json::value json_or_null(const std::string& text) { return text.empty() ? json::value(nullptr) : json::value(text); }

json::object to_json(const Finding& finding) {
  const Post& post = finding.post;
  const Counters& counters = finding.counters;
  json::object out{
      {"platform", post.platform},
      {"host", post.host},
      {"local_id", finding.local_id},
      {"uri", post.uri},
      {"url", json_or_null(post.url)},
      {"kind", name_of(post.kind)},
      {"published", json_or_null(post.published)},
      {"edited", json_or_null(post.edited)},
      {"language", json_or_null(post.language)},
      {"media_count", post.media_count},
      {"author",
       {{"key", post.author.key},
        {"bot", json_or_null(post.author.bot)},
        {"followers", json_or_null(post.author.followers)},
        {"opted_out", post.author.opted_out}}},
      {"counters",
       {{"likes", json_or_null(counters.likes)},
        {"reposts", json_or_null(counters.reposts)},
        {"quotes", json_or_null(counters.quotes)},
        {"replies", json_or_null(counters.replies)},
        {"views", json_or_null(counters.views)}}},
  };
  if (post.author.media) {
    out["title"] = json_or_null(post.title);
    out["date_basis"] = name_of(post.date_basis);
    out["date_conflict"] = post.date_conflict;
    if (!post.place.empty()) out["place"] = post.place;
  }
  if (!post.bridge.empty()) out["bridge"] = post.bridge;
  if (!finding.home_id.empty()) out["home_id"] = finding.home_id;
  out["aliases"] = json::value_from(post.aliases);
  out["tags"] = post.tags ? json::value_from(*post.tags) : json::value(nullptr);
  return out;
}

json::object to_json(const Page& page) {
  json::array posts, refused, gone;
  for (const auto& each : page.found) posts.push_back(to_json(each));
  for (const auto& each : page.readings)
    if (each.now) posts.push_back(to_json(*each.now));
  for (const auto& each : page.refused) refused.push_back({{"id", json_or_null(each.id)}, {"why", each.why}});
  for (const auto& each : page.gone) gone.push_back({{"local_id", each.of.local_id}, {"why", each.why}});
  return {{"posts", std::move(posts)}, {"refused", std::move(refused)}, {"gone", std::move(gone)}};
}

}  // namespace campaignd
