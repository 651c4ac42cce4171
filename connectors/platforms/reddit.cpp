#include "connectors/platforms/reddit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <utility>

#include "connectors/platforms/reddit_api.hpp"
#include "connectors/platforms/reddit_post.hpp"
#include "connectors/reading/descent.hpp"
#include "connectors/reading/json_out.hpp"
#include "connectors/reading/position.hpp"
#include "connectors/reading/text.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd {

namespace {

// An app has about 100 requests a minute, over ten minutes.
constexpr std::array budgets{Budget{"reddit", 60, std::chrono::minutes(1), std::chrono::seconds(1)}};
constexpr std::array keys{SourceKey{"query", true}, SourceKey{"credential"}};

constexpr int page_size = 100;
constexpr int last_page = 10;                     // a listing ends after a thousand posts
constexpr int search_may_end_at = 3;              // and a search has ended after some 250, whatever there was
constexpr auto overlap = std::chrono::hours(24);  // the search learns of a post hours later

/// "u/name", "/u/name", "@name", "name"
std::string user_of(std::string_view account) {
  for (std::string_view prefix : {"@", "/", "u/", "user/"})
    if (account.starts_with(prefix)) account.remove_prefix(prefix.size());
  return std::string(account);
}

/// The posts of a search, or of an account: newest first, down to the line.
class ListPoll final : public RedditJob {
 public:
  ListPoll(SourceSettings source, const Cursor& cursor)
      : RedditJob(source.session),
        source_(std::move(source)),
        user_(user_of(source_.account)),
        descent_(source_, cursor.position, 1, overlap),
        resumed_(!descent_.mark().empty()) {}

 protected:
  std::string path(sys_ms now) override {
    descent_.begin(now);
    auto list = user_.empty() ? fmt::format("/search?q={}&type=link&include_over_18=on&", percent_encode(source_.query))
                              : fmt::format("/user/{}/submitted?", percent_encode(user_));
    auto out = fmt::format("{}sort=new&t=all&limit={}&raw_json=1", list, page_size);
    if (!descent_.mark().empty()) out += "&after=" + percent_encode(descent_.mark());
    return out;
  }

  Result<Page> hear(const Answer& answer) override {
    if (answer.status != 200) return refused(answer);
    auto listing = read_reddit_listing(answer.body);
    if (!listing) return reddit_unreadable(answer, listing.error());
    // The post that named the page may have gone since.
    if (std::exchange(resumed_, false) && listing->size == 0) {
      descent_.start_list_again();
      return again();
    }
    Page page;
    page.found = std::move(listing->found);
    page.refused = std::move(listing->refused);
    for (auto& each : listing->gone) page.refused.push_back(std::move(each));
    go_on(page, listing->after);
    page.cursor.position = position();
    return page;
  }

  std::string position() const override { return descent_.position(); }

 private:
  /// A search is not strictly in order: all of a page must be old.
  void go_on(Page& page, const std::string& after) {
    auto newest = newest_date(page.found);
    if (newest) read_to_ = newest;
    bool lies_below_line = newest && *newest < descent_.line();
    bool ends = after.empty();
    bool may_be_cut = descent_.page() >= (user_.empty() ? search_may_end_at : last_page);
    if (lies_below_line || (ends && !may_be_cut))
      descent_.end_list(page);
    else if (ends || descent_.is_full() || descent_.page() >= last_page || !is_post_name(after) ||
             after == descent_.mark())
      descent_.cut_list(page, read_to_);
    else
      descent_.go_down(page, after);
  }

  Failure refused(const Answer& answer) const {
    if (user_.empty() || (answer.status != 404 && answer.status != 403)) return reddit_failure(answer);
    auto failure = reddit_failure(answer);
    if (failure.retry_after) return failure;  // the address is shut out, not the account
    return {Failure::gone,
            fmt::format("Reddit shows no account {}: it was suspended or deleted, or is spelt otherwise; check it in "
                        "the configuration",
                        cut(user_, 40))};
  }

  const SourceSettings source_;
  const std::string user_;
  Descent descent_;
  bool resumed_;
  std::optional<sys_ms> read_to_;
};

class Reddit final : public Connector {
 public:
  explicit Reddit(SourceSettings settings) : settings_(std::move(settings)) {}
  const Contract& contract() const noexcept override { return reddit_contract; }
  std::unique_ptr<Job> discover(Cursor cursor) const override { return std::make_unique<ListPoll>(settings_, cursor); }
  std::unique_ptr<Job> measure(std::vector<PostRef> posts) const override {
    return measure_reddit(settings_.session, std::move(posts));
  }

 private:
  const SourceSettings settings_;
};

void keep(RedditListing listing, Page& page) {
  std::ranges::move(listing.found, std::back_inserter(page.found));
  std::ranges::move(listing.refused, std::back_inserter(page.refused));
  for (auto& each : listing.gone) page.gone.push_back({PostRef{.local_id = each.id}, std::move(each.why)});
}

}  // namespace

constinit const Contract reddit_contract{
    .name = "reddit",
    .network = "reddit",
    .counters = "likes quotes replies",
    .access = Access::review,
    .budgets = budgets,
    .batch = 100,
    .every = std::chrono::minutes(30),
    .keep_at_most = std::chrono::days(2),
    .no_trace = true,
    .recheck_within = std::chrono::hours(24),  // in time to be tried again before it has to go
    .accounts = true,
    .home = "reddit.com",
    .keys = keys,
    .credential = {.form = "client_id:client_secret:username, of an app that Reddit has approved", .required = true},
    .blind =
        "comments; private and quarantined communities; what the search leaves out, which is all but some 250 posts "
        "of a query; upvotes without the downvotes taken off them; views"};

std::unique_ptr<Connector> make_reddit(SourceSettings settings) {
  return std::make_unique<Reddit>(std::move(settings));
}

/// A listing, or the pair of listings that a post comes in with its comments.
Result<std::string> parse_reddit(const std::string& body, const ParseHints&) {
  auto listing = read_reddit_listing(body);
  std::vector<std::string> parts;  // read one after the other: documents are not read within each other
  auto each = [&](Json item) { parts.push_back(simdjson::minify(item)); };
  auto bad = [](std::size_t, std::string) {};
  bool is_pair = !listing && read_json_items(body, each, bad).has_value() && !parts.empty();
  if (!listing && !is_pair) return listing.error();
  Page page;
  if (listing) keep(std::move(*listing), page);
  for (const auto& part : parts) {
    auto one = read_reddit_listing(part);
    if (!one) return one.error();
    keep(std::move(*one), page);
  }
  return boost::json::serialize(to_json(page));
}

}  // namespace campaignd
