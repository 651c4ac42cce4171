// One poll of one source: asked, read, gated, saved, and when it is asked again.
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>

#include "connectors/reading/dates/time.hpp"
#include "daemon/collect/collector.hpp"

namespace campaignd::collect {

using namespace std::chrono_literals;

namespace {

constexpr auto row_of_a_stream = 60s;   ///< what a stream gave is a poll of its own, so long each
constexpr auto idle_stream_saved = 5s;  ///< a stream in which nothing is ours moves its cursor no oftener

/// Whether more of a stream may be read before this is saved.
bool can_wait(const store::PageFacts& facts, sys_ms saved, sys_ms now) {
  return facts.found.empty() && facts.withdrawn.empty() && facts.accounts.empty() && now - saved < idle_stream_saved;
}

}  // namespace

asio::awaitable<void> Collector::poll_once(const Source& source, const Platform& platform, store::SourceState state) {
  Work work(*this);
  auto settings = source.settings;
  const auto* edition = config_->campaign.edition_to_show(clock_.now());
  settings.floor = source.partner.empty() ? edition->from : edition->baseline_from;
  settings.session = sessions_.of(source);
  auto connector = platform.make(settings);

  Poll poll;
  poll.row = {.source = source.id, .host = source.host, .start = clock_.now()};
  poll.saved = poll.row.start;
  auto keep = [&](Page page, const Walked& walked) -> asio::awaitable<bool> {
    auto now = clock_.now();
    poll.joins = poll.joins || page.joins_last;
    if (page.since) poll.since = std::min(poll.since.value_or(*page.since), *page.since);
    account(poll.row, walked, poll.before, now);
    bool more = page.more;
    for (const auto& each : page.refused)
      if (each.id.empty()) poll.notice = each.why;
    auto facts = facts_of(std::move(page), source, platform, poll.row, now);
    append(poll.kept, std::move(facts));
    if (!more) co_return false;  // saved with the poll's end, in one transaction
    if (walked.streams && is_draining_) co_return false;
    if (walked.streams && now - poll.row.start >= row_of_a_stream) {
      co_await conclude(source, poll, state, walked, settings.floor);
      poll = Poll{.row = {.source = source.id, .host = source.host, .start = now}, .before = walked, .saved = now};
      co_return true;
    }
    if (walked.streams && can_wait(*poll.kept, poll.saved, now)) co_return true;
    auto save = [&](store::Store& store) { store.save(*poll.kept, now); };
    co_await on_store(save);
    poll.row = poll.kept->poll;
    poll.kept.reset();
    poll.saved = now;
    co_return true;
  };
  auto walked = co_await walk(connector->discover(state.cursor), http_, clock_, keep);
  account(poll.row, walked, poll.before, clock_.now());
  co_await conclude(source, poll, state, walked, settings.floor);
}

/// The poll's end, with what waited to be saved. A stream that goes on has ended a row of it.
asio::awaitable<void> Collector::conclude(const Source& source, Poll& poll, store::SourceState& state,
                                          const Walked& walked, sys_ms floor) {
  auto& row = poll.row;
  const auto& failure = walked.failure;
  row.outcome = failure ? name_of(failure->code) : "ok";
  // What joined the last success is covered, even if reading further back failed after it.
  if (!failure || poll.joins) row.covered_from = covered_from(poll, state, floor);
  auto pace = pace_of(source, row.end);
  auto message = failure ? failure->message : poll.notice;
  // Our own restraint says nothing about the source: its last trouble stands.
  bool held_back = failure && failure->code == Failure::exhausted;
  if (held_back && state.failures > 0) message = state.message;
  int failures = held_back ? state.failures : failure ? state.failures + 1 : 0;
  auto luck = dice();
  auto ended = row;
  auto next = state;
  auto finish = [&](store::Store& store) {  // made again when the disk said no: it changes nothing it reads
    auto page = poll.kept;
    auto save_and_finish = [&] {
      ended = row;
      if (page) {
        page->poll = row;
        store.save(*page, row.end);
        ended = page->poll;
      }
      Outcome outcome{failure, ended.fresh, failures, walked.fresh, walked.rest, walked.pause};
      next.interval = next_interval(pace, state.interval, outcome);
      next.failures = outcome.failures;
      next.next_poll = next_poll(pace, next.interval, outcome, ended.end, luck);
      store.finish(ended, next, message);
    };
    store.together(save_and_finish);
  };
  co_await on_store(finish);
  if (ended.covered_from) state.covered_until = ended.end;
  state.interval = next.interval;
  state.failures = next.failures;
  state.message = message;
  if (held_back)
    spdlog::debug("poll held back source={} next={}: {}", source.id, format_utc(next.next_poll), failure->message);
  else if (failure)
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
  for (const auto& each : page.gone)
    if (each.of.post == 0) facts.deleted.push_back(gate_.name_of(each.of.uri));
  for (const auto& each : page.accounts)
    facts.accounts.push_back(
        {std::string(platform.name), gate_.pseudonyms_of(platform.name, each.author), each.for_good});
  facts.cursor = std::move(page.cursor);
  facts.software = page.software;
  facts.stated = std::move(page.stated);
  facts.poll = row;
  return facts;
}

}  // namespace campaignd::collect
