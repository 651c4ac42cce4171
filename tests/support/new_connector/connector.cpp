#include "connectors/platforms/NAME.hpp"

#include <fmt/format.h>

#include <array>
#include <boost/json.hpp>

#include "connectors/reading/dates/time.hpp"
#include "connectors/reading/json.hpp"
#include "connectors/reading/json_out.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd {

namespace {

// What the platform allows, with the place where it says so.
constexpr std::array budgets{Budget{"NAME", 60, std::chrono::minutes(5), std::chrono::seconds(2)}};
constexpr std::array keys{SourceKey{"host", true}, SourceKey{"tags"}};

/// One post, or why it is not one we may keep.
Result<Finding> read_post(Json item, const std::string& host) {
  Finding finding;
  Post& post = finding.post;
  finding.local_id = json_text(item, "id");
  post.platform = "NAME";
  post.host = host;
  post.uri = post.url = json_text(item, "url");
  post.author.key = json_text(item, "author");
  post.published = read_rfc3339(json_text(item, "date"));
  if (finding.local_id.empty() || post.uri.empty() || post.author.key.empty() || !post.published)
    return Failure{Failure::malformed, "no post: it lacks id, url, author or date"};
  post.text = json_text(item, "text");
  finding.counters.likes = json_count(item, "likes");
  return finding;
}

Result<Page> read_page(std::string_view body, const std::string& host) {
  Page page;
  auto each = [&](Json item) {
    auto finding = read_post(item, host);
    if (finding)
      page.found.push_back(std::move(*finding));
    else
      page.refused.push_back({json_text(item, "id"), finding.error().message});
  };
  auto bad = [&](std::size_t place, std::string why) {
    page.refused.push_back({fmt::format("item {}", place + 1), std::move(why)});
  };
  if (auto read = read_json_items(body, each, bad); !read) return read.error();
  return page;
}

/// One poll.
class Poll final : public Job {
 public:
  explicit Poll(SourceSettings source) : source_(std::move(source)) {}

  Request ask(sys_ms) override {
    Request request(fmt::format("https://{}/posts?tag={}", source_.host,
                                percent_encode(source_.tags.empty() ? "" : source_.tags.front())));
    request.bucket = "NAME";
    request.headers.emplace_back("accept", "application/json");
    return request;
  }

  Result<Page> read(const Answer& answer) override {
    if (answer.status != 200) return standard_failure(answer);  // first those this platform means something else by
    auto page = read_page(answer.body, source_.host);
    if (!page) return page.error();
    // Is there more? page->more = true. Where does the next poll begin? page->cursor. How far back does this page
    // reach? page->joins_last or page->since: a coverage that is claimed and not true is the worst fault there is.
    return page;
  }

 private:
  const SourceSettings source_;
};

class CLASS final : public Connector {
 public:
  explicit CLASS(SourceSettings settings) : settings_(std::move(settings)) {}
  const Contract& contract() const noexcept override { return NAME_contract; }
  std::unique_ptr<Job> discover(Cursor) const override { return std::make_unique<Poll>(settings_); }
  std::unique_ptr<Job> measure(std::vector<PostRef>) const override { return nullptr; }  // batch is 0

 private:
  const SourceSettings settings_;
};

}  // namespace

constinit const Contract NAME_contract{.name = "NAME",
                                       .network = "NAME",
                                       .counters = "likes",
                                       .access = Access::open,
                                       .budgets = budgets,
                                       .batch = 0,
                                       .every = std::chrono::minutes(30),
                                       .keys = keys,
                                       .blind = ""};

std::unique_ptr<Connector> make_NAME(SourceSettings settings) { return std::make_unique<CLASS>(std::move(settings)); }

Result<std::string> parse_NAME(const std::string& body, const ParseHints& hints) {
  auto page = read_page(body, host_of(hints.url));
  if (!page) return page.error();
  return boost::json::serialize(to_json(*page));
}

}  // namespace campaignd
