#pragma once
/// The methodology in plain loops: what the figures of a store must be, read from its facts alone. An independent
/// reading: no SQL but SELECT of whole tables, nothing of what the store derives.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "connectors/reading/articles/article.hpp"
#include "daemon/store/metrics.hpp"

namespace campaignd::test::naive {

using namespace std::chrono_literals;

struct Post {
  std::int64_t id = 0, author = 0;
  std::string edition, platform, network, host, kind;
  std::optional<sys_ms> published;
  sys_ms first_seen, confirmed;
  std::optional<std::string> language, partner, outlet, country, relation;
  std::optional<store::Digest> text_key;
  /// M-00: the earlier of published and first seen.
  sys_ms at() const { return std::min(published.value_or(first_seen), first_seen); }
};
struct Author {
  std::optional<std::string> partner;
  std::map<sys_ms, std::int64_t> followers;
  std::map<sys_ms, bool> bot;
};
struct Held {
  std::string edition, term, match_class;
  std::optional<sys_ms> until;
};
struct Observer {
  std::string platform, host;
};
struct Likeness {
  std::int64_t sort = 0, value = 0, post = 0;
  std::uint64_t print = 0;
};

/// The fact tables.
struct Facts {
  std::map<std::int64_t, Post> posts;
  std::map<std::int64_t, Author> authors;
  std::map<std::int64_t, Observer> observers;
  std::map<std::int64_t, std::vector<Held>> matches;                                ///< of a post
  std::map<std::int64_t, std::map<std::int64_t, std::map<sys_ms, Counters>>> said;  ///< post, observer, time
  std::vector<Likeness> alike;
};

inline Facts facts_of(store::Database& db) {
  Facts out;
  for (store::Query q(db,
                      "SELECT id, author, edition, platform, network, host, kind, published_utc, first_seen_utc, "
                      "confirmed_utc, language, partner, outlet, outlet_country, relation, text_key FROM post");
       q.next();) {
    auto& post = out.posts[q.integer(0)];
    post = {q.integer(0), q.integer(1), q.text(2), q.text(3), q.text(4), q.text(5), q.text(6), q.maybe_time(7),
            q.time(8),    q.time(9),    {},        {},        {},        {},        {},        {}};
    int column = 9;
    for (auto* field : {&post.language, &post.partner, &post.outlet, &post.country, &post.relation})
      *field = q.maybe_text(++column);
    if (!q.is_null(15)) post.text_key = q.digest(15);
  }
  for (store::Query q(db, "SELECT id, partner FROM author"); q.next();)
    out.authors[q.integer(0)].partner = q.maybe_text(1);
  for (store::Query q(db, "SELECT author, at_utc, followers FROM audience"); q.next();)
    out.authors[q.integer(0)].followers[q.time(1)] = q.integer(2);
  for (store::Query q(db, "SELECT author, at_utc, bot FROM declared"); q.next();)
    out.authors[q.integer(0)].bot[q.time(1)] = q.integer(2) != 0;
  for (store::Query q(db, "SELECT id, platform, host FROM observer"); q.next();)
    out.observers[q.integer(0)] = {q.text(1), q.text(2)};
  for (store::Query q(db, "SELECT post, edition, term, class, until_utc FROM match"); q.next();)
    out.matches[q.integer(0)].push_back({q.text(1), q.text(2), q.text(3), q.maybe_time(4)});
  for (store::Query q(db, "SELECT post, observer, at_utc, likes, reposts, quotes, replies, views FROM observation");
       q.next();)
    out.said[q.integer(0)][q.integer(1)][q.time(2)] = {q.maybe(3), q.maybe(4), q.maybe(5), q.maybe(6), q.maybe(7)};
  for (store::Query q(db, "SELECT sort, value, post, fingerprint FROM alike"); q.next();)
    out.alike.push_back({q.integer(0), q.integer(1), q.integer(2), static_cast<std::uint64_t>(q.integer(3))});
  return out;
}

/// A post that matches the campaign now, and what the metrics ask of it.
struct Reading {
  Post post;
  std::optional<std::string> whose;
  std::optional<bool> bot;
  std::string match_class, term, relation;
  std::optional<std::int64_t> followers;  ///< M-03
  bool followers_late = false;
  Counters counters;         ///< M-07
  bool lower_bound = false;  ///< some of them are what others than the home server say
  std::int64_t story = 0, cluster = 0;

  std::optional<std::int64_t> actions() const {
    std::optional<std::int64_t> sum;
    for (const auto& part : {counters.likes, counters.reposts, counters.quotes, counters.replies})
      if (part) sum = sum.value_or(0) + *part;
    return sum;
  }
};

/// M-03: followers at post time, else the earliest that was read later.
inline void tell_followers(Reading& reading, const Author& author) {
  reading.followers_late = true;
  for (const auto& [at, followers] : author.followers) {
    if (at <= reading.post.at() + 24h) reading.followers = followers, reading.followers_late = false;
    if (!reading.followers) reading.followers = followers;
  }
}

/// M-07: what the home server says; where it said nothing at all, or nothing of likes, reposts or replies, the most
/// that others saw: servers of its kind, where it has told us anything, else any.
inline void tell_counters(Reading& reading, const Facts& facts) {
  auto said = facts.said.find(reading.post.id);
  if (said == facts.said.end()) return;
  std::optional<Counters> home;
  std::string kind_of_home;
  auto most = [](auto& a, const auto& b) {
    if (b) a = std::max(a.value_or(*b), *b);
  };
  auto take = [&](Counters& into, const Counters& from) {
    most(into.likes, from.likes);
    most(into.reposts, from.reposts);
    most(into.quotes, from.quotes);
    most(into.replies, from.replies);
    most(into.views, from.views);
  };
  for (const auto& [observer, series] : said->second) {
    const auto& who = facts.observers.at(observer);
    if (who.host != reading.post.host) continue;
    if (!home) home.emplace();
    take(*home, series.rbegin()->second);
    kind_of_home = std::max(kind_of_home, who.platform);
  }
  Counters away;
  for (const auto& [observer, series] : said->second) {
    const auto& who = facts.observers.at(observer);
    if (who.host != reading.post.host && (!home || who.platform == kind_of_home)) take(away, series.rbegin()->second);
  }
  auto& out = reading.counters;
  if (home) out = *home;
  auto fill = [&](auto& ours, const auto& theirs) {
    if (ours || !theirs) return;
    ours = theirs;
    reading.lower_bound = true;
  };
  fill(out.likes, away.likes);
  fill(out.reposts, away.reposts);
  fill(out.replies, away.replies);
  if (home) return;
  fill(out.quotes, away.quotes);
  fill(out.views, away.views);
}

/// The first of those that belong together, directly or through others.
class Groups {
 public:
  void unite(std::int64_t a, std::int64_t b) {
    a = of(a), b = of(b);
    first_[std::max(a, b)] = std::min(a, b);
  }
  std::int64_t of(std::int64_t each) const {
    for (auto at = first_.find(each); at != first_.end() && at->second != each; at = first_.find(each))
      each = at->second;
    return each;
  }

 private:
  std::map<std::int64_t, std::int64_t> first_;
};

/// Posts by one account or organisation with one text, no day between two of them.
inline Groups stories_of(const Facts& facts) {
  Groups out;
  auto whose = [&](const Post& post) { return post.partner ? post.partner : facts.authors.at(post.author).partner; };
  for (const auto& [one, a] : facts.posts)
    for (const auto& [other, b] : facts.posts) {
      if (a.kind == "article" || b.kind == "article" || !a.text_key || a.text_key != b.text_key) continue;
      if (a.author != b.author && (!whose(a) || whose(a) != whose(b))) continue;
      if (std::chrono::abs(a.at() - b.at()) <= 24h) out.unite(one, other);
    }
  return out;
}

/// Articles within a week of each other with one headline, or nearly one text.
inline Groups clusters_of(const Facts& facts) {
  Groups out;
  for (const auto& a : facts.alike)
    for (const auto& b : facts.alike) {
      if (a.sort != b.sort || a.value != b.value || !near_duplicates(a.print, b.print)) continue;
      if (std::chrono::abs(facts.posts.at(a.post).at() - facts.posts.at(b.post).at()) <= std::chrono::days(7))
        out.unite(a.post, b.post);
    }
  return out;
}

inline std::vector<Reading> readings_of(const Facts& facts) {
  std::vector<Reading> out;
  auto stories = stories_of(facts), clusters = clusters_of(facts);
  for (const auto& [id, post] : facts.posts) {
    auto held = facts.matches.find(id);
    if (held == facts.matches.end()) continue;
    for (const auto& match : held->second) {
      if (match.until || match.edition != post.edition) continue;
      const auto& author = facts.authors.at(post.author);
      Reading reading{post};
      reading.whose = post.partner ? post.partner : author.partner;
      reading.match_class = match.match_class;
      reading.term = match.term;
      if (match.match_class == "owned" && !reading.whose) continue;
      if (!author.bot.empty()) reading.bot = author.bot.rbegin()->second;
      reading.relation = reading.whose ? "owned" : "earned";
      if (post.kind == "article") reading.relation = post.relation.value_or("");
      tell_followers(reading, author);
      tell_counters(reading, facts);
      reading.story = stories.of(id);
      reading.cluster = clusters.of(id);
      out.push_back(std::move(reading));
    }
  }
  return out;
}

/// The row of the table `reading`, as text: what differs can then be read.
inline std::string text_of(const Reading& r) {
  auto number = [](const std::optional<std::int64_t>& n) { return n ? fmt::format("{}", *n) : std::string("-"); };
  const auto& c = r.counters;
  return fmt::format(
      "at {} {} {} {} author {} whose {} bot {} {} {}/{} lang {} followers {}{} counters {} {} {} {} {}{} "
      "read {} {} {} {}",
      r.post.at().time_since_epoch().count(), r.post.platform, r.post.network, r.post.host, r.post.author,
      r.whose.value_or("-"), r.bot ? (*r.bot ? "yes" : "no") : "-", r.post.kind, r.match_class, r.term,
      r.post.language.value_or("-"), number(r.followers), r.followers_late ? " late" : "", number(c.likes),
      number(c.reposts), number(c.quotes), number(c.replies), number(c.views), r.lower_bound ? " at least" : "",
      r.post.confirmed.time_since_epoch().count(), r.relation, r.post.outlet.value_or("-"),
      r.post.country.value_or("-"));
}

}  // namespace campaignd::test::naive
