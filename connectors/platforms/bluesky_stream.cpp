#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "connectors/platforms/bluesky_polls.hpp"
#include "connectors/platforms/bluesky_post.hpp"
#include "connectors/reading/position.hpp"
#include "connectors/reading/text.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd {

namespace {

using std::chrono::microseconds;
using sys_us = std::chrono::sys_time<microseconds>;

// Jetstream's own numbers (its README): older cursors are silently taken for the oldest event there is.
constexpr std::string_view any_jetstream = "jetstream2.us-east.bsky.network";
constexpr auto look_back = std::chrono::hours(36);
constexpr auto again =
    std::chrono::seconds(5);  ///< delivery is at least once: what was near the last event comes again
constexpr auto near_now = std::chrono::minutes(1);  ///< so near to now, nothing is left to be caught up with
constexpr std::string_view posts = "app.bsky.feed.post";
constexpr int largest_event = 256 << 10;  ///< bytes; a post has some thousands, and whatever is larger is passed over

/// ASCII letters in lower case, the others as they are.
std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 32);
  return out;
}

/// What every spelling of a term has in common, whatever the case of its letters and the space between its words: its
/// longest run of ASCII letters and digits; short ones would be everywhere, so then all of it, as it is written and
/// folded.
void add_needles(const std::string& term, std::vector<std::string>& needles) {
  constexpr std::size_t telling = 4;
  std::string longest, run;
  for (char c : lower(term)) {
    bool is_ours = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    run = is_ours ? run + c : std::string();
    if (run.size() > longest.size()) longest = run;
  }
  if (longest.size() >= telling) return needles.push_back(longest);
  for (const auto& each : {lower(term), lower(fold(term))})
    if (!each.empty()) needles.push_back(each.starts_with('#') ? each.substr(1) : each);
}

std::vector<std::string> needles_of(const SourceSettings& source) {
  std::vector<std::string> out{"\"delete\"", "\"update\"", "\"account\""};
  for (const auto& list : {source.tags, source.words})
    for (const auto& term : list) add_needles(term, out);
  std::ranges::sort(out);
  auto rest = std::ranges::unique(out);
  out.erase(rest.begin(), rest.end());
  return out;
}

/// The time of an event, without reading the rest of it.
std::optional<sys_us> time_of(std::string_view frame) {
  constexpr std::string_view key = "\"time_us\":";
  auto at = frame.find(key);
  if (at == frame.npos) return std::nullopt;
  frame.remove_prefix(at + key.size());
  while (frame.starts_with(' ')) frame.remove_prefix(1);
  std::int64_t us = 0;
  auto [end, error] = std::from_chars(frame.data(), frame.data() + frame.size(), us);
  constexpr std::int64_t latest = 4'102'444'800'000'000;  // 2100
  if (error != std::errc{} || us <= 0 || us > latest) return std::nullopt;
  return sys_us(microseconds(us));
}

/// Jetstream: every post of the network as it is written. What may be the campaign's is read, the rest passes.
class StreamPoll final : public Job {
 public:
  StreamPoll(SourceSettings source, const Cursor& cursor)
      : source_(std::move(source)),
        needles_(needles_of(source_)),
        host_(source_.host.empty() || source_.host == "bsky.app" ? std::string(any_jetstream) : source_.host),
        seen_(microseconds(position_number(cursor.position, "time_us"))),
        from_(position_time(cursor.position, "from")) {}

  Request ask(sys_ms now) override {
    if (!start_) start_ = begin(now);
    Request request(fmt::format("https://{}/subscribe?wantedCollections={}&maxMessageSizeBytes={}&cursor={}", host_,
                                posts, largest_event, start_->time_since_epoch().count()));
    request.bucket = "jetstream";
    request.stream = StreamKind::websocket;
    return request;
  }

  Result<Page> read(const Answer& answer) override {
    if (answer.status != 101) return declined(answer);
    Page page;
    page.more = true;
    std::string_view body = answer.body;
    while (!body.empty()) {
      auto end = std::min(body.find('\n'), body.size());
      read_frame(body.substr(0, end), page);
      body.remove_prefix(std::min(end + 1, body.size()));
    }
    if (!answer.body.empty() && seen_ + near_now >= answer.received) cover(page);
    page.cursor.position =
        fmt::format("time_us={}&from={}", seen_.time_since_epoch().count(), from_.time_since_epoch().count());
    return page;
  }

 private:
  /// A little before the last event; the oldest there is where that is longer ago, or where none is known.
  sys_us begin(sys_ms now) {
    sys_us oldest = std::max<sys_ms>(now - look_back, std::min(source_.floor, now));
    bool resumes = seen_ > oldest;
    auto start = resumes ? seen_ - again : oldest;
    // What an earlier connection began to catch up with, and did not reach now, is not covered yet.
    if (!resumes || from_ == sys_ms()) from_ = std::chrono::floor<std::chrono::milliseconds>(start);
    return start;
  }

  bool may_be_ours(std::string_view frame) const {
    lower_.assign(frame);
    for (char& c : lower_)
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 32);
    auto holds = [&](const std::string& needle) { return lower_.find(needle) != lower_.npos; };
    return std::ranges::any_of(needles_, holds) || hides_ascii(frame);
  }

  void read_frame(std::string_view frame, Page& page) {
    auto at = time_of(frame);
    if (at) seen_ = std::max(seen_, *at);
    if (frame.empty() || !may_be_ours(frame)) return;
    auto use = [&](Json event) { read_event(event, at, page); };
    if (auto read = read_json(frame, use); !read) page.refused.push_back({"event", read.error().message});
  }

  void read_event(Json event, std::optional<sys_us> at, Page& page) const {
    auto did = json_text(event, "did"), kind = json_text(event, "kind");
    if (kind == "account") {
      auto account = json_member(event, "account");
      if (!account || json_flag(*account, "active").value_or(true)) return;
      auto status = json_text(*account, "status");
      page.accounts.push_back({did, status == "deleted" || status == "takendown"});
      return;
    }
    auto commit = json_member(event, "commit");
    if (kind != "commit" || !commit || json_text(*commit, "collection") != posts) return;
    auto uri = fmt::format("at://{}/{}/{}", did, posts, json_text(*commit, "rkey"));
    if (json_text(*commit, "operation") == "delete") {
      Gone gone;
      gone.of.uri = uri;
      gone.why = "deleted by its author";
      page.gone.push_back(std::move(gone));
      return;
    }
    auto record = json_member(*commit, "record");
    auto finding = record ? read_post_record(*record, uri) : Result<Finding>(Failure{Failure::malformed, "no record"});
    if (!finding) {
      page.refused.push_back({cut(uri, 200), finding.error().message});
      return;
    }
    // The author's own word may lie in the future; the event cannot.
    auto& published = finding->post.published;
    if (at) published = std::min(published.value_or(sys_ms::max()), std::chrono::floor<std::chrono::milliseconds>(*at));
    page.found.push_back(std::move(*finding));
  }

  /// Covered is what was streamed up to now. While the stream still tells of hours ago nothing is, nor while it tells
  /// nothing: somebody always writes, so it stands still.
  void cover(Page& page) {
    if (was_live_)
      page.joins_last = true;
    else
      page.since = from_;
    was_live_ = true;
    from_ = {};
  }

  Failure declined(const Answer& answer) const {
    if (answer.status == 400)
      return {Failure::refused, fmt::format("{} does not take the question: is it a Jetstream?", host_)};
    return standard_failure(answer);
  }

  const SourceSettings source_;
  const std::vector<std::string> needles_;
  const std::string host_;
  std::optional<sys_us> start_;  ///< where this connection began
  sys_us seen_;                  ///< the latest event
  sys_ms from_;                  ///< where catching up began; zero: there is nothing to catch up with
  bool was_live_ = false;
  mutable std::string lower_;
};

}  // namespace

std::unique_ptr<Job> stream_posts(SourceSettings source, const Cursor& cursor) {
  return std::make_unique<StreamPoll>(std::move(source), cursor);
}

}  // namespace campaignd
