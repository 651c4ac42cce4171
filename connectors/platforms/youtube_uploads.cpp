#include <fmt/format.h>

#include "connectors/platforms/youtube_api.hpp"
#include "connectors/platforms/youtube_list.hpp"
#include "connectors/platforms/youtube_polls.hpp"
#include "connectors/reading/position.hpp"
#include "connectors/reading/text.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd {

namespace {

/// Every poll asks for the channel first: it says whether there is one, who follows it, and where its videos are.
class UploadsPoll final : public ListPoll {
 public:
  UploadsPoll(SourceSettings source, const Cursor& cursor)
      : ListPoll(std::move(source), cursor, 1), id_(position_text(cursor.position, "id")) {
    if (!is_handle()) id_ = source_.account;
  }

 protected:
  Request ask_list() override {
    if (uploads_.empty()) {
      auto filter = id_.empty() ? "forHandle=" + percent_encode(source_.account) : "id=" + percent_encode(id_);
      return ask_youtube(source_.session, fmt::format("channels?part=snippet,statistics,contentDetails&{}"
                                                      "&fields=kind,items(id,snippet(customUrl,description),"
                                                      "statistics(subscriberCount,hiddenSubscriberCount),"
                                                      "contentDetails/relatedPlaylists/uploads)",
                                                      filter));
    }
    return ask_youtube(source_.session,
                       fmt::format("playlistItems?part=contentDetails&playlistId={}&maxResults={}{}"
                                   "&fields=kind,nextPageToken,items/contentDetails(videoId,videoPublishedAt)",
                                   percent_encode(uploads_), youtube::page_size, page_token()));
  }

  Result<Page> read_list(const Answer& answer) override {
    if (uploads_.empty()) return read_channel(answer);
    // A channel that never published anything has no such list.
    if (answer.status == 404 && youtube_error_is(answer, "playlistNotFound")) return listed({});
    if (answer.status != 200) return failed(answer);
    auto names = read_api_uploads(answer.body);
    if (!names) return names.error();
    return listed(std::move(*names));
  }

  void go_on(Page& page, const VideoNames& names) override {
    bool repeats = names.next == descent_.mark();
    if (names.next.empty() || lies_below_line(names))
      descent_.end_list(page);
    else if (descent_.is_full() || repeats)
      descent_.cut_list(page, read_to());
    else
      descent_.go_down(page, names.next);
    if (!page.more && !notice_.empty()) page.refused.push_back({"", notice_});
  }

  std::string position() const override { return "&id=" + percent_encode(id_); }

 private:
  bool is_handle() const { return source_.account.starts_with('@'); }

  /// A channel that takes another handle is read on under its id, and under the handle it is configured with.
  Result<Page> read_channel(const Answer& answer) {
    if (answer.status != 200) return youtube_failure(answer);
    auto channels = read_api_channels(answer.body);
    if (!channels) return channels.error();
    if (channels->empty()) return no_channel();
    auto& channel = channels->front();
    id_ = channel.id;
    uploads_ = channel.uploads.empty() ? "UU" + id_.substr(2) : channel.uploads;
    if (is_handle() && !channel.handle.empty() && fold(channel.handle) != fold(source_.account))
      notice_ = fmt::format("{} is now called {}: write youtube:{} into the configuration", source_.account,
                            clean_utf8(channel.handle), clean_utf8(channel.handle));
    channel.handle = is_handle() ? source_.account : channel.handle;
    details_.know(std::move(channel));
    return again();
  }

  Result<Page> no_channel() {
    if (is_handle() && !id_.empty()) {  // the one it was: somebody may have the handle now
      id_.clear();
      return again();
    }
    return Failure{Failure::gone, fmt::format("YouTube knows no channel {}: it was closed, or goes by another name; "
                                              "check it in the configuration",
                                              source_.account)};
  }

  std::string id_, uploads_, notice_;
};

}  // namespace

std::unique_ptr<Job> poll_uploads(SourceSettings source, const Cursor& cursor) {
  return std::make_unique<UploadsPoll>(std::move(source), cursor);
}

}  // namespace campaignd
