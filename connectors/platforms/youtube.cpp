#include "connectors/platforms/youtube.hpp"

#include <array>

#include "connectors/platforms/youtube_api.hpp"
#include "connectors/platforms/youtube_polls.hpp"

namespace campaignd {

namespace {

using std::chrono::hours;
using std::chrono::seconds;

constexpr std::array budgets{
    Budget{"youtube", 60, std::chrono::minutes(5), seconds(2)},
    Budget{youtube::search_bucket, youtube::searches_a_day, hours(24), seconds(1), Reset::pacific_midnight, "searches"},
    Budget{youtube::unit_bucket, youtube::units_a_day, hours(24), seconds(1), Reset::pacific_midnight, "units"}};
constexpr std::array keys{SourceKey{"tags"}, SourceKey{"query"}, SourceKey{"credential"}, SourceKey{"backfill_pages"}};

constexpr std::string_view without_key =
    "searching YouTube, and measuring its videos again, needs an API key: make one in the Google Cloud console, it "
    "costs nothing, and store it as the credential youtube";
constexpr std::string_view nothing_to_ask = "a youtube source needs tags or a query: write one of them, or both";

/// What cannot be asked. A job has to ask something; without a key the answer, an error, says nothing else.
class CannotAsk final : public Job {
 public:
  explicit CannotAsk(std::string_view sentence) : sentence_(sentence) {}
  Request ask(sys_ms) override { return ask_youtube(nullptr, "videos?part=id&id="); }
  Result<Page> read(const Answer&) override { return Failure{Failure::refused, std::string(sentence_)}; }

 private:
  const std::string_view sentence_;
};

class YouTube final : public Connector {
 public:
  explicit YouTube(SourceSettings settings) : settings_(std::move(settings)) {}
  const Contract& contract() const noexcept override { return youtube_contract; }

  std::unique_ptr<Job> discover(Cursor cursor) const override {
    bool has_key = has_youtube_key(settings_);
    if (!settings_.account.empty())
      return has_key ? poll_uploads(settings_, cursor) : poll_channel_feed(settings_, std::move(cursor));
    if (settings_.tags.empty() && settings_.query.empty()) return std::make_unique<CannotAsk>(nothing_to_ask);
    return has_key ? search_videos(settings_, cursor) : std::make_unique<CannotAsk>(without_key);
  }

  /// Videos found without a key say that they are not to be measured; those found with one may have lost it since.
  std::unique_ptr<Job> measure(std::vector<PostRef> posts) const override {
    if (!has_youtube_key(settings_)) return std::make_unique<CannotAsk>(without_key);
    return measure_youtube(settings_.session, std::move(posts));
  }

 private:
  const SourceSettings settings_;
};

}  // namespace

// What was had without its authors' leave is kept for 30 days at most (the API's terms, the measure for feeds too).
constinit const Contract youtube_contract{
    .name = "youtube",
    .network = "youtube",
    .counters = "likes replies views",
    .access = Access::open,
    .budgets = budgets,
    .batch = youtube::page_size,
    .every = std::chrono::minutes(30),
    .keep_at_most = std::chrono::days(29),
    .recheck_within = std::chrono::days(21),  // in time to be tried again before it has to go
    .accounts = true,
    .home = "youtube.com",
    .keys = keys,
    .credential = {"the API key of a Google Cloud project for which the YouTube Data API v3 is switched on", false},
    .blind =
        "without an API key: all but the 15 newest videos of the channels that are configured; with one: what "
        "YouTube's search leaves out; comments"};

std::unique_ptr<Connector> make_youtube(SourceSettings settings) {
  return std::make_unique<YouTube>(std::move(settings));
}

}  // namespace campaignd
