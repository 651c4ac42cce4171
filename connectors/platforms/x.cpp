#include "connectors/platforms/x.hpp"

#include <array>
#include <boost/json.hpp>

#include "connectors/platforms/x_api.hpp"
#include "connectors/platforms/x_polls.hpp"
#include "connectors/reading/json_out.hpp"

namespace campaignd {

namespace {

// Money, not requests: what an operator allows, 10 000 dollars a month at the most. Two seconds between two requests
// keep the tightest of X's limits that we come near, 450 searches in 15 minutes.
constexpr std::array budgets{Budget{"x", 10'000'000, std::chrono::days(31), std::chrono::seconds(2), Reset::utc_month,
                                    "tenths of a US cent (spend_monthly; 10 dollars where it is not set)"}};
constexpr std::array keys{SourceKey{"tags"}, SourceKey{"query"}, SourceKey{"credential"}, SourceKey{"spend_monthly"}};

class X final : public Connector {
 public:
  explicit X(SourceSettings settings) : settings_(std::move(settings)) {}
  const Contract& contract() const noexcept override { return x_contract; }
  std::unique_ptr<Job> discover(Cursor cursor) const override {
    return settings_.account.empty() ? search_x(settings_, cursor) : poll_x_account(settings_, cursor);
  }
  std::unique_ptr<Job> measure(std::vector<PostRef> posts) const override {
    return measure_x_posts(settings_, std::move(posts));
  }

 private:
  const SourceSettings settings_;
};

}  // namespace

constinit const Contract x_contract{
    .name = "x",
    .network = "x",
    .counters = "likes reposts quotes replies views",
    .access = Access::paid,
    .budgets = budgets,
    .batch = x_page_size,
    .every = std::chrono::minutes(15),
    .recheck_within = std::chrono::hours(24),
    .accounts = true,
    .home = "x.com",
    .keys = keys,
    .credential = {.form = "the bearer token of an X app", .required = true},
    .blind =
        "posts with the tags that were a week old when X was first asked, or again after a week; protected accounts; "
        "what there is no money left to read; alternative texts of pictures"};

std::unique_ptr<Connector> make_x(SourceSettings settings) { return std::make_unique<X>(std::move(settings)); }

Result<std::string> parse_x(const std::string& body, const ParseHints&) {
  auto list = read_x_list(body);
  if (!list) return list.error();
  Page page;
  page.found = std::move(list->found);
  page.refused = std::move(list->refused);
  for (const auto& each : list->problems)
    page.refused.push_back({each.resource, each.detail.empty() ? each.kind : each.detail});
  return boost::json::serialize(to_json(page));
}

}  // namespace campaignd
