#include "connectors/platforms/gdelt.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "connectors/platforms/gdelt_articles.hpp"
#include "connectors/reading/dates/time.hpp"
#include "connectors/reading/json_out.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd {

namespace {

using std::chrono::milliseconds;

// One request in five seconds is the rule; exactly five have been too few.
constexpr std::array budgets{Budget{"gdelt", 12, std::chrono::minutes(1), std::chrono::seconds(6)}};
constexpr std::array keys{SourceKey{"query", true}, SourceKey{"language"}};
constexpr std::size_t most_articles = 250;
constexpr int most_requests = 60;
constexpr milliseconds memory = std::chrono::days(88);   ///< GDELT searches three months
constexpr milliseconds overlap = std::chrono::hours(2);  ///< what is seen is found a little later
constexpr milliseconds slot = std::chrono::minutes(15);  ///< GDELT's clock, and the shortest time it searches
constexpr milliseconds a_day = std::chrono::days(1);

/// "20260620060000"
std::string written(sys_ms time) {
  auto text = format_utc(time);
  std::erase_if(text, [](char c) { return c < '0' || c > '9'; });
  return text.substr(0, 14);
}

/// One poll: what came since the last one, the oldest first, then back to the floor, the newest first. A time with more
/// articles than an answer holds is halved.
class Search final : public Job {
 public:
  Search(const SourceSettings& source, Cursor cursor)
      : query_(source.query), floor_(source.floor), cursor_(std::move(cursor)) {
    if (auto name = gdelt_language(source.language); !source.language.empty())
      query_ += " sourcelang:" + (name.empty() ? source.language : name);
    newest_ = time_in_position("newest");
    oldest_ = time_in_position("oldest");
    unread_ = time_in_position("unread");
  }

  Request ask(sys_ms now) override {
    if (step_ == Step::start) begin(now);
    ++requests_;
    Request request(
        fmt::format("https://api.gdeltproject.org/api/v2/doc/doc?query={}&mode=artlist&format=json&maxrecords={}"
                    "&sort=datedesc{}",
                    percent_encode(query_), most_articles, time_asked()));
    request.bucket = "gdelt";
    request.headers.emplace_back("accept", "application/json");
    return request;
  }

  Result<Page> read(const Answer& answer) override {
    auto list = read_articles(answer);
    if (!list) return list.error();
    Page page;
    page.found = std::move(list->found);
    page.refused = std::move(list->refused);
    bool is_full = list->items >= most_articles;
    if (is_full && to_ - from_ >= 2 * slot) {
      width_ = (to_ - from_) / 2;
      page.more = true;
    } else {
      if (is_full) page.refused.push_back({"", too_wide()});
      width_ = std::min(width_ * 2, memory);
      if (step_ == Step::catching_up)
        catch_up(page, is_full);
      else
        go_back(page, is_full);
    }
    if (page.more) choose_window();
    if (requests_ >= most_requests) page.more = false;
    return finished(std::move(page));
  }

 private:
  enum class Step { start, catching_up, going_back };

  sys_ms time_in_position(std::string_view name) const {
    auto text = query_value("?" + cursor_.position, name);
    return sys_ms(milliseconds(text.size() > 15 ? 0 : std::strtoll(text.c_str(), nullptr, 10)));
  }

  Page finished(Page page) {
    auto number = [](sys_ms time) { return time.time_since_epoch().count(); };
    cursor_.position = fmt::format("newest={}&oldest={}&unread={}", number(newest_), number(oldest_), number(unread_));
    page.cursor = cursor_;
    return page;
  }

  std::string time_asked() const {
    bool is_recent = to_ == now_ && now_ - from_ < a_day;
    if (is_recent) return fmt::format("&timespan={}h", std::chrono::ceil<std::chrono::hours>(now_ - from_).count());
    constexpr std::chrono::seconds tick(1);  // both ends are left out
    return fmt::format("&startdatetime={}&enddatetime={}", written(from_ - tick),
                       written(to_ < now_ ? to_ + tick : to_));
  }

  std::string too_wide() const {
    return fmt::format(
        "more than {} articles within {} minutes: the query is too wide, and what else there was is not read",
        most_articles, (to_ - from_) / std::chrono::minutes(1));
  }

  void begin(sys_ms now) {
    now_ = now;
    start_ = std::min(std::max(floor_, now - memory), now - overlap);
    bool is_first = newest_ == sys_ms() || newest_ > now;
    if (is_first) newest_ = oldest_ = now;
    if (oldest_ <= start_) oldest_ = {};
    at_ = std::max(newest_ - overlap, now - memory);
    if (at_ > newest_) unread_ = at_;
    step_ = is_first ? Step::going_back : Step::catching_up;
    width_ = memory;
    choose_window();
  }

  void choose_window() {
    bool forward = step_ == Step::catching_up;
    from_ = forward ? at_ : std::max(start_, oldest_ - width_);
    to_ = forward ? std::min(now_, at_ + width_) : oldest_;
  }

  void catch_up(Page& page, bool is_full) {
    at_ = newest_ = to_;
    if (is_full) unread_ = to_;
    if (unread_ != sys_ms()) oldest_ = {};  // what lies below is cut off
    page.more = to_ < now_ || oldest_ != sys_ms();
    if (to_ < now_) return;
    page.joins_last = unread_ == sys_ms();
    if (!page.joins_last) page.since = std::exchange(unread_, sys_ms());
    step_ = Step::going_back;
    width_ = memory;
  }

  /// Where there is too much to read it all, reading back ends, and coverage says so.
  void go_back(Page& page, bool is_full) {
    page.since = is_full ? to_ : from_;
    oldest_ = from_ == start_ || is_full ? sys_ms() : from_;
    page.more = oldest_ != sys_ms();
  }

  std::string query_;
  const sys_ms floor_;
  Cursor cursor_;
  sys_ms newest_, oldest_;  ///< all between them is read; no `oldest_`: there is nothing more to read below
  sys_ms unread_;           ///< before this something was left out since the last poll that came to its end
  sys_ms now_{}, start_{};  ///< of this poll; as far back as it goes
  sys_ms at_{};             ///< catching up: read to here
  sys_ms from_{}, to_{};    ///< asked for
  milliseconds width_{};    ///< the longest time to ask for at once
  Step step_ = Step::start;
  int requests_ = 0;
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
