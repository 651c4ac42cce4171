#include "connectors/platforms/bluesky.hpp"

#include <array>
#include <boost/json.hpp>

#include "connectors/platforms/bluesky_api.hpp"
#include "connectors/platforms/bluesky_login.hpp"
#include "connectors/platforms/bluesky_polls.hpp"
#include "connectors/reading/json_list.hpp"
#include "connectors/reading/json_out.hpp"

namespace campaignd {

namespace {

// The public AppView states no number; a logged-in account has 3000 requests in 5 minutes. An account may log in 30
// times in 5 minutes and 300 times a day.
constexpr std::array budgets{
    Budget{"bluesky", 300, std::chrono::minutes(5), std::chrono::milliseconds(500)},
    Budget{"bluesky-session", 250, std::chrono::hours(24), std::chrono::seconds(10), Reset::window, "logins"},
    Budget{"jetstream", 20, std::chrono::minutes(10), std::chrono::seconds(5)}};
constexpr std::array keys{SourceKey{"host"}, SourceKey{"tags"}, SourceKey{"engine"}, SourceKey{"credential"},
                          SourceKey{"backfill_pages"}};
constexpr std::array<std::string_view, 2> engines{"search", "jetstream"};

class Bluesky final : public Connector {
 public:
  explicit Bluesky(SourceSettings settings) : settings_(std::move(settings)) {}
  const Contract& contract() const noexcept override { return bluesky_contract; }
  std::unique_ptr<Job> discover(Cursor cursor) const override {
    if (!settings_.account.empty()) return poll_author(settings_, cursor);
    if (settings_.engine == "jetstream") return stream_posts(settings_, cursor);
    bool can_log_in = settings_.session && read_bluesky_credential(settings_.session->credential);
    return can_log_in ? search_all(settings_, cursor) : search_tags(settings_, cursor);
  }
  std::unique_ptr<Job> measure(std::vector<PostRef> posts) const override {
    return measure_posts(settings_.host, std::move(posts));
  }

 private:
  const SourceSettings settings_;
};

void keep(Result<Finding> finding, const std::string& id, Page& page) {
  if (finding)
    page.found.push_back(std::move(*finding));
  else
    page.refused.push_back({id, finding.error().message});
}

/// A thread: a post, and lists of threads below it. JSON is bounded in depth, and so is this.
void keep_thread(Json thread, Page& page) {
  if (auto post = json_member(thread, "post")) keep(read_post_view(*post), json_text(*post, "uri"), page);
  if (auto parent = json_member(thread, "parent")) keep_thread(*parent, page);
  auto replies = json_member(thread, "replies");
  if (!replies || !replies->is_array()) return;
  for (Json each : simdjson::dom::array(*replies)) keep_thread(each, page);
}

/// What is no list of posts: a thread, the records of a repository, or one post.
Result<Page> read_document(const std::string& body) {
  Page page;
  auto use = [&](Json document) {
    auto records = json_member(document, "records");
    if (auto thread = json_member(document, "thread")) {
      keep_thread(*thread, page);
    } else if (records && records->is_array()) {
      for (Json each : simdjson::dom::array(*records)) {
        auto record = json_member(each, "value");
        auto uri = json_text(each, "uri");
        keep(record ? read_post_record(*record, uri) : Failure{Failure::malformed, "no record"}, uri, page);
      }
    } else {
      keep(read_post_view(document), json_text(document, "uri"), page);
    }
  };
  if (auto read = read_json(body, use); !read) return read.error();
  return page;
}

}  // namespace

constinit const Contract bluesky_contract{
    .name = "bluesky",
    .network = "bluesky",
    .counters = "likes reposts quotes replies",
    .access = Access::open,
    .budgets = budgets,
    .batch = 25,
    .every = std::chrono::minutes(10),
    .accounts = true,
    .home = "bsky.app",
    .keys = keys,
    .engines = engines,
    .credential = {"a handle and an app password, handle:app-password", false},
    .blind =
        "by its search, what moderators hide and, without a login, more than the newest 100 posts of a tag between two "
        "polls; views, which nobody counts"};

std::unique_ptr<Connector> make_bluesky(SourceSettings settings) {
  return std::make_unique<Bluesky>(std::move(settings));
}

Result<std::string> parse_bluesky(const std::string& body, const ParseHints&) {
  auto list = read_posts(body);
  if (!list) list = read_feed(body);
  Page page;
  if (list) {
    page.found = std::move(list->found);
    page.refused = std::move(list->refused);
  } else {
    auto document = read_document(body);
    if (!document) return document.error();
    page = std::move(*document);
  }
  return boost::json::serialize(to_json(page));
}

}  // namespace campaignd
