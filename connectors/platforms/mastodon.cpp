#include "connectors/platforms/mastodon.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "connectors/platforms/mastodon_account.hpp"
#include "connectors/platforms/mastodon_pager.hpp"
#include "connectors/platforms/mastodon_stream.hpp"
#include "connectors/platforms/mastodon_tag_history.hpp"
#include "connectors/platforms/server_kind.hpp"
#include "connectors/reading/position.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd {

namespace {

// Anonymous callers have 300 requests in 5 minutes, but requests that page (max_id, min_id) 300 in 15: one budget that
// keeps both.
constexpr std::array budgets{Budget{"mastodon", 300, std::chrono::minutes(15), std::chrono::seconds(1)}};
constexpr std::array keys{SourceKey{"host", true}, SourceKey{"tags"}, SourceKey{"backfill_pages"}};
constexpr std::size_t page_size = 40;
constexpr auto ask_for_all_every = std::chrono::days(1);
constexpr auto read_beside_stream_every = std::chrono::minutes(5);

/// One poll of a tag timeline; with a token, once that is read, the tag's stream, and the timeline again beside it: it
/// alone vouches for what was seen.
class TagPoll final : public Job {
 public:
  TagPoll(const SourceSettings& source, const Cursor& cursor)
      : source_(source),
        server_(source.host, cursor.position, "mastodon"),
        history_(source, cursor.position),
        pager_(source, cursor, source.session),
        local_pager_(source, {cursor.position, {}, {}}, source.session, "local_"),
        stream_(source, cursor.position),
        read_(position_time(cursor.position, "read")),
        local_since_(position_time(cursor.position, "local")) {}

  Request ask(sys_ms now) override {
    now_ = now;
    if (server_.is_due(now)) return server_.ask(now);
    if (server_.runs("mastodon") && history_.is_due(now)) return history_.ask(now);
    if (!local_) local_ = local_since_ != sys_ms() && now - local_since_ < ask_for_all_every;
    if (is_read_ && stream_.is_open() && (just_opened_ || now - read_ >= read_beside_stream_every)) {
      if (!std::exchange(just_opened_, false)) stream_.has_lasted();
      pager().begin_again();
      is_read_ = false;
    }
    return is_read_ ? stream_.ask(now, *local_) : pager().ask(timeline_url(), now);
  }

  Result<Page> read(const Answer& answer) override {
    if (server_.is_asking()) {
      if (auto read = server_.read(answer); !read) return read.error();
      return again();
    }
    if (history_.is_asking()) return read_history(answer);
    if (stream_.is_asking()) return read_stream(answer);
    if (answer.status == 304) return after_timeline(pager().read_unchanged(answer));
    if (answer.status == 401 && source_.session) return refused_token(source_.host);
    // One setting closes remote posts, another local ones.
    if (wants_login(answer.status) && says_error(answer) && !*local_) {
      local_ = true;
      return again();
    }
    if (answer.status != 200) return failure(answer);
    auto timeline = read_list(answer, source_.host);
    if (!timeline) return timeline.error();
    // Kept only once it has worked: a challenge page is no closed server.
    if (!*local_)
      local_since_ = {};
    else if (local_since_ == sys_ms() || now_ - local_since_ >= ask_for_all_every)
      local_since_ = now_;
    for (const auto& each : timeline->found) stream_.know(each);
    return after_timeline(pager().read(std::move(*timeline), answer));
  }

 private:
  Pager& pager() { return *local_ ? local_pager_ : pager_; }

  std::string timeline_url() const {
    auto url = fmt::format("https://{}/api/v1/timelines/tag/{}?limit={}", source_.host,
                           percent_encode(source_.tags.front()), page_size);
    for (std::size_t i = 1; i < source_.tags.size(); ++i) url += "&any[]=" + percent_encode(source_.tags[i]);
    if (*local_) url += "&local=true";
    return url;
  }

  Result<Page> read_history(const Answer& answer) {
    if (answer.status == 429) return standard_failure(answer);
    auto stated = history_.read(answer);
    auto page = again();
    page.stated = std::move(stated);
    return page;
  }

  /// What is read beside a stream joins the last reading, not the stream, which goes on meanwhile. A server that showed
  /// all and now shows its own posts covers nothing: the others are read once it shows them again.
  Page after_timeline(Page page) {
    if (*local_ && pager_.has_begun()) {
      page.joins_last = false;
      page.since.reset();
    }
    if (page.joins_last && read_ != sys_ms()) page.since = std::min(page.since.value_or(read_), read_);
    if (page.joins_last || !page.more) read_ = now_;
    is_read_ = !page.more;
    if (is_read_ && *local_)
      page.refused.push_back(
          {"", fmt::format("{} shows visitors its own posts only: what reached it from other servers "
                           "is not seen here",
                           source_.host)});
    page.more = page.more || stream_.is_wanted(now_);
    return finished(std::move(page));
  }

  Result<Page> read_stream(const Answer& answer) {
    bool was_open = stream_.is_open();
    auto page = stream_.read(answer);
    if (!page) return page.error();
    just_opened_ = just_opened_ || (!was_open && stream_.is_open());
    return finished(std::move(*page));
  }

  Page again() const {
    Page page;
    page.more = true;
    return finished(std::move(page));
  }

  Page finished(Page page) const {
    page.cursor = pager_.cursor(fmt::format("&local={}&", local_since_.time_since_epoch().count()) +
                                local_pager_.position() + history_.position() + stream_position() + server_.position());
    page.software = server_.software();
    return page;
  }

  std::string stream_position() const {
    if (!source_.session) return {};
    return fmt::format("&read={}", read_.time_since_epoch().count()) + stream_.position();
  }

  Failure failure(const Answer& answer) const {
    auto failure = standard_failure(answer);
    if (failure.code == Failure::refused && server_.runs("gotosocial"))
      failure.message += " (GoToSocial shows tag timelines to logged-in callers only)";
    return failure;
  }

  const SourceSettings source_;
  ServerKind server_;
  TagHistory history_;
  Pager pager_, local_pager_;  ///< of all posts, and of the server's own
  TagStream stream_;
  sys_ms read_;                 ///< when the timeline had been read up to its end
  sys_ms local_since_, now_{};  ///< since when the server shows visitors local posts only; zero: all
  std::optional<bool> local_;   ///< ask for local posts only
  bool is_read_ = false, just_opened_ = false;
};

class Mastodon final : public Connector {
 public:
  explicit Mastodon(SourceSettings settings) : settings_(std::move(settings)) {}
  const Contract& contract() const noexcept override { return mastodon_contract; }
  std::unique_ptr<Job> discover(Cursor cursor) const override {
    if (!settings_.account.empty()) return poll_account(settings_, cursor);
    return std::make_unique<TagPoll>(settings_, cursor);
  }
  std::unique_ptr<Job> measure(std::vector<PostRef> posts) const override {
    return measure_statuses(std::move(posts), settings_.session);
  }

 private:
  const SourceSettings settings_;
};

}  // namespace

constinit const Contract mastodon_contract{
    .name = "mastodon",
    .network = "fediverse",
    .counters = "likes reposts quotes replies",
    .access = Access::open,
    .budgets = budgets,
    .batch = 20,
    .every = std::chrono::minutes(5),
    .accounts = true,
    .keys = keys,
    .credential = {"an access token of an account on the server, with the scope read:statuses", false, true},
    .blind = "posts that never reached the servers asked; photographs without a typed tag"};

std::unique_ptr<Connector> make_mastodon(SourceSettings settings) {
  return std::make_unique<Mastodon>(std::move(settings));
}

}  // namespace campaignd
