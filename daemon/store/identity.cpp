// Which names are one post's, and which posts are one story's.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "daemon/store/store.hpp"

namespace campaignd::store {

namespace {

constexpr auto story_time = std::chrono::hours(24);

}  // namespace

std::optional<std::int64_t> Store::find(const Fact& fact, sys_ms now) {
  std::optional<std::int64_t> found;
  bool by_title_alone = false;
  // Somebody said that what has this name is another post than its other names say.
  for (const auto& alias : fact.keys)
    if (Query query(db_, "SELECT post FROM alias WHERE key = ? AND apart", alias.key); query.next())
      return query.integer(0);
  for (const auto& alias : fact.keys) {
    auto post = post_named(alias, found ? effective_time(*found) : std::min(fact.published.value_or(now), now));
    if (!post || post == found) continue;
    by_title_alone = !found && alias.for_a_week;
    if (!found) {
      found = post;
    } else {
      // The older row of an article stays, so that its cluster keeps its name.
      auto kept = fact.kind == Kind::article ? std::min(*found, *post) : *found;
      merge(kept, kept == *found ? *post : *found, now);
      found = kept;
    }
  }
  if (by_title_alone)
    Query(db_, "INSERT INTO change(at_utc, what, new, reason) VALUES (?, 'merge', ?, 'one article under two links')",
          now, std::to_string(*found))
        .run();
  return found;
}

/// Two rows turn out to be one post: the facts of both move to the first.
void Store::merge(std::int64_t kept, std::int64_t dropped, sys_ms now) {
  mark_dirty(dropped);
  auto together = cluster_of(kept);
  for (auto each : cluster_of(dropped)) together.push_back(each);
  std::erase(together, dropped);
  auto told_with = story_of(dropped);
  std::erase(told_with, dropped);
  Query(db_,
        "UPDATE post SET first_seen_utc = min(post.first_seen_utc, other.first_seen_utc), confirmed_utc = "
        "max(post.confirmed_utc, other.confirmed_utc) FROM post AS other WHERE post.id = ?1 AND other.id = ?2",
        kept, dropped)
      .run();
  absorb_article(kept, dropped, now);
  for (const char* sql : {"UPDATE alias SET post = ? WHERE post = ?",
                          "INSERT INTO sighting(post, source, local_id, first_utc, last_utc, name) "
                          "SELECT ?, source, local_id, first_utc, last_utc, name FROM sighting WHERE post = ? "
                          "ON CONFLICT(post, source) DO UPDATE SET first_utc = min(first_utc, excluded.first_utc), "
                          "last_utc = max(last_utc, excluded.last_utc)",
                          "UPDATE OR IGNORE observation SET post = ? WHERE post = ?",
                          "UPDATE OR IGNORE recheck SET post = ? WHERE post = ?"})
    Query(db_, sql, kept, dropped).run();
  Query(db_, "DELETE FROM post WHERE id = ?", dropped).run();
  Query(db_, "INSERT INTO change(at_utc, what, old, new, reason) VALUES (?, 'merge', ?, ?, 'one post under two names')",
        now, std::to_string(dropped), std::to_string(kept))
      .run();
  regroup(together);
  join(kept);
  tell_stories(told_with);
}

/// The post turns out to be a bridge's copy: it is its original from now on, whichever was read first. The post it is
/// then.
std::int64_t Store::become(std::int64_t post, const Fact& fact, sys_ms now) {
  post = find(fact, now).value_or(post);
  if (Query(db_, "SELECT 1 FROM alias WHERE post = ? AND apart", post).next()) return post;
  for (const auto& alias : fact.keys) {
    note_name(post, alias, now);
    Query(db_, "UPDATE alias SET why = ? WHERE key = ? AND post = ? AND why <> ?", alias.why, alias.key, post,
          alias.why)
        .run();
  }
  bool is_itself =
      !Query(db_, "SELECT 1 FROM post WHERE id = ? AND (platform <> ? OR host <> ?)", post, fact.platform, fact.host)
           .next();
  if (is_itself) return post;
  mark_dirty(post);
  Query(db_, "UPDATE post SET platform = ?, network = ?, host = ?, author = ?, uri = ?, url = ? WHERE id = ?",
        fact.platform, fact.network, fact.host, author(fact, now), fact.uri, fact.url, post)
      .run();
  Query(db_, "INSERT INTO change(at_utc, what, new, reason) VALUES (?, 'link', ?, 'a post turned out to be a copy')",
        now, std::to_string(post))
      .run();
  return post;
}

/// A coordinator's word: what was seen under this name is another post.
Unlinked Store::unlink(const Digest& name, const std::string& address, sys_ms now) {
  Transaction tx(db_);
  std::int64_t post = 0;
  std::string why;
  {
    Query query(db_, "SELECT post, why, apart FROM alias WHERE key = ?", name);
    if (!query.next()) return Unlinked::unknown;
    post = query.integer(0);
    why = query.text(1);
    if (query.integer(2) != 0) return Unlinked::already;
  }
  // Its own name, or one that its server gives it itself: there is nothing to part.
  bool seen_alone = !Query(db_, "SELECT 1 FROM sighting WHERE post = ? AND name IS NOT ?", post, name).next();
  bool seen_so = Query(db_, "SELECT 1 FROM sighting WHERE post = ? AND name = ?", post, name).next();
  bool is_copy = why.starts_with("copied by ");
  if (why == "uri" || seen_alone || !(seen_so || is_copy)) return Unlinked::its_own;
  mark_dirty(post);
  Query(
      db_,
      "INSERT INTO post(edition, platform, network, host, author, kind, published_utc, edited_utc, first_seen_utc, "
      "confirmed_utc, language, media_count, partner, uri, url, title, text, date_basis, date_conflict, place, outlet, "
      "outlet_country, relation) SELECT edition, platform, network, host, author, kind, published_utc, edited_utc, "
      "coalesce((SELECT min(first_utc) FROM sighting WHERE post = ?1 AND name = ?2), first_seen_utc), confirmed_utc, "
      "language, media_count, partner, iif(coalesce(uri, '') = '', uri, ?3), iif(coalesce(url, '') = '', url, ?3), "
      "title, text, "
      "date_basis, date_conflict, place, outlet, outlet_country, relation FROM post WHERE id = ?1",
      post, name, address)
      .run();
  auto parted = db_.last_id();
  Query(db_, "UPDATE alias SET post = ?, why = 'parted', apart = 1 WHERE key = ?", parted, name).run();
  Query(db_, "UPDATE sighting SET post = ? WHERE post = ? AND name = ?", parted, post, name).run();
  // Numbers go with those who saw it under this name, where they did not see the other as well.
  std::vector<std::int64_t> observers;
  for (Query query(
           db_,
           "SELECT observer.id FROM observer WHERE EXISTS (SELECT 1 FROM source JOIN sighting ON sighting.source "
           "= source.id WHERE source.host = observer.host AND sighting.post = ?1) AND NOT EXISTS (SELECT 1 FROM "
           "source JOIN sighting ON sighting.source = source.id WHERE source.host = observer.host AND "
           "sighting.post = ?2)",
           parted, post);
       query.next();)
    observers.push_back(query.integer(0));
  for (auto each : observers) {
    Query(db_, "UPDATE observation SET post = ? WHERE post = ? AND observer = ?", parted, post, each).run();
    Query(db_, "UPDATE recheck SET post = ? WHERE post = ? AND observer = ?", parted, post, each).run();
  }
  Query(db_,
        "INSERT INTO match(post, edition, term, class, from_utc, until_utc) SELECT ?1, edition, term, class, from_utc, "
        "until_utc FROM match WHERE post = ?2",
        parted, post)
      .run();
  Query(db_, "INSERT INTO change(at_utc, what, old, new, reason) VALUES (?, 'unlink', ?, ?, 'said to be two posts')",
        now, fmt::format("post {}", post), fmt::format("posts {} and {}", post, parted))
      .run();
  Query(db_, "UPDATE post SET cluster = id WHERE id = ? AND kind = 'article'", parted).run();
  refresh(post);
  refresh(parted);
  tx.commit();
  return Unlinked::done;
}

/// The posts of its story, itself included.
std::vector<std::int64_t> Store::story_of(std::int64_t post) {
  std::vector<std::int64_t> out;
  Query query(db_, "SELECT other.id FROM post JOIN post AS other ON other.story = post.story WHERE post.id = ?", post);
  while (query.next()) out.push_back(query.integer(0));
  return out;
}

/// Its story, and that of those it stood with before its text, its time or its author became another one.
void Store::tell_story(std::int64_t post) {
  auto posts = story_of(post);
  posts.insert(posts.begin(), post);
  tell_stories(posts);
}

void Store::tell_stories(const std::vector<std::int64_t>& posts) {
  std::set<std::int64_t> told;
  for (auto post : posts)
    if (!told.contains(post)) told.merge(tell_one_story(post));
}

/// The posts by the author of this one, or of the same organisation, with its text: in each run of them without a day
/// between two, the first to be known gives the story its number. Where there is one alone, there is no story. Gives
/// them all.
std::set<std::int64_t> Store::tell_one_story(std::int64_t post) {
  struct Part {
    std::int64_t id;
    std::optional<std::int64_t> story;
    sys_ms at;
  };
  std::vector<Part> told;
  for (Query query(
           db_,
           "WITH it AS (SELECT post.edition, text_key, coalesce(post.partner, author.partner) AS partner, author "
           "FROM post JOIN author ON author.id = post.author WHERE post.id = ?1 AND kind <> 'article') "
           "SELECT post.id, story, min(coalesce(published_utc, first_seen_utc), first_seen_utc) AS at FROM it "
           "JOIN post ON post.text_key = it.text_key AND post.edition = it.edition JOIN author ON author.id = "
           "post.author WHERE kind <> 'article' AND (post.author = it.author OR coalesce(post.partner, "
           "author.partner) = it.partner) ORDER BY at, post.id",
           post);
       query.next();)
    told.push_back({query.integer(0), query.maybe(1), query.time(2)});
  if (told.empty()) told.push_back({post, {}, {}});  // it has no text now; it may have had one
  std::set<std::int64_t> out;
  for (const auto& each : told) out.insert(each.id);
  for (auto begin = told.begin(); begin != told.end();) {
    auto end = begin + 1;
    while (end != told.end() && end->at - (end - 1)->at <= story_time) ++end;
    std::optional<std::int64_t> story;
    if (end - begin > 1) story = std::min_element(begin, end, [](auto& a, auto& b) { return a.id < b.id; })->id;
    for (auto each = begin; each != end; ++each) {
      Query(db_, "UPDATE post SET story = ?1 WHERE id = ?2 AND story IS NOT ?1", story, each->id).run();
      if (db_.changes() > 0) refresh(each->id);
    }
    begin = end;
  }
  return out;
}

}  // namespace campaignd::store
