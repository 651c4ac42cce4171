#include "daemon/collect/collector.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "connectors/reading/dates/time.hpp"
#include "connectors/reading/text.hpp"

namespace campaignd::collect {

using namespace std::chrono_literals;

namespace {

void account(store::PollRow& row, const Walked& walked, sys_ms now) {
  row.end = now;
  row.requests = walked.requests;
  row.cost = walked.cost;
  row.bucket = walked.bucket;
  if (!walked.host.empty()) row.host = walked.host;
}

/// Who counted: the host that was asked, or the platform's one home.
std::string observer_of(const Platform& platform, const std::string& host) {
  return platform.contract.home.empty() ? host : std::string(platform.contract.home);
}

/// M-14: a poll that joins the last success covers from there; else from its oldest item; a first, empty one from now.
std::optional<sys_ms> covered_from(const store::PollRow& row, bool joins, std::optional<sys_ms> since,
                                   const store::SourceState& state, sys_ms floor) {
  std::optional<sys_ms> from;
  if (joins) from = state.last_success.value_or(row.start);
  if (since) from = std::min(from.value_or(*since), *since);
  if (!from) return std::nullopt;
  return std::clamp(*from, std::min(floor, row.start), row.start);
}

}  // namespace

std::vector<store::SourceEntry> source_entries(const Config& config, const std::string& edition) {
  std::string terms;
  std::vector<std::string> ids;
  auto number = [](const std::optional<sys_ms>& time) { return time ? time->time_since_epoch().count() : 0; };
  for (const auto& each : config.campaign.editions)
    terms += fmt::format("|{}|{}", number(each.from), number(each.until));
  for (const auto& term : config.campaign.terms) {
    terms += fmt::format("|{}|{}|{}|{}|{}|{}|{}|{}", term.id, name_of(term.match_class), fold(term.text),
                         fmt::join(term.all, ","), fmt::join(term.any, ","), fmt::join(term.none, ","),
                         number(term.from), number(term.until));
    ids.push_back(term.id);
  }
  std::vector<store::SourceEntry> out;
  for (const auto& source : config.campaign.sources) {
    const auto& s = source.settings;
    const auto& cut = s.selectors;
    auto text = fmt::format("{}|{}|{}|{}|{}|{}|{}{}", source.connector, s.host, s.account, s.url, s.query,
                            fmt::join(s.tags, ","), s.backfill_pages, terms);
    // What a feed or a list still shows of before the edition is read again when that begins.
    if (find_platform(source.connector)->contract.batch == 0) text += "|" + edition;
    if (const auto* partner = config.campaign.partner_named(source.partner))  // what is kept though it does not match
      text += fmt::format("|{}|{}|{}", partner->id, fmt::join(partner->outlets, ","),
                          number(config.campaign.edition_named(edition)->baseline_from));
    if (source.connector == "page")
      text += fmt::format("|{}|{}|{}|{}|{}", cut.list, cut.item, cut.link, cut.title, cut.date);
    out.push_back({source.id, source.connector, source.host, keyed_hash("source", text), ids});
  }
  return out;
}

Collector::Collector(asio::io_context& loop, std::shared_ptr<const Config> config, Http& http, Clock& clock,
                     StoreThread& store, Keys keys, Health& health, std::function<void(std::exception_ptr)> failed)
    : config_(std::move(config)),
      http_(http),
      clock_(clock),
      store_(store),
      health_(health),
      gate_(*config_, std::move(keys)),
      at_rest_(loop),
      tasks_(loop, std::move(failed)) {}

/// A poll or a measurement under way; the last to end wakes who drains.
class Collector::Work {
 public:
  explicit Work(Collector& collector) : collector_(collector) { ++collector_.working_; }
  Work(const Work&) = delete;
  Work& operator=(const Work&) = delete;
  ~Work() {
    if (--collector_.working_ == 0) collector_.at_rest_.cancel();
  }

 private:
  Collector& collector_;
};

asio::awaitable<void> Collector::drain(milliseconds patience) {
  is_draining_ = true;
  at_rest_.expires_after(patience);
  boost::system::error_code woken;
  if (working_ > 0) co_await at_rest_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
  cancel();
  co_await join();
}

asio::awaitable<void> Collector::configure() {
  edition_ = config_->campaign.edition_to_show(clock_.now())->id;
  auto entries = source_entries(*config_, edition_);
  auto accounts = gate_.partner_accounts();
  auto owner_of_page = [this](const std::string& url, const std::string& host) {
    return gate_.press().owner_of_page(url, host);
  };
  auto now = clock_.now();
  store::Attribution how{now, {}, config_->profile == Profile::standard};
  for (const auto& each : config_->campaign.editions) how.editions.insert(each.id);
  auto configure = [&](store::Store& store) {
    store.note_settings(config_->written, now);
    store.configure(entries, edition_, now);
    store.attribute(accounts, owner_of_page, how);
  };
  co_await on_store(configure);
}

asio::awaitable<void> Collector::poll_now(std::string id) {
  auto source = std::ranges::find(config_->campaign.sources, id, &Source::id);
  auto entries = source_entries(*config_, config_->campaign.edition_to_show(clock_.now())->id);
  auto entry = std::ranges::find(entries, id, &store::SourceEntry::id);
  auto now = clock_.now();
  const auto* edition = config_->campaign.edition_to_show(now);
  store::SourceState state;
  auto load = [&](store::Store& store) {
    store.ensure(*entry, edition->id, now);
    state = store.source(id);
  };
  co_await on_store(load);
  co_await poll_once(*source, *find_platform(source->connector), state);
}

asio::awaitable<void> Collector::run() {
  co_await configure();
  for (const auto& source : config_->campaign.sources)
    tasks_.spawn(poll_forever(source, *find_platform(source.connector)));
  tasks_.spawn(measure_forever());
  tasks_.spawn(aggregate_forever());
  health_.ready = true;
}

Pace Collector::pace_of(const Source& source, sys_ms now) const {
  const auto* edition = config_->campaign.edition_at(now);
  bool campaign_day = edition != nullptr && now >= edition->day_from && now < edition->day_until;
  if (campaign_day) return {source.every, source.every, source.every};
  return {source.every, std::max(source.every, std::min<milliseconds>(source.every * 6, 6h)), 24h};
}

asio::awaitable<void> Collector::poll_forever(const Source& source, const Platform& platform) {
  for (;;) {
    store::SourceState state;
    auto load = [&](store::Store& store) { state = store.source(source.id); };
    co_await on_store(load);
    if (!state.known) {  // somebody took it out of the database
      co_await configure();
      continue;
    }
    auto now = clock_.now();
    // The first poll of all comes within seconds, spread so that hosts with many sources are not hit at once.
    auto first = now + milliseconds(static_cast<std::int64_t>(dice() * 2000.0));
    auto next = std::min(state.next_poll == sys_ms() ? first : state.next_poll, now + longest_wait);
    if (next > now) co_await clock_.sleep_for(next - now);
    if (is_draining_) co_return;
    co_await poll_once(source, platform, state);
  }
}

asio::awaitable<void> Collector::poll_once(const Source& source, const Platform& platform, store::SourceState state) {
  Work work(*this);
  auto settings = source.settings;
  const auto* edition = config_->campaign.edition_to_show(clock_.now());
  settings.floor = source.partner.empty() ? edition->from : edition->baseline_from;
  auto connector = platform.make(settings);

  store::PollRow row{.source = source.id, .host = source.host, .start = clock_.now()};
  bool joins = false;
  std::optional<sys_ms> since;
  std::optional<store::PageFacts> last;  // saved with the poll's end, in one transaction
  std::string notice;                    // of what was answered and could be read in part only
  auto keep = [&](Page page, const Walked& walked) -> asio::awaitable<void> {
    auto now = clock_.now();
    joins = joins || page.joins_last;
    if (page.since) since = std::min(since.value_or(*page.since), *page.since);
    account(row, walked, now);
    bool more = page.more;
    for (const auto& each : page.refused)
      if (each.id.empty()) notice = each.why;
    auto facts = facts_of(std::move(page), source, platform, row, now);
    if (!more) {
      last = std::move(facts);
      co_return;
    }
    auto save = [&](store::Store& store) { store.save(facts, now); };
    co_await on_store(save);
    row = facts.poll;
  };
  auto walked = co_await walk(connector->discover(state.cursor), http_, clock_, keep);

  account(row, walked, clock_.now());
  row.outcome = walked.failure ? name_of(walked.failure->code) : "ok";
  // What joined the last success is covered, even if reading further back failed after it.
  if (!walked.failure || joins) row.covered_from = covered_from(row, joins, since, state, settings.floor);
  auto pace = pace_of(source, row.end);
  auto message = walked.failure ? walked.failure->message : notice;
  // Our own restraint says nothing about the source: its last trouble stands.
  bool held_back = walked.failure && walked.failure->code == Failure::exhausted;
  if (held_back && state.failures > 0) message = state.message;
  int failures = held_back ? state.failures : walked.failure ? state.failures + 1 : 0;
  auto luck = dice();
  auto ended = row;
  auto next = state;
  auto conclude = [&](store::Store& store) {  // made again when the disk said no: it changes nothing it reads
    auto page = last;
    auto save_and_finish = [&] {
      ended = row;
      if (page) {
        page->poll = row;
        store.save(*page, row.end);
        ended = page->poll;
      }
      Outcome outcome{walked.failure, ended.fresh, failures, walked.fresh, walked.rest};
      next.interval = next_interval(pace, state.interval, outcome);
      next.failures = outcome.failures;
      next.next_poll = next_poll(pace, next.interval, outcome, ended.end, luck);
      store.finish(ended, next, message);
    };
    store.together(save_and_finish);
  };
  co_await on_store(conclude);
  if (held_back)
    spdlog::debug("poll held back source={} next={}: {}", source.id, format_utc(next.next_poll),
                  walked.failure->message);
  else if (walked.failure)
    spdlog::warn("poll failed source={} code={} in_a_row={} next={}: {}", source.id, ended.outcome, next.failures,
                 format_utc(next.next_poll), message);
  else
    spdlog::debug("poll source={} found={} matched={} fresh={} requests={}", source.id, ended.found, ended.matched,
                  ended.fresh, ended.requests);
}

store::PageFacts Collector::facts_of(Page page, const Source& source, const Platform& platform, store::PollRow& row,
                                     sys_ms now) {
  auto gated = gate_.admit(page.found, platform.contract, now);
  row.found += std::ssize(page.found);
  row.matched += gated.matched;
  row.refused += std::ssize(page.refused);
  row.opted_out += gated.opted_out;
  store::PageFacts facts;
  facts.platform = platform.name;
  facts.observer = observer_of(platform, source.host);
  facts.found = std::move(gated.facts);
  facts.withdrawn = std::move(gated.withdrawn);
  facts.cursor = std::move(page.cursor);
  facts.software = page.software;
  facts.poll = row;
  return facts;
}

asio::awaitable<void> Collector::measure_forever() {
  for (;;) {
    std::vector<store::Store::Due> hosts;
    auto look = [&](store::Store& store) { hosts = store.due(); };
    co_await on_store(look);
    auto now = clock_.now();
    for (const auto& [platform, host, at] : hosts) {
      auto [failures, not_before] = measure_failures_[platform + "|" + host];
      bool measurable = find_platform(platform) != nullptr;
      if (measurable && at <= now && not_before <= now && measuring_.insert(platform + "|" + host).second)
        tasks_.spawn(measure_host(platform, host));
    }
    co_await clock_.sleep_for(15s);
  }
}

asio::awaitable<void> Collector::measure_host(std::string platform_name, std::string host) {
  struct Mark {
    std::set<std::string>& set;
    std::string place;
    ~Mark() { set.erase(place); }
  };
  Mark mark{measuring_, platform_name + "|" + host};
  const Platform& platform = *find_platform(platform_name);
  for (;;) {
    std::vector<PostRef> posts;
    auto now = clock_.now();
    auto look = [&](store::Store& store) {
      posts = store.due_posts(platform_name, host, now, std::max<std::size_t>(platform.contract.batch, 1));
    };
    co_await on_store(look);
    if (posts.empty() || is_draining_) co_return;
    co_await measure_batch(platform, host, std::move(posts));
    if (measure_failures_[platform_name + "|" + host].first > 0) co_return;
  }
}

asio::awaitable<void> Collector::keep_measured(const Platform& platform, std::string host, Page page,
                                               store::PollRow& row) {
  auto now = clock_.now();
  std::vector<Finding> readings;
  store::PageFacts facts;
  for (auto& reading : page.readings) {
    if (!reading.now) continue;
    auto gated = gate_.admit({std::move(*reading.now)}, platform.contract, now);
    for (auto& names : gated.withdrawn) facts.withdrawn.push_back(std::move(names));
    if (gated.facts.empty()) continue;
    facts.measured.push_back(std::move(gated.facts.front()));
    facts.measured_posts.push_back(reading.of.post);
  }
  row.found += std::ssize(page.readings);
  row.refused += std::ssize(page.refused);
  facts.platform = platform.name;
  facts.observer = observer_of(platform, host);
  facts.poll = row;
  auto save = [&](store::Store& store) { store.save(facts, now); };
  co_await on_store(save);
  row = facts.poll;
}

std::vector<std::int64_t> missing_of(const std::vector<Gone>& gone, std::size_t asked, bool answered) {
  std::vector<std::int64_t> out;
  if (!answered || (gone.size() >= 3 && gone.size() * 5 > asked)) return out;
  for (const auto& each : gone) out.push_back(each.of.post);
  return out;
}

asio::awaitable<void> Collector::measure_batch(const Platform& platform, std::string host, std::vector<PostRef> posts) {
  Work work(*this);
  SourceSettings settings;
  settings.host = host;
  auto connector = platform.make(settings);
  std::vector<std::int64_t> asked;
  for (const auto& post : posts) asked.push_back(post.post);
  store::PollRow row{.source = "measure:" + host, .host = host, .start = clock_.now()};
  std::vector<Gone> gone;
  bool answered = false;  // something was shown, or the batch as a whole was
  auto keep = [&](Page page, const Walked& walked) -> asio::awaitable<void> {
    account(row, walked, clock_.now());
    answered = answered || !page.readings.empty() || (!page.more && walked.requests == 1);
    for (auto& each : page.gone) gone.push_back(std::move(each));
    co_await keep_measured(platform, host, std::move(page), row);
  };
  auto walked = co_await walk(connector->measure(std::move(posts)), http_, clock_, keep);
  account(row, walked, clock_.now());
  row.outcome = walked.failure ? name_of(walked.failure->code) : "ok";
  auto missing = missing_of(gone, asked.size(), answered);
  if (missing.empty() && !gone.empty())
    spdlog::warn("measure host={} missing={} of {}: taken for an outage, nothing is removed", host, gone.size(),
                 asked.size());
  // What a busy or absent server did not answer stays due; what it answered unreadably must not be first for ever.
  if (walked.failure) {
    auto code = walked.failure->code;
    if (code == Failure::throttled || code == Failure::unreachable || code == Failure::exhausted) asked.clear();
  }
  auto finish = [&](store::Store& store) {
    store.finish(row, std::string(platform.name), observer_of(platform, host), asked, missing);
  };
  co_await on_store(finish);
  auto& [failures, not_before] = measure_failures_[std::string(platform.name) + "|" + host];
  failures = walked.failure ? failures + 1 : 0;
  if (!walked.failure) co_return;
  Outcome outcome;
  outcome.failure = walked.failure;
  outcome.failures = failures;
  not_before = next_poll(Pace{}, 5min, outcome, row.end, dice());
  // The failure's own sentence may hold a post's address; the host is enough.
  spdlog::warn("measure failed host={} code={} in_a_row={} next={}", host, row.outcome, failures,
               format_utc(not_before));
}

asio::awaitable<void> Collector::aggregate_forever() {
  auto next_checkpoint = clock_.now() + 1h;
  for (;;) {
    bool more = true;
    auto aggregate = [&](store::Store& store) { more = store.aggregate(100); };
    while (more) co_await on_store(aggregate);
    if (config_->campaign.edition_to_show(clock_.now())->id != edition_) co_await configure();  // a new year begins
    if (clock_.now() >= next_checkpoint) {
      std::int64_t gone = 0;
      auto now = clock_.now();
      auto tidy = [&](store::Store& store) {
        gone = store.forget_strangers(now);
        store.checkpoint();
      };
      co_await on_store(tidy);
      if (gone > 0) spdlog::info("removed posts={} of accounts that have not been registered for a week", gone);
      next_checkpoint = clock_.now() + 1h;
    }
    co_await clock_.sleep_for(2s);
  }
}

}  // namespace campaignd::collect
