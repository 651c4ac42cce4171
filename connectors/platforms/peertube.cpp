#include "connectors/platforms/peertube.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "connectors/platforms/peertube_video.hpp"
#include "connectors/reading/dates/time.hpp"
#include "connectors/reading/descent.hpp"
#include "connectors/reading/position.hpp"
#include "connectors/reading/text.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd {

namespace {

// Instances allow 50 requests in 10 seconds; the search index is a gift of a small association.
constexpr std::array budgets{Budget{"peertube", 60, std::chrono::minutes(5), std::chrono::seconds(1)}};
constexpr std::array keys{SourceKey{"host", true}, SourceKey{"tags"}, SourceKey{"query"}, SourceKey{"backfill_pages"}};

constexpr std::size_t page_size = 100;
constexpr int last_page = 100;                    // an index looks no further than 10,000
constexpr auto overlap = std::chrono::hours(48);  // the index learns of a video hours later

/// A "#" or an address would be looked up instead of searched for.
std::string words_of(const SourceSettings& source) {
  return source.query.substr(std::min(source.query.size(), source.query.find_first_not_of("#@")));
}

/// What is asked of one list: its path and query.
using Lists = std::vector<std::string>;

Lists searches_of(const SourceSettings& source) {
  Lists out;
  std::string tags;
  for (const auto& tag : source.tags) tags += "&tagsOneOf=" + percent_encode(tag);
  if (!tags.empty()) out.push_back("search/videos?nsfw=both" + tags);
  auto words = words_of(source);
  if (!words.empty()) out.push_back("search/videos?nsfw=both&search=" + percent_encode(words));
  return out;
}

/// What both polls do: page through lists, and ask for the details that lists leave out.
class VideoPoll : public Job {
 public:
  VideoPoll(SourceSettings source, const Cursor& cursor, std::size_t lists)
      : source_(std::move(source)),
        descent_(source_, cursor.position, lists, overlap),
        done_(position_text(cursor.position, "done")) {}

  Request ask(sys_ms now) final {
    descent_.begin(now);
    if (!waiting_.empty()) return ask_peertube(source_.host, "videos/" + percent_encode(waiting_.back()));
    auto start = static_cast<std::size_t>(descent_.page() - 1) * page_size;
    auto list = list_path();
    return ask_peertube(source_.host, fmt::format("{}{}sort=-publishedAt&count={}&start={}", list,
                                                  list.find('?') == list.npos ? "?" : "&", page_size, start));
  }

  Result<Page> read(const Answer& answer) final {
    if (!waiting_.empty()) return read_details(answer);
    if (answer.status != 200) return refused(answer);
    auto list = read_video_list(answer.body, source_.host);
    if (!list) return list.error();
    Page page;
    page.refused = std::move(list->refused);
    for (auto& each : list->videos) keep(std::move(each), page);
    list->videos.clear();
    listed_ = std::move(*list);
    if (auto at = std::ranges::find(waiting_, done_); at != waiting_.end()) waiting_.erase(at, waiting_.end());
    return finished(std::move(page));
  }

 protected:
  virtual std::string list_path() const = 0;
  virtual Result<Page> refused(const Answer& answer) = 0;
  virtual std::string position() const { return {}; }
  /// Why a video is none of this source's; empty: it is.
  virtual std::string_view why_not(const Video&) const { return {}; }

  Page again() {
    Page page;
    page.more = true;
    page.cursor.position = whole_position();
    return page;
  }

  const SourceSettings source_;
  Descent descent_;

 private:
  void keep(Video video, Page& page) {
    auto& finding = video.finding;
    // Read before, and perhaps in full: a shortened copy must not stand for it.
    if (finding.post.published && *finding.post.published < descent_.line()) return;
    newest_ = std::max(newest_, finding.post.published);
    if (auto why = why_not(video); !why.empty())
      page.refused.push_back({finding.local_id, std::string(why)});
    else if (video.is_whole)
      page.found.push_back(std::move(finding));
    else
      waiting_.push_back(finding.local_id);
  }

  Result<Page> read_details(const Answer& answer) {
    // What is no word of PeerTube's about the video must not cost it: it is asked for again.
    if (answer.status == 429 || (answer.status != 200 && !is_problem(answer))) return peertube_failure(answer);
    Page page;
    Result<Video> video = Failure{Failure::malformed, fmt::format("its details answered {}", answer.status)};
    if (answer.status == 200) {
      auto read = read_json(answer.body, [&](Json document) { video = read_video(document, source_.host); });
      if (!read) return read.error();
    }
    if (video && why_not(*video).empty())
      page.found.push_back(std::move(video->finding));
    else
      page.refused.push_back({waiting_.back(), video ? std::string(why_not(*video)) : video.error().message});
    done_ = std::move(waiting_.back());
    waiting_.pop_back();
    return finished(std::move(page));
  }

  /// The list goes on only when the last of its details is here: till then the next poll reads this page again, and
  /// asks for the details of what lies above those it has.
  Page finished(Page page) {
    page.more = true;
    if (waiting_.empty()) {
      done_.clear();
      go_on(page);
    }
    page.cursor.position = whole_position();
    return page;
  }

  std::string whole_position() const {
    return descent_.position() + position() + (done_.empty() ? "" : "&done=" + percent_encode(done_));
  }

  void go_on(Page& page) {
    auto read = static_cast<std::int64_t>(descent_.page() - 1) * static_cast<std::int64_t>(page_size) +
                static_cast<std::int64_t>(listed_.size);
    bool is_last = listed_.size == 0 || (listed_.total.value_or(0) > 0 && read >= *listed_.total);
    bool lies_below_line = listed_.last && *listed_.last < descent_.line();
    auto read_to = std::exchange(newest_, {});
    if (is_last || lies_below_line)
      descent_.end_list(page);
    else if (descent_.is_full() || descent_.page() >= last_page)
      descent_.cut_list(page, read_to);
    else
      descent_.go_down(page);
  }

  VideoPage listed_;
  std::vector<std::string> waiting_;  ///< videos whose details are still to be asked for, from the last on
  std::string done_;                  ///< the details of this page are read from this video down; empty: none are
  std::optional<sys_ms> newest_;      ///< of the page
};

class TagPoll final : public VideoPoll {
 public:
  TagPoll(const SourceSettings& source, const Cursor& cursor)
      : VideoPoll(source, cursor, std::max<std::size_t>(searches_of(source).size(), 1)), lists_(searches_of(source)) {}

 protected:
  std::string list_path() const override {
    return fmt::format("{}&startDate={}", lists_[descent_.list()], percent_encode(format_utc(descent_.line())));
  }

  Result<Page> refused(const Answer& answer) override { return peertube_failure(answer); }

  /// A cut description that hides what was searched for would take a match away from one that shows it.
  std::string_view why_not(const Video& video) const override {
    if (!video.is_cut || !video.is_whole) return {};
    const Post& post = video.finding.post;
    auto words = fold_words(post.title + "\n" + post.text);
    auto query = fold_words(words_of(source_));
    bool shows = !query.empty() && words.find(query) != words.npos;
    for (const auto& tag : source_.tags)
      shows = shows || std::ranges::any_of(*post.tags, [&](const auto& each) { return fold(each) == fold(tag); });
    return shows ? std::string_view{} : "its description is cut off before the words searched for";
  }

 private:
  const Lists lists_;
};

/// Without tags and words every video of an instance would be asked for.
class NothingToAsk final : public Job {
 public:
  explicit NothingToAsk(std::string host) : host_(std::move(host)) {}
  Request ask(sys_ms) override { return ask_peertube(host_, "config"); }
  Result<Page> read(const Answer&) override {
    return Failure{Failure::refused, "a peertube source needs tags or a query: write one of them, or both"};
  }

 private:
  const std::string host_;
};

SourceSettings at_home(SourceSettings source) {
  auto at = source.account.find('@');
  if (source.host.empty() && at != source.account.npos) source.host = fold(source.account.substr(at + 1));
  return source;
}

/// The videos of an account or, where no account has the name, of a channel.
class AccountPoll final : public VideoPoll {
 public:
  AccountPoll(const SourceSettings& source, const Cursor& cursor)
      : VideoPoll(at_home(source), cursor, 1),
        name_(fold(source.account)),
        user_(name_.substr(0, name_.find('@'))),
        is_channel_(position_number(cursor.position, "channel") == 1) {}

 protected:
  std::string list_path() const override {
    return fmt::format("{}/{}/videos?nsfw=both", is_channel_ ? "video-channels" : "accounts", percent_encode(user_));
  }

  Result<Page> refused(const Answer& answer) override {
    if (answer.status != 404) return peertube_failure(answer);
    if (std::exchange(was_elsewhere_, true))
      return Failure{
          Failure::gone,
          fmt::format("{} knows no account or channel {}: check its name in the configuration", source_.host, user_)};
    is_channel_ = !is_channel_;
    return again();
  }

  std::string position() const override { return is_channel_ ? "&channel=1" : ""; }

  std::string_view why_not(const Video& video) const override {
    const auto& author = video.finding.post.author;
    auto full = name_.find('@') == name_.npos ? name_ + "@" + source_.host : name_;
    return full == (is_channel_ ? author.handle : author.key) ? std::string_view{} : "a video of another account";
  }

 private:
  const std::string name_, user_;
  bool is_channel_, was_elsewhere_ = false;
};

class PeerTube final : public Connector {
 public:
  explicit PeerTube(SourceSettings settings) : settings_(std::move(settings)) {}
  const Contract& contract() const noexcept override { return peertube_contract; }
  std::unique_ptr<Job> discover(Cursor cursor) const override {
    if (!settings_.account.empty()) return std::make_unique<AccountPoll>(settings_, cursor);
    if (searches_of(settings_).empty()) return std::make_unique<NothingToAsk>(settings_.host);
    return std::make_unique<TagPoll>(settings_, cursor);
  }
  std::unique_ptr<Job> measure(std::vector<PostRef> posts) const override { return measure_videos(std::move(posts)); }

 private:
  const SourceSettings settings_;
};

}  // namespace

constinit const Contract peertube_contract{
    .name = "peertube",
    .network = "fediverse",
    .counters = "likes replies views",
    .access = Access::open,
    .budgets = budgets,
    .batch = 20,
    .every = std::chrono::minutes(15),
    .accounts = true,
    .keys = keys,
    .blind =
        "instances neither followed by the one asked nor listed in the index; what the index cuts off a description"};

std::unique_ptr<Connector> make_peertube(SourceSettings settings) {
  return std::make_unique<PeerTube>(std::move(settings));
}

}  // namespace campaignd
