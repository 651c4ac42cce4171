#include "connectors/platforms/bluesky_api.hpp"

#include <fmt/format.h>

#include "connectors/reading/json_list.hpp"
#include "connectors/reading/text.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd {

namespace {

void keep_post(Json view, PostList& list) {
  auto uri = json_text(view, "uri");
  bool is_post = read_post_uri(uri).has_value();
  list.nameless = list.nameless || !is_post;
  if (is_post && !list.uris.insert(uri).second) return;
  auto finding = read_post_view(view);
  if (finding)
    list.found.push_back(std::move(*finding));
  else
    list.refused.push_back({uri.empty() ? fmt::format("item {}", list.size) : cut(uri, 200), finding.error().message});
}

/// Of a feed: reposts carry a reason, and so does the pinned post, which stands at its own place as well.
void keep_feed_item(Json item, PostList& list) {
  if (auto reason = json_member(item, "reason")) {
    if (json_text(*reason, "$type") != "app.bsky.feed.defs#reasonPin") return;
  }
  auto post = json_member(item, "post");
  if (post) return keep_post(*post, list);
  list.refused.push_back({fmt::format("item {}", list.size), "no post in this item of the feed"});
  list.nameless = true;
}

Result<PostList> read_list(std::string_view body, std::string_view key, void (*keep)(Json, PostList&)) {
  PostList list;
  bool has_list = false;
  auto use = [&](Json document) {
    auto items = json_member(document, key);
    has_list = items && items->is_array();
    list.cursor = json_text(document, "cursor");
    list.hits = json_count(document, "hitsTotal");
  };
  auto each = [&](Json item) {
    ++list.size;
    keep(item, list);
  };
  auto bad = [&](std::size_t place, std::string why) {
    ++list.size;
    list.refused.push_back({fmt::format("item {}", place + 1), std::move(why)});
    list.nameless = true;
  };
  auto read = read_json_list(body, key, use, each, bad);
  if (!read) return read.error();
  if (!has_list) return Failure{Failure::malformed, fmt::format("the answer has no list \"{}\"", key)};
  return list;
}

}  // namespace

std::string appview_of(const std::string& host) {
  return host.empty() || host == "bsky.app" ? "public.api.bsky.app" : host;
}

Request ask_appview(const std::string& host, const std::string& method) {
  Request request("https://" + host + "/xrpc/" + method);
  request.bucket = "bluesky";
  request.headers.emplace_back("accept", "application/json");
  return request;
}

std::string search_for(const std::string& tag) {
  auto question = tag.empty() ? std::string{} : "#" + tag;
  return fmt::format("app.bsky.feed.searchPosts?q={}&sort=latest&limit={}", percent_encode(question), search_page);
}

Result<PostList> read_posts(std::string_view body) { return read_list(body, "posts", keep_post); }

Result<PostList> read_feed(std::string_view body) { return read_list(body, "feed", keep_feed_item); }

XrpcError read_error(const Answer& answer) {
  XrpcError error;
  auto use = [&](Json document) {
    error = {cut(clean_utf8(json_text(document, "error")), 100), cut(clean_utf8(json_text(document, "message")), 100)};
  };
  return read_json(answer.body, use) ? error : XrpcError{};
}

Failure appview_failure(const Answer& answer, const std::string& host) {
  auto error = read_error(answer);
  auto said = error.message.empty() ? std::string{} : fmt::format(" (\"{}\")", error.message);
  bool lacks_method = answer.status == 501 || error.name == "MethodNotImplemented" || error.name == "XRPCNotSupported";
  if (lacks_method || answer.status == 404)
    return {Failure::gone,
            fmt::format("{} answered {}: it is no AppView of Bluesky; leave host out to ask the public one", host,
                        answer.status)};
  if (answer.status == 401)
    return {Failure::refused,
            fmt::format("{} answers logged-in callers only{}; leave host out to ask the public one", host, said)};
  if (answer.status == 403)
    return {Failure::refused,
            fmt::format("{} answered 403: it shuts visitors, or this machine's address, out at the moment", host),
            read_retry_after(answer.headers, answer.received)};
  if (answer.status == 400) return {Failure::refused, fmt::format("{} does not accept the question{}", host, said)};
  return standard_failure(answer);
}

Failure unreadable(const Failure& why, const std::string& host) { return {why.code, host + ": " + why.message}; }

}  // namespace campaignd
