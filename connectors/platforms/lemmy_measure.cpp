#include <fmt/format.h>

#include <array>

#include "connectors/platforms/lemmy_api.hpp"
#include "connectors/platforms/lemmy_view.hpp"
#include "connectors/reading/text.hpp"

namespace campaignd {

namespace {

class ItemMeasure final : public Job {
 public:
  explicit ItemMeasure(std::vector<PostRef> posts) : posts_(std::move(posts)) { aim(); }

  Request ask(sys_ms) override { return ask_lemmy_item(posts_[at_].host, id_); }

  Result<Page> read(const Answer& answer) override {
    if (answer.status == 200) return read_item(answer);
    auto reason = lemmy_reason(answer);
    bool is_old_answer = answer.status == 400 || answer.status == 404 || answer.status == 410;
    if (is_old_answer && says_gone(reason)) return gone(reason);
    // A server that was updated, or exchanged for the other software, has other addresses. Without a word of the API a
    // 404 says nothing about the post.
    bool may_lack_api = answer.status == 404 || answer.status == 405;
    if (!may_lack_api) return lemmy_failure(answer);
    if (++tried_ == lemmy_apis) return refuse(fmt::format("answered {}", answer.status));
    id_.api = static_cast<LemmyApi>((static_cast<std::size_t>(id_.api) + 1) % lemmy_apis);
    Page page;
    page.more = true;
    return page;
  }

 private:
  const PostRef& post() const { return posts_[at_]; }

  void aim() {
    tried_ = 0;
    id_ = {};
    if (at_ >= posts_.size()) return;
    // What is no id of ours is asked for as it stands, and the server says what it thinks of it.
    auto id = read_local_id(post().local_id);
    id_ = id ? std::move(*id) : LemmyId{.number = post().local_id};
  }

  Page next(Page page) {
    page.more = ++at_ < posts_.size();
    aim();
    return page;
  }

  Page gone(std::string_view why) {
    Page page;
    page.gone.push_back({post(), std::string(why)});
    return next(std::move(page));
  }

  Page refuse(std::string why) {
    Page page;
    page.refused.push_back({post().local_id, std::move(why)});
    return next(std::move(page));
  }

  Result<Page> read_item(const Answer& answer) {
    std::string_view why;
    Result<Finding> finding = Failure{Failure::malformed, "no such view in the answer"};
    auto use = [&](Json document) {
      auto view = json_member(document, id_.comment ? "comment_view" : "post_view");
      if (!view) return;
      why = why_gone(*view);
      finding = read_lemmy_view(*view, post().host);
    };
    if (auto read = read_json(answer.body, use); !read) return read.error();
    if (!why.empty()) return gone(why);
    if (!finding) return refuse(finding.error().message);
    if (!post().uri.empty() && finding->post.uri != post().uri) return refuse("another post has this id now");
    Page page;
    page.readings.push_back({post(), finding->counters, std::move(*finding)});
    return next(std::move(page));
  }

  const std::vector<PostRef> posts_;
  std::size_t at_ = 0, tried_ = 0;
  LemmyId id_;
};

}  // namespace

std::unique_ptr<Job> measure_lemmy(std::vector<PostRef> posts) {
  return std::make_unique<ItemMeasure>(std::move(posts));
}

}  // namespace campaignd
