#include "connectors/platforms/hackernews.hpp"

#include <fmt/format.h>

#include <array>
#include <boost/json.hpp>

#include "connectors/platforms/hackernews_item.hpp"
#include "connectors/reading/descent.hpp"
#include "connectors/reading/json_out.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd {

namespace {

constexpr std::string_view search = "https://hn.algolia.com/api/v1/search_by_date";
constexpr std::array budgets{Budget{"hackernews", 60, std::chrono::minutes(5), std::chrono::seconds(1)}};
constexpr std::array keys{SourceKey{"query", true}, SourceKey{"backfill_pages"}};

constexpr std::size_t page_size = 100;
constexpr auto overlap = std::chrono::hours(48);

std::int64_t seconds_of(sys_ms time) {
  return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

/// One poll: stories and comments together, newest first. A search shows its first thousand hits only, so what follows
/// is asked for by time and never by page.
class WordSearch final : public Job {
 public:
  WordSearch(SourceSettings source, const Cursor& cursor)
      : source_(std::move(source)), descent_(source_, cursor.position, 1, overlap) {}

  Request ask(sys_ms now) override {
    descent_.begin(now);
    auto times = fmt::format("created_at_i>={}", seconds_of(descent_.line()));
    if (!descent_.mark().empty()) times += ",created_at_i<" + descent_.mark();
    Request request(fmt::format("{}?query={}&tags=(story,comment)&hitsPerPage={}&numericFilters={}", search,
                                percent_encode(source_.query), page_size, percent_encode(times)));
    request.bucket = "hackernews";
    request.headers.emplace_back("accept", "application/json");
    return request;
  }

  Result<Page> read(const Answer& answer) override {
    if (answer.status != 200) return hackernews_failure(answer);
    auto hits = read_hackernews_hits(answer.body);
    if (!hits) return hits.error();
    Page page;
    page.found = std::move(hits->found);
    page.refused = std::move(hits->refused);
    if (hits->size < page_size)
      descent_.end_list(page);
    else
      descent_.go_down_by_time(page, hits->oldest);
    page.cursor.position = descent_.position();
    return page;
  }

 private:
  const SourceSettings source_;
  Descent descent_;
};

class HackerNews final : public Connector {
 public:
  explicit HackerNews(SourceSettings settings) : settings_(std::move(settings)) {}
  const Contract& contract() const noexcept override { return hackernews_contract; }
  std::unique_ptr<Job> discover(Cursor cursor) const override {
    return std::make_unique<WordSearch>(settings_, cursor);
  }
  std::unique_ptr<Job> measure(std::vector<PostRef> posts) const override {
    return measure_hackernews(std::move(posts));
  }

 private:
  const SourceSettings settings_;
};

}  // namespace

constinit const Contract hackernews_contract{
    .name = "hackernews",
    .network = "hackernews",
    .counters = "likes replies",
    .access = Access::open,
    .budgets = budgets,
    .batch = 20,
    .every = std::chrono::hours(24),
    .home = "news.ycombinator.com",
    .keys = keys,
    .blind = "the points of comments, which nobody is shown; what was taken down before the search saw it"};

std::unique_ptr<Connector> make_hackernews(SourceSettings settings) {
  return std::make_unique<HackerNews>(std::move(settings));
}

/// A page of the search, or an item of the API.
Result<std::string> parse_hackernews(const std::string& body, const ParseHints&) {
  Page page;
  if (auto hits = read_hackernews_hits(body)) {
    page.found = std::move(hits->found);
    page.refused = std::move(hits->refused);
    return boost::json::serialize(to_json(page));
  }
  auto use = [&](Json item) {
    auto finding = read_hackernews_item(item);
    if (finding)
      page.found.push_back(std::move(*finding));
    else
      page.refused.push_back({"", finding.error().message});
  };
  if (auto read = read_json(body, use); !read) return read.error();
  return boost::json::serialize(to_json(page));
}

}  // namespace campaignd
