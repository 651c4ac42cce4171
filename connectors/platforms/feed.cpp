#include "connectors/platforms/feed.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <set>

#include "connectors/reading/html.hpp"
#include "connectors/reading/json_out.hpp"
#include "connectors/reading/syndication.hpp"
#include "connectors/reading/text.hpp"
#include "connectors/reading/time.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd {

namespace {

constexpr std::array budgets{Budget{"feed", 60, std::chrono::minutes(5), std::chrono::seconds(2)}};
constexpr std::size_t remembered = 10;

/// FNV-1a: short, stable between builds; it tells entries apart within one feed, nothing more.
std::string short_hash(std::string_view text) {
  std::uint64_t hash = 14695981039346656037ULL;
  for (char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  return fmt::format("{:016x}", hash);
}

std::string identity(const FeedEntry& entry) {
  return entry.id.empty() ? (entry.link.empty() ? entry.title : entry.link) : entry.id;
}

/// Ids that stand on more than one entry of the document: they name nothing.
std::set<std::string> colliding_ids(const Feed& feed) {
  std::set<std::string> seen, twice;
  for (const auto& entry : feed.entries)
    if (!entry.id.empty() && !seen.insert(entry.id).second) twice.insert(entry.id);
  return twice;
}

Finding to_finding(const FeedEntry& entry, const Feed& feed, const SourceSettings& source, bool id_collides) {
  Finding finding;
  Post& post = finding.post;
  auto outlet = host_of(entry.source_url);
  if (outlet.empty()) outlet = host_of(entry.link);
  if (outlet.empty()) outlet = host_of(source.url);
  if (outlet.starts_with("www.")) outlet.erase(0, 4);
  finding.local_id = id_collides && !entry.link.empty() ? entry.link : identity(entry);
  post.platform = "feed";
  post.host = outlet;
  post.uri = host_of(entry.link).empty() ? source.url + "#" + finding.local_id : entry.link;
  post.url = host_of(entry.link).empty() ? std::string{} : entry.link;
  if (!entry.id.empty() && !id_collides && entry.id != post.uri) post.aliases.push_back(source.url + "#" + entry.id);
  post.author.key = outlet;
  post.author.name = entry.source.empty() ? outlet : entry.source;
  post.author.media = true;
  post.kind = Kind::article;
  post.published = entry.published;
  post.edited = entry.updated;
  post.language = !entry.language.empty() ? entry.language : !feed.language.empty() ? feed.language : source.language;
  post.title = read_html(entry.title).text;
  auto summary = read_html(entry.summary);
  auto content = read_html(entry.content);
  post.text = summary.text + "\n" + content.text;
  post.links = std::move(summary.links);
  post.links.insert(post.links.end(), content.links.begin(), content.links.end());
  return finding;
}

/// One conditional GET. The position remembers the newest entries, so that the next poll knows whether it joins this
/// one.
class FeedPoll final : public Job {
 public:
  FeedPoll(const SourceSettings& source, Cursor cursor) : source_(source), cursor_(std::move(cursor)) {}

  Request ask(sys_ms) override {
    Request request(source_.url);
    request.bucket = "feed";
    request.headers.emplace_back(
        "accept", "application/atom+xml, application/rss+xml, application/xml;q=0.9, text/xml;q=0.8, */*;q=0.1");
    ask_conditionally(request, cursor_);
    return request;
  }

  Result<Page> read(const Answer& answer) override {
    Page page;
    bool whole = true;
    if (answer.status == 304) {
      page.joins_last = true;
    } else if (answer.status != 200) {
      return standard_failure(answer);
    } else {
      auto feed = read_feed(answer.body, header(answer.headers, "content-type"), answer.asked.url);
      if (!feed) return feed.error();
      take(*feed, page);
      whole = feed->complete;
    }
    keep_validators(cursor_, answer);
    if (!whole) cursor_.etag.clear(), cursor_.last_modified.clear();  // a 304 would hide the rest for ever
    page.cursor = cursor_;
    return page;
  }

 private:
  void take(const Feed& feed, Page& page) {
    std::string position;
    std::size_t count = 0;
    auto colliding = colliding_ids(feed);
    for (const auto& entry : feed.entries) {
      if (identity(entry).empty()) {
        page.refused.push_back({"", "an entry without id, link and title"});
        continue;
      }
      auto mark = short_hash(identity(entry));
      page.joins_last = page.joins_last || cursor_.position.find(mark) != std::string::npos;
      if (count++ < remembered) position += mark + " ";
      page.found.push_back(to_finding(entry, feed, source_, colliding.contains(entry.id)));
      const auto& published = page.found.back().post.published;
      if (published && (!page.since || *published < *page.since)) page.since = published;
    }
    if (!feed.complete) page.refused.push_back({"", "the document breaks off; it was read as far as it went"});
    if (feed.entries.empty()) page.joins_last = true;  // an empty feed has nothing older to hide
    if (page.joins_last) page.since.reset();
    if (!position.empty()) cursor_.position = std::move(position);  // an empty day forgets nothing
  }

  const SourceSettings source_;
  Cursor cursor_;
};

class FeedConnector final : public Connector {
 public:
  explicit FeedConnector(SourceSettings settings) : settings_(std::move(settings)) {}
  const Contract& contract() const noexcept override { return feed_contract; }
  std::unique_ptr<Job> discover(Cursor cursor) const override {
    return std::make_unique<FeedPoll>(settings_, std::move(cursor));
  }
  std::unique_ptr<Job> measure(std::vector<PostRef>) const override { return nullptr; }

 private:
  const SourceSettings settings_;
};

}  // namespace

constinit const Contract feed_contract{.name = "feed",
                                       .network = "web",
                                       .counters = "",
                                       .access = Access::open,
                                       .budgets = budgets,
                                       .batch = 0,
                                       .every = std::chrono::minutes(30),
                                       .blind = "articles that left the feed between two polls; reactions to articles"};

std::unique_ptr<Connector> make_feed(SourceSettings settings) {
  return std::make_unique<FeedConnector>(std::move(settings));
}

Result<std::string> parse_feed(const std::string& body, const ParseHints& hints) {
  auto feed = read_feed(body, hints.content_type, hints.url);
  if (!feed) return feed.error();
  boost::json::array entries;
  for (const auto& entry : feed->entries) {
    auto language = !entry.language.empty() ? entry.language : feed->language;
    entries.push_back({{"title", json_or_null(entry.title)},
                       {"link", json_or_null(entry.link)},
                       {"id", json_or_null(entry.id)},
                       {"published", json_or_null(entry.published)},
                       {"updated", json_or_null(entry.updated)},
                       {"author", json_or_null(entry.author)},
                       {"summary", json_or_null(entry.summary)},
                       {"content", json_or_null(entry.content)},
                       {"language", json_or_null(language)}});
  }
  auto language = feed->language.empty() ? hints.language : feed->language;
  return boost::json::serialize(boost::json::object{
      {"title", json_or_null(feed->title)}, {"language", json_or_null(language)}, {"entries", std::move(entries)}});
}

}  // namespace campaignd
