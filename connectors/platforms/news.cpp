#include "connectors/platforms/news.hpp"

#include <array>
#include <boost/json.hpp>

#include "connectors/platforms/news_list.hpp"
#include "connectors/reading/json_out.hpp"
#include "connectors/reading/text.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd {

namespace {

constexpr std::array budgets{Budget{"google-news", 60, std::chrono::hours(1), std::chrono::seconds(20)},
                             Budget{"bing-news", 20, std::chrono::hours(1), std::chrono::seconds(60)}};
constexpr std::array<std::string_view, 2> engines{"google", "bing"};
constexpr std::array keys{SourceKey{"query", true}, SourceKey{"engine"}, SourceKey{"language"}};

class News final : public Connector {
 public:
  explicit News(SourceSettings settings) : settings_(std::move(settings)) {}
  const Contract& contract() const noexcept override { return news_contract; }
  std::unique_ptr<Job> discover(Cursor cursor) const override {
    if (fold(settings_.engine) == engines[1]) return search_bing_news(settings_, std::move(cursor));
    return search_google_news(settings_, std::move(cursor));
  }
  std::unique_ptr<Job> measure(std::vector<PostRef>) const override { return nullptr; }

 private:
  const SourceSettings settings_;
};

}  // namespace

constinit const Contract news_contract{
    .name = "news",
    .network = "web",
    .counters = "",
    .access = Access::open,
    .budgets = budgets,
    .batch = 0,
    .every = std::chrono::hours(1),
    .keys = keys,
    .engines = engines,
    .blind =
        "the text of the articles, their reactions, and where Google's newer links lead; outlets the search does not "
        "know; what it leaves out of a list that is full"};

std::unique_ptr<Connector> make_news(SourceSettings settings) { return std::make_unique<News>(std::move(settings)); }

/// Whose list it is tells its address; without one, the links in it.
Result<std::string> parse_news(const std::string& body, const ParseHints& hints) {
  auto url = hints.url;
  if (url.empty())
    url = body.find("bing.com") < body.find("news.google.com") ? "https://www.bing.com/news/search?format=rss"
                                                               : "https://news.google.com/rss/search";
  Answer answer{Request(url), 200, {{"content-type", hints.content_type}}, body, sys_ms::max()};
  if (auto failure = news_failure(answer)) return *failure;
  auto list = read_news(answer, hints.language, {});
  if (!list) return list.error();
  Page page;
  page.found = std::move(list->found);
  page.refused = std::move(list->refused);
  return boost::json::serialize(to_json(page));
}

}  // namespace campaignd
