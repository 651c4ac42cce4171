// Which posts are measured again, and when: where a reading takes away most of what is not known (growth.hpp).
#include <algorithm>
#include <limits>

#include "daemon/store/growth_store.hpp"
#include "daemon/store/store.hpp"

namespace campaignd::store {

namespace {

constexpr auto hour = std::chrono::hours(1);
constexpr std::int64_t most_weighed = 5000;  ///< against each other, of a host: those that have been due longest
constexpr milliseconds look_again = std::chrono::days(7);  ///< whether a post is there: deletions are followed

/// How old a reading may get, as long as the post is kept; `strictly`: its platform's terms say so.
struct Within {
  milliseconds most = look_again;
  bool strictly = false;
  milliseconds first_from() const { return strictly ? most : 2 * most; }  ///< before what may have grown
};
Within within_of(std::string_view platform) {
  const auto* known = find_platform(platform);
  if (known == nullptr || !known->contract.recheck_within) return {};
  return {*known->contract.recheck_within, true};
}

}  // namespace

const Growth& Store::growth(const std::string& platform) {
  auto found = growth_.find(platform);
  if (found == growth_.end()) found = growth_.emplace(platform, known_growth(db_, platform, sys_ms::max())).first;
  return found->second;
}

int Store::learn(sys_ms now) {
  Transaction tx(db_);
  auto learnt = learn_growth(db_, now);
  tx.commit();
  growth_.clear();
  return learnt;
}

std::optional<sys_ms> Store::last_lesson() {
  Query query(db_, "SELECT max(at_utc) FROM growth_noise");
  return query.next() ? query.maybe_time(0) : std::nullopt;
}

/// What an observer has told of a post by then, at its age.
Told Store::told(std::int64_t post, std::int64_t observer, sys_ms born, sys_ms until) {
  Query query(db_,
              "SELECT at_utc, coalesce(likes, 0) + coalesce(reposts, 0) + coalesce(quotes, 0) + coalesce(replies, 0) "
              "FROM observation WHERE post = ? AND observer = ? AND at_utc <= ? AND coalesce(likes, reposts, quotes, "
              "replies) IS NOT NULL ORDER BY at_utc DESC LIMIT 1",
              post, observer, until);
  return query.next() ? Told{query.time(0) - born, query.real(1)} : Told{};
}

/// What its readings say of a post that was read just now, and when to read it next: where it may have grown, and once
/// it is closed to see whether it is still there.
Store::Plan Store::plan(std::int64_t post, std::int64_t observer, sys_ms read) {
  std::string platform;
  if (Query query(db_, "SELECT platform FROM post WHERE id = ?", post); query.next()) platform = query.text(0);
  const auto& known = growth(platform);
  auto born = effective_time(post);
  Plan out{known.unread, read + within_of(platform).most};
  if (auto last = told(post, observer, born, read); last.age > milliseconds(0) || last.count > 0) {
    last.age = read - born;  // it was said again, if with no other number
    out.level = level_of(known, told(post, observer, born, born + last.age / 2), last);
  }
  if (auto age = worth_reading_at(known, out.level, read - born)) out.due = std::min(out.due, born + *age);
  return out;
}

/// What was asked for and is still due was not read: it must not stand first in line for ever, and the longer it has
/// not been read, the less often it is tried.
void Store::postpone(std::int64_t post, std::int64_t observer, const PollRow& poll) {
  auto born = effective_time(post), read = born;
  bool was_shown = false;
  {
    Query due(db_, "SELECT read_utc, shown FROM recheck WHERE observer = ? AND post = ? AND due_utc <= ?", observer,
              post, poll.start);
    if (!due.next()) return;
    read = due.maybe_time(0).value_or(born);
    was_shown = due.integer(1) != 0;
  }
  if (poll.end - born >= closed_after && !was_shown)
    Query(db_, "DELETE FROM recheck WHERE observer = ? AND post = ?", observer, post).run();
  else
    Query(db_, "UPDATE recheck SET due_utc = ? WHERE observer = ? AND post = ?",
          poll.end + std::clamp<milliseconds>((poll.end - read) / 2, hour, 24 * hour), observer, post)
        .run();
}

std::vector<Store::Due> Store::due() {
  std::vector<Due> out;
  Query query(db_,
              "SELECT observer.platform, observer.host, (SELECT min(due_utc) FROM recheck WHERE recheck.observer = "
              "observer.id) AS due FROM observer WHERE due IS NOT NULL");
  while (query.next()) out.push_back({query.text(0), query.text(1), query.time(2)});
  return out;
}

std::vector<PostRef> Store::due_posts(const std::string& platform, const std::string& host, sys_ms now,
                                      std::size_t most, bool fill) {
  struct Candidate {
    double urgency;
    sys_ms due;
    PostRef post;
  };
  std::vector<Candidate> all;
  Query query(
      db_,
      "SELECT recheck.post, local_id, uri, due_utc, missing_utc, read_utc, level, exposure, post.platform, "
      "min(coalesce(published_utc, first_seen_utc), first_seen_utc) FROM recheck JOIN observer ON observer.id = "
      "recheck.observer JOIN post ON post.id = recheck.post WHERE observer.platform = ? AND observer.host = ? "
      "AND due_utc <= ? ORDER BY due_utc LIMIT ?",
      platform, host, now, most_weighed);
  while (query.next()) {
    auto born = query.time(9), read = query.maybe_time(5).value_or(born);
    const auto& known = growth(query.text(8));
    auto level = query.is_null(6) ? known.unread : Level{query.real(6), query.real(7)};
    auto within = within_of(query.text(8));
    bool must_be = !query.is_null(4) || now >= read + within.first_from();  // is it gone? And what the contract says
    all.push_back({must_be ? std::numeric_limits<double>::infinity() : urgency(known, level, read - born, now - born),
                   query.time(3),
                   {query.integer(0), host, query.text(1), query.text(2)}});
  }
  auto chosen = all.begin() + static_cast<std::ptrdiff_t>(std::min(most, all.size()));
  std::ranges::partial_sort(all, chosen, [](const Candidate& a, const Candidate& b) {
    return a.urgency != b.urgency ? a.urgency > b.urgency : a.due < b.due;
  });
  std::vector<PostRef> out;
  std::transform(all.begin(), chosen, std::back_inserter(out), [](Candidate& each) { return std::move(each.post); });
  if (!fill || out.empty() || out.size() >= most) return out;
  Query next(
      db_,
      "SELECT recheck.post, local_id, uri FROM recheck JOIN observer ON observer.id = recheck.observer JOIN post "
      "ON post.id = recheck.post WHERE observer.platform = ?1 AND observer.host = ?2 AND due_utc > ?3 AND "
      "due_utc - ?3 <= ?3 - read_utc AND missing_utc IS NULL AND shown ORDER BY due_utc LIMIT ?4",
      platform, host, now, static_cast<std::int64_t>(most - out.size()));
  while (next.next()) out.push_back({next.integer(0), host, next.text(1), next.text(2)});
  return out;
}

}  // namespace campaignd::store
