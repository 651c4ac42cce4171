#include <fmt/format.h>

#include "connectors/platforms/feed_overlap.hpp"
#include "connectors/platforms/feed_position.hpp"
#include "connectors/platforms/youtube_feed.hpp"
#include "connectors/platforms/youtube_polls.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd {

namespace {

constexpr std::string_view site = "https://www.youtube.com/";
constexpr int most_hops = 3;
/// The feeds of channels that exist are missing for hours at times: a few requests tell when they are back.
constexpr std::chrono::seconds missing_for = std::chrono::hours(1);

bool is_redirect(int status) { return status >= 300 && status < 400 && status != 304; }

std::string feed_of(const std::string& channel) {
  return fmt::format("{}feeds/videos.xml?channel_id={}", site, percent_encode(channel));
}

/// One poll of a channel: its feed, or, where YouTube does not find that, the feed of its uploads, which holds the same
/// videos. A handle is looked up first, once.
class ChannelPoll final : public Job {
 public:
  ChannelPoll(const SourceSettings& source, Cursor cursor)
      : account_(source.account), cursor_(std::move(cursor)), at_(FeedPosition::read(cursor_.position)) {
    bool is_handle = account_.starts_with('@');
    channel_ = {is_handle ? query_value(at_.feed, "channel_id") : account_, is_handle ? account_ : std::string{}};
    page_ = fmt::format("{}@{}", site, percent_encode(is_handle ? account_.substr(1) : account_));
    if (is_handle && channel_.id.empty()) step_ = Step::page;
  }

  Request ask(sys_ms now) override {
    now_ = now;
    Request request(url());
    request.bucket = "youtube";
    request.follows_redirects = false;
    request.headers.emplace_back("accept", step_ == Step::page ? "text/html" : "application/atom+xml, text/xml;q=0.9");
    request.headers.emplace_back("accept-language", "en");
    return request;
  }

  Result<Page> read(const Answer& answer) override {
    if (is_redirect(answer.status)) return redirected(answer);
    return step_ == Step::page ? read_page(answer) : read_feed(answer);
  }

 private:
  enum class Step { page, feed, uploads };

  std::string url() const {
    switch (step_) {
      case Step::page: return page_;
      case Step::feed: return feed_of(channel_.id);
      default: return fmt::format("{}feeds/videos.xml?playlist_id=UU{}", site, channel_.id.substr(2));
    }
  }

  Page then(Step step) {
    step_ = step;
    Page page;
    page.more = true;
    return finished(std::move(page));
  }

  Page finished(Page page) {
    cursor_.position = at_.write();
    page.cursor = cursor_;
    return page;
  }

  Result<Page> redirected(const Answer& answer) {
    auto target = resolve(answer.asked.url, header(answer.headers, "location"));
    auto host = host_of(target);
    if (host.starts_with("consent.")) return wants_consent(host);
    if (target.find("/sorry/") != target.npos)
      return Failure{Failure::throttled, "www.youtube.com takes us for a robot and shows a riddle; waiting",
                     missing_for};
    bool is_ours = target.starts_with("https://") && host_within(host, "youtube.com");
    if (step_ == Step::page && is_ours && ++hops_ <= most_hops) {
      page_ = target;
      return then(Step::page);
    }
    return Failure{Failure::malformed, fmt::format("{} redirects to {}, where nothing of the channel is expected",
                                                   without_query(answer.asked.url), host.empty() ? "nowhere" : host)};
  }

  Failure wants_consent(const std::string& host) const {
    auto what = step_ == Step::page ? "the page of " + account_ : "the feed of " + channel_.id;
    auto advice = channel_.handle.empty() ? "nothing can be read from here"
                                          : "write the id of the channel, \"youtube:UC…\", instead of its handle: its "
                                            "feed asks for nothing";
    return {Failure::refused, fmt::format("{} asks for consent before {} is shown, and only people can give that; {}",
                                          host, what, advice)};
  }

  Result<Page> read_page(const Answer& answer) {
    if (answer.status == 404 || answer.status == 410)
      return Failure{Failure::gone,
                     fmt::format("www.youtube.com knows no channel {}: check it in the configuration, or "
                                 "write the channel's id, \"youtube:UC…\"",
                                 account_)};
    if (answer.status != 200) return standard_failure(answer);
    auto id = channel_of_page(answer.body);
    if (id.empty() && answer.body.find("consent.youtube.com") != std::string::npos)
      return wants_consent("consent.youtube.com");
    if (id.empty())
      return Failure{Failure::malformed,
                     fmt::format("the page of {} at www.youtube.com does not name the channel's id: "
                                 "write that, \"youtube:UC…\", instead of the handle",
                                 account_)};
    channel_.id = id;
    at_.feed = feed_of(id);
    return then(Step::feed);
  }

  Result<Page> read_feed(const Answer& answer) {
    if (answer.status != 200) return missed(answer);
    auto list = read_videos(answer.body, header(answer.headers, "content-type"), channel_);
    if (!list) return list.error();
    Page page;
    page.found = std::move(list->found);
    page.refused = std::move(list->refused);
    if (!list->complete) page.refused.push_back({"", "the feed breaks off; it was read as far as it went"});
    join(page, list->complete);
    return finished(std::move(page));
  }

  /// The newest videos, none of them pinned. A list that shows nothing any more is not believed.
  void join(Page& page, bool complete) {
    std::vector<std::string> shown;
    for (const auto& each : page.found) shown.push_back(each.local_id);
    bool was_and_is_empty = complete && shown.empty() && page.refused.empty() && at_.marks.empty();
    page.joins_last = was_and_is_empty || overlaps(at_.marks, shown, complete);
    if (!page.joins_last && complete) page.since = reaches_back_to(page.found, now_);
    if (!shown.empty() && (complete || shown.size() > 1)) at_.marks = std::move(shown);
  }

  /// A 404 is never the end of a channel by itself.
  Result<Page> missed(const Answer& answer) {
    bool is_missing = answer.status == 404 || answer.status == 410;
    auto failure = standard_failure(answer);
    bool may_be_a_whim = (is_missing || answer.status >= 500) && !failure.retry_after;
    if (may_be_a_whim && step_ == Step::feed && is_channel_id(channel_.id)) return then(Step::uploads);
    if (!is_missing) return failure;
    auto advice = is_channel_id(channel_.id) ? "it does so for hours at times for channels that exist; trying again"
                                             : "the id of a channel is UC and 22 characters, capitals and all";
    return Failure{
        Failure::unavailable,
        fmt::format("www.youtube.com answered {} for the feed of {}: {}", answer.status, channel_.id, advice),
        failure.retry_after.value_or(missing_for)};
  }

  const std::string account_;
  Cursor cursor_;
  Channel channel_;
  FeedPosition at_;   ///< `marks` are the videos the last feed showed, `feed` the address a handle has led to
  std::string page_;  ///< the address of the channel's page
  Step step_ = Step::feed;
  int hops_ = 0;
  sys_ms now_{};
};

}  // namespace

std::unique_ptr<Job> poll_channel_feed(const SourceSettings& source, Cursor cursor) {
  return std::make_unique<ChannelPoll>(source, std::move(cursor));
}

}  // namespace campaignd
