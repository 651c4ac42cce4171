#include "connectors/platforms/mastodon.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "connectors/platforms/mastodon_status.hpp"
#include "connectors/reading/json_out.hpp"
#include "connectors/reading/text.hpp"
#include "connectors/reading/time.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd {

namespace {

// Anonymous callers have 300 requests in 5 minutes, but requests that page (max_id, min_id) 300 in 15: one budget that
// keeps both.
constexpr std::array budgets{Budget{"mastodon", 300, std::chrono::minutes(15), std::chrono::seconds(1)}};
constexpr std::size_t page_size = 40;
constexpr auto rescan_every = std::chrono::hours(1);
constexpr auto ask_software_every = std::chrono::days(7);

Request api_request(std::string url) {
  Request request(std::move(url));
  request.bucket = "mastodon";
  request.headers.emplace_back("accept", "application/json");
  return request;
}

bool wants_login(int status) { return status == 401 || status == 403 || status == 422; }

/// Ids are per server and opaque; snowflakes, ULIDs and flakes all sort by length, then bytes.
bool id_less(const std::string& a, const std::string& b) { return a.size() != b.size() ? a.size() < b.size() : a < b; }

std::int64_t to_number(const std::string& text) {
  return text.empty() || text.size() > 18 ? 0 : std::strtoll(text.c_str(), nullptr, 10);
}

/// How far the timeline has been read: everything between `newest` and the floor, but for what lies below `oldest`
/// while the first read back to the edition's start is under way.
struct Position {
  std::string newest, oldest;
  int pages = 0;                 ///< read back so far
  bool local = false;            ///< the server shows visitors local posts only
  sys_ms rescanned, asked_kind;  ///< last look at the newest page, last NodeInfo
  std::string software;

  static Position read(const std::string& text) {
    auto field = [query = "?" + text](std::string_view name) { return query_value(query, name); };
    return {field("newest"),
            field("oldest"),
            static_cast<int>(to_number(field("pages"))),
            field("local") == "1",
            sys_ms(std::chrono::milliseconds(to_number(field("rescanned")))),
            sys_ms(std::chrono::milliseconds(to_number(field("asked")))),
            field("software")};
  }
  std::string write() const {
    return fmt::format("newest={}&oldest={}&pages={}&local={}&rescanned={}&asked={}&software={}", percent_encode(newest),
                       percent_encode(oldest), pages, local ? 1 : 0, rescanned.time_since_epoch().count(),
                       asked_kind.time_since_epoch().count(), percent_encode(software));
  }
};

/// One poll of a tag timeline: forward from the newest post known until the server has no more, once an hour a look at
/// the newest page (Mastodon sorts by id, and a post that federates late arrives below min_id), then on with reading
/// back to the edition's start. Our own URLs: the server's Link header drops any[] and remote.
class TagPoll final : public Job {
 public:
  TagPoll(const SourceSettings& source, Cursor cursor)
      : source_(source), cursor_(std::move(cursor)), at_(Position::read(cursor_.position)) {}

  Request ask(sys_ms now) override {
    now_ = now;
    if (step_ == Step::start) step_ = first_step();
    switch (step_) {
      case Step::links: return api_request("https://" + source_.host + "/.well-known/nodeinfo");
      case Step::software: return api_request(nodeinfo_url_);
      case Step::back: return timeline("&max_id=" + percent_encode(at_.oldest));
      case Step::forward: {
        auto request = timeline("&min_id=" + percent_encode(at_.newest));
        ask_conditionally(request, cursor_);
        return request;
      }
      default: return timeline("");
    }
  }

  Result<Page> read(const Answer& answer) override {
    if (step_ == Step::links || step_ == Step::software) return read_nodeinfo(answer);
    if (answer.status == 304) return not_modified(answer);
    if (wants_login(answer.status) && !at_.local) {  // one setting closes remote posts, another local ones
      at_.local = true;
      return next_page({}, step_);
    }
    if (answer.status != 200) return failure(answer);
    Page page;
    if (auto read = read_timeline(answer, source_.host, page); !read) return read.error();
    return step_ == Step::forward ? after_forward(std::move(page), answer)
           : step_ == Step::back  ? after_back(std::move(page))
                                  : after_newest(std::move(page));
  }

 private:
  enum class Step { start, links, software, newest, forward, rescan, back, done };

  Step first_step() const {
    if (now_ - at_.asked_kind > ask_software_every) return Step::links;
    return at_.newest.empty() ? Step::newest : Step::forward;
  }

  Step after_catching_up() const {
    if (now_ - at_.rescanned >= rescan_every) return Step::rescan;
    return at_.oldest.empty() ? Step::done : Step::back;
  }

  Request timeline(const std::string& paging) const {
    auto url = fmt::format("https://{}/api/v1/timelines/tag/{}?limit={}", source_.host,
                           percent_encode(source_.tags.front()), page_size);
    for (std::size_t i = 1; i < source_.tags.size(); ++i) url += "&any[]=" + percent_encode(source_.tags[i]);
    if (at_.local) url += "&local=true";
    return api_request(url + paging);
  }

  Page next_page(Page page, Step step) {
    step_ = step;
    cursor_.position = at_.write();
    page.cursor = cursor_;
    page.more = step != Step::done;
    page.software = at_.software;
    return page;
  }

  Failure failure(const Answer& answer) const {
    auto failure = standard_failure(answer);
    if (failure.code == Failure::refused && at_.software.starts_with("gotosocial"))
      failure.message += " (GoToSocial shows tag timelines to logged-in callers only)";
    return failure;
  }

  Page after_newest(Page page) {
    bool first = step_ == Step::newest;
    at_.rescanned = now_;
    auto [lowest, highest] = ends(page);
    if (first) {
      at_.newest = highest;
      at_.oldest = lowest;
      at_.pages = 1;
      if (reached_floor(page)) return floor_reached(std::move(page));
    }
    return next_page(std::move(page), at_.oldest.empty() ? Step::done : Step::back);
  }

  Page after_forward(Page page, const Answer& answer) {
    auto highest = ends(page).second;
    if (!highest.empty() && id_less(at_.newest, highest)) {
      at_.newest = highest;
      cursor_.etag.clear();  // it belonged to the URL with the old min_id
      cursor_.last_modified.clear();
      return next_page(std::move(page), Step::forward);
    }
    keep_validators(cursor_, answer);
    page.joins_last = true;
    return next_page(std::move(page), after_catching_up());
  }

  Page not_modified(const Answer& answer) {
    keep_validators(cursor_, answer);
    Page page;
    page.joins_last = true;
    return next_page(std::move(page), after_catching_up());
  }

  Page after_back(Page page) {
    auto lowest = ends(page).first;
    bool moves = !lowest.empty() && id_less(lowest, at_.oldest);
    if (!moves || reached_floor(page)) return floor_reached(std::move(page));
    at_.oldest = lowest;
    if (++at_.pages < source_.backfill_pages) return next_page(std::move(page), Step::back);
    page.since = oldest_date(page);  // the stated cap: what lies below stays unread, and coverage says so
    at_.oldest.clear();
    return next_page(std::move(page), Step::done);
  }

  Page floor_reached(Page page) {
    page.since = source_.floor;
    at_.oldest.clear();
    return next_page(std::move(page), Step::done);
  }

  /// A page is past the floor when all of it is: one old post that federated late proves nothing.
  bool reached_floor(const Page& page) const {
    return std::ranges::all_of(page.found, [&](const Finding& each) {
      return each.post.published && *each.post.published < source_.floor;
    });
  }

  static std::optional<sys_ms> oldest_date(const Page& page) {
    std::optional<sys_ms> oldest;
    for (const auto& each : page.found)
      if (each.post.published && (!oldest || *each.post.published < *oldest)) oldest = each.post.published;
    return oldest;
  }

  /// Lowest and highest id of what the page held.
  static std::pair<std::string, std::string> ends(const Page& page) {
    std::pair<std::string, std::string> out;
    for (const auto& each : page.found) {
      if (out.first.empty() || id_less(each.local_id, out.first)) out.first = each.local_id;
      if (out.second.empty() || id_less(out.second, each.local_id)) out.second = each.local_id;
    }
    return out;
  }

  Result<Page> read_nodeinfo(const Answer& answer) {
    if (answer.status >= 500 || answer.status == 429) return standard_failure(answer);
    at_.asked_kind = now_;
    auto next = at_.newest.empty() ? Step::newest : Step::forward;
    if (answer.status != 200) return next_page({}, next);
    // A server without NodeInfo, or with a broken one, is asked as if it were Mastodon.
    auto use = [&](Json document) {
      if (step_ == Step::links) {
        nodeinfo_url_ = nodeinfo_link(document);
      } else if (auto software = json_member(document, "software")) {
        at_.software = cut(fold(json_text(*software, "name") + " " + json_text(*software, "version")), 60);
      }
    };
    bool readable = read_json(answer.body, use).has_value();
    bool has_link = step_ == Step::links && readable && nodeinfo_url_.starts_with("https://");
    return next_page({}, has_link ? Step::software : next);
  }

  static std::string nodeinfo_link(Json document) {
    std::string best, best_schema;
    auto links = json_member(document, "links");
    if (!links || !links->is_array()) return best;
    for (Json link : simdjson::dom::array(*links)) {
      auto schema = json_text(link, "rel");
      if (schema.starts_with("http://nodeinfo.diaspora.software/ns/schema/") && schema > best_schema) {
        best_schema = schema;
        best = json_text(link, "href");
      }
    }
    return best;
  }

  const SourceSettings source_;
  Cursor cursor_;
  Position at_;
  Step step_ = Step::start;
  sys_ms now_{};
  std::string nodeinfo_url_;
};

/// Measures a batch by id[]; servers without it (before 4.3, Pleroma) are asked post by post.
class BatchMeasure final : public Job {
 public:
  explicit BatchMeasure(std::vector<PostRef> posts) : posts_(std::move(posts)) {}

  Request ask(sys_ms) override {
    auto url = "https://" + posts_.front().host + "/api/v1/statuses";
    if (singly_) return api_request(url + "/" + percent_encode(posts_[at_].local_id));
    char joint = '?';
    for (const auto& post : posts_) {
      url += fmt::format("{}id[]={}", joint, percent_encode(post.local_id));
      joint = '&';
    }
    return api_request(std::move(url));
  }

  Result<Page> read(const Answer& answer) override {
    if (singly_) return read_one(answer);
    if (answer.status == 400 || answer.status == 404 || answer.status == 405) {
      singly_ = true;
      Page page;
      page.more = true;
      return page;
    }
    if (answer.status != 200) return standard_failure(answer);
    Page timeline;
    if (auto read = read_timeline(answer, posts_.front().host, timeline); !read) return read.error();
    Page page;
    page.refused = std::move(timeline.refused);
    for (const auto& post : posts_) {
      auto same = std::ranges::find(timeline.found, post.local_id, &Finding::local_id);
      bool refused = std::ranges::find(page.refused, post.local_id, &Refused::id) != page.refused.end();
      if (same != timeline.found.end())
        page.readings.push_back({post, same->counters, *same});
      else if (!refused)
        page.gone.push_back({post, "not in the batch"});
    }
    return page;
  }

 private:
  Result<Page> read_one(const Answer& answer) {
    const auto& post = posts_[at_];
    Page page;
    if (answer.status == 404 || answer.status == 410) {
      page.gone.push_back({post, fmt::format("answered {}", answer.status)});
    } else if (answer.status != 200) {
      return standard_failure(answer);
    } else {
      auto use = [&](Json status) {
        auto finding = read_status(status, post.host);
        if (finding)
          page.readings.push_back({post, finding->counters, std::move(*finding)});
        else
          page.refused.push_back({post.local_id, finding.error().message});
      };
      if (auto read = read_json(answer.body, use); !read) return read.error();
    }
    page.more = ++at_ < posts_.size();
    return page;
  }

  const std::vector<PostRef> posts_;
  bool singly_ = false;
  std::size_t at_ = 0;
};

class Mastodon final : public Connector {
 public:
  explicit Mastodon(SourceSettings settings) : settings_(std::move(settings)) {}
  const Contract& contract() const noexcept override { return mastodon_contract; }
  std::unique_ptr<Job> discover(Cursor cursor) const override {
    return std::make_unique<TagPoll>(settings_, std::move(cursor));
  }
  std::unique_ptr<Job> measure(std::vector<PostRef> posts) const override {
    return std::make_unique<BatchMeasure>(std::move(posts));
  }

 private:
  const SourceSettings settings_;
};

}  // namespace

constinit const Contract mastodon_contract{
    .name = "mastodon",
    .network = "fediverse",
    .counters = "likes reposts quotes replies",
    .access = Access::open,
    .budgets = budgets,
    .batch = 20,
    .every = std::chrono::minutes(5),
    .blind = "posts that never reached the servers asked; photographs without a typed tag"};

std::unique_ptr<Connector> make_mastodon(SourceSettings settings) {
  return std::make_unique<Mastodon>(std::move(settings));
}

Result<std::string> parse_mastodon(const std::string& body, const ParseHints& hints) {
  Page page;
  auto observer = host_of(hints.url).empty() ? std::string("localhost") : host_of(hints.url);
  auto keep = [&](Json item) {
    auto finding = read_status(item, observer);
    if (finding)
      page.found.push_back(std::move(*finding));
    else
      page.refused.push_back({json_text(item, "id"), finding.error().message});
  };
  auto keep_list = [&](Json document, std::string_view key) {
    auto list = json_member(document, key);
    if (!list || !list->is_array()) return false;
    for (Json item : simdjson::dom::array(*list)) keep(item);
    return true;
  };
  auto use = [&](Json document) {
    if (document.is_array()) return;
    bool holds_lists = keep_list(document, "statuses");  // a search
    holds_lists |= keep_list(document, "ancestors");     // a thread
    holds_lists |= keep_list(document, "descendants");
    if (!holds_lists) keep(document);
  };
  auto first = body.find_first_not_of(" \t\r\n");
  bool is_list = first != body.npos && body[first] == '[';
  Answer answer{Request(hints.url), 200, {}, body, {}};
  auto read = is_list ? read_timeline(answer, observer, page) : read_json(body, use);
  if (!read) return read.error();
  return boost::json::serialize(to_json(page));
}

}  // namespace campaignd
