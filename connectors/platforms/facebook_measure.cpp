#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "connectors/platforms/facebook_api.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd {

namespace {

/// "Object with ID '…' does not exist, cannot be loaded due to missing permissions …", in one of three ways.
bool is_missing(const meta::Error& error) {
  constexpr int no_such_object = 33;
  return error.code == 803 || error.code == 24 || (error.code == 100 && error.subcode == no_such_object);
}

/// Posts by their ids, page by page. One id that is not there fails the whole question, so it is asked again in halves.
/// "Does not exist" is said of posts we may not see as well: it is believed where the page shows its others.
class PostMeasure final : public Job {
 public:
  PostMeasure(SourceSettings source, std::vector<PostRef> posts) : source_(std::move(source)) {
    for (auto& post : posts) {
      auto id = read_facebook_id(post.local_id);
      if (!id) {
        unknown_.push_back({post.local_id, "its id is not that of a page's post"});
        continue;
      }
      auto same = std::ranges::find(pages_, id->page, &Batch::name);
      if (same == pages_.end()) same = pages_.insert(pages_.end(), Batch{id->page, {}});
      same->posts.push_back(std::move(post));
    }
  }

  Request ask(sys_ms) override {
    if (pages_.empty()) return look_up_facebook(source_, "me", false);
    if (!page_) return look_up_facebook(source_, pages_.back().name, asks_token_);
    if (groups_.empty()) return ask_facebook(source_, page_->id + "/posts?fields=id&limit=1", *page_);
    std::string ids;
    for (const auto& post : groups_.back()) ids += (ids.empty() ? "" : ",") + read_facebook_id(post.local_id)->post;
    return ask_facebook(source_, fmt::format("?ids={}&fields={}", percent_encode(ids), percent_encode(facebook_fields)),
                        *page_);
  }

  Result<Page> read(const Answer& answer) override {
    if (!has_facebook_token(source_)) return meta::no_credential(facebook_speaker(source_), facebook_form);
    auto page = pages_.empty()         ? Result<Page>(Page{})
                : answer.status == 200 ? read_answer(answer)
                                       : read_refusal(answer);
    if (!page) return page.error();
    for (auto& each : unknown_) page->refused.push_back(std::move(each));
    unknown_.clear();
    page->more = !pages_.empty();
    meta::heed_limits(answer, facebook_speaker(source_), *page);
    return page;
  }

 private:
  struct Batch {
    std::string name;
    std::vector<PostRef> posts;
  };

  Result<Page> read_answer(const Answer& answer) {
    if (!page_) {
      auto found = read_facebook_page(answer.body, pages_.back().name);
      if (!found) return meta::unreadable(found.error(), facebook_speaker(source_));
      page_ = std::move(*found);
      groups_.push_back(pages_.back().posts);
      return Page{};
    }
    Page page;
    if (groups_.empty()) {
      judge_missing(answer, page);
      next_page();
      return page;
    }
    auto group = std::move(groups_.back());
    groups_.pop_back();
    auto use = [&](Json document) { read_group(document, group, page); };
    if (auto read = read_json(answer.body, use); !read) {
      if (!halve(group)) page.refused.push_back({group.front().local_id, read.error().message});
    }
    after_group(page);
    return page;
  }

  /// Where the page shows any post, those that are missing are gone. An empty list is how Facebook withholds them, too.
  void judge_missing(const Answer& answer, Page& page) {
    auto list = meta::read_list(answer.body, [](Json) { return std::optional<Result<Finding>>(); });
    bool is_shown = list && list->size > 0;
    for (auto& post : missing_)
      if (is_shown)
        page.gone.push_back({std::move(post), "not there any more, though the page shows others"});
      else
        page.refused.push_back({post.local_id, "it is not there, but Facebook shows no post of its page at all"});
  }

  void read_group(Json document, const std::vector<PostRef>& group, Page& page) {
    for (const auto& post : group) {
      auto item = json_member(document, read_facebook_id(post.local_id)->post);
      if (!item) {
        missing_.push_back(post);
        continue;
      }
      auto finding = read_facebook_post(*item, *page_);
      if (!finding || finding->local_id != post.local_id) {
        page.refused.push_back({post.local_id, finding ? "another post has this id" : finding.error().message});
        continue;
      }
      shows_posts_ = true;
      page.readings.push_back({post, finding->counters, std::move(*finding)});
    }
  }

  Result<Page> read_refusal(const Answer& answer) {
    auto error = meta::read_error(answer.body);
    bool lacks_permission = error.code == 10 || (error.code >= 200 && error.code <= 299);
    bool is_about_page = error.code != 0 && (lacks_permission || !meta::concerns_caller(error));
    if (!page_ && lacks_permission && std::exchange(asks_token_, false)) return Page{};
    if (page_ && !groups_.empty() && (meta::wants_less(error) || !meta::concerns_caller(error))) {
      auto group = std::move(groups_.back());
      groups_.pop_back();
      Page page;
      if (!halve(group)) {
        if (is_missing(error))
          missing_.push_back(std::move(group.front()));
        else
          page.refused.push_back(
              {group.front().local_id, "Facebook: " + meta::quoted(error.message, facebook_speaker(source_))});
      }
      after_group(page);
      return page;
    }
    auto failure = facebook_page_failure(answer, source_, pages_.back().name);
    if (!is_about_page) return failure;
    // One page that is withheld must not hold up the others.
    Page page;
    page.refused.push_back({"", failure.message});
    next_page();
    return page;
  }

  bool halve(std::vector<PostRef>& group) {
    if (group.size() < 2) return false;
    auto middle = group.begin() + static_cast<std::ptrdiff_t>(group.size() / 2);
    groups_.emplace_back(middle, group.end());
    groups_.emplace_back(group.begin(), middle);
    return true;
  }

  /// With the last group of a page, what is missing is gone, needs a proof, or is nothing.
  void after_group(Page& page) {
    if (!groups_.empty()) return;
    if (!missing_.empty() && !shows_posts_) return;
    for (auto& post : missing_)
      page.gone.push_back({std::move(post), "not there any more, though the page's others are"});
    next_page();
  }

  void next_page() {
    pages_.pop_back();
    page_.reset();
    groups_.clear();
    missing_.clear();
    shows_posts_ = false;
    asks_token_ = true;
  }

  const SourceSettings source_;
  std::vector<Batch> pages_;  ///< the last one is asked for
  std::vector<Refused> unknown_;
  std::optional<FacebookPage> page_;  ///< looked up
  std::vector<std::vector<PostRef>> groups_;
  std::vector<PostRef> missing_;
  bool shows_posts_ = false, asks_token_ = true;
};

}  // namespace

std::unique_ptr<Job> measure_facebook(SourceSettings source, std::vector<PostRef> posts) {
  return std::make_unique<PostMeasure>(std::move(source), std::move(posts));
}

}  // namespace campaignd
