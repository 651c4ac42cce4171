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

constexpr auto between_checkpoints = 1h, between_lessons = 24h;

}  // namespace

std::vector<store::SourceEntry> source_entries(const Config& config, const std::string& edition) {
  std::string terms;
  std::vector<store::WatchedTerm> watched;
  auto number = [](const std::optional<sys_ms>& time) { return time ? time->time_since_epoch().count() : 0; };
  for (const auto& each : config.campaign.editions)
    terms += fmt::format("|{}|{}", number(each.from), number(each.until));
  for (const auto& term : config.campaign.terms) {
    auto looked_for = fmt::format("{}|{}|{}|{}|{}", name_of(term.match_class), fold(term.text),
                                  fmt::join(term.all, ","), fmt::join(term.any, ","), fmt::join(term.none, ","));
    terms += fmt::format("|{}|{}|{}|{}", term.id, looked_for, number(term.from), number(term.until));
    watched.push_back({term.id, looked_for});
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
    if (!source.credential.empty()) text += "|" + source.credential;
    for (const auto& word : s.words) text += "|" + word;
    text += "|" + s.engine + "|" + s.language;
    if (source.connector == "page")
      text += fmt::format("|{}|{}|{}|{}|{}", cut.list, cut.item, cut.link, cut.title, cut.date);
    out.push_back({source.id, source.connector, source.host, keyed_hash("source", text), watched});
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
      sessions_(*config_),
      at_rest_(loop),
      tasks_(loop, std::move(failed)) {}

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
  std::set<std::string> known;
  for (const auto& each : config_->campaign.editions)
    if (gate_.has_key(each.id)) known.insert(each.id);
  store::Attribution how{now, known, config_->profile == Profile::standard};
  std::vector<Evidence> evidence;
  for (const auto& partner : config_->campaign.partners)
    for (auto& each : evidence_of(partner)) evidence.push_back(std::move(each));
  auto holds = [this](const Evidence& each) { return still_holds(config_->campaign, each); };
  for (const auto& each : config_->campaign.partners)
    if (!each.country.empty()) how.countries.emplace(each.id, each.country);
  auto configure = [&](store::Store& store) {
    store.note_settings(config_->written, now);
    store.note_evidence(evidence, holds, now);
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
  for (const auto& source : config_->campaign.sources)
    if (!source.control.empty()) tasks_.spawn(control_forever(source, *find_platform(source.connector)));
  tasks_.spawn(expire_forever());
  tasks_.spawn(measure_forever());
  tasks_.spawn(aggregate_forever());
  health_.ready = true;
}

Pace Collector::pace_of(const Source& source, sys_ms now) const {
  const auto* edition = config_->campaign.edition_at(now);
  if (edition != nullptr && edition->is_busy(now)) return {source.every, source.every, source.every};
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

asio::awaitable<void> Collector::aggregate_forever() {
  auto next_checkpoint = clock_.now() + between_checkpoints;
  std::optional<sys_ms> last_lesson;
  auto ask = [&](store::Store& store) { last_lesson = store.last_lesson(); };
  co_await on_store(ask);
  // Soon after the start, for a daemon may live for hours only.
  auto next_lesson = last_lesson ? *last_lesson + between_lessons : clock_.now();
  for (;;) {
    bool more = true;
    auto aggregate = [&](store::Store& store) { more = store.aggregate(24); };
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
      next_checkpoint = now + between_checkpoints;
    }
    if (clock_.now() >= next_lesson) {  // both read much
      int learnt = 0;
      auto now = clock_.now();
      auto study = [&](store::Store& store) {
        learnt = store.learn(now);
        store.drop_rare_names();
      };
      co_await on_store(study);
      if (learnt > 0) spdlog::info("learnt how posts grow platforms={}", learnt);
      next_lesson = now + between_lessons;
    }
    co_await clock_.sleep_for(2s);
  }
}

}  // namespace campaignd::collect
