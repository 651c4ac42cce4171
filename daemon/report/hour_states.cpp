#include "daemon/report/hour_states.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "daemon/report/wanted.hpp"

namespace campaignd::report {

namespace {

using namespace std::chrono_literals;

struct Said {
  std::string_view name, words;
  char letter;
};
constexpr std::array<Said, hour_states_there_are> said{
    Said{"seen", "read, and posts of this hour were there", 'S'},
    Said{"empty", "read, and nothing was there", 'E'},
    Said{"refused", "not for us, or not there any more", 'R'},
    Said{"failed", "no answer, or none that could be read", 'F'},
    Said{"throttled", "asked to wait, or our own limit was reached", 'T'},
    Said{"paused", "not asked: switched off, not there yet, or not due", 'P'},
    Said{"blind", "it answers, and shows neither the campaign nor its control tag", 'B'},
    Said{"not planned", "taken out of the configuration", '-'}};
const Said& of(HourState state) { return said[static_cast<std::size_t>(state)]; }

/// What a poll's outcome makes of an hour that it left unread.
HourState trouble_of(std::string_view outcome) {
  constexpr std::pair<std::string_view, HourState> known[] = {{"", HourState::paused},
                                                              {"ok", HourState::paused},
                                                              {"interrupted", HourState::paused},
                                                              {"refused", HourState::refused},
                                                              {"blocked_address", HourState::refused},
                                                              {"gone", HourState::refused},
                                                              {"throttled", HourState::throttled},
                                                              {"exhausted", HourState::throttled}};
  const auto* found = std::ranges::find(known, outcome, &std::pair<std::string_view, HourState>::first);
  return found == std::end(known) ? HourState::failed : found->second;
}

/// The polls a source ended in an hour: the last that went wrong, or "ok"; and when the last of all let it be asked
/// again.
struct Polls {
  std::string outcome = "ok";
  bool ended_well = false;
  sys_ms next;
};
using PollsByHour = std::map<std::int64_t, Polls>;  ///< hours of the window, and before it

constexpr auto longest_rest = 25h;  ///< no poll says not to ask again for longer

std::map<std::string, PollsByHour> polls_of(store::Database& db, sys_ms from, sys_ms until) {
  std::map<std::string, PollsByHour> out;
  store::Query query(db,
                     "SELECT source, end_utc, outcome, coalesce(next_utc, 0) FROM poll WHERE end_utc >= ? AND end_utc "
                     "< ? ORDER BY end_utc",
                     from - longest_rest, until);
  while (query.next()) {
    auto hour = std::chrono::floor<std::chrono::hours>(query.time(1) - from).count();
    auto& polls = out[query.text(0)][hour];
    auto outcome = query.text(2);
    polls.ended_well = outcome == "ok";
    if (!polls.ended_well) polls.outcome = outcome;
    polls.next = query.time(3);
  }
  return out;
}

/// The outcome that speaks of an hour.
std::string outcome_in(const PollsByHour& polls, std::int64_t hour, sys_ms start) {
  auto last = polls.upper_bound(hour);
  if (last == polls.begin()) return {};
  --last;
  bool rests = !last->second.ended_well && last->second.next >= start;
  return last->first == hour || rests ? last->second.outcome : std::string();
}

std::set<std::pair<std::string, std::int64_t>> hours_with_posts(store::Database& db, const Edition& edition,
                                                                sys_ms from, sys_ms until, sys_ms now) {
  std::set<std::pair<std::string, std::int64_t>> out;
  store::Query query(db,
                     "SELECT DISTINCT source, (reading.at_utc - ?1) / 3600000 FROM reading CROSS JOIN sighting ON "
                     "sighting.post = reading.post WHERE reading.edition = ?2 AND reading.at_utc >= ?1 AND "
                     "reading.at_utc < ?3 AND sighting.first_utc <= ?4",
                     from, edition.id, until, now);
  while (query.next()) out.emplace(query.text(0), query.integer(1));
  return out;
}

}  // namespace

std::string_view name_of(HourState state) { return of(state).name; }
std::string_view words_of(HourState state) { return of(state).words; }
char letter_of(Hour hour) {
  auto letter = of(hour.state).letter;
  return hour.refilled && letter != '-' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

Hour hour_of(const HourFacts& facts) {
  const auto& [covered, planned, longest_gap, refilled, blind] = facts.coverage;
  if (planned <= 0ms) return {HourState::not_planned};
  if (blind * 2 >= planned) return {HourState::blind};
  bool answered = covered == 0ms && facts.outcome == "ok";
  if (covered * 2 < planned && !answered) return {trouble_of(facts.outcome)};
  return {facts.has_posts ? HourState::seen : HourState::empty, refilled > 0ms};
}

Hours hour_states(store::Database& db, const Campaign& campaign, const Edition& edition, const Window& window,
                  sys_ms now) {
  std::vector<store::Bucket> buckets;
  auto until = std::min(window.until, now);
  for (auto start = window.from; start < until; start += 1h)
    buckets.push_back({start, start + 1h, std::to_string(buckets.size())});
  store::MetricRunner runner(db);
  runner.choose(edition.id, buckets, store::Breakdown::none);
  auto terms = wanted_terms(db, campaign, edition, window, store::metric("M-14").match_class);
  auto polls = polls_of(db, window.from, until);
  auto posts = hours_with_posts(db, edition, window.from, until, now);
  Hours out;
  for (const auto& [key, coverage] : runner.coverage(now, terms)) {
    auto& hours = out.try_emplace(key.second, buckets.size()).first->second;
    auto hour = std::stoll(key.first);
    hours[static_cast<std::size_t>(hour)] =
        hour_of({coverage, posts.contains({key.second, hour}),
                 outcome_in(polls[key.second], hour, window.from + std::chrono::hours(hour))});
  }
  return out;
}

Window last_days(const Window& window, int days, sys_ms now) {
  auto until = std::min(window.until, now);
  auto from = std::chrono::floor<std::chrono::hours>(until - std::chrono::days(days));
  return {std::max<sys_ms>(window.from, from), window.until, window.label};
}

}  // namespace campaignd::report
