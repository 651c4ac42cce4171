#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "connectors/platforms/instagram_media.hpp"
#include "connectors/reading/position.hpp"
#include "connectors/reading/text.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd {

namespace {

constexpr int page_size = 50;
constexpr auto shown_for = std::chrono::hours(24);    // what is older is in no list of the newest
constexpr auto unknown_for = std::chrono::hours(12);  // half of it, so that a tag's first day is not missed
constexpr int unknown_tag = 24, too_many_tags = 18;   // errors of the look-up
constexpr auto margin = std::chrono::minutes(30);     // Instagram lists a medium some time after it was published

/// The newest media of a tag are in no order and shown for a day, so all of them are read each time; a poll that broke
/// off begins again. The most popular ones come after them, for their counts.
class HashtagPoll final : public Job {
 public:
  HashtagPoll(SourceSettings source, const Cursor& cursor)
      : source_(std::move(source)), user_(instagram_user(source_)), known_(position_time(cursor.position, "known")) {
    for (std::size_t i = 0; i < source_.tags.size(); ++i)
      tags_.push_back({source_.tags[i], position_text(cursor.position, fmt::format("id{}", i)),
                       position_time(cursor.position, fmt::format("no{}", i))});
  }

  Request ask(sys_ms now) override {
    if (begun_ == sys_ms()) begin(now);
    auto user = user_.value_or(InstagramUser{});
    if (step_ == Step::look_up)
      return meta::ask(meta::graph,
                       fmt::format("ig_hashtag_search?user_id={}&q={}", user.id, percent_encode(tag().name)),
                       user.token, "instagram");
    auto path = fmt::format("{}/{}?user_id={}&fields={}&limit={}", tag().id,
                            step_ == Step::recent ? "recent_media" : "top_media", user.id,
                            percent_encode(instagram_fields), page_size);
    if (!after_.empty()) path += "&after=" + percent_encode(after_);
    return meta::ask(meta::graph, path, user.token, "instagram");
  }

  Result<Page> read(const Answer& answer) override {
    auto speaker = this->speaker();
    if (!user_) return meta::no_credential(speaker, instagram_form);
    if (source_.tags.empty()) return Failure{Failure::refused, "an instagram source needs tags: write at least one"};
    auto error = answer.status == 200 ? meta::Error{} : meta::read_error(answer.body);
    if (answer.status != 200 && (step_ != Step::look_up || meta::concerns_caller(error)))
      return meta::failure_of(answer, speaker);
    auto page = step_ == Step::look_up ? read_id(answer, error) : read_media(answer);
    if (!page) return meta::unreadable(page.error(), speaker);
    page->cursor.position = position();
    meta::heed_limits(answer, speaker, *page);
    return page;
  }

 private:
  enum class Step { look_up, recent, top };

  struct Tag {
    std::string name;
    std::string id;     ///< it is the same for everybody and for ever
    sys_ms unknown_at;  ///< when Instagram did not know it
  };

  void begin(sys_ms now) {
    begun_ = now;
    for (auto& each : tags_)
      if (!each.id.empty() || now - each.unknown_at >= unknown_for) due_.push_back(&each);
    if (due_.empty()) due_.push_back(tags_.empty() ? &nothing_ : &tags_.front());
    begin_tag();
  }

  void begin_tag() { step_ = tag().id.empty() ? Step::look_up : Step::recent; }

  Tag& tag() { return *due_[at_]; }
  meta::Speaker speaker() const {
    return {"Instagram", source_.session.get(), "instagram_basic and Instagram Public Content Access"};
  }

  Result<Page> read_id(const Answer& answer, const meta::Error& error) {
    if (error.code != 0 && error.code != unknown_tag) return skip_tag(error);
    std::string id;
    if (error.code == 0) {
      bool has_list = false;
      auto use = [&](Json document) {
        auto data = json_member(document, "data");
        has_list = data && data->is_array();
        if (has_list && simdjson::dom::array(*data).size() > 0) id = json_text(simdjson::dom::array(*data).at(0), "id");
      };
      if (auto read = read_json(answer.body, use); !read) return read.error();
      if (!has_list) return Failure{Failure::malformed, "the answer has no list \"data\""};
    }
    Page page;
    if (id.empty() || id.find_first_not_of("0123456789") != id.npos) {
      tag().unknown_at = begun_;  // nobody has used it: that is all there is to read
      next_tag(page);
      return page;
    }
    tag().id = id;
    step_ = Step::recent;
    page.more = true;
    return page;
  }

  /// The others are read all the same.
  Page skip_tag(const meta::Error& error) {
    Page page;
    auto why = error.code == too_many_tags
                   ? std::string("30 others were asked for within seven days")
                   : fmt::format("error {}: {}", error.code, meta::quoted(error.message, speaker()));
    page.refused.push_back(
        {"", fmt::format("Instagram does not search for #{}: {}", cut(clean_utf8(tag().name), 100), why)});
    whole_ = false;
    next_tag(page);
    return page;
  }

  Result<Page> read_media(const Answer& answer) {
    auto read = [&](Json item) -> std::optional<Result<Finding>> {
      auto finding = read_instagram_media(item);
      if (finding) add_tag(finding->post);
      return finding;
    };
    auto list = meta::read_list(answer.body, read);
    if (!list) return list.error();
    bool is_new = false;
    for (const auto& each : list->found) is_new = seen_.insert(each.local_id).second || is_new;
    Page page;
    page.found = std::move(list->found);
    page.refused = std::move(list->refused);
    page.more = true;
    if (step_ == Step::top) {
      next_tag(page);
      return page;
    }
    // The cursor may be the same on every page; what comes with it tells whether there is more.
    bool has_more = list->size > 0 && is_new && !list->paging.after.empty();
    after_ = has_more ? list->paging.after : std::string{};
    if (has_more && ++pages_ < source_.backfill_pages) return page;
    whole_ = whole_ && !has_more;
    after_.clear();
    step_ = Step::top;
    return page;
  }

  /// Whoever put the tag into a comment of their own has it, although the caption does not show it.
  void add_tag(Post& post) {
    auto tags = hashtags_in(fold(post.text));
    tags.resize(std::min<std::size_t>(tags.size(), 100));
    const auto& name = tag().name;
    if (std::ranges::find(tags, fold(name)) == tags.end()) tags.push_back(name);
    post.tags = std::move(tags);
  }

  void next_tag(Page& page) {
    pages_ = 0;
    seen_.clear();
    page.more = ++at_ < due_.size();
    if (page.more) return begin_tag();
    if (!whole_) return;
    page.joins_last = known_ != sys_ms() && begun_ - known_ <= shown_for - margin;
    if (!page.joins_last) page.since = std::max(source_.floor, begun_ - shown_for);
    known_ = begun_;
  }

  std::string position() const {
    auto out = fmt::format("known={}", known_.time_since_epoch().count());
    for (std::size_t i = 0; i < tags_.size(); ++i)
      out += fmt::format("&id{}={}&no{}={}", i, tags_[i].id, i, tags_[i].unknown_at.time_since_epoch().count());
    return out;
  }

  const SourceSettings source_;
  const std::optional<InstagramUser> user_;
  std::vector<Tag> tags_;  ///< as configured
  std::vector<Tag*> due_;  ///< those of this poll
  Tag nothing_{};
  std::size_t at_ = 0;
  sys_ms known_, begun_{};      ///< when the last whole reading began; when this one did
  std::set<std::string> seen_;  ///< of this tag
  std::string after_;
  int pages_ = 0;
  Step step_ = Step::look_up;
  bool whole_ = true;
};

}  // namespace

std::unique_ptr<Job> search_instagram(SourceSettings source, const Cursor& cursor) {
  return std::make_unique<HashtagPoll>(std::move(source), cursor);
}

}  // namespace campaignd
