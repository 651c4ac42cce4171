#include <fmt/format.h>

#include "connectors/platforms/tumblr_post.hpp"

namespace campaignd {

namespace {

/// One by one, by the notes of a post in the mode that counts likes and reblogs
/// apart. A post's own number of notes adds up likes, reblogs and replies, and
/// stands for none of them.
class NotesMeasure final : public Job {
 public:
  NotesMeasure(std::shared_ptr<Session> session, std::vector<PostRef> posts)
      : session_(std::move(session)), posts_(std::move(posts)), problem_(tumblr_problem(session_.get())) {}

  Request ask(sys_ms) override {
    // What is no id of ours asks for a post that cannot be.
    auto id = read_tumblr_id(post().local_id).value_or(TumblrId{"staff", "0"});
    return ask_tumblr(fmt::format("blog/{}.tumblr.com/notes?id={}&mode=conversation", id.blog, id.number),
                      session_.get());
  }

  Result<Page> read(const Answer& answer) override {
    if (problem_) return *problem_;
    Page page;
    auto id = read_tumblr_id(post().local_id);
    if (!id) {
      page.refused.push_back({post().local_id, "it is no id of a post"});
    } else if (auto why = why_not_shown(answer); !why.empty()) {
      page.gone.push_back({post(), std::move(why)});
    } else if (answer.status != 200) {
      return tumblr_failure(answer);
    } else {
      auto counters = read_counters(answer);
      if (!counters) return counters.error();
      // The notes of a reblog are those of all reblogs of its original.
      page.readings.push_back({post(), id->is_reblog ? Counters{} : *counters, std::nullopt});
    }
    page.more = ++at_ < posts_.size();
    return page;
  }

 private:
  const PostRef& post() const { return posts_[at_]; }

  static Result<Counters> read_counters(const Answer& answer) {
    Counters out;
    bool is_notes = false;
    auto use = [&](Json document) {
      auto response = json_member(document, "response");
      if (!response) return;
      is_notes = json_member(*response, "notes").has_value();
      out.likes = json_count(*response, "total_likes");
      out.reposts = json_count(*response, "total_reblogs");
    };
    if (auto read = read_json(answer.body, use); !read) return read.error();
    if (!is_notes) return Failure{Failure::malformed, "Tumblr sent no notes of a post"};
    return out;
  }

  const std::shared_ptr<Session> session_;
  const std::vector<PostRef> posts_;
  const std::optional<Failure> problem_;
  std::size_t at_ = 0;
};

}  // namespace

std::unique_ptr<Job> measure_tumblr(std::shared_ptr<Session> session, std::vector<PostRef> posts) {
  return std::make_unique<NotesMeasure>(std::move(session), std::move(posts));
}

}  // namespace campaignd
