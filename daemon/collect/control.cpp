#include "daemon/collect/control.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "daemon/collect/collector.hpp"
#include "daemon/collect/keys.hpp"

namespace campaignd::collect {

using namespace std::chrono_literals;

namespace {

constexpr int most_requests = 8;  ///< until a page has posts: a token, what the server runs, a second stage
constexpr int last_minute = 50;   ///< of an hour, so that the answer comes in the same

}  // namespace

sys_ms next_control(std::string_view source, sys_ms now) {
  auto minute = std::chrono::minutes(keyed_hash("control", source).front() % last_minute);
  auto next = std::chrono::floor<std::chrono::hours>(now) + minute;
  return next > now ? next : next + 1h;
}

void note(ControlSeen& seen, const Page& page, sys_ms now) {
  auto unreadable = std::ranges::count_if(page.refused, [](const Refused& each) { return !each.id.empty(); });
  seen.found += std::ssize(page.found) + unreadable;
  seen.is_over = !page.more;
  for (const auto& each : page.found)
    if (each.post.published)
      seen.newest = std::max(seen.newest.value_or(sys_ms()), std::min(*each.post.published, now));
}

asio::awaitable<Result<std::unique_ptr<Stream>>> WithoutStreams::open(Request) {
  was_asked_ = true;
  co_return Failure{Failure::exhausted, "no stream is opened here"};
}

asio::awaitable<void> Collector::control_forever(const Source& source, const Platform& platform) {
  auto not_before = clock_.now();
  for (;;) {
    auto now = clock_.now();
    auto wait = next_control(source.id, std::max(not_before, now)) - now;
    co_await clock_.sleep_for(wait);
    if (is_draining_) co_return;
    store::SourceState state;
    auto load = [&](store::Store& store) { state = store.source(source.id); };
    co_await on_store(load);
    // A source in trouble is not asked more often for that.
    if (state.known && state.failures == 0) not_before = co_await ask_control(source, platform);
  }
}

/// One page of the control tag, of which nothing is kept but that it was there. Gives the moment before which its
/// server wants no more of it.
asio::awaitable<sys_ms> Collector::ask_control(const Source& source, const Platform& platform) {
  Work work(*this);
  auto settings = source.settings;
  settings.tags.assign(1, source.control);
  settings.query.clear();
  settings.floor = clock_.now() - 24h;
  settings.session = sessions_.of(source);
  auto connector = platform.make(settings);
  store::PollRow row{.source = "control:" + source.id, .host = source.host, .start = clock_.now()};
  ControlSeen seen;
  WithoutStreams http(http_);
  auto keep = [&](Page page, const Walked& walked) -> asio::awaitable<bool> {
    note(seen, page, clock_.now());
    co_return seen.found == 0 && walked.requests < most_requests;
  };
  auto job = connector->discover({});
  auto walked = co_await walk(std::move(job), http, clock_, keep);
  account(row, walked, {}, clock_.now());
  bool is_told = seen.found > 0 || seen.is_over || http.was_asked_for_one();
  row.found = seen.found;
  if (is_told)
    row.outcome = "ok";
  else if (walked.failure)
    row.outcome = name_of(walked.failure->code);
  auto keep_it = [&](store::Store& store) { store.note_control(row, source.id, seen.found, seen.newest); };
  co_await on_store(keep_it);
  spdlog::debug("control source={} outcome={} found={}", source.id, row.outcome, seen.found);
  auto retry_after = walked.failure ? walked.failure->retry_after.value_or(0s) : 0s;
  co_return row.end + std::max<std::chrono::seconds>(retry_after, walked.pause);
}

}  // namespace campaignd::collect
