#include "connectors/platforms/server_kind.hpp"

#include <fmt/format.h>

#include <utility>

#include "connectors/reading/json.hpp"
#include "connectors/reading/position.hpp"
#include "connectors/reading/text.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd {

namespace {

constexpr auto ask_every = std::chrono::days(7);

std::string nodeinfo_link(Json document) {
  std::string best, best_schema;
  auto links = json_member(document, "links");
  if (!links || !links->is_array()) return best;
  for (Json link : simdjson::dom::array(*links)) {
    auto schema = json_text(link, "rel");
    if (schema.starts_with("http://nodeinfo.diaspora.software/ns/schema/") && schema > best_schema) {
      best_schema = schema;
      best = json_text(link, "href");
    }
  }
  return best;
}

}  // namespace

ServerKind::ServerKind(std::string host, const std::string& position, std::string bucket)
    : host_(std::move(host)),
      bucket_(std::move(bucket)),
      software_(position_text(position, "software")),
      asked_(position_time(position, "asked")) {}

bool ServerKind::is_due(sys_ms now) const { return is_asking() || now - asked_ > ask_every; }

bool ServerKind::is_asking() const { return step_ != Step::idle; }

Request ServerKind::ask(sys_ms now) {
  now_ = now;
  if (step_ == Step::idle) step_ = Step::links;
  Request request(step_ == Step::document ? document_ : "https://" + host_ + "/.well-known/nodeinfo");
  request.bucket = bucket_;
  request.headers.emplace_back("accept", "application/json");
  return request;
}

Result<void> ServerKind::read(const Answer& answer) {
  bool asks_to_wait = read_retry_after(answer.headers, answer.received).has_value();
  if (answer.status == 429 || (answer.status == 503 && asks_to_wait)) return standard_failure(answer);
  asked_ = now_;
  auto step = std::exchange(step_, Step::idle);
  if (answer.status != 200) return {};
  auto use = [&](Json document) {
    if (step == Step::links) {
      document_ = nodeinfo_link(document);
    } else if (auto software = json_member(document, "software")) {
      software_ = cut(fold(json_text(*software, "name") + " " + json_text(*software, "version")), 60);
    }
  };
  bool readable = read_json(answer.body, use).has_value();
  if (step == Step::links && readable && document_.starts_with("https://")) step_ = Step::document;
  return {};
}

std::string ServerKind::position() const {
  return fmt::format("&asked={}&software={}", asked_.time_since_epoch().count(), percent_encode(software_));
}

}  // namespace campaignd
