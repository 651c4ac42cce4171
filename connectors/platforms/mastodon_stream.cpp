#include "connectors/platforms/mastodon_stream.hpp"

#include <fmt/format.h>

#include <utility>

#include "connectors/platforms/mastodon_pager.hpp"
#include "connectors/reading/position.hpp"
#include "connectors/reading/text.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd {

namespace {

constexpr auto try_again_after = std::chrono::hours(1);
constexpr std::size_t most_known = 10'000;

/// Where a Mastodon says its streams are (Instance: configuration.urls.streaming, a WebSocket's address): events are to
/// be had at the same host. Empty: it does not say.
std::string streaming_place(const std::string& body) {
  std::string place;
  auto use = [&](Json document) {
    auto configuration = json_member(document, "configuration");
    auto urls = configuration ? json_member(*configuration, "urls") : std::nullopt;
    if (urls) place = json_text(*urls, "streaming");
  };
  if (!read_json(body, use) || !place.starts_with("wss://")) return {};
  place = "https" + place.substr(3);
  auto end = place.find('/', place.find("://") + 3);
  place = place.substr(0, end);
  return host_of(place).empty() || place.find('@') != place.npos ? std::string() : place;
}

}  // namespace

TagStream::TagStream(const SourceSettings& source, const std::string& position)
    : host_(source.host),
      tag_(source.tags.empty() ? std::string() : source.tags.front()),
      session_(source.session),
      begun_(position_time(position, "stream")) {}

bool TagStream::is_wanted(sys_ms now) const {
  return session_ && !tag_.empty() && (is_open_ || now - begun_ >= try_again_after);
}

Request TagStream::ask(sys_ms now, bool local) {
  if (is_open_) {
    step_ = Step::events;
  } else if (step_ == Step::idle) {
    step_ = Step::place;
    begun_ = now;
  }
  if (step_ == Step::place) return api_request("https://" + host_ + "/api/v2/instance", session_);
  auto request = api_request(
      fmt::format("{}/api/v1/streaming/hashtag{}?tag={}", place_, local ? "/local" : "", percent_encode(tag_)),
      session_);
  request.headers.front().second = "text/event-stream";
  request.stream = StreamKind::events;
  return request;
}

Result<Page> TagStream::read(const Answer& answer) {
  auto step = std::exchange(step_, Step::idle);
  Page page;
  page.more = true;
  if (step == Step::place) {
    if (answer.status == 429) return standard_failure(answer);
    place_ = answer.status == 200 ? streaming_place(answer.body) : std::string();
    if (place_.empty()) place_ = "https://" + host_;
    step_ = Step::events;
    return page;
  }
  bool are_events = header(answer.headers, "content-type").starts_with("text/event-stream");
  if (answer.status != 200 || !are_events) return decline(answer);
  is_open_ = true;
  for (const auto& event : events_.read(answer.body)) read_event(event, page);
  return page;
}

Page TagStream::decline(const Answer& answer) {
  Page page;
  page.more = is_open_ = false;
  if (answer.status == 401 || answer.status == 403)
    page.refused.push_back(
        {"", fmt::format("{} answered {} when asked for its stream: a token with the scope read:statuses is wanted; "
                         "posts are read every few minutes instead",
                         host_, answer.status)});
  return page;
}

void TagStream::read_event(const EventStream::Event& event, Page& page) {
  if (event.name == "delete") return forget(event.data, page);
  if (event.name != "update" && event.name != "status.update") return;
  std::string id;
  auto use = [&](Json status) {
    id = cut(json_text(status, "id"), 100);
    auto finding = read_status(status, host_);
    if (!finding) return page.refused.push_back({id, finding.error().message});
    finding->counters = {};  // as it was born, or as a cache has it
    know(*finding);
    page.found.push_back(std::move(*finding));
  };
  if (auto read = read_json(event.data, use); !read) page.refused.push_back({"event", read.error().message});
}

void TagStream::know(const Finding& finding) {
  bool can_be_told = session_ != nullptr && finding.post.host == host_;
  if (can_be_told && known_.size() < most_known) known_.emplace(finding.local_id, finding.post.uri);
}

/// A server's word on a post of its own is the end of it. Of others it may only have put away its copy.
void TagStream::forget(const std::string& id, Page& page) {
  auto known = known_.find(id);
  if (known == known_.end()) return;
  Gone gone;
  gone.of.uri = known->second;
  gone.why = "deleted at its home server";
  page.gone.push_back(std::move(gone));
  known_.erase(known);
}

std::string TagStream::position() const { return fmt::format("&stream={}", begun_.time_since_epoch().count()); }

}  // namespace campaignd
