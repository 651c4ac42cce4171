#include "connectors/platforms/tumblr.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <utility>

#include "connectors/platforms/tumblr_post.hpp"
#include "connectors/reading/descent.hpp"
#include "connectors/reading/json_out.hpp"
#include "connectors/reading/position.hpp"
#include "connectors/reading/text.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd {

namespace {

// A key has 1000 requests an hour and 5000 a day.
constexpr std::array budgets{Budget{"tumblr", 200, std::chrono::hours(1), std::chrono::seconds(2)}};
constexpr std::array keys{SourceKey{"tags", true}, SourceKey{"credential"}, SourceKey{"backfill_pages"}};

constexpr int page_size = 20;
constexpr auto overlap = std::chrono::hours(48);
// Lists end early and leave gaps. Behind an end it is asked again for what is
// older, from ever further down.
constexpr std::chrono::milliseconds first_step = std::chrono::hours(6);
constexpr int most_steps = 8;

/// "name", "@name" or "name.tumblr.com"
std::string blog_of(const std::string& account) {
  auto name = fold(account);
  if (name.starts_with('@')) name.erase(0, 1);
  if (name.ends_with(".tumblr.com")) name.erase(name.size() - 11);
  return name;
}

class ListPoll final : public Job {
 public:
  ListPoll(SourceSettings source, const Cursor& cursor)
      : source_(std::move(source)),
        blog_(blog_of(source_.account)),
        problem_(tumblr_problem(source_.session.get())),
        descent_(source_, cursor.position, blog_.empty() ? std::max<std::size_t>(source_.tags.size(), 1) : 1, overlap),
        is_out_of_order_(position_number(cursor.position, "mixed") == 1) {
    if (blog_.empty() && source_.tags.empty() && !problem_)
      problem_ = Failure{Failure::refused, "a tumblr source needs tags: write the hashtags to ask for"};
  }

  Request ask(sys_ms now) override {
    now_ = now;
    descent_.begin(now);
    auto tag = source_.tags.empty() ? std::string() : source_.tags[descent_.list()];
    auto list = blog_.empty() ? fmt::format("tagged?tag={}&", percent_encode(tag))
                              : fmt::format("blog/{}.tumblr.com/posts?", percent_encode(blog_));
    auto path = fmt::format("{}limit={}&npf=true", list, page_size);
    if (!descent_.mark().empty()) path += "&before=" + percent_encode(descent_.mark());
    return ask_tumblr(path, source_.session.get());
  }

  Result<Page> read(const Answer& answer) override {
    if (problem_) return *problem_;
    if (answer.status != 200) return refused(answer);
    auto list = read_tumblr_list(answer.body, blog_.empty() ? "response" : "response.posts");
    if (!list) return list.error();
    Page page;
    page.found = std::move(list->found);
    page.refused = std::move(list->refused);
    go_on(page, *list);
    page.cursor.position = descent_.position() + (is_out_of_order_ ? "&mixed=1" : "");
    return page;
  }

 private:
  /// From below which the list was read; the first page is read from now on.
  std::int64_t before() const {
    auto at = std::strtoll(descent_.mark().c_str(), nullptr, 10);
    return at > 0 ? at : seconds_of(now_);
  }

  static std::int64_t seconds_of(sys_ms time) {
    return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
  }

  void go_on(Page& page, const TumblrList& list) {
    auto newest = newest_date(page.found);
    bool lies_below_line = newest && *newest < descent_.line();
    bool moves = list.last && seconds_of(*list.last) < before();
    if (moves) steps_ = 0;
    // The last one's second may go on behind the page.
    auto next = moves ? std::min(seconds_of(*list.last) + 1, before() - 1) : step_down();
    is_out_of_order_ = is_out_of_order_ || list.is_out_of_order;
    bool ends = lies_below_line || next <= seconds_of(descent_.line()) || steps_ > most_steps;
    if (!ends && !descent_.is_full()) return descent_.go_down(page, fmt::format("{}", next));
    steps_ = 0;
    // A post that stands too high may have led past others.
    if (std::exchange(is_out_of_order_, false))
      descent_.cut_list(page, std::nullopt);
    else if (ends)
      descent_.end_list(page);
    else
      descent_.cut_list(page, newest);
  }

  std::int64_t step_down() {
    auto step = std::chrono::duration_cast<std::chrono::seconds>(first_step).count() << steps_;
    ++steps_;
    return before() - step;
  }

  Failure refused(const Answer& answer) const {
    if (blog_.empty() || answer.status != 404) return tumblr_failure(answer);
    auto why = why_not_shown(answer);
    if (why.empty()) return tumblr_failure(answer);
    return {Failure::gone,
            fmt::format("Tumblr shows no blog {} ({}): check its name in the configuration", cut(blog_, 40), why)};
  }

  const SourceSettings source_;
  const std::string blog_;
  std::optional<Failure> problem_;
  Descent descent_;
  bool is_out_of_order_;  ///< a page of the list was
  sys_ms now_{};
  int steps_ = 0;  ///< behind an end of the list
};

class Tumblr final : public Connector {
 public:
  explicit Tumblr(SourceSettings settings) : settings_(std::move(settings)) {}
  const Contract& contract() const noexcept override { return tumblr_contract; }
  std::unique_ptr<Job> discover(Cursor cursor) const override { return std::make_unique<ListPoll>(settings_, cursor); }
  std::unique_ptr<Job> measure(std::vector<PostRef> posts) const override {
    return measure_tumblr(settings_.session, std::move(posts));
  }

 private:
  const SourceSettings settings_;
};

}  // namespace

constinit const Contract tumblr_contract{
    .name = "tumblr",
    .network = "tumblr",
    .counters = "likes reposts",
    .access = Access::key,
    .budgets = budgets,
    .batch = 20,
    .every = std::chrono::minutes(30),
    .accounts = true,
    .home = "tumblr.com",
    .keys = keys,
    .credential = {.form = "the OAuth consumer key of a registered application", .required = true},
    .blind =
        "posts that have the word but not the tag; what Tumblr's lists "
        "leave out; likes and reblogs of a reblog, which "
        "are counted with its original's; replies, views, followers"};

std::unique_ptr<Connector> make_tumblr(SourceSettings settings) {
  return std::make_unique<Tumblr>(std::move(settings));
}

Result<std::string> parse_tumblr(const std::string& body, const ParseHints&) {
  auto list = read_tumblr_list(body, "response");
  if (!list) list = read_tumblr_list(body, "response.posts");
  if (!list) return list.error();
  Page page;
  page.found = std::move(list->found);
  page.refused = std::move(list->refused);
  return boost::json::serialize(to_json(page));
}

}  // namespace campaignd
