#include <fmt/format.h>

#include "connectors/platforms/youtube_api.hpp"
#include "connectors/platforms/youtube_list.hpp"
#include "connectors/platforms/youtube_polls.hpp"
#include "connectors/reading/dates/time.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd {

namespace {

/// A poll that took more searches is followed by a longer rest, so that the day's last for the day.
constexpr std::chrono::seconds rest_a_search = std::chrono::minutes(30);
constexpr int most_idle_pages = 2;

/// The tags are asked for together, '|' being YouTube's "or"; the words as they are written, with YouTube's operators.
std::vector<std::string> searches_of(const SourceSettings& source) {
  std::vector<std::string> out;
  std::string tags;
  for (const auto& tag : source.tags) tags += (tags.empty() ? "#" : "|#") + tag;
  if (!tags.empty()) out.push_back(tags);
  if (!source.query.empty()) out.push_back(source.query);
  return out;
}

/// "2025-01-01T00:00:00Z"
std::string whole_seconds(sys_ms time) { return format_utc(time).substr(0, 19) + "Z"; }

class SearchPoll final : public ListPoll {
 public:
  SearchPoll(const SourceSettings& source, const Cursor& cursor)
      : ListPoll(source, cursor, searches_of(source).size()), searches_(searches_of(source)) {}

 protected:
  Request ask_list() override {
    ++asked_;
    return ask_youtube(
        source_.session,
        fmt::format("search?part=snippet&type=video&order=date&safeSearch=none&maxResults={}&q={}&publishedAfter={}{}"
                    "&fields=kind,nextPageToken,items(id/videoId,snippet/publishedAt)",
                    youtube::page_size, percent_encode(searches_[descent_.list()]),
                    percent_encode(whole_seconds(descent_.line())), page_token()),
        youtube::search_bucket);
  }

  // The texts of a search are cut, and their characters escaped as in HTML: they are left aside.
  Result<Page> read_list(const Answer& answer) override {
    if (answer.status != 200) return failed(answer);
    auto names = read_api_search(answer.body);
    if (!names) return names.error();
    return listed(std::move(*names));
  }

  /// A search that is used up has no next page, or empty ones, or shows again what it has shown. Near its 500th result
  /// each of that happens though there is more.
  void go_on(Page& page, const VideoNames& names) override {
    if (descent_.page() == 1) {
      shown_.clear();
      idle_ = 0;
    }
    bool shows_more = false;
    for (const auto& each : names.names) shows_more = shown_.insert(each.id).second || shows_more;
    idle_ = shows_more ? 0 : idle_ + 1;
    bool is_at_cap = descent_.page() >= youtube::most_search_pages || descent_.is_full();
    bool is_used_up = names.next.empty() || idle_ >= most_idle_pages;
    if (lies_below_line(names) || (is_used_up && descent_.page() < youtube::most_search_pages))
      descent_.end_list(page);
    else if (is_at_cap)
      descent_.cut_list(page, read_to());
    else
      descent_.go_down(page, names.next);
    if (!page.more) page.pause = rest_a_search * asked_;
  }

 private:
  const std::vector<std::string> searches_;
  std::set<std::string> shown_;  ///< by the pages of this list
  int idle_ = 0;                 ///< pages in a row that showed nothing more
  int asked_ = 0;
};

}  // namespace

std::unique_ptr<Job> search_videos(const SourceSettings& source, const Cursor& cursor) {
  return std::make_unique<SearchPoll>(source, cursor);
}

}  // namespace campaignd
