#include "connectors/platforms/feed.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "connectors/platforms/feed_flavours.hpp"
#include "connectors/platforms/feed_overlap.hpp"
#include "connectors/platforms/feed_position.hpp"
#include "connectors/reading/articles/article.hpp"
#include "connectors/reading/feeds/discover.hpp"
#include "connectors/reading/feeds/manners.hpp"
#include "connectors/reading/feeds/syndication.hpp"
#include "connectors/reading/html.hpp"
#include "connectors/reading/text.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd {

namespace {

constexpr std::array budgets{Budget{"feed", 60, std::chrono::minutes(5), std::chrono::seconds(2)}};
constexpr std::array keys{SourceKey{"url", true}, SourceKey{"language"}};
constexpr std::size_t remembered = 10;
constexpr int most_requests = 12;
/// Validators lie: servers say 304 for ever. With polls at most 6 h apart this asks for the whole feed once a day.
constexpr std::chrono::hours trusted_for{17};
/// How long a feed that shows something else is waited for before it is looked for again: about three polls.
constexpr std::chrono::hours patience{6};

/// Tells entries and documents apart within one feed, nothing more.
std::string short_hash(std::string_view text) { return fmt::format("{:016x}", stable_hash(text)); }

/// Quick, since it runs over every body; another build may have another one, which costs a reading.
std::string body_hash(std::string_view body) {
  return fmt::format("{:016x}{:x}", std::hash<std::string_view>{}(body), body.size());
}

Fragment body_of(const FeedText& text) {
  auto fragment = read_html(text.html);
  for (auto& link : fragment.links) link = resolve(text.base, link);
  return fragment;
}

using Names = std::set<std::string>;

/// The names that stand on more than one entry: they name nothing.
Names repeated_in(const std::vector<std::string>& names) {
  Names seen, twice;
  for (const auto& each : names)
    if (!seen.insert(each).second) twice.insert(each);
  return twice;
}

/// Short ids may be the same at every poll ("1"); no URL is that short.
bool is_named_by_id(const FeedEntry& entry, const Names& repeated) {
  if (entry.id.empty() || repeated.contains(entry.id)) return false;
  return entry.link.empty() || entry.id.size() >= 8 || entry.id.starts_with("tag:") || entry.id.starts_with("urn:");
}

/// What tells an entry from the others of its feed.
const std::string& identity(const FeedEntry& entry, const Names& repeated) {
  if (is_named_by_id(entry, repeated)) return entry.id;
  if (!entry.link.empty()) return entry.link;
  return entry.title.html.empty() ? entry.id : entry.title.html;
}

Finding to_finding(const FeedEntry& entry, const Feed& feed, const SourceSettings& source, const Names& repeated) {
  Finding finding;
  Post& post = finding.post;
  auto outlet = host_of(entry.source_url);
  if (outlet.empty()) outlet = host_of(entry.link);
  if (outlet.empty()) outlet = host_of(source.url);
  if (outlet.starts_with("www.")) outlet.erase(0, 4);
  finding.local_id = identity(entry, repeated);
  finding.counters = entry.counters;
  post.platform = "feed";
  post.host = outlet;
  post.uri = host_of(entry.link).empty() ? source.url + "#" + finding.local_id : entry.link;
  post.url = host_of(entry.link).empty() ? std::string{} : entry.link;
  if (is_named_by_id(entry, repeated) && entry.id != post.uri) post.aliases.push_back(source.url + "#" + entry.id);
  post.author.key = outlet;
  post.author.name = entry.source.empty() ? outlet : entry.source;
  post.author.media = true;
  post.kind = Kind::article;
  post.published = entry.published;
  if (!post.published) post.date_basis = DateBasis::first_seen;
  post.edited = entry.updated;
  post.language = !entry.language.empty() ? entry.language : !feed.language.empty() ? feed.language : source.language;
  post.title = read_html(entry.title.html).text;
  auto summary = body_of(entry.summary);
  auto content = body_of(entry.content);
  post.text = summary.text + "\n" + content.text;
  post.links = std::move(summary.links);
  post.links.insert(post.links.end(), content.links.begin(), content.links.end());
  return finding;
}

/// The entries' names, hashed, without those that name more than one.
std::vector<std::string> marks_of(const std::vector<Finding>& found) {
  std::vector<std::string> marks;
  for (const auto& each : found) marks.push_back(short_hash(each.local_id));
  const auto repeated = repeated_in(marks);
  std::erase_if(marks, [&](const std::string& mark) { return repeated.contains(mark); });
  return marks;
}

bool has_lasted(sys_ms since, sys_ms now, std::chrono::hours time) { return now < since || now - since >= time; }

/// One conditional GET of the feed. Where the source's address shows a web page, the feed is looked for from there, and
/// its address remembered.
class FeedPoll final : public Job {
 public:
  FeedPoll(const SourceSettings& source, Cursor cursor)
      : source_(source), cursor_(std::move(cursor)), at_(FeedPosition::read(cursor_.position)) {
    url_ = at_.feed.empty() ? source_.url : at_.feed;
  }

  Request ask(sys_ms now) override {
    now_ = now;
    ++requests_;
    Request request(url_);
    request.bucket = "feed";
    request.headers.emplace_back("accept",
                                 "application/atom+xml, application/rss+xml, application/feed+json, "
                                 "application/xml;q=0.9, text/xml;q=0.8, */*;q=0.1");
    bool has_validator = !cursor_.etag.empty() || !cursor_.last_modified.empty();
    conditional_ = has_validator && !has_lasted(at_.full, now, trusted_for);
    if (conditional_) ask_conditionally(request, cursor_);
    return request;
  }

  Result<Page> read(const Answer& answer) override {
    if (answer.status == 304 && conditional_) return unchanged(answer);
    if (answer.status != 200) return is_looking() ? next_candidate(answer) : failed(answer, failure(answer));
    if (answer.body.empty()) return is_looking() ? next_candidate(answer) : failed(answer, silence(answer));
    auto hash = body_hash(answer.body);
    if (hash == at_.body) {
      at_.full = now_;
      return unchanged(answer);
    }
    auto feed = read_feed(answer.body, header(answer.headers, "content-type"), answer.asked.url);
    if (!feed) return is_looking() ? next_candidate(answer) : failed(answer, feed.error());
    if (is_looking()) at_.feed = url_;
    Page page;
    take(*feed, page);
    at_.full = now_;
    at_.manners = feed->manners;
    at_.body = feed->complete ? hash : std::string{};
    return finished(std::move(page), answer, feed->complete);
  }

 private:
  bool is_looking() const { return next_ > 0; }

  void take(Feed& feed, Page& page) {
    const auto* flavour = flavour_of(url_);
    auto entries = readable(feed, flavour, page);
    std::vector<std::string> ids;
    for (const auto& entry : entries) ids.push_back(entry.id);
    const auto repeated = repeated_in(ids);
    for (const auto& entry : entries) {
      page.found.push_back(to_finding(entry, feed, source_, repeated));
      if (flavour != nullptr && flavour->finish != nullptr) flavour->finish(entry, url_, page.found.back());
    }
    if (!feed.complete) page.refused.push_back({"", "the document breaks off; it was read as far as it went"});
    join(feed, page);
    bool is_search = flavour != nullptr && flavour->is_search;
    if (!page.joins_last && feed.complete && !is_search) page.since = reaches_back_to(page.found, now_);
  }

  static std::vector<FeedEntry> readable(Feed& feed, const FeedFlavour* flavour, Page& page) {
    std::vector<FeedEntry> out;
    for (auto& entry : feed.entries) {
      std::optional<std::string> why;
      if (!host_of(entry.original).empty()) entry.link = entry.original;
      if (flavour != nullptr && flavour->mend != nullptr) why = flavour->mend(entry);
      if (!why && entry.id.empty() && entry.link.empty() && entry.title.html.empty())
        why = "an entry without id, link and title";
      if (why)
        page.refused.push_back({entry.id, std::move(*why)});
      else
        out.push_back(std::move(entry));
    }
    return out;
  }

  /// An empty day forgets nothing, nor does a document that broke off behind what may be pinned there.
  void join(const Feed& feed, Page& page) {
    auto marks = marks_of(page.found);
    bool has_nothing_to_hide = feed.complete && feed.entries.empty();
    bool shows_all = feed.complete && marks.size() == page.found.size();
    page.joins_last = has_nothing_to_hide || overlaps(at_.marks, marks, shows_all);
    if (marks.empty() || (!feed.complete && marks.size() < 2)) return;
    marks.resize(std::min(marks.size(), remembered));
    at_.marks = std::move(marks);
  }

  Page unchanged(const Answer& answer) {
    Page page;
    page.joins_last = true;
    return finished(std::move(page), answer, true);
  }

  Page finished(Page page, const Answer& answer, bool complete) {
    at_.good = now_;
    at_.looking.clear();
    keep_validators(cursor_, answer);
    drop_untrusted(cursor_, answer);
    if (!complete) forget_validators();  // a 304 would hide the rest for ever
    if (auto rest = rest_asked_by(at_.manners, now_); rest.count() > 0) page.rest = rest;
    cursor_.position = at_.write();
    page.cursor = cursor_;
    return page;
  }

  void forget_validators() {
    cursor_.etag.clear();
    cursor_.last_modified.clear();
  }

  static Failure silence(const Answer& answer) {
    return {Failure::malformed, without_query(answer.asked.url) + " answered with nothing (200, 0 bytes)"};
  }

  Failure failure(const Answer& answer) const {
    auto out = standard_failure(answer);
    if (is_challenge(answer)) {
      out.code = Failure::refused;
      out.message = fmt::format(
          "{} answered {} with a riddle for browsers (Cloudflare) that no program may solve; ask its owner to let feed "
          "readers through, or read another feed",
          without_query(answer.asked.url), answer.status);
    } else if (answer.status == 403) {
      out.message = fmt::format("{}: the site refuses programs (403); ask its editors, or look for another address",
                                without_query(answer.asked.url));
    } else if (answer.status == 304) {
      out.message = fmt::format("{} answered 304 to a request without conditions; the next poll tries again",
                                without_query(answer.asked.url));
    } else if (answer.status == 410) {
      out.retry_after = std::chrono::hours(24);
    }
    return out;
  }

  /// What is no feed any more: for some hours that is a bad day of the server, then the feed has moved.
  Result<Page> failed(const Answer& answer, Failure why) {
    bool is_page = answer.status == 200 && looks_like_html(answer.body);
    bool is_missing = answer.status == 404 || answer.status == 410;
    bool is_bad_day = answer.status >= 500 || answer.status == 429 || !has_lasted(at_.good, now_, patience);
    if (is_page) why.message = without_query(answer.asked.url) + " shows a web page in place of the feed";
    if (url_ != source_.url && (is_missing || !is_bad_day)) {
      start_over();
      at_.feed.clear();
      url_ = source_.url;
      return go_on();
    }
    if (!is_page || is_bad_day) return why;
    start_over();
    candidates_ = feed_links(answer.body, answer.asked.url, answer.headers);
    // The last poll ended at an address that gave no answer at all: this one begins behind it.
    if (auto last = std::ranges::find(candidates_, at_.looking); last != candidates_.end())
      std::ranges::rotate(candidates_, last + 1);
    return next_candidate(answer);
  }

  void start_over() {
    forget_validators();
    at_.good = {};
    at_.body.clear();
  }

  Result<Page> next_candidate(const Answer& answer) {
    if (answer.status == 429 || answer.status == 503) return failure(answer);
    if (next_ == candidates_.size() || requests_ >= most_requests) {
      std::string tried;
      for (std::size_t i = 0; i < next_; ++i) tried += (i == 0 ? "" : ", ") + cut(without_query(candidates_[i]), 80);
      return Failure{
          Failure::malformed,
          fmt::format("{} is a web page, and no feed was found: it names none that is one, and none is at {}; "
                      "write the address of the feed itself, or use connector = \"page\" if the site has no feed",
                      without_query(source_.url), tried)};
    }
    url_ = candidates_[next_++];
    at_.looking = url_;
    return go_on();
  }

  Page go_on() {
    cursor_.position = at_.write();
    Page page;
    page.cursor = cursor_;
    page.more = true;
    return page;
  }

  const SourceSettings source_;
  Cursor cursor_;
  FeedPosition at_;
  std::string url_;  ///< asked next
  std::vector<std::string> candidates_;
  std::size_t next_ = 0;  ///< of the candidates; from 1 on the feed is being looked for
  int requests_ = 0;
  bool conditional_ = false;
  sys_ms now_{};
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

constinit const Contract feed_contract{
    .name = "feed",
    .network = "web",
    .counters = "likes replies views",
    .access = Access::open,
    .budgets = budgets,
    .batch = 0,
    .every = std::chrono::minutes(30),
    .keys = keys,
    .blind = "articles that left the feed between two polls; most reactions to articles"};

std::unique_ptr<Connector> make_feed(SourceSettings settings) {
  return std::make_unique<FeedConnector>(std::move(settings));
}

}  // namespace campaignd
