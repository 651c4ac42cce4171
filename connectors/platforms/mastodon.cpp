#include "connectors/platforms/mastodon.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "connectors/platforms/mastodon_status.hpp"
#include "connectors/reading/dates/time.hpp"
#include "connectors/reading/text.hpp"
#include "connectors/reading/url.hpp"

namespace campaignd {

namespace {

// Anonymous callers have 300 requests in 5 minutes, but requests that page (max_id, min_id) 300 in 15: one budget that
// keeps both.
constexpr std::array budgets{Budget{"mastodon", 300, std::chrono::minutes(15), std::chrono::seconds(1)}};
constexpr std::size_t page_size = 40;
constexpr auto rescan_every = std::chrono::hours(1);
constexpr auto ask_software_every = std::chrono::days(7);
constexpr auto ask_for_all_every = std::chrono::days(1);

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
  sys_ms local_since;            ///< since when the server shows visitors local posts only; zero: all
  sys_ms rescanned, asked_kind;  ///< last look at the newest page, last NodeInfo
  std::string software;

  static Position read(const std::string& text) {
    auto field = [query = "?" + text](std::string_view name) { return query_value(query, name); };
    auto time = [&](std::string_view name) { return sys_ms(std::chrono::milliseconds(to_number(field(name)))); };
    return {field("newest"),  field("oldest"),   static_cast<int>(to_number(field("pages"))),
            time("local"),    time("rescanned"), time("asked"),
            field("software")};
  }
  std::string write() const {
    return fmt::format("newest={}&oldest={}&pages={}&local={}&rescanned={}&asked={}&software={}",
                       percent_encode(newest), percent_encode(oldest), pages, local_since.time_since_epoch().count(),
                       rescanned.time_since_epoch().count(), asked_kind.time_since_epoch().count(),
                       percent_encode(software));
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
    if (step_ == Step::start) {
      step_ = first_step();
      local_ = at_.local_since != sys_ms() && now - at_.local_since < ask_for_all_every;
    }
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
    if (wants_login(answer.status) && !local_) {  // one setting closes remote posts, another local ones
      local_ = true;
      return next_page({}, step_);
    }
    if (answer.status != 200) return failure(answer);
    auto timeline = read_timeline(answer.body, source_.host);
    if (!timeline) return timeline.error();
    if (timeline->ids.empty() && timeline->nameless)
      return Failure{Failure::malformed, source_.host + " sent a page of which nothing could be read"};
    // Kept only once it has worked: a challenge page is no closed server.
    if (!local_)
      at_.local_since = {};
    else if (at_.local_since == sys_ms() || now_ - at_.local_since >= ask_for_all_every)
      at_.local_since = now_;
    Page page;
    page.found = std::move(timeline->found);
    page.refused = std::move(timeline->refused);
    auto ends = ends_of(timeline->ids);
    return step_ == Step::forward ? after_forward(std::move(page), ends, answer)
           : step_ == Step::back  ? after_back(std::move(page), ends)
                                  : after_newest(std::move(page), ends);
  }

 private:
  using Ends = std::pair<std::string, std::string>;  ///< lowest and highest id of a page, empty for an empty one
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
    if (local_) url += "&local=true";
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

  Page after_newest(Page page, const Ends& ends) {
    bool first = step_ == Step::newest;
    at_.rescanned = now_;
    if (first) {
      at_.newest = ends.second;
      at_.oldest = ends.first;
      at_.pages = 1;
      if (ends.first.empty() || lies_below_floor(page)) return floor_reached(std::move(page));
    }
    return next_page(std::move(page), at_.oldest.empty() ? Step::done : Step::back);
  }

  Page after_forward(Page page, const Ends& ends, const Answer& answer) {
    if (!ends.second.empty() && id_less(at_.newest, ends.second)) {
      at_.newest = ends.second;
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

  Page after_back(Page page, const Ends& ends) {
    if (ends.first.empty() || lies_below_floor(page)) return floor_reached(std::move(page));
    bool moves = id_less(ends.first, at_.oldest);  // else the server ignores max_id and would repeat itself for ever
    if (moves) at_.oldest = ends.first;
    if (moves && ++at_.pages < source_.backfill_pages) return next_page(std::move(page), Step::back);
    page.since = newest_date(page);  // the stated cap: what lies below stays unread, and coverage says so
    at_.oldest.clear();
    return next_page(std::move(page), Step::done);
  }

  Page floor_reached(Page page) {
    page.since = source_.floor;
    at_.oldest.clear();
    return next_page(std::move(page), Step::done);
  }

  /// A page is past the floor when all of it is: one old post that federated late proves nothing.
  bool lies_below_floor(const Page& page) const {
    return !page.found.empty() && std::ranges::all_of(page.found, [&](const Finding& each) {
      return each.post.published && *each.post.published < source_.floor;
    });
  }

  /// Read completely back to here: dates do not follow ids, so the newest of the lowest page is the safe one.
  static std::optional<sys_ms> newest_date(const Page& page) {
    std::optional<sys_ms> newest;
    for (const auto& each : page.found)
      if (each.post.published && (!newest || *each.post.published > *newest)) newest = each.post.published;
    return newest;
  }

  static Ends ends_of(const std::vector<std::string>& ids) {
    if (ids.empty()) return {};
    auto [lowest, highest] = std::ranges::minmax_element(ids, id_less);
    return {*lowest, *highest};
  }

  Result<Page> read_nodeinfo(const Answer& answer) {
    bool asks_to_wait = read_retry_after(answer.headers, answer.received).has_value();
    if (answer.status == 429 || (answer.status == 503 && asks_to_wait)) return standard_failure(answer);
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
  bool local_ = false;  ///< ask for local posts only
  sys_ms now_{};
  std::string nodeinfo_url_;
};

class Mastodon final : public Connector {
 public:
  explicit Mastodon(SourceSettings settings) : settings_(std::move(settings)) {}
  const Contract& contract() const noexcept override { return mastodon_contract; }
  std::unique_ptr<Job> discover(Cursor cursor) const override {
    return std::make_unique<TagPoll>(settings_, std::move(cursor));
  }
  std::unique_ptr<Job> measure(std::vector<PostRef> posts) const override { return measure_statuses(std::move(posts)); }

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

}  // namespace campaignd
