#include "connectors/platforms/lemmy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "connectors/platforms/lemmy_api.hpp"
#include "connectors/platforms/lemmy_view.hpp"
#include "connectors/platforms/server_kind.hpp"
#include "connectors/reading/descent.hpp"
#include "connectors/reading/position.hpp"

namespace campaignd {

namespace {

// Lemmy's own defaults: 60 searches in 10 minutes, 180 other requests a minute, of one address.
constexpr std::array budgets{
    Budget{"lemmy", 20, std::chrono::minutes(10), std::chrono::seconds(5)},
    Budget{"lemmy-reads", 60, std::chrono::minutes(1), std::chrono::seconds(1)},
};
constexpr std::array keys{SourceKey{"host", true}, SourceKey{"query", true}, SourceKey{"backfill_pages"}};

constexpr auto overlap = std::chrono::hours(24);
constexpr int last_numbered_page = 100;  // v3 refuses a higher one
constexpr std::size_t longest_mark = 1000;
// The v3 of Lemmy 1.0 heeds neither page, limit nor order: it gives this many, always the same.
constexpr std::size_t page_of_the_shim = 20;
enum List : std::size_t { posts, comments, lists };

/// One poll: the posts that hold the words, then the comments.
class WordSearch final : public Job {
 public:
  WordSearch(const SourceSettings& source, const Cursor& cursor)
      : source_(source),
        server_(source.host, cursor.position, "lemmy-reads"),
        descent_(source, cursor.position, lists, overlap) {}

  Request ask(sys_ms now) override {
    now_ = now;
    if (server_.is_due(now)) return server_.ask(now);
    descent_.begin(now);
    auto within = std::chrono::ceil<std::chrono::seconds>(now - descent_.line());
    return ask_lemmy_search(api().value_or(LemmyApi::v3), {.host = source_.host,
                                                           .words = source_.query,
                                                           .comments = descent_.list() == comments,
                                                           .page = descent_.page(),
                                                           .mark = descent_.mark(),
                                                           .within = std::max(within, std::chrono::seconds(1))});
  }

  Result<Page> read(const Answer& answer) override {
    if (server_.is_asking()) {
      if (auto read = server_.read(answer); !read) return read.error();
      if (!server_.is_asking() && !api()) return other_software();
      return again();
    }
    if (answer.status != 200) return refused(answer);
    auto hits = read_lemmy_hits(answer.body, descent_.list() == comments, source_.host);
    if (!hits) return hits.error();
    return finished(after(std::move(*hits)));
  }

 private:
  std::optional<LemmyApi> api() const { return lemmy_api_of(server_.software()); }

  Page again() const {
    Page page;
    page.more = true;
    return finished(std::move(page));
  }

  Page finished(Page page) const {
    page.cursor.position = descent_.position();
    if (!is_other_api_) page.cursor.position += server_.position();  // else it is asked again what it runs
    page.software = server_.software();
    return page;
  }

  Failure other_software() const {
    return {Failure::refused, fmt::format("{} runs {}, which is neither Lemmy nor PieFed: choose another server",
                                          source_.host, server_.software())};
  }

  Result<Page> refused(const Answer& answer) {
    if (descent_.mark().empty() || lemmy_reason(answer) != "couldnt_parse_pagination_token")
      return lemmy_failure(answer);
    descent_.start_list_again();
    return again();
  }

  Page after(LemmyHits hits) {
    Page page;
    bool ends = !looks_like_shim(hits) && (is_last(hits) || lies_below_line(hits));
    bool repeats = !hits.ids.empty() && hits.ids == std::exchange(ids_, hits.ids);
    bool is_full = descent_.is_full() || hits.next.size() > longest_mark ||
                   (api() != LemmyApi::v4 && descent_.page() >= last_numbered_page);
    // Only v3 and PieFed sort by date, so only there a page says how far back it reads.
    auto read_to = api() == LemmyApi::v4 ? std::nullopt : newest_date(hits.found);
    page.found = std::move(hits.found);
    page.refused = std::move(hits.refused);
    if (repeats) {  // the shim: the server was updated since it was last asked what it runs
      is_other_api_ = true;
      descent_.distrust();
      descent_.cut_list(page, std::nullopt);
    } else if (ends) {
      descent_.end_list(page);
    } else if (is_full) {
      descent_.cut_list(page, read_to);
    } else {
      descent_.go_down(page, std::move(hits.next));
    }
    return page;
  }

  /// A second page tells whether it is.
  bool looks_like_shim(const LemmyHits& hits) const {
    return api() == LemmyApi::v3 && descent_.page() == 1 && hits.ids.size() == page_of_the_shim;
  }

  bool is_last(const LemmyHits& hits) const {
    if (api() == LemmyApi::v4) return hits.next.empty();
    return hits.ids.empty() || (api() == LemmyApi::v3 && hits.ids.size() < page_of_the_shim);
  }

  /// The last one decides: what a server has pinned comes first, however old.
  bool lies_below_line(const LemmyHits& hits) const {
    return api() != LemmyApi::v4 && hits.last && *hits.last < descent_.line();
  }

  const SourceSettings source_;
  ServerKind server_;
  Descent descent_;
  std::vector<std::string> ids_;  ///< of the page before
  bool is_other_api_ = false;
  sys_ms now_{};
};

class Lemmy final : public Connector {
 public:
  explicit Lemmy(SourceSettings settings) : settings_(std::move(settings)) {}
  const Contract& contract() const noexcept override { return lemmy_contract; }
  std::unique_ptr<Job> discover(Cursor cursor) const override {
    return std::make_unique<WordSearch>(settings_, cursor);
  }
  std::unique_ptr<Job> measure(std::vector<PostRef> refs) const override { return measure_lemmy(std::move(refs)); }

 private:
  const SourceSettings settings_;
};

}  // namespace

constinit const Contract lemmy_contract{
    .name = "lemmy",
    .network = "fediverse",
    .counters = "likes replies",
    .access = Access::open,
    .budgets = budgets,
    .batch = 1,
    .every = std::chrono::minutes(20),
    .keys = keys,
    .blind = "communities the servers asked do not follow; posts that arrive more than a day late"};

std::unique_ptr<Connector> make_lemmy(SourceSettings settings) { return std::make_unique<Lemmy>(std::move(settings)); }

}  // namespace campaignd
