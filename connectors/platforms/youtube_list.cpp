#include "connectors/platforms/youtube_list.hpp"

#include <algorithm>
#include <utility>

#include "connectors/platforms/youtube_api.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd {

namespace {

/// Videos appear in a search, and in the list of uploads, hours after they are published.
constexpr auto overlap = std::chrono::hours(48);

}  // namespace

ListPoll::ListPoll(SourceSettings source, const Cursor& cursor, std::size_t lists)
    : source_(std::move(source)), descent_(source_, cursor.position, lists, overlap), details_(source_.session) {}

Request ListPoll::ask(sys_ms now) {
  descent_.begin(now);
  return details_.is_busy() ? details_.ask() : ask_list();
}

Result<Page> ListPoll::read(const Answer& answer) {
  if (!details_.is_busy()) return read_list(answer);
  if (auto failure = details_.read(answer)) return *failure;
  return details_.is_busy() ? again() : with_details();
}

Page ListPoll::again() const {
  Page page;
  page.more = true;
  page.cursor.position = descent_.position() + position();
  return page;
}

Result<Page> ListPoll::listed(VideoNames names) {
  if (descent_.page() == 1) read_to_.reset();
  auto newest = std::ranges::max_element(names.names, {}, &VideoNames::Name::published);
  if (newest != names.names.end() && newest->published) read_to_ = newest->published;
  std::vector<std::string> ids;
  for (const auto& each : names.names) {
    bool is_old = each.published && *each.published < descent_.line();
    if (!is_old && seen_.insert(each.id).second) ids.push_back(each.id);
  }
  names_ = std::move(names);
  details_.begin(std::move(ids));
  return details_.is_busy() ? again() : with_details();
}

Page ListPoll::with_details() {
  auto read = details_.take();
  Page page;
  page.found = std::move(read.found);
  page.refused = std::move(names_.refused);
  std::ranges::move(read.refused, std::back_inserter(page.refused));
  for (auto& id : read.unlisted) page.refused.push_back({std::move(id), "not public"});
  go_on(page, names_);
  page.cursor.position = descent_.position() + position();
  return page;
}

Result<Page> ListPoll::failed(const Answer& answer) {
  bool is_token = !descent_.mark().empty() && youtube_error_is(answer, "invalidPageToken");
  if (!is_token || std::exchange(began_again_, true)) return youtube_failure(answer);
  descent_.start_list_again();
  return again();
}

std::string ListPoll::page_token() const {
  return descent_.mark().empty() ? std::string{} : "&pageToken=" + percent_encode(descent_.mark());
}

/// All of it: the lists are not strictly in the order of publication.
bool ListPoll::lies_below_line(const VideoNames& names) const {
  return !names.names.empty() && std::ranges::all_of(names.names, [&](const VideoNames::Name& each) {
    return each.published && *each.published < descent_.line();
  });
}

}  // namespace campaignd
