#include "connectors/platforms/facebook.hpp"

#include <fmt/format.h>

#include <array>
#include <boost/json.hpp>
#include <utility>

#include "connectors/platforms/facebook_api.hpp"
#include "connectors/reading/descent.hpp"
#include "connectors/reading/json_out.hpp"
#include "connectors/reading/position.hpp"
#include "connectors/reading/text.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd {

namespace {

// An app with one user may ask 200 times in an hour.
constexpr std::array budgets{Budget{"facebook", 180, std::chrono::hours(1), std::chrono::seconds(1)}};
constexpr std::array keys{SourceKey{"credential"}, SourceKey{"backfill_pages"}};

constexpr int page_size = 25;
constexpr auto overlap = std::chrono::hours(48);  // posts may be published with an earlier date

/// One poll of the posts of a page, the newest first.
class PagePoll final : public Job {
 public:
  PagePoll(SourceSettings source, const Cursor& cursor)
      : source_(std::move(source)),
        name_(fold(source_.account.starts_with('@') ? source_.account.substr(1) : source_.account)),
        descent_(source_, cursor.position, 1, overlap),
        has_shown_(position_number(cursor.position, "shows") == 1) {}

  Request ask(sys_ms now) override {
    descent_.begin(now);
    if (!page_) return look_up_facebook(source_, name_, asks_token_);
    auto path = fmt::format("{}/posts?fields={}&limit={}", page_->id, percent_encode(facebook_fields), limit_);
    if (!descent_.mark().empty()) path += "&after=" + percent_encode(descent_.mark());
    return ask_facebook(source_, path, *page_);
  }

  Result<Page> read(const Answer& answer) override {
    auto speaker = facebook_speaker(source_);
    if (!has_facebook_token(source_)) return meta::no_credential(speaker, facebook_form);
    if (name_.empty())
      return Failure{Failure::refused, "a facebook source is a partner's page: write it into the partner's accounts"};
    auto page = answer.status != 200 ? read_refusal(answer) : page_ ? read_posts(answer) : read_page(answer);
    if (!page) return page.error();
    page->cursor.position = descent_.position() + (has_shown_ ? "&shows=1" : "");
    meta::heed_limits(answer, speaker, *page);
    return page;
  }

 private:
  static Page again() {
    Page page;
    page.more = true;
    return page;
  }

  Result<Page> read_refusal(const Answer& answer) {
    auto error = meta::read_error(answer.body);
    // Only who has a task on the page may ask for its token; others' pages are read without.
    bool lacks_permission = error.code == 10 || (error.code >= 200 && error.code <= 299);
    if (!page_ && lacks_permission && std::exchange(asks_token_, false)) return again();
    if (page_ && meta::wants_less(error) && limit_ > 1) {
      limit_ /= 2;
      return again();
    }
    return facebook_page_failure(answer, source_, name_);
  }

  Result<Page> read_page(const Answer& answer) {
    auto found = read_facebook_page(answer.body, name_);
    if (!found) return meta::unreadable(found.error(), facebook_speaker(source_));
    page_ = std::move(*found);
    return again();
  }

  Result<Page> read_posts(const Answer& answer) {
    auto list =
        meta::read_list(answer.body, [&](Json item) { return std::optional(read_facebook_post(item, *page_)); });
    if (!list) return meta::unreadable(list.error(), facebook_speaker(source_));
    Page page;
    page.found = std::move(list->found);
    page.refused = std::move(list->refused);
    const auto& after = list->paging.after;
    if (list->size == 0 && !list->paging.has_next && descent_.mark().empty() && has_shown_) distrust(page);
    has_shown_ = has_shown_ || list->size > 0;
    if (!list->paging.has_next || meta::lies_below(page.found, descent_.line()))
      descent_.end_list(page);
    else if (after.empty() || after == descent_.mark() || descent_.is_full())
      descent_.cut_list(page, newest_date(page.found));
    else
      descent_.go_down(page, after);
    return page;
  }

  /// What is withheld is an empty list, without an error.
  void distrust(Page& page) {
    descent_.distrust();
    page.refused.push_back({"", fmt::format("Facebook shows no post of {} where it showed some before: does the app "
                                            "still have access?",
                                            cut(name_, 100))});
  }

  const SourceSettings source_;
  const std::string name_;
  Descent descent_;
  std::optional<FacebookPage> page_;
  int limit_ = page_size;
  bool has_shown_;  ///< a post of this page, in this poll or an earlier one
  bool asks_token_ = true;
};

class Facebook final : public Connector {
 public:
  explicit Facebook(SourceSettings settings) : settings_(std::move(settings)) {}
  const Contract& contract() const noexcept override { return facebook_contract; }
  std::unique_ptr<Job> discover(Cursor cursor) const override { return std::make_unique<PagePoll>(settings_, cursor); }
  std::unique_ptr<Job> measure(std::vector<PostRef> posts) const override {
    return measure_facebook(settings_, std::move(posts));
  }

 private:
  const SourceSettings settings_;
};

}  // namespace

constinit const Contract facebook_contract{
    .name = "facebook",
    .network = "facebook",
    .counters = "likes reposts replies",
    .access = Access::review,
    .budgets = budgets,
    .batch = 50,
    .every = std::chrono::hours(1),
    .accounts = true,
    .home = "facebook.com",
    .keys = keys,
    .credential = {.form = facebook_form, .required = true},
    .blind =
        "everything but the pages of partners: there is no search for posts or hashtags; posts of people and groups; "
        "views; who reacted"};

std::unique_ptr<Connector> make_facebook(SourceSettings settings) {
  return std::make_unique<Facebook>(std::move(settings));
}

/// A list of posts, posts by their ids, or one post.
Result<std::string> parse_facebook(const std::string& body, const ParseHints&) {
  auto read = [](Json item) { return std::optional(read_facebook_post(item, {})); };
  auto list = meta::read_list(body, read);
  if (!list) {
    meta::List posts;
    auto use = [&](Json document) {
      if (json_member(document, "id")) return meta::keep_item(document, read, posts);
      simdjson::dom::object object;
      if (document.get(object) != simdjson::SUCCESS) return;
      for (auto [id, item] : object) meta::keep_item(item, read, posts);
    };
    if (auto document = read_json(body, use); !document) return document.error();
    if (posts.found.empty()) return list.error();
    list = std::move(posts);
  }
  Page page;
  page.found = std::move(list->found);
  page.refused = std::move(list->refused);
  return boost::json::serialize(to_json(page));
}

}  // namespace campaignd
