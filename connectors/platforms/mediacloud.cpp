#include "connectors/platforms/mediacloud.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "connectors/platforms/mediacloud_stories.hpp"
#include "connectors/reading/dates/time.hpp"
#include "connectors/reading/descent.hpp"
#include "connectors/reading/json_out.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd {

namespace {

constexpr std::string_view search = "https://search.mediacloud.org/api/search/story-list";
// Two calls a minute; a week has 4000.
constexpr std::array budgets{Budget{"mediacloud", 2, std::chrono::minutes(1), std::chrono::seconds(31)}};
constexpr std::array keys{SourceKey{"query", true}, SourceKey{"url", true}, SourceKey{"credential"},
                          SourceKey{"backfill_pages"}};

constexpr auto overlap = std::chrono::hours(24);
constexpr auto late = std::chrono::days(30);  // a story is found so long after its day, at the most
constexpr std::size_t longest_token = 2000;

/// "cs=34412234" of the page of a collection, "ss=…" of that of a single source; empty: the address is of neither.
std::string place_in(std::string_view url) {
  for (auto [path, name] : {std::pair("/collections/", "cs"), std::pair("/sources/", "ss")}) {
    auto at = url.find(path);
    if (at == url.npos) continue;
    auto id = url.substr(at + std::string_view(path).size());
    id = id.substr(0, id.find_first_not_of("0123456789"));
    if (!id.empty()) return fmt::format("{}={}", name, id);
  }
  return {};
}

std::string day_of(sys_ms time) { return format_utc(time).substr(0, 10); }

/// One poll: the stories of a collection, those last taken into the index first.
class StorySearch final : public Job {
 public:
  StorySearch(SourceSettings source, const Cursor& cursor)
      : source_(std::move(source)), place_(place_in(source_.url)), descent_(source_, cursor.position, 1, overlap) {}

  Request ask(sys_ms now) override {
    descent_.begin(now);
    if (!is_ready()) return Request(std::string(search));
    auto from = descent_.is_first() ? descent_.line() : std::max(source_.floor, descent_.line() - late);
    auto url = fmt::format("{}?q={}&start={}&end={}&p=onlinenews-mediacloud&{}&sort_order=desc", search,
                           percent_encode(source_.query), day_of(from), day_of(now), place_);
    if (!descent_.mark().empty()) url += "&pagination_token=" + percent_encode(descent_.mark());
    Request request(std::move(url));
    request.bucket = "mediacloud";
    request.follows_redirects = false;
    request.headers.emplace_back("accept", "application/json");
    request.headers.emplace_back("authorization", "Token " + source_.session->credential);
    return request;
  }

  Result<Page> read(const Answer& answer) override {
    if (place_.empty())
      return Failure{Failure::refused,
                     "a mediacloud source asks within a collection: write url = \"…\", the address of its page at "
                     "search.mediacloud.org/collections"};
    if (!is_ready())
      return Failure{Failure::refused,
                     "Media Cloud answers members only: put an account's token into its credential file"};
    if (answer.status != 200) return mediacloud_failure(answer);
    auto list = read_stories(answer.body, answer.received);
    if (!list) return list.error();
    Page page;
    page.found = std::move(list->found);
    page.refused = std::move(list->refused);
    bool lies_below_line = !descent_.is_first() && list->last && *list->last < descent_.line();
    if (list->next.empty() || list->size == 0 || lies_below_line)
      descent_.end_list(page);
    else if (descent_.is_full() || list->next.size() > longest_token || list->next == descent_.mark())
      descent_.cut_list(page, std::nullopt);  // in the order of the index no day is read to its end
    else
      descent_.go_down(page, std::move(list->next));
    page.cursor.position = descent_.position();
    return page;
  }

 private:
  bool is_ready() const { return !place_.empty() && source_.session && !source_.session->credential.empty(); }

  const SourceSettings source_;
  const std::string place_;
  Descent descent_;
};

class MediaCloud final : public Connector {
 public:
  explicit MediaCloud(SourceSettings settings) : settings_(std::move(settings)) {}
  const Contract& contract() const noexcept override { return mediacloud_contract; }
  std::unique_ptr<Job> discover(Cursor cursor) const override {
    return std::make_unique<StorySearch>(settings_, cursor);
  }
  std::unique_ptr<Job> measure(std::vector<PostRef>) const override { return nullptr; }

 private:
  const SourceSettings settings_;
};

}  // namespace

constinit const Contract mediacloud_contract{
    .name = "mediacloud",
    .network = "web",
    .counters = "",
    .access = Access::key,
    .budgets = budgets,
    .batch = 0,
    .every = std::chrono::hours(24),
    .keys = keys,
    .credential = {.form = "the API token of an account", .required = true},
    .blind = "the text of the articles, and all reactions; outlets that are in no collection asked for"};

std::unique_ptr<Connector> make_mediacloud(SourceSettings settings) {
  return std::make_unique<MediaCloud>(std::move(settings));
}

Result<std::string> parse_mediacloud(const std::string& body, const ParseHints&) {
  auto list = read_stories(body, sys_ms::max());
  if (!list) return list.error();
  Page page;
  page.found = std::move(list->found);
  page.refused = std::move(list->refused);
  return boost::json::serialize(to_json(page));
}

}  // namespace campaignd
