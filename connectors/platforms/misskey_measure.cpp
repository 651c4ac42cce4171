#include <fmt/format.h>

#include "connectors/platforms/misskey_note.hpp"

namespace campaignd {

namespace {

/// Measures posts of one host, one request each: there are no batches.
class NoteMeasure final : public Job {
 public:
  explicit NoteMeasure(std::vector<PostRef> posts) : posts_(std::move(posts)) {}

  Request ask(sys_ms) override {
    return misskey_request(posts_[at_].host, "notes/show", {{"noteId", posts_[at_].local_id}});
  }

  Result<Page> read(const Answer& answer) override {
    const auto& post = posts_[at_];
    Page page;
    if (answer.status == 200) {
      if (auto read = read_json(answer.body, [&](Json note) { keep(note, post, page); }); !read)
        page.refused.push_back({post.local_id, read.error().message});
    } else if (auto why = gone_for(error_code(answer)); !why.empty()) {
      page.gone.push_back({post, std::string(why)});
    } else if (speaks_for_server(answer)) {
      return misskey_failure(answer, post.host, "notes");
    } else {  // one note that cannot be shown must not hold up the others
      page.refused.push_back({post.local_id, fmt::format("answered {} {}", answer.status, error_code(answer))});
    }
    page.more = ++at_ < posts_.size();
    return page;
  }

 private:
  static std::string_view gone_for(const std::string& code) {
    if (code == "NO_SUCH_NOTE") return "no such note";
    if (code == "CONTENT_RESTRICTED_BY_USER") return "its author shows it to logged-in callers only";
    return {};
  }

  /// What concerns all its notes alike: there is no use in asking for the next one.
  static bool speaks_for_server(const Answer& answer) {
    switch (answer.status) {
      case 400: return error_code(answer) == "RATE_LIMIT_EXCEEDED";
      case 401:
      case 403:
      case 404:
      case 429:
      case 502:
      case 503:
      case 504: return true;
      default: return false;
    }
  }

  static void keep(Json note, const PostRef& post, Page& page) {
    auto finding = read_note(note, post.host);
    if (finding && finding->local_id == post.local_id)
      page.readings.push_back({post, finding->counters, std::move(*finding)});
    else if (finding)
      page.refused.push_back({post.local_id, "another note was shown"});
    else if (finding.error().code == Failure::refused)
      page.gone.push_back({post, finding.error().message});
    else
      page.refused.push_back({post.local_id, finding.error().message});
  }

  const std::vector<PostRef> posts_;
  std::size_t at_ = 0;
};

}  // namespace

std::unique_ptr<Job> measure_notes(std::vector<PostRef> posts) {
  return std::make_unique<NoteMeasure>(std::move(posts));
}

}  // namespace campaignd
