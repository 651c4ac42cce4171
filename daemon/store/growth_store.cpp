#include "daemon/store/growth_store.hpp"

#include <map>
#include <vector>

namespace campaignd::store {

Growth known_growth(Database& db, const std::string& platform, sys_ms at) {
  auto out = growth_before_learning(platform);
  Query learnt(db,
               "SELECT at_utc, counted, exposure, dispersion, n FROM growth_noise WHERE platform = ? AND at_utc <= ? "
               "ORDER BY at_utc DESC LIMIT 1",
               platform, at);
  if (!learnt.next()) return out;
  out.unread = {learnt.real(1), learnt.real(2)};
  out.dispersion = learnt.real(3);
  out.bias = bias_after(learnt.integer(4));
  Query curve(db, "SELECT share FROM growth WHERE platform = ? AND at_utc = ? ORDER BY age_ms", platform,
              learnt.time(0));
  for (auto& share : out.shares)
    if (curve.next()) share = curve.real(0);
  return out;
}

namespace {

constexpr std::int64_t most_posts = 5000;  ///< learnt from, of a platform: the newest
constexpr auto late_enough = std::chrono::days(14);

std::vector<std::string> platforms_of(Database& db) {
  std::vector<std::string> out;
  for (Query query(db, "SELECT DISTINCT platform FROM post"); query.next();) out.push_back(query.text(0));
  return out;
}

/// The readings of closed posts at their home servers, the last one with the time it was confirmed. Those that nobody
/// read when they were old would teach that old posts do not grow.
struct Closed {
  std::vector<Series> series;
  std::int64_t fresh = 0;  ///< of them, closed since the last lesson
};
Closed closed_since(Database& db, const std::string& platform, sys_ms last_lesson, sys_ms now) {
  Closed closed;
  auto& out = closed.series;
  bool is_fresh = false;
  std::int64_t post = 0;
  milliseconds confirmed{};
  auto close = [&] {
    if (out.empty()) return;
    if (confirmed > out.back().back().age && out.back().back().age < closed_after)
      out.back().push_back({confirmed, out.back().back().count});
    if (out.back().back().age < late_enough)
      out.pop_back();
    else if (is_fresh)
      ++closed.fresh;
  };
  Query query(db,
              "WITH closed AS (SELECT id, host, confirmed_utc, min(coalesce(published_utc, first_seen_utc), "
              "first_seen_utc) AS born_utc FROM post WHERE platform = ?1 AND min(coalesce(published_utc, "
              "first_seen_utc), first_seen_utc) <= ?2 ORDER BY id DESC LIMIT ?3) "
              "SELECT closed.id, at_utc - born_utc, confirmed_utc - born_utc, coalesce(likes, 0) + coalesce(reposts, "
              "0) + coalesce(quotes, 0) + coalesce(replies, 0), born_utc > ?4 FROM closed JOIN observer ON "
              "observer.platform = ?1 AND "
              "observer.host = closed.host JOIN observation ON observation.post = closed.id AND observation.observer = "
              "observer.id WHERE coalesce(likes, reposts, quotes, replies) IS NOT NULL ORDER BY closed.id, at_utc",
              platform, now - closed_after, most_posts, last_lesson - closed_after);
  while (query.next()) {
    if (query.integer(0) != post) {
      close();
      post = query.integer(0);
      out.emplace_back();
    }
    confirmed = milliseconds(query.integer(2));
    is_fresh = query.integer(4) != 0;
    // What comes once it is closed is of no curve: it is only looked whether the post is there.
    if (!out.back().empty() && out.back().back().age >= closed_after) continue;
    out.back().push_back({milliseconds(query.integer(1)), query.real(3)});
  }
  close();
  return closed;
}

void keep(Database& db, const std::string& platform, const Learnt& learnt, sys_ms now) {
  const auto& growth = learnt.growth;
  Query(db,
        "INSERT OR REPLACE INTO growth_noise(platform, at_utc, counted, exposure, dispersion, n) VALUES (?, ?, ?, ?, "
        "?, ?)",
        platform, now, growth.unread.counted, growth.unread.exposure, growth.dispersion, learnt.n)
      .run();
  for (std::size_t i = 0; i < curve_ages.size(); ++i)
    Query(db, "INSERT OR REPLACE INTO growth(platform, at_utc, age_ms, share, weight) VALUES (?, ?, ?, ?, ?)", platform,
          now, std::int64_t{curve_ages[i].count()}, growth.shares[i], learnt.weight)
        .run();
}

}  // namespace

int learn_growth(Database& db, sys_ms now) {
  int learnt = 0;
  for (const auto& platform : platforms_of(db)) {
    std::int64_t known = 0;
    sys_ms last_lesson{};
    if (Query query(db, "SELECT n, at_utc FROM growth_noise WHERE platform = ? ORDER BY at_utc DESC LIMIT 1", platform);
        query.next()) {
      known = query.integer(0);
      last_lesson = query.time(1);
    }
    auto [closed, fresh] = closed_since(db, platform, last_lesson, now);
    // There may be as many as before and others: only the newest are read.
    if (std::ssize(closed) <= known + known / 10 && fresh <= known / 10) continue;
    keep(db, platform, learn(platform, closed), now);
    ++learnt;
  }
  return learnt;
}

}  // namespace campaignd::store
