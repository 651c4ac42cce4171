#include "daemon/report/scores.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <set>

#include "daemon/store/functions.hpp"

namespace campaignd::report {

namespace {

constexpr std::size_t fewest_earlier = 5;

/// What one server said of a post, parts not said left out.
struct Told {
  std::int64_t observer;
  sys_ms at;
  std::int64_t actions;
};

struct Counted {
  std::int64_t id;
  sys_ms at, read;
  bool tagged;
  std::vector<Told> told;  ///< in order of time
};

/// The posts of one account, in order of time.
struct Account {
  std::int64_t author;
  std::string partner;
  std::vector<Counted> posts;
};

/// YouTube's terms allow no numbers that are derived from its own.
std::vector<Account> accounts_of_partners(store::Database& db, const Edition& edition, sys_ms now) {
  std::vector<Account> out;
  store::Query query(
      db,
      "SELECT reading.author, reading.partner, reading.post, reading.at_utc, reading.read_utc, reading.class = "
      "'hashtag', told.observer, told.at_utc, coalesce(told.likes, 0) + coalesce(told.reposts, 0) + "
      "coalesce(told.quotes, 0) + coalesce(told.replies, 0) FROM reading LEFT JOIN observation AS told ON told.post = "
      "reading.post AND told.at_utc <= ?2 AND coalesce(told.likes, told.reposts, told.quotes, told.replies) IS NOT "
      "NULL WHERE reading.edition = ?1 AND reading.partner IS NOT NULL AND reading.kind <> 'article' AND "
      "reading.class IN ('hashtag', 'owned') AND reading.platform <> 'youtube' ORDER BY reading.author, "
      "reading.at_utc, reading.post, told.at_utc",
      edition.id, now);
  while (query.next()) {
    if (out.empty() || out.back().author != query.integer(0)) out.push_back({query.integer(0), query.text(1), {}});
    auto& posts = out.back().posts;
    if (posts.empty() || posts.back().id != query.integer(2))
      posts.push_back({query.integer(2), query.time(3), query.time(4), query.integer(5) != 0, {}});
    if (!query.is_null(6)) posts.back().told.push_back({query.integer(6), query.time(7), query.integer(8)});
  }
  return out;
}

/// The highest of what each server had said last by then, as M-07 has it for posts that are not read at home.
std::optional<std::int64_t> actions_at(const Counted& post, sys_ms time) {
  std::map<std::int64_t, std::int64_t> last;
  for (const auto& each : post.told)
    if (each.at <= time) last[each.observer] = each.actions;
  std::optional<std::int64_t> most;
  for (const auto& [observer, actions] : last) most = std::max(most.value_or(actions), actions);
  return most;
}

/// One organisation, as its accounts are gone through.
class Scoring {
 public:
  void add(const Account& account, const Window& window) {
    for (std::size_t i = 0; i < account.posts.size(); ++i) {
      const auto& post = account.posts[i];
      if (post.tagged && post.at >= window.from && post.at < window.until) add(post, account.posts);
    }
  }
  Score score() const {
    Score out;
    out.n = std::ssize(ratios_);
    out.earlier = std::ssize(earlier_);
    out.reason = ratios_.empty() ? reason_ : "";
    if (!ratios_.empty()) out.value = store::median(ratios_);
    return out;
  }

 private:
  void add(const Counted& post, const std::vector<Counted>& all) {
    auto age = post.read - post.at;
    auto own = actions_at(post, post.read);
    if (!own) return explain("no reading says its reactions");
    std::vector<double> usual;
    std::vector<std::int64_t> ids;
    for (const auto& each : all) {
      if (each.at >= post.at) break;
      // Read last when it was much younger, it may have grown since.
      if (each.read - each.at < age / 2) continue;
      auto actions = actions_at(each, each.at + age);
      if (!actions) continue;
      usual.push_back(static_cast<double>(*actions));
      ids.push_back(each.id);
    }
    if (usual.size() < fewest_earlier)
      return explain("fewer than 5 earlier posts of its account were read at that age");
    auto usually = store::median(usual);
    if (usually == 0) return explain("the account's earlier posts usually get no reactions");
    ratios_.push_back(static_cast<double>(*own) / usually);
    earlier_.insert(ids.begin(), ids.end());
  }
  void explain(std::string_view why) { reason_ = why; }

  std::vector<double> ratios_;
  std::set<std::int64_t> earlier_;
  std::string reason_ = "no post with the hashtag";
};

}  // namespace

boost::json::object to_json(const Score& score) {
  return {{"value", score.value ? boost::json::value(*score.value) : boost::json::value(nullptr)},
          {"n", score.n},
          {"earlier", score.earlier},
          {"reason", score.reason.empty() ? boost::json::value(nullptr) : boost::json::value(score.reason)}};
}

std::map<std::string, Score> partner_scores(store::Database& db, const Edition& edition, Window window, sys_ms now) {
  std::map<std::string, Scoring> scorings;
  for (const auto& account : accounts_of_partners(db, edition, now)) scorings[account.partner].add(account, window);
  std::map<std::string, Score> out;
  for (const auto& [partner, scoring] : scorings) out.emplace(partner, scoring.score());
  return out;
}

}  // namespace campaignd::report
