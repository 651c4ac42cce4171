// Bing News: one short list a poll, by date, the newest first.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "connectors/platforms/news_editions.hpp"
#include "connectors/platforms/news_list.hpp"
#include "connectors/reading/url.hpp"
#include "connectors/reading/vouched.hpp"

namespace campaignd {

namespace {

using std::chrono::milliseconds;

constexpr std::size_t full = 10;  ///< lists end after 10 to 30 articles: a shorter one is whole
constexpr milliseconds overlap = std::chrono::hours(12);
constexpr std::chrono::seconds pause = std::chrono::minutes(150);

/// The times Bing searches.
struct Interval {
  milliseconds length;
  std::string_view number;
};
constexpr std::array intervals{Interval{std::chrono::hours(24), "7"}, Interval{std::chrono::days(7), "8"},
                               Interval{std::chrono::days(30), "9"}};

sys_ms time_in(const std::string& position, std::string_view name) {
  auto text = query_value("?" + position, name);
  return sys_ms(milliseconds(text.size() > 15 ? 0 : std::strtoll(text.c_str(), nullptr, 10)));
}

/// How far back a list by date reaches: down to the last article before which no newer one is missing, as far as the
/// list itself shows. One in the wrong place proves that the rest is no list by date.
std::optional<sys_ms> in_order_back_to(const std::vector<Finding>& found) {
  std::optional<sys_ms> since, newest_below;
  for (auto each = found.rbegin(); each != found.rend(); ++each) {
    const auto& published = each->post.published;
    if (!published || published < newest_below)
      since.reset();
    else if (!since)
      since = published;
    newest_below = std::max(newest_below, published);
  }
  return since;
}

class BingSearch final : public Job {
 public:
  BingSearch(const SourceSettings& source, Cursor cursor)
      : query_(source.query),
        vouched_(vouched_by(query_)),
        chosen_(bing_edition(source.language)),
        floor_(source.floor),
        cursor_(std::move(cursor)),
        known_(time_in(cursor_.position, "asked")) {}

  Request ask(sys_ms now) override {
    now_ = now;
    if (known_ > now) known_ = {};
    auto wanted = now - (known_ == sys_ms() ? floor_ : known_ - overlap);
    const auto* interval = std::ranges::find_if(intervals, [&](const Interval& each) { return each.length >= wanted; });
    from_ = interval == intervals.end() ? floor_ : now - interval->length;
    auto time = interval == intervals.end() ? std::string{} : fmt::format("interval%3d%22{}%22+", interval->number);
    Request request(fmt::format("https://www.bing.com/news/search?q={}&format=rss&mkt={}&qft={}sortbydate%3d%221%22",
                                percent_encode(query_), chosen_.edition.tag, time));
    request.bucket = "bing-news";
    request.headers.emplace_back("accept", "application/rss+xml, application/xml;q=0.9, text/xml;q=0.8");
    request.follows_redirects = false;
    return request;
  }

  Result<Page> read(const Answer& answer) override {
    if (auto failure = news_failure(answer)) return *failure;
    auto list = read_news(answer, std::string(chosen_.edition.tag), vouched_);
    if (!list) return list.error();
    Page page;
    page.found = std::move(list->found);
    page.refused = std::move(list->refused);
    cover(page, list->items);
    if (!chosen_.notice.empty()) page.refused.push_back({"", chosen_.notice});
    page.pause = pause;
    page.cursor = cursor_;
    return page;
  }

 private:
  /// A short list is whole; a full one covers as far as its dates are in order. An empty one proves nothing, for so
  /// Bing answers those who ask too often: the next poll asks from where this one did.
  void cover(Page& page, std::size_t items) {
    if (items == 0) return;
    auto since = items < full ? std::optional(from_) : in_order_back_to(page.found);
    page.joins_last = known_ != sys_ms() && since && *since <= known_;
    if (!page.joins_last) page.since = since;
    cursor_.position = fmt::format("asked={}", now_.time_since_epoch().count());
  }

  const std::string query_;
  const std::vector<std::string> vouched_;
  const ChosenEdition chosen_;
  const sys_ms floor_;
  Cursor cursor_;
  sys_ms known_;           ///< the last poll that was answered with articles
  sys_ms now_{}, from_{};  ///< of this one; what is older was not asked for
};

}  // namespace

std::unique_ptr<Job> search_bing_news(const SourceSettings& source, Cursor cursor) {
  return std::make_unique<BingSearch>(source, std::move(cursor));
}

}  // namespace campaignd
