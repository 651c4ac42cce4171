#include "connectors/platforms/threads.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <utility>

#include "connectors/platforms/meta_api.hpp"
#include "connectors/platforms/threads_post.hpp"
#include "connectors/reading/descent.hpp"
#include "connectors/reading/json_out.hpp"
#include "connectors/reading/position.hpp"
#include "connectors/reading/text.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd {

namespace {

// A user's, over all apps; a search that finds nothing is free. Profiles are counted apart.
constexpr std::array budgets{
    Budget{"threads", 2200, std::chrono::hours(24), std::chrono::seconds(1), Reset::window, "searches"},
    Budget{"threads-profiles", 1000, std::chrono::hours(24), std::chrono::seconds(1)}};
constexpr std::array keys{SourceKey{"tags"}, SourceKey{"query"}, SourceKey{"credential"}, SourceKey{"backfill_pages"}};
constexpr std::string_view form = "the access token of a Threads user";

constexpr int page_size = 100;
constexpr auto overlap = std::chrono::hours(24);   // posts are found some time after they were written
constexpr std::int64_t earliest = 1'688'540'400;   // there is nothing before, and it is refused to ask
constexpr std::string_view common_word = "the";    // of which there are always posts of others
constexpr auto proven_for = std::chrono::days(7);  // that the app may search others' posts

struct Search {
  std::string path;
  std::string tag;
};

std::vector<Search> searches_of(const SourceSettings& source) {
  std::vector<Search> out;
  auto search = [](const std::string& words, std::string_view mode) {
    return fmt::format("keyword_search?q={}&search_type=RECENT&search_mode={}&fields={}&limit={}",
                       percent_encode(words), mode, threads_fields, page_size);
  };
  for (const auto& tag : source.tags) out.push_back({search(tag, "TAG"), tag});
  if (!source.query.empty()) out.push_back({search(source.query, "KEYWORD"), {}});
  return out;
}

std::string name_of_account(const SourceSettings& source) {
  auto name = fold(source.account);
  return name.starts_with('@') ? name.substr(1) : name;
}

/// What the polls of searches and of an account share: paging down one list after another.
class ListPoll : public Job {
 public:
  ListPoll(SourceSettings source, const Cursor& cursor, std::size_t lists)
      : source_(std::move(source)), descent_(source_, cursor.position, lists, overlap) {}

 protected:
  meta::Speaker speaker(std::string_view permissions) const { return {"Threads", source_.session.get(), permissions}; }

  bool has_token() const { return source_.session && !source_.session->credential.empty(); }

  Request ask_with_token(const std::string& path, std::string_view bucket) const {
    return meta::ask(meta::threads, path, has_token() ? source_.session->credential : std::string{}, bucket);
  }

  Request ask_list(std::string path, std::string_view bucket) const {
    auto line = std::chrono::floor<std::chrono::seconds>(descent_.line()).time_since_epoch().count();
    path += fmt::format("&since={}", std::max<std::int64_t>(line, earliest));
    if (!descent_.mark().empty()) path += "&after=" + percent_encode(descent_.mark());
    return ask_with_token(path, bucket);
  }

  void go_on(const meta::List& list, Page& page) {
    const auto& after = list.paging.after;
    bool is_last = list.size == 0 || (after.empty() && !list.paging.has_next);
    if (is_last || meta::lies_below(page.found, descent_.line()))
      descent_.end_list(page);
    else if (after.empty() || after == descent_.mark() || descent_.is_full())
      descent_.cut_list(page, newest_date(page.found));
    else
      descent_.go_down(page, after);
  }

  const SourceSettings source_;
  Descent descent_;
};

/// Without approval a search finds the token owner's own posts alone, and no error says so. So a poll in which nobody
/// else was met ends with a search for a word everybody uses.
class SearchPoll final : public ListPoll {
 public:
  SearchPoll(const SourceSettings& source, const Cursor& cursor)
      : ListPoll(source, cursor, std::max<std::size_t>(searches_of(source).size(), 1)),
        searches_(searches_of(source)),
        proven_(position_time(cursor.position, "proven")) {}

  Request ask(sys_ms now) override {
    now_ = now;
    if (has_token() && source_.session->who.empty()) step_ = Step::who;
    if (step_ == Step::who) return ask_with_token("me?fields=username", "threads");
    if (step_ == Step::probe)
      return ask_with_token(
          fmt::format("keyword_search?q={}&search_type=RECENT&fields=id,username&limit={}", common_word, page_size),
          "threads");
    descent_.begin(now);
    return ask_list(searches_.empty() ? "keyword_search?q=" : searches_[descent_.list()].path, "threads");
  }

  Result<Page> read(const Answer& answer) override {
    auto speaker = this->speaker("threads_basic and threads_keyword_search");
    if (!has_token()) return meta::no_credential(speaker, form);
    if (searches_.empty())
      return Failure{Failure::refused, "a threads source needs tags or a query: write one of them, or both"};
    if (answer.status != 200) return meta::failure_of(answer, speaker);
    auto page = step_ == Step::who     ? read_owner(answer)
                : step_ == Step::probe ? read_probe(answer)
                                       : read_found(answer);
    if (!page) return meta::unreadable(page.error(), speaker);
    meta::heed_limits(answer, speaker, *page);
    return page;
  }

 private:
  enum class Step { list, who, probe };

  Result<Page> read_owner(const Answer& answer) {
    std::string name;
    auto read = read_json(answer.body, [&](Json user) { name = cut(fold(json_text(user, "username")), 100); });
    if (!read) return read.error();
    if (name.empty()) return Failure{Failure::malformed, "the owner of the token is not named"};
    source_.session->who = name;
    step_ = Step::list;
    Page page;
    page.more = true;
    page.cost = 0;
    return positioned(std::move(page));
  }

  Result<Page> read_found(const Answer& answer) {
    const auto& tag = searches_[descent_.list()].tag;
    auto list = meta::read_list(answer.body, [&](Json item) { return read_threads_post(item, tag); });
    if (!list) return list.error();
    Page page;
    page.found = std::move(list->found);
    page.refused = std::move(list->refused);
    if (list->size == 0) page.cost = 0;
    auto is_others = [&](const Finding& each) { return each.post.author.key != source_.session->who; };
    if (std::ranges::any_of(page.found, is_others)) proven_ = now_;
    go_on(*list, page);
    if (!page.more && now_ - proven_ >= proven_for) return prove_first(std::move(page));
    return positioned(std::move(page));
  }

  /// What the poll covers is only said once it is known that others' posts are searched.
  Page prove_first(Page page) {
    step_ = Step::probe;
    joins_ = std::exchange(page.joins_last, false);
    since_ = std::exchange(page.since, std::nullopt);
    page.more = true;
    return positioned(std::move(page));
  }

  Result<Page> read_probe(const Answer& answer) {
    bool met_others = false;
    auto see = [&](Json item) -> std::optional<Result<Finding>> {
      auto user = fold(json_text(item, "username"));
      met_others = met_others || (!user.empty() && user != source_.session->who);
      return std::nullopt;
    };
    auto list = meta::read_list(answer.body, see);
    if (!list) return list.error();
    Page page;
    if (list->size == 0) page.cost = 0;
    if (met_others) {
      proven_ = now_;
      page.joins_last = joins_;
      page.since = since_;
      return positioned(std::move(page));
    }
    page.refused.push_back(
        {"", fmt::format("Threads shows the posts of @{} alone, whose token it is: the app has no approval for "
                         "threads_keyword_search, so nothing of others is found and nothing is covered",
                         source_.session->who)});
    return page;  // without a position: once there is an approval, all is read
  }

  Page positioned(Page page) const {
    page.cursor.position = fmt::format("{}&proven={}", descent_.position(), proven_.time_since_epoch().count());
    return page;
  }

  const std::vector<Search> searches_;
  sys_ms proven_, now_{};  ///< when others' posts were last met
  Step step_ = Step::list;
  bool joins_ = false;
  std::optional<sys_ms> since_;
};

/// The posts of one public profile; of its own ones the token's owner is shown no more here.
class ProfilePoll final : public ListPoll {
 public:
  ProfilePoll(const SourceSettings& source, const Cursor& cursor)
      : ListPoll(source, cursor, 1), name_(name_of_account(source)) {}

  Request ask(sys_ms now) override {
    descent_.begin(now);
    return ask_list(
        fmt::format("profile_posts?username={}&fields={}&limit={}", percent_encode(name_), threads_fields, page_size),
        "threads-profiles");
  }

  Result<Page> read(const Answer& answer) override {
    auto speaker = this->speaker(
        "threads_basic and threads_profile_discovery, and of the profile that it is public and has enough followers");
    if (!has_token()) return meta::no_credential(speaker, form);
    if (answer.status != 200) return not_shown(answer, speaker);
    auto list = meta::read_list(answer.body, [](Json item) { return read_threads_post(item); });
    if (!list) return meta::unreadable(list.error(), speaker);
    Page page;
    for (auto& each : list->found)
      if (each.post.author.key == name_)
        page.found.push_back(std::move(each));
      else
        list->refuse(each.local_id, "a post of another account");
    page.refused = std::move(list->refused);
    go_on(*list, page);
    page.cursor.position = descent_.position();
    meta::heed_limits(answer, speaker, page);
    return page;
  }

 private:
  Failure not_shown(const Answer& answer, const meta::Speaker& speaker) const {
    auto failure = meta::failure_of(answer, speaker);
    if (!meta::concerns_caller(meta::read_error(answer.body)))
      failure.message = fmt::format(
          "Threads does not show the posts of @{}: check the name; profiles with few followers are shown "
          "to no app ({})",
          name_, failure.message);
    return failure;
  }

  const std::string name_;
};

class Threads final : public Connector {
 public:
  explicit Threads(SourceSettings settings) : settings_(std::move(settings)) {}
  const Contract& contract() const noexcept override { return threads_contract; }
  std::unique_ptr<Job> discover(Cursor cursor) const override {
    if (!settings_.account.empty()) return std::make_unique<ProfilePoll>(settings_, cursor);
    return std::make_unique<SearchPoll>(settings_, cursor);
  }
  std::unique_ptr<Job> measure(std::vector<PostRef>) const override { return nullptr; }

 private:
  const SourceSettings settings_;
};

}  // namespace

constinit const Contract threads_contract{
    .name = "threads",
    .network = "threads",
    .counters = "",
    .access = Access::review,
    .budgets = budgets,
    .batch = 0,
    .every = std::chrono::minutes(30),
    .accounts = true,
    .home = "threads.com",
    .keys = keys,
    .credential = {.form = form, .required = true},
    .blind =
        "likes, replies, reposts and views, which Threads shows to authors alone; followers; a second tag of a post, "
        "unless its words are searched for; anything of others before Meta has approved the app"};

std::unique_ptr<Connector> make_threads(SourceSettings settings) {
  return std::make_unique<Threads>(std::move(settings));
}

Result<std::string> parse_threads(const std::string& body, const ParseHints&) {
  auto list = meta::read_list(body, [](Json item) { return read_threads_post(item); });
  if (!list) return list.error();
  Page page;
  page.found = std::move(list->found);
  page.refused = std::move(list->refused);
  return boost::json::serialize(to_json(page));
}

}  // namespace campaignd
