#include "connectors/platforms/gdelt.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "connectors/platforms/gdelt_articles.hpp"
#include "connectors/reading/dates/time.hpp"
#include "connectors/reading/json_out.hpp"
#include "connectors/reading/time_windows.hpp"
#include "connectors/reading/url.hpp"
#include "connectors/reading/vouched.hpp"

namespace campaignd {

namespace {

using std::chrono::milliseconds;

// One request in five seconds is the rule; exactly five have been too few.
constexpr std::array budgets{Budget{"gdelt", 12, std::chrono::minutes(1), std::chrono::seconds(6)}};
constexpr std::array keys{SourceKey{"query", true}, SourceKey{"language"}};
constexpr std::size_t most_articles = 250;
constexpr TimeWindows::Limits limits{
    .full = most_articles,
    .slot = std::chrono::minutes(15),  // GDELT's clock, and the shortest time it searches
    .widest = std::chrono::days(88),   // it searches three months
    .memory = std::chrono::days(88),
    .overlap = std::chrono::hours(2),  // what is seen is found a little later
    .most_requests = 60,
};
constexpr milliseconds a_day = std::chrono::days(1);

/// "20260620060000"
std::string written(sys_ms time) {
  auto text = format_utc(time);
  std::erase_if(text, [](char c) { return c < '0' || c > '9'; });
  return text.substr(0, 14);
}

/// One poll: what came since the last one, then back to the floor.
class Search final : public Job {
 public:
  Search(const SourceSettings& source, Cursor cursor)
      : query_(source.query),
        vouched_(vouched_by(query_)),
        windows_(source.floor, cursor.position, limits),
        cursor_(std::move(cursor)) {
    if (auto name = gdelt_language(source.language); !source.language.empty())
      query_ += " sourcelang:" + (name.empty() ? source.language : name);
  }

  Request ask(sys_ms now) override {
    windows_.begin(now);
    Request request(
        fmt::format("https://api.gdeltproject.org/api/v2/doc/doc?query={}&mode=artlist&format=json&maxrecords={}"
                    "&sort=datedesc{}",
                    percent_encode(query_), most_articles, time_asked()));
    request.bucket = "gdelt";
    request.headers.emplace_back("accept", "application/json");
    return request;
  }

  Result<Page> read(const Answer& answer) override {
    auto list = read_articles(answer, vouched_);
    if (!list) return list.error();
    Page page;
    page.found = std::move(list->found);
    page.refused = std::move(list->refused);
    windows_.read(page, list->items);
    cursor_.position = windows_.position();
    page.cursor = cursor_;
    return page;
  }

 private:
  std::string time_asked() const {
    auto from = windows_.from(), to = windows_.to();
    if (windows_.reaches_now() && to - from < a_day)
      return fmt::format("&timespan={}h", std::chrono::ceil<std::chrono::hours>(to - from).count());
    constexpr std::chrono::seconds tick(1);  // both ends are left out
    return fmt::format("&startdatetime={}&enddatetime={}", written(from - tick),
                       written(windows_.reaches_now() ? to : to + tick));
  }

  std::string query_;
  const std::vector<std::string> vouched_;  ///< found by its text, an article need not say them in its title
  TimeWindows windows_;
  Cursor cursor_;
};

class Gdelt final : public Connector {
 public:
  explicit Gdelt(SourceSettings settings) : settings_(std::move(settings)) {}
  const Contract& contract() const noexcept override { return gdelt_contract; }
  std::unique_ptr<Job> discover(Cursor cursor) const override {
    return std::make_unique<Search>(settings_, std::move(cursor));
  }
  std::unique_ptr<Job> measure(std::vector<PostRef>) const override { return nullptr; }

 private:
  const SourceSettings settings_;
};

}  // namespace

constinit const Contract gdelt_contract{
    .name = "gdelt",
    .network = "web",
    .counters = "",
    .access = Access::open,
    .budgets = budgets,
    .batch = 0,
    .every = std::chrono::hours(6),
    .keys = keys,
    .blind = "the text of the articles, their day of publication and all reactions; what lies three months back"};

std::unique_ptr<Connector> make_gdelt(SourceSettings settings) { return std::make_unique<Gdelt>(std::move(settings)); }

Result<std::string> parse_gdelt(const std::string& body, const ParseHints& hints) {
  Request asked(hints.url.empty() ? "https://api.gdeltproject.org/" : hints.url);
  auto list = read_articles(Answer{std::move(asked), 200, {}, body, sys_ms::max()});
  if (!list) return list.error();
  Page page;
  page.found = std::move(list->found);
  page.refused = std::move(list->refused);
  return boost::json::serialize(to_json(page));
}

}  // namespace campaignd
