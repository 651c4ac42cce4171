// One post into the store: who it is, what was read of it, why it counts.
#include "daemon/store/store.hpp"

namespace campaignd::store {

std::int64_t Store::observer(const std::string& platform, const std::string& host) {
  Query(db_, "INSERT OR IGNORE INTO observer(platform, host) VALUES (?, ?)", platform, host).run();
  Query query(db_, "SELECT id FROM observer WHERE platform = ? AND host = ?", platform, host);
  query.next();
  return query.integer(0);
}

/// What is said of an account now; what is not said this time, as a stream knows no handles, stays.
std::int64_t Store::author(const Fact& fact, sys_ms now) {
  const AuthorFact& author = fact.author;
  Query(db_,
        "INSERT INTO author(edition, platform, pseudonym, handle, name, partner) VALUES (?, ?, ?, ?, ?, ?) "
        "ON CONFLICT(edition, platform, pseudonym) DO UPDATE SET handle = coalesce(excluded.handle, handle), "
        "name = coalesce(excluded.name, name), partner = coalesce(excluded.partner, partner)",
        fact.edition, fact.platform, author.pseudonym, author.handle, author.name, author.partner)
      .run();
  std::int64_t id = 0;
  {
    Query query(db_, "SELECT id FROM author WHERE edition = ? AND platform = ? AND pseudonym = ?", fact.edition,
                fact.platform, author.pseudonym);
    query.next();
    id = query.integer(0);
  }
  if (author.bot) declare(id, *author.bot, now);
  return id;
}

/// What an account says of itself is true of all its posts.
void Store::declare(std::int64_t author, bool bot, sys_ms now) {
  Query(db_,
        "INSERT OR REPLACE INTO declared(author, at_utc, bot) SELECT ?1, ?2, ?3 WHERE ?3 IS NOT (SELECT bot FROM "
        "declared WHERE author = ?1 ORDER BY at_utc DESC LIMIT 1)",
        author, now, bot)
      .run();
  if (db_.changes() == 0) return;
  std::vector<std::int64_t> posts;
  for (Query query(db_, "SELECT post FROM reading WHERE author = ?", author); query.next();)
    posts.push_back(query.integer(0));
  for (auto post : posts) refresh(post);
}

/// A later sight may say what the first did not: under which handle a registered organisation's account is known.
void Store::know_author(std::int64_t post, const Fact& fact, sys_ms now) {
  if (fact.kind == Kind::article || fact.author.pseudonym == Digest{}) return;
  Query same(db_,
             "SELECT 1 FROM post JOIN author ON author.id = post.author WHERE post.id = ? AND author.platform = ? AND "
             "pseudonym = ?",
             post, fact.platform, fact.author.pseudonym);
  if (same.next()) author(fact, now);
}

std::int64_t Store::insert(const Fact& fact, sys_ms now) {
  Query(db_,
        "INSERT INTO post(edition, platform, network, host, author, kind, published_utc, edited_utc, first_seen_utc, "
        "confirmed_utc, language, media_count, uri, url, title, text, partner, text_key) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)",
        fact.edition, fact.platform, fact.network, fact.host, author(fact, now), std::string(name_of(fact.kind)),
        fact.published, fact.edited, now,
        fact.language.empty() ? std::optional<std::string>() : std::optional(fact.language), fact.media_count, fact.uri,
        fact.url, fact.title, fact.text, fact.partner, fact.text_key)
      .run();
  return db_.last_id();
}

std::optional<std::int64_t> Store::take(const Fact& fact, sys_ms now, std::int64_t& fresh) {
  if (is_suppressed(fact.author, now)) return std::nullopt;
  auto post = find(fact, now);
  if (!post && !fact.match) return std::nullopt;
  if (!post) {
    if (is_settled(fact, now)) return std::nullopt;
    for (const auto& alias : fact.keys)
      if (Query(db_, "SELECT 1 FROM tombstone WHERE hash = ? AND until_utc > ?", alias.key, now).next())
        return std::nullopt;  // removals win over late data
    post = insert(fact, now);
    ++fresh;
  } else {
    know_author(*post, fact, now);
  }
  if (fact.kind == Kind::article) enrich(*post, fact, now);
  for (const auto& alias : fact.keys) note_name(*post, alias, now);
  if (fact.seen_as) post = become(*post, fact, now);
  if (!fact.seen_as && fact.kind != Kind::article)  // a copy may know its original by another of its addresses
    Query(db_, "UPDATE post SET uri = ?2, url = ?3 WHERE id = ?1 AND platform = ?4 AND host = ?5 AND uri <> ?2", *post,
          fact.uri, fact.url, fact.platform, fact.host)
        .run();
  judge(*post, fact, now);
  tell_story(*post);
  return post;
}

void Store::judge(std::int64_t post, const Fact& fact, sys_ms now) {
  std::string edition;
  bool stale = false;
  {
    Query query(db_, "SELECT edition, edited_utc FROM post WHERE id = ?", post);
    if (!query.next()) return;
    edition = query.text(0);
    auto edited = query.maybe_time(1);
    stale = edited && fact.edited.value_or(sys_ms()) < *edited;
  }
  Query(db_, "UPDATE post SET confirmed_utc = max(confirmed_utc, ?) WHERE id = ?", now, post).run();
  // A server that has not heard of an edit shows the text of before; and a feed's summary may leave out what another
  // feed's shows. Neither takes a match away.
  if (stale || (fact.kind == Kind::article && !fact.match)) return;
  if (fact.kind != Kind::article) {
    // Whose posts are owned follows from who is registered today (reading.sql).
    Query(db_,
          "UPDATE post SET edited_utc = coalesce(?, edited_utc), title = ?, text = ?, partner = ?, text_key = ?, "
          "relation = iif(?, 'amplified', NULL) WHERE id = ?",
          fact.edited, fact.title, fact.text, fact.partner, fact.text_key, fact.amplifies, post)
        .run();
    note_beside(post, fact);
  }
  {
    Query open(db_, "SELECT term, class FROM match WHERE post = ? AND edition = ? AND until_utc IS NULL", post,
               edition);
    bool is_open = open.next();
    bool same =
        is_open && fact.match && open.text(0) == fact.match->term && open.text(1) == name_of(fact.match->match_class);
    if (same || (!is_open && !fact.match)) return;
    auto known = is_open ? match_class_named(open.text(1)) : std::nullopt;
    if (fact.kind == Kind::article && known && *known < fact.match->match_class) return;  // the fuller text stands
    // What is kept for its author's sake is not lost by a sight that does not tell who that is.
    bool says_who = fact.author.partner || fact.author.handle;
    if (is_open && open.text(1) == name_of(MatchClass::owned) && !fact.match && !says_who) return;
  }
  hold(post, edition, fact.match, now);
}

/// Why it counts from now on. A clock may be put back, but no match ends before it began, or begins before the last
/// ended: at any moment a post has one at most.
void Store::hold(std::int64_t post, const std::string& edition, const std::optional<Match>& match, sys_ms now) {
  Query(db_, "UPDATE match SET until_utc = max(?, from_utc) WHERE post = ? AND edition = ? AND until_utc IS NULL", now,
        post, edition)
      .run();
  if (match)
    Query(db_,
          "INSERT OR REPLACE INTO match(post, edition, term, class, from_utc) SELECT ?1, ?2, ?3, ?4, max(?5, "
          "coalesce((SELECT max(until_utc) FROM match WHERE post = ?1 AND edition = ?2), ?5))",
          post, edition, match->term, std::string(name_of(match->match_class)), now)
        .run();
}

/// A row only when something changed.
void Store::note_counters(std::int64_t post, const Counters& counters, std::int64_t observer, sys_ms now) {
  if (counters == Counters{}) return;
  Query last(db_,
             "SELECT likes, reposts, quotes, replies, views FROM observation WHERE post = ? AND observer = ? "
             "ORDER BY at_utc DESC LIMIT 1",
             post, observer);
  bool same =
      last.next() && counters == Counters{last.maybe(0), last.maybe(1), last.maybe(2), last.maybe(3), last.maybe(4)};
  if (!same)
    Query(db_, "INSERT OR REPLACE INTO observation VALUES (?, ?, ?, ?, ?, ?, ?, ?)", post, observer, now,
          counters.likes, counters.reposts, counters.quotes, counters.replies, counters.views)
        .run();
}

/// Read again, and nothing was said but the numbers: of an ActivityPub object. At home that ends asking elsewhere,
/// where all are said.
void Store::count(std::int64_t post, const Counters& counters, std::int64_t observer, const std::string& observer_host,
                  sys_ms now) {
  note_counters(post, counters, observer, now);
  Query(db_, "UPDATE post SET confirmed_utc = max(confirmed_utc, ?) WHERE id = ?", now, post).run();
  bool is_home = Query(db_, "SELECT 1 FROM post WHERE id = ? AND host = ?", post, observer_host).next();
  if (is_home && is_counted_at(post, observer_host))
    Query(db_, "DELETE FROM recheck WHERE post = ? AND observer <> ?", post, observer).run();
  auto [level, due] = plan(post, observer, now);
  Query(db_,
        "UPDATE recheck SET due_utc = ?, read_utc = ?, level = ?, exposure = ?, missing_utc = NULL, shown = 1 WHERE "
        "post = ? AND observer = ?",
        due, now, level.counted, level.exposure, post, observer)
      .run();
}

void Store::observe(std::int64_t post, const Fact& fact, std::int64_t observer, sys_ms now) {
  note_counters(post, fact.counters, observer, now);
  if (!fact.author.followers) return;
  Query(db_,
        "INSERT OR REPLACE INTO audience(author, at_utc, followers) SELECT author, ?2, ?3 FROM post WHERE id = ?1 AND "
        "?3 IS "
        "NOT (SELECT followers FROM audience WHERE audience.author = post.author ORDER BY at_utc DESC LIMIT 1)",
        post, now, fact.author.followers)
      .run();
  if (db_.changes() == 0) return;
  // The figure of M-03 may be another one now for this author's recent posts, and for those that had none.
  std::vector<std::int64_t> others;
  for (Query query(db_,
                   "SELECT reading.post FROM post JOIN reading ON reading.author = post.author WHERE post.id = ? AND "
                   "reading.post <> post.id AND (reading.at_utc >= ?2 - 86400000 OR (reading.followers_late AND ?2 = "
                   "(SELECT min(at_utc) FROM audience WHERE audience.author = post.author)))",
                   post, now);
       query.next();)
    others.push_back(query.integer(0));
  for (auto other : others) refresh(other);
}

/// A post is measured where its numbers are best: at its home server once that has answered, until then at all that
/// showed it, and at home too where its id there is known (M-07).
void Store::schedule(std::int64_t post, const Fact& fact, std::int64_t observer, const std::string& observer_host,
                     sys_ms read) {
  auto [level, due] = plan(post, observer, read);
  std::string home;
  if (Query query(db_, "SELECT host FROM post WHERE id = ?", post); query.next()) home = query.text(0);
  bool is_open = read - effective_time(post) < closed_after;
  if (is_open && !fact.home_id.empty() && observer_host != home) ask_at_home(post, fact, home, read);
  Query(db_, "DELETE FROM recheck WHERE observer = ? AND post = ?", observer, post).run();
  if (!fact.measurable) return;
  bool counts_at_home = is_counted_at(post, home);
  if (observer_host == home && counts_at_home) Query(db_, "DELETE FROM recheck WHERE post = ?", post).run();
  if (observer_host != home && counts_at_home) return;
  Query(db_,
        "INSERT INTO recheck(observer, post, local_id, due_utc, read_utc, level, exposure, shown) VALUES (?, ?, ?, ?, "
        "?, ?, ?, 1)",
        observer, post, fact.local_id, due, read, level.counted, level.exposure)
      .run();
}

/// Whether this host has told of the post, and of no counter that only others of its kind have.
bool Store::is_counted_at(std::int64_t post, const std::string& host) {
  return Query(db_,
               "SELECT 1 FROM (SELECT count(CASE WHEN host = ?2 THEN 1 END) AS told, "
               "count(CASE WHEN host = ?2 THEN likes END) AS likes, count(likes) AS all_likes, "
               "count(CASE WHEN host = ?2 THEN reposts END) AS reposts, count(reposts) AS all_reposts, "
               "count(CASE WHEN host = ?2 THEN replies END) AS replies, count(replies) AS all_replies "
               "FROM observation JOIN observer ON observer.id = observation.observer WHERE post = ?1 AND platform IN "
               "(SELECT platform FROM observer WHERE host = ?2)) "
               "WHERE told > 0 AND (likes > 0 OR all_likes = 0) AND (reposts > 0 OR all_reposts = 0) AND "
               "(replies > 0 OR all_replies = 0)",
               post, host)
      .next();
}

/// Once: what it is asked later follows from what it answers.
void Store::ask_at_home(std::int64_t post, const Fact& fact, const std::string& home, sys_ms now) {
  auto at_home = observer(fact.platform, home);
  if (Query(db_, "SELECT 1 FROM observation WHERE post = ? AND observer = ?", post, at_home).next()) return;
  Query(db_, "INSERT OR IGNORE INTO recheck(observer, post, local_id, due_utc) VALUES (?, ?, ?, ?)", at_home, post,
        fact.home_id, now)
      .run();
}

}  // namespace campaignd::store
