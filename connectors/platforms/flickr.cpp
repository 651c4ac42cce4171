#include "connectors/platforms/flickr.hpp"

#include <array>
#include <boost/json.hpp>

#include "connectors/platforms/flickr_photo.hpp"
#include "connectors/reading/json_out.hpp"

namespace campaignd {

namespace {

// A key has 3600 requests an hour.
constexpr std::array budgets{Budget{"flickr", 1500, std::chrono::hours(1), std::chrono::seconds(1)}};
constexpr std::array keys{SourceKey{"tags"}, SourceKey{"query"}, SourceKey{"credential"}, SourceKey{"backfill_pages"}};

class Flickr final : public Connector {
 public:
  explicit Flickr(SourceSettings settings) : settings_(std::move(settings)) {}
  const Contract& contract() const noexcept override { return flickr_contract; }
  std::unique_ptr<Job> discover(Cursor cursor) const override {
    return has_flickr_key(settings_.session) ? search_flickr(settings_, cursor) : poll_flickr_feed(settings_, cursor);
  }
  std::unique_ptr<Job> measure(std::vector<PostRef> posts) const override {
    return has_flickr_key(settings_.session) ? measure_flickr(settings_.session, std::move(posts))
                                             : look_for_flickr(std::move(posts));
  }

 private:
  const SourceSettings settings_;
};

}  // namespace

constinit const Contract flickr_contract{.name = "flickr",
                                         .network = "flickr",
                                         .counters = "likes replies views",
                                         .access = Access::open,
                                         .budgets = budgets,
                                         .batch = 20,
                                         .every = std::chrono::minutes(30),
                                         .home = "flickr.com",
                                         .keys = keys,
                                         .credential = {.form = "an API key"},
                                         .blind =
                                             "without an API key all numbers, and all but the newest 20 photos "
                                             "with a tag; the language of the words; "
                                             "who shares a photo elsewhere"};

std::unique_ptr<Connector> make_flickr(SourceSettings settings) {
  return std::make_unique<Flickr>(std::move(settings));
}

/// The feed, a page of the search, or the details of a photo.
Result<std::string> parse_flickr(const std::string& body, const ParseHints&) {
  Page page;
  auto list = read_flickr_list(body);
  if (list) {
    page.found = std::move(list->found);
    page.refused = std::move(list->refused);
    return boost::json::serialize(to_json(page));
  }
  Result<Finding> finding = list.error();
  auto use = [&](Json document) {
    if (auto photo = json_member(document, "photo")) finding = read_flickr_details(*photo);
  };
  if (auto read = read_json(body, use); !read) return read.error();
  if (!finding) return finding.error();
  page.found.push_back(std::move(*finding));
  return boost::json::serialize(to_json(page));
}

}  // namespace campaignd
