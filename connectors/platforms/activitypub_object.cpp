#include "connectors/platforms/activitypub_object.hpp"

#include <fmt/format.h>

#include "connectors/reading/json.hpp"

namespace campaignd {

namespace {

/// Only a total that stands in the object is read; a collection's own address would be a request for each number.
std::optional<std::int64_t> total_of(Json object, std::string_view collection) {
  auto list = json_member(object, collection);
  return list ? json_count(*list, "totalItems") : std::nullopt;
}

std::optional<std::int64_t> first_of(std::optional<std::int64_t> one, std::optional<std::int64_t> other) {
  return one ? one : other;
}

/// Mastodon, GoToSocial and WordPress give totals; Pleroma counts beside the object, and says replies alone to others.
Counters read_counters(Json object) {
  Counters out;
  out.likes = first_of(total_of(object, "likes"), json_count(object, "like_count"));
  out.reposts = first_of(total_of(object, "shares"), json_count(object, "announcement_count"));
  out.replies = first_of(total_of(object, "replies"), json_count(object, "repliesCount"));
  return out;
}

ObjectAnswer read_document(Json object, const std::string& uri) {
  auto type = json_text(object, "type");
  if (type.empty()) return {ObjectAnswer::refused, "no ActivityPub object", {}};
  if (json_text(object, "id") != uri) return {ObjectAnswer::refused, "another object was shown", {}};
  if (type == "Tombstone") return {ObjectAnswer::gone, "a tombstone stands in its place", {}};
  return {ObjectAnswer::shown, {}, read_counters(object)};
}

}  // namespace

Request ask_object(const std::string& uri) {
  Request request(uri);
  request.bucket = "mastodon";
  request.headers.emplace_back(
      "accept", "application/activity+json, application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\"");
  return request;
}

ObjectAnswer read_object(const Answer& answer, const std::string& uri) {
  auto said = fmt::format("answered {}", answer.status);
  if (answer.status == 410) return {ObjectAnswer::gone, said, {}};
  if (answer.status == 404) return {ObjectAnswer::not_found, said, {}};
  if (answer.status != 200) return {ObjectAnswer::refused, said, {}};
  ObjectAnswer out{ObjectAnswer::refused, "it shows a web page and no ActivityPub object", {}};
  auto read = read_json(answer.body, [&](Json object) { out = read_document(object, uri); });
  if (!read) return {ObjectAnswer::refused, out.why, {}};
  return out;
}

}  // namespace campaignd
