#include "connectors/platforms/instagram.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "connectors/platforms/instagram_media.hpp"
#include "connectors/reading/descent.hpp"
#include "connectors/reading/json_out.hpp"
#include "connectors/reading/position.hpp"
#include "connectors/reading/text.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd {

namespace {

// An app with one user may ask 200 times in an hour. Instagram answers for 30 different hashtags in seven days, however
// often each is looked up or read; it keeps that count itself and says by error 18 when it is reached.
constexpr std::array budgets{Budget{"instagram", 180, std::chrono::hours(1), std::chrono::seconds(1)}};
constexpr std::array keys{SourceKey{"tags"}, SourceKey{"credential"}, SourceKey{"backfill_pages"}};

constexpr int page_size = 50;
constexpr auto overlap = std::chrono::days(14);  // counts are only seen by reading the list again

/// What may stand in the expression that names an account, or a cursor, and nothing that could end it.
bool is_plain(std::string_view text, std::string_view others) {
  return !text.empty() && text.size() <= 500 && std::ranges::all_of(text, [&](char c) {
    bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    return is_letter || others.find(c) != others.npos;
  });
}

class AccountPoll final : public Job {
 public:
  AccountPoll(SourceSettings source, const Cursor& cursor)
      : source_(std::move(source)),
        user_(instagram_user(source_)),
        name_(fold(source_.account.starts_with('@') ? source_.account.substr(1) : source_.account)),
        descent_(source_, cursor.position, 1, overlap) {}

  Request ask(sys_ms now) override {
    descent_.begin(now);
    auto user = user_.value_or(InstagramUser{});
    auto after = descent_.mark().empty() ? std::string{} : fmt::format(".after({})", descent_.mark());
    auto fields = fmt::format(
        "business_discovery.username({}){{id,username,name,followers_count,media_count,media.limit({}){}"
        "{{{}}}}}",
        name_, page_size, after, instagram_fields);
    return meta::ask(meta::graph, fmt::format("{}?fields={}", user.id, percent_encode(fields)), user.token,
                     "instagram");
  }

  Result<Page> read(const Answer& answer) override {
    meta::Speaker speaker{"Instagram", source_.session.get(),
                          "instagram_basic, instagram_manage_insights and pages_read_engagement"};
    if (!user_) return meta::no_credential(speaker, instagram_form);
    if (!is_plain(name_, "._"))
      return Failure{Failure::refused, fmt::format("{} is no name of an account of Instagram", cut(name_, 100))};
    if (answer.status != 200) return not_shown(answer, speaker);
    auto account = read_instagram_account(answer.body);
    if (!account) return meta::unreadable(account.error(), speaker);
    if (account->user != name_)
      return Failure{Failure::malformed, fmt::format("Instagram: an answer that is not about @{}", name_)};
    if (!account->has_list && account->media_count > 0)
      return Failure{Failure::malformed, fmt::format("Instagram left out the posts of @{}", name_)};
    auto page = read_media(account->list);
    page.cursor.position = descent_.position();
    meta::heed_limits(answer, speaker, page);
    return page;
  }

 private:
  Page read_media(meta::List& list) {
    Page page;
    page.found = std::move(list.found);
    page.refused = std::move(list.refused);
    const auto& after = list.paging.after;
    if (list.size == 0 || after.empty() || meta::lies_below(page.found, descent_.line()))
      descent_.end_list(page);
    else if (descent_.is_full() || after == descent_.mark() || !is_plain(after, "_-="))
      descent_.cut_list(page, newest_date(page.found));
    else
      descent_.go_down(page, after);
    return page;
  }

  Failure not_shown(const Answer& answer, const meta::Speaker& speaker) const {
    constexpr int no_such_user = 2207013;
    auto error = meta::read_error(answer.body);
    auto failure = meta::failure_of(answer, speaker);
    if (error.code != 110 && error.subcode != no_such_user) return failure;
    return {Failure::gone, fmt::format("Instagram shows no professional account @{}: check the name; private persons' "
                                       "accounts cannot be read",
                                       name_)};
  }

  const SourceSettings source_;
  const std::optional<InstagramUser> user_;
  const std::string name_;
  Descent descent_;
};

class Instagram final : public Connector {
 public:
  explicit Instagram(SourceSettings settings) : settings_(std::move(settings)) {}
  const Contract& contract() const noexcept override { return instagram_contract; }
  std::unique_ptr<Job> discover(Cursor cursor) const override {
    return settings_.account.empty() ? search_instagram(settings_, cursor) : discover_instagram(settings_, cursor);
  }
  std::unique_ptr<Job> measure(std::vector<PostRef>) const override { return nullptr; }

 private:
  const SourceSettings settings_;
};

}  // namespace

constinit const Contract instagram_contract{
    .name = "instagram",
    .network = "instagram",
    .counters = "likes replies",
    .access = Access::review,
    .budgets = budgets,
    .batch = 0,
    .every = std::chrono::hours(1),
    .accounts = true,
    .home = "instagram.com",
    .keys = keys,
    .credential = {.form = instagram_form, .required = true},
    .blind =
        "who wrote what carries a hashtag, so that accounts cannot be counted; stories, private accounts and "
        "advertisements; likes their owners hide; views; what was posted more than 24 hours before a poll"};

std::unique_ptr<Job> discover_instagram(SourceSettings source, const Cursor& cursor) {
  return std::make_unique<AccountPoll>(std::move(source), cursor);
}

std::unique_ptr<Connector> make_instagram(SourceSettings settings) {
  return std::make_unique<Instagram>(std::move(settings));
}

Result<std::string> parse_instagram(const std::string& body, const ParseHints&) {
  auto list = meta::read_list(body, [](Json item) { return std::optional(read_instagram_media(item)); });
  if (!list) {
    auto account = read_instagram_account(body);
    if (!account) return list.error();
    list = std::move(account->list);
  }
  Page page;
  page.found = std::move(list->found);
  page.refused = std::move(list->refused);
  return boost::json::serialize(to_json(page));
}

}  // namespace campaignd
