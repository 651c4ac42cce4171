#include "daemon/collect/ledger.hpp"

#include <algorithm>
#include <iterator>

namespace campaignd::collect {

void account(store::PollRow& row, const Walked& walked, const Walked& before, sys_ms now) {
  row.end = now;
  row.requests = walked.requests - before.requests;
  row.spent = walked.spent;
  for (const auto& [budget, cost] : before.spent) row.spent[budget] -= cost;
  if (!walked.host.empty()) row.host = walked.host;
}

std::string observer_of(const Platform& platform, const std::string& host) {
  return platform.contract.home.empty() ? host : std::string(platform.contract.home);
}

std::optional<sys_ms> covered_from(const Poll& poll, const store::SourceState& state, sys_ms floor) {
  const auto& row = poll.row;
  std::optional<sys_ms> from;
  if (poll.joins) from = state.covered_until.value_or(row.start);
  if (poll.since) from = std::min(from.value_or(*poll.since), *poll.since);
  if (!from) return std::nullopt;
  return std::clamp(*from, std::min(floor, row.start), row.start);
}

void append(std::optional<store::PageFacts>& waiting, store::PageFacts facts) {
  if (!waiting) {
    waiting = std::move(facts);
    return;
  }
  auto move = [](auto& from, auto& to) {
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
  };
  move(facts.found, waiting->found);
  move(facts.withdrawn, waiting->withdrawn);
  move(facts.deleted, waiting->deleted);
  move(facts.accounts, waiting->accounts);
  move(facts.stated, waiting->stated);
  waiting->cursor = std::move(facts.cursor);
  if (!facts.software.empty()) waiting->software = std::move(facts.software);
  waiting->poll = facts.poll;
}

}  // namespace campaignd::collect
