// Google News: by days, for its lists are in no order and end after a hundred articles.
#include <fmt/format.h>

#include "connectors/platforms/news_editions.hpp"
#include "connectors/platforms/news_list.hpp"
#include "connectors/reading/dates/time.hpp"
#include "connectors/reading/text.hpp"
#include "connectors/reading/time_windows.hpp"
#include "connectors/reading/url.hpp"
#include "connectors/reading/vouched.hpp"

namespace campaignd {

namespace {

using std::chrono::days;
using std::chrono::hours;

/// A full list has 100 articles, at times one or two less. Dates are searched by the day, and loosely: what lies
/// outside of them fills lists up, so that fullness counts all articles of a list.
constexpr TimeWindows::Limits limits{
    .full = 95,
    .slot = days(1),
    .widest = days(7),
    .memory = days(3650),
    .overlap = days(1),
    .most_requests = 40,
};
constexpr auto hours_asked_for = hours(48);  ///< up to here, days above

std::string day_of(sys_ms time) { return format_utc(time).substr(0, 10); }

class GoogleSearch final : public Job {
 public:
  GoogleSearch(const SourceSettings& source, Cursor cursor)
      : query_(source.query),
        vouched_(vouched_by(query_)),
        chosen_(google_edition(source.language)),
        windows_(source.floor, cursor.position, limits),
        cursor_(std::move(cursor)) {}

  Request ask(sys_ms now) override {
    if (moved_.empty()) windows_.begin(now);
    const auto& [tag, hl, gl, ceid] = chosen_.edition;
    Request request(moved_.empty() ? fmt::format("https://news.google.com/rss/search?q={}&hl={}&gl={}&ceid={}",
                                                 percent_encode(query_ + time_asked()), hl, gl, ceid)
                                   : moved_);
    request.bucket = "google-news";
    request.headers.emplace_back("accept", "application/rss+xml, application/xml;q=0.9, text/xml;q=0.8");
    request.follows_redirects = false;
    return request;
  }

  Result<Page> read(const Answer& answer) override {
    if (auto target = redirected_to(answer); target.starts_with("https://news.google.com/")) return moved(target);
    moved_.clear();
    if (auto failure = news_failure(answer)) return *failure;
    auto list = read_news(answer, std::string(chosen_.edition.tag), vouched_);
    if (!list) return list.error();
    Page page;
    page.found = std::move(list->found);
    page.refused = std::move(list->refused);
    windows_.read(page, list->items);
    if (!page.more && !chosen_.notice.empty()) page.refused.push_back({"", chosen_.notice});
    cursor_.position = windows_.position();
    page.cursor = cursor_;
    return page;
  }

 private:
  /// Google leads to the spelling it prefers; where it has no such edition, in silence to another one.
  Result<Page> moved(const std::string& target) {
    if (auto ceid = query_value(target, "ceid"); ceid != chosen_.edition.ceid)
      return Failure{Failure::refused,
                     fmt::format("Google News has no edition {} any more, it shows {} in its place: write another "
                                 "language",
                                 chosen_.edition.tag, ceid.empty() ? "another" : cut(clean_utf8(ceid), 20))};
    if (!moved_.empty()) return Failure{Failure::unavailable, "news.google.com redirects to itself again and again"};
    moved_ = target;
    Page page;
    page.cursor = cursor_;
    page.more = true;
    return page;
  }

  /// Nobody says in which zone Google's days begin, nor whether `after` holds its own: so it is the day before, and
  /// each slice covers the seam of its neighbour.
  std::string time_asked() const {
    auto from = windows_.from(), to = windows_.to();
    if (!windows_.reaches_now())
      return fmt::format(" after:{} before:{}", day_of(from - days(1)), day_of(std::chrono::ceil<days>(to)));
    auto length = to - from;
    if (length <= hours_asked_for) return fmt::format(" when:{}h", std::chrono::ceil<hours>(length).count());
    return fmt::format(" when:{}d", std::chrono::ceil<days>(length + hours(12)).count());
  }

  const std::string query_;
  const std::vector<std::string> vouched_;
  const ChosenEdition chosen_;
  TimeWindows windows_;
  Cursor cursor_;
  std::string moved_;  ///< where Google asks to ask instead
};

}  // namespace

std::unique_ptr<Job> search_google_news(const SourceSettings& source, Cursor cursor) {
  return std::make_unique<GoogleSearch>(source, std::move(cursor));
}

}  // namespace campaignd
