#include <fmt/format.h>

#include <algorithm>

#include "connectors/platforms/flickr_photo.hpp"
#include "connectors/reading/descent.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd {

namespace {

constexpr int page_size = 250;  // the most with which Flickr gives all that is asked for beside
constexpr auto overlap = std::chrono::hours(48);
constexpr std::string_view extras =
    "description,date_upload,owner_name,tags,views,media,path_alias,count_"
    "faves,count_comments";

std::int64_t seconds_of(sys_ms time) {
  return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

/// What is asked of one list.
std::vector<std::string> searches_of(const SourceSettings& source) {
  std::vector<std::string> out;
  std::string tags;
  for (const auto& tag : source.tags) tags += (tags.empty() ? "" : ",") + tag;
  if (!tags.empty()) out.push_back("&tags=" + percent_encode(tags) + "&tag_mode=any");
  if (!source.query.empty()) out.push_back("&text=" + percent_encode(source.query));
  return out;
}

/// The API's search, newest upload first. Beyond 4000 photos its pages repeat
/// themselves, so what follows is asked for by time and never by page.
class PhotoSearch final : public Job {
 public:
  PhotoSearch(SourceSettings source, const Cursor& cursor)
      : source_(std::move(source)),
        searches_(searches_of(source_)),
        descent_(source_, cursor.position, std::max<std::size_t>(searches_.size(), 1), overlap) {}

  Request ask(sys_ms now) override {
    descent_.begin(now);
    auto arguments = searches_.empty() ? std::string() : searches_[descent_.list()];
    arguments += fmt::format("&min_upload_date={}", seconds_of(descent_.line()));
    if (!descent_.mark().empty()) arguments += "&max_upload_date=" + percent_encode(descent_.mark());
    arguments += fmt::format("&sort=date-posted-desc&extras={}&per_page={}", percent_encode(extras), page_size);
    return ask_flickr("flickr.photos.search", arguments, *source_.session);
  }

  Result<Page> read(const Answer& answer) override {
    if (searches_.empty())
      return Failure{Failure::refused, "a flickr source needs tags or a query: write one of them, or both"};
    if (answer.status != 200) return standard_failure(answer);
    if (auto error = read_flickr_error(answer.body)) return flickr_failure(*error);
    auto list = read_flickr_list(answer.body);
    if (!list) return list.error();
    Page page;
    page.found = std::move(list->found);
    page.refused = std::move(list->refused);
    bool is_last = list->size == 0 || list->pages.value_or(2) <= 1;
    if (is_last)
      descent_.end_list(page);
    else
      descent_.go_down_by_time(page, list->oldest);
    page.cursor.position = descent_.position();
    return page;
  }

 private:
  const SourceSettings source_;
  const std::vector<std::string> searches_;
  Descent descent_;
};

}  // namespace

std::unique_ptr<Job> search_flickr(const SourceSettings& settings, const Cursor& cursor) {
  return std::make_unique<PhotoSearch>(settings, cursor);
}

}  // namespace campaignd
