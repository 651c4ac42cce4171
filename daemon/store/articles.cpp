// Articles: one page under several links, and one text in several papers.
#include <algorithm>
#include <array>

#include "connectors/reading/articles/article.hpp"
#include "daemon/store/store.hpp"

namespace campaignd::store {

namespace {

constexpr auto week = std::chrono::days(7);
constexpr std::int64_t most_likenesses = 72;  ///< eight headlines and texts of one article: whoever has more is playing
constexpr std::int64_t most_candidates = 100;
constexpr std::int64_t most_remembered = 50;  ///< of what was told of one article before
constexpr std::size_t largest_taken_apart = 200;

/// What one finding, or all so far, say of an article.
struct Account {
  std::optional<sys_ms> published, edited;
  DateBasis basis = DateBasis::first_seen;
  bool date_conflict = false;
  std::optional<std::string> place, language;
  // What goes with the link:
  std::string uri, url, host;
  std::optional<std::string> title, text, partner, outlet, country, relation;
  bool operator==(const Account&) const = default;
};

std::optional<std::string> if_said(const std::string& text) {
  return text.empty() ? std::optional<std::string>() : std::optional(text);
}

DateBasis basis_named(const std::string& name) {
  for (auto basis : {DateBasis::stated, DateBasis::header, DateBasis::prose})
    if (name == name_of(basis)) return basis;
  return DateBasis::first_seen;
}

Account account_of(const Fact& fact) {
  const auto& article = fact.article;
  Account out;
  if (article.date_basis != DateBasis::first_seen) out.published = fact.published;
  if (out.published) out.basis = article.date_basis;
  out.edited = fact.edited;
  out.date_conflict = article.date_conflict;
  out.place = if_said(article.place);
  out.language = if_said(fact.language);
  out.uri = fact.uri;
  out.url = fact.url;
  out.host = fact.host;
  out.title = fact.title;
  out.text = fact.text;
  out.partner = fact.partner;
  out.outlet = article.outlet;
  out.country = article.country;
  out.relation = std::string(name_of(article.relation));
  return out;
}

Account account_of(Database& db, std::int64_t post) {
  Account out;
  Query query(db,
              "SELECT published_utc, edited_utc, date_basis, date_conflict, place, language, uri, url, host, title, "
              "text, partner, outlet, outlet_country, relation FROM post WHERE id = ?",
              post);
  if (!query.next()) return out;
  out.published = query.maybe_time(0);
  out.edited = query.maybe_time(1);
  out.basis = basis_named(query.text(2));
  out.date_conflict = query.integer(3) != 0;
  out.place = query.maybe_text(4);
  out.language = query.maybe_text(5);
  out.uri = query.text(6);
  out.url = query.text(7);
  out.host = query.text(8);
  int column = 8;
  for (auto* field : {&out.title, &out.text, &out.partner, &out.outlet, &out.country, &out.relation})
    *field = query.maybe_text(++column);
  return out;
}

void keep(Database& db, std::int64_t post, const Account& a) {
  Query(db,
        "UPDATE post SET published_utc = ?, edited_utc = ?, date_basis = ?, date_conflict = ?, place = ?, language = "
        "?, uri = ?, url = ?, host = ?, title = ?, text = ?, partner = ?, outlet = ?, outlet_country = ?, relation = ? "
        "WHERE id = ?",
        a.published, a.edited, std::string(name_of(a.basis)), a.date_conflict, a.place, a.language, a.uri, a.url,
        a.host, a.title, a.text, a.partner, a.outlet, a.country, a.relation, post)
      .run();
}

/// The smaller, the better a link: the outlet's own page before an aggregator's, then one and the same order whichever
/// came first.
auto order_of(const Account& a) {
  int rank = a.url.empty() ? 2 : hides_page(a.url) ? 1 : 0;
  return std::tuple(rank, !a.url.starts_with("https://"), a.url.size(), std::string_view(a.url));
}

/// Both together: the strongest kind of date and of these the earliest, and what goes with the better link. Of two
/// accounts under one link the later edit stands, else the newer account.
Account better(const Account& known, const Account& told) {
  Account out = known;
  if (told.published &&
      (!known.published || std::pair(told.basis, *told.published) < std::pair(known.basis, *known.published))) {
    out.published = told.published;
    out.basis = told.basis;
    out.date_conflict = told.date_conflict;
    if (told.place) out.place = told.place;
  }
  if (!out.place) out.place = told.place;
  if (!out.language) out.language = told.language;
  bool older_edit = known.edited && told.edited.value_or(sys_ms()) < *known.edited;
  if (told.edited) out.edited = std::max(out.edited.value_or(*told.edited), *told.edited);
  if (told.uri == known.uri ? older_edit : !(order_of(told) < order_of(known))) {
    if (!out.outlet) out.outlet = told.outlet, out.country = told.country, out.relation = told.relation;
    return out;
  }
  out.uri = told.uri;
  out.url = told.url;
  out.host = told.host;
  if (told.title && !told.title->empty()) out.title = told.title;
  out.text = told.text;
  out.partner = told.partner;
  if (told.outlet || !out.outlet) {
    out.outlet = told.outlet;
    out.country = told.country;
    out.relation = told.relation;
  }
  return out;
}

/// What a page or a sheet tells of it.
auto told_of(const Account& a) {
  return std::tie(a.published, a.basis, a.date_conflict, a.place, a.language, a.uri, a.url, a.host, a.title, a.partner,
                  a.outlet, a.country, a.relation);
}

/// What is told of it until now is not forgotten. A page that says something else every time is not remembered for
/// ever.
void remember(Database& db, std::int64_t post, sys_ms now) {
  Query(db,
        "INSERT OR IGNORE INTO former(post, until_utc, published_utc, date_basis, date_conflict, place, language, uri, "
        "url, host, title, partner, outlet, outlet_country, relation) SELECT id, ?2, published_utc, date_basis, "
        "date_conflict, place, language, uri, url, host, title, partner, outlet, outlet_country, relation FROM post "
        "WHERE id = ?1 AND first_seen_utc < ?2 AND (SELECT count(*) FROM former WHERE former.post = ?1) < ?3",
        post, now, most_remembered)
      .run();
}

std::int64_t as_integer(std::uint64_t bits) { return static_cast<std::int64_t>(bits); }
std::uint64_t as_bits(std::int64_t number) { return static_cast<std::uint64_t>(number); }

}  // namespace

std::string_view name_of(Relation relation) {
  constexpr std::string_view names[] = {"owned", "distribution", "pickup"};
  return names[static_cast<std::size_t>(relation)];
}

/// A headline names the post it was last seen on, if that is at most a week from `at`.
std::optional<std::int64_t> Store::post_named(const AliasKey& alias, sys_ms at) {
  Query query(db_,
              "SELECT post.id, min(coalesce(published_utc, first_seen_utc), first_seen_utc) FROM alias JOIN post ON "
              "post.id = alias.post WHERE key = ?",
              alias.key);
  if (!query.next()) return std::nullopt;
  if (alias.for_a_week && std::chrono::abs(query.time(1) - at) > week) return std::nullopt;
  return query.integer(0);
}

void Store::note_name(std::int64_t post, const AliasKey& alias, sys_ms now) {
  Query(db_, "INSERT OR IGNORE INTO alias(key, post, why, at_utc) VALUES (?, ?, ?, ?)", alias.key, post, alias.why, now)
      .run();
  if (!alias.for_a_week || db_.changes() > 0) return;
  // Another article of the same outlet had this headline, more than a week away: the newer one takes it over.
  auto at = effective_time(post);
  std::int64_t holder = post;
  if (Query query(db_, "SELECT post FROM alias WHERE key = ?", alias.key); query.next()) holder = query.integer(0);
  if (holder != post && effective_time(holder) < at)
    Query(db_, "UPDATE alias SET post = ?, at_utc = ? WHERE key = ?", post, now, alias.key).run();
}

void Store::enrich(std::int64_t post, const Fact& fact, sys_ms now) {
  auto before = effective_time(post);
  auto known = account_of(db_, post);
  auto best = better(known, account_of(fact));
  if (told_of(best) != told_of(known)) remember(db_, post, now);
  if (best != known) keep(db_, post, best);
  Query(db_, "UPDATE post SET cluster = id WHERE id = ? AND cluster IS NULL", post).run();
  auto at = effective_time(post);
  bool moved = at != before;
  if (moved) Query(db_, "UPDATE OR REPLACE alike SET at_utc = ? WHERE post = ?", at, post).run();
  bool seen_anew = note_likeness(post, fact.article);
  if (moved) regroup(cluster_of(post));  // what was within a week of it may not be any more
  if (moved || seen_anew) join(post);
}

/// Adds the headline and the text to those the post was seen with; whether one of them is new.
bool Store::note_likeness(std::int64_t post, const ArticleFact& article) {
  if (Query query(db_, "SELECT count(*) FROM alike WHERE post = ?", post);
      query.next() && query.integer(0) >= most_likenesses)
    return false;
  bool is_new = false;
  auto note = [&](int sort, std::int64_t value, std::int64_t print) {
    Query(db_,
          "INSERT OR IGNORE INTO alike(edition, sort, value, at_utc, post, fingerprint) SELECT edition, ?2, ?3, "
          "min(coalesce(published_utc, first_seen_utc), first_seen_utc), id, ?4 FROM post WHERE id = ?1",
          post, sort, value, print)
        .run();
    is_new = is_new || db_.changes() > 0;
  };
  if (article.title_hash) note(0, as_integer(*article.title_hash), 0);
  for (int i = 0; article.fingerprint && i < fingerprint_bands; ++i)
    note(i + 1, fingerprint_band(*article.fingerprint, i), as_integer(*article.fingerprint));
  return is_new;
}

/// The articles of its edition within a week that carry its headline or its text. Of one headline, and of one and the
/// same text, the nearest on either side are enough: those behind them are joined to them. Of texts that only share a
/// band so many on either side are looked at: a flood costs no more.
std::vector<std::int64_t> Store::copies_of(std::int64_t post) {
  constexpr std::array candidates{
      "SELECT post, fingerprint FROM alike WHERE edition = ? AND sort = ? AND value = ? AND at_utc BETWEEN ?4 - "
      "604800000 AND ?4 AND post <> ?5 AND (?6 OR fingerprint = ?7) ORDER BY at_utc DESC, post DESC LIMIT ?8",
      "SELECT post, fingerprint FROM alike WHERE edition = ? AND sort = ? AND value = ? AND at_utc BETWEEN ?4 AND ?4 + "
      "604800000 AND post <> ?5 AND (?6 OR fingerprint = ?7) ORDER BY at_utc, post LIMIT ?8"};
  struct Likeness {
    std::string edition;
    std::int64_t sort, value;
    sys_ms at;
    std::int64_t print;
  };
  std::vector<Likeness> own;
  for (Query query(db_, "SELECT edition, sort, value, at_utc, fingerprint FROM alike WHERE post = ?", post);
       query.next();)
    own.push_back({query.text(0), query.integer(1), query.integer(2), query.time(3), query.integer(4)});
  std::vector<std::int64_t> out;
  auto look = [&](const Likeness& each, bool any_text, std::int64_t most) {
    for (const char* sql : candidates) {
      Query query(db_, sql, each.edition, each.sort, each.value, each.at, post, any_text, each.print, most);
      while (query.next())
        if (near_duplicates(as_bits(each.print), as_bits(query.integer(1)))) out.push_back(query.integer(0));
    }
  };
  for (const auto& each : own) {
    if (each.sort <= 1) look(each, false, 1);
    if (each.sort >= 1) look(each, true, most_candidates);
  }
  std::ranges::sort(out);
  auto rest = std::ranges::unique(out);
  out.erase(rest.begin(), rest.end());
  return out;
}

std::vector<std::int64_t> Store::cluster_of(std::int64_t post) {
  std::vector<std::int64_t> out;
  Query query(db_, "SELECT other.id FROM post JOIN post AS other ON other.cluster = post.cluster WHERE post.id = ?",
              post);
  while (query.next()) out.push_back(query.integer(0));
  return out;
}

/// Unites the clusters of the post and its copies under their smallest id, which is their first post.
void Store::join(std::int64_t post) {
  auto members = copies_of(post);
  members.push_back(post);
  std::vector<std::int64_t> clusters;
  for (auto member : members)
    if (Query query(db_, "SELECT cluster FROM post WHERE id = ? AND cluster IS NOT NULL", member); query.next())
      clusters.push_back(query.integer(0));
  if (clusters.empty()) return;
  std::ranges::sort(clusters);
  auto first = clusters.front();
  for (auto cluster : clusters) {
    if (cluster == first) continue;
    Query(db_, "UPDATE post SET cluster = ? WHERE cluster = ?", first, cluster).run();
    Query(db_, "UPDATE reading SET cluster = ? WHERE cluster = ?", first, cluster).run();
  }
}

/// Takes a cluster apart and puts it together again: what joined its posts may have gone or moved. One of hundreds is
/// only named anew: nobody may keep us busy by moving its dates.
void Store::regroup(const std::vector<std::int64_t>& posts) {
  if (posts.empty()) return;
  bool apart = posts.size() <= largest_taken_apart;
  auto first = std::ranges::min(posts);
  for (auto post : posts) {
    auto cluster = apart ? post : first;
    Query(db_, "UPDATE post SET cluster = ?1 WHERE id = ?2 AND cluster <> ?1", cluster, post).run();
    Query(db_, "UPDATE reading SET cluster = ?1 WHERE post = ?2 AND cluster <> ?1", cluster, post).run();
  }
  if (apart)
    for (auto post : posts) join(post);
}

/// What is known of the dropped article moves to the kept one. Nothing for what is no article.
void Store::absorb_article(std::int64_t kept, std::int64_t dropped, sys_ms now) {
  if (Query query(db_, "SELECT count(*) FROM post WHERE id IN (?, ?) AND kind = 'article'", kept, dropped);
      !query.next() || query.integer(0) < 2)
    return;
  auto known = account_of(db_, kept), best = better(known, account_of(db_, dropped));
  if (told_of(best) != told_of(known)) remember(db_, kept, now);
  keep(db_, kept, best);
  Query(db_, "UPDATE OR IGNORE alike SET post = ?1, edition = (SELECT edition FROM post WHERE id = ?1) WHERE post = ?2",
        kept, dropped)
      .run();
  Query(db_, "UPDATE OR REPLACE alike SET at_utc = ? WHERE post = ?", effective_time(kept), kept).run();
  absorb_match(kept, dropped, now);
}

/// The stronger match of the two stands: the fuller text had it.
void Store::absorb_match(std::int64_t kept, std::int64_t dropped, sys_ms now) {
  auto open = [&](std::int64_t post) {
    std::optional<Match> match;
    Query query(db_, "SELECT term, class FROM match WHERE post = ? AND until_utc IS NULL", post);
    if (query.next()) match = Match{query.text(0), match_class_named(query.text(1)).value_or(MatchClass::owned)};
    return match;
  };
  auto ours = open(kept), theirs = open(dropped);
  if (!theirs || (ours && ours->match_class <= theirs->match_class)) return;
  std::string edition;
  if (Query query(db_, "SELECT edition FROM post WHERE id = ?", kept); query.next()) edition = query.text(0);
  hold(kept, edition, theirs, now);
}

/// Whose a page is follows from the configuration, for what was told of it before, too.
void Store::attribute_articles(const std::function<PageOwner(const std::string&, const std::string&)>& owner_of_page) {
  struct Former {
    std::int64_t post;
    sys_ms until;
    PageOwner owner;
  };
  std::vector<Former> told;
  for (Query query(db_, "SELECT post, until_utc, url, host FROM former"); query.next();)
    told.push_back({query.integer(0), query.time(1), owner_of_page(query.text(2), query.text(3))});
  for (const auto& [post, until, owner] : told)
    Query(db_,
          "UPDATE former SET partner = ?3, outlet = ?4, outlet_country = ?5, relation = ?6 WHERE post = ?1 AND "
          "until_utc = ?2",
          post, until, owner.partner, owner.outlet, owner.country, std::string(name_of(owner.relation)))
        .run();
  std::vector<std::pair<std::int64_t, PageOwner>> moved;
  for (Query query(db_,
                   "SELECT id, url, host, partner, outlet, outlet_country, relation FROM post WHERE kind = "
                   "'article'");
       query.next();) {
    auto owner = owner_of_page(query.text(1), query.text(2));
    if (owner.partner != query.maybe_text(3) || owner.outlet != query.maybe_text(4) ||
        owner.country != query.maybe_text(5) || name_of(owner.relation) != query.text(6))
      moved.emplace_back(query.integer(0), std::move(owner));
  }
  for (const auto& [post, owner] : moved)
    Query(db_,
          "UPDATE post SET partner = ?2, outlet = ?3, outlet_country = ?4, relation = ?5, text = iif(?2 IS NULL, NULL, "
          "text) WHERE id = ?1",
          post, owner.partner, owner.outlet, owner.country, std::string(name_of(owner.relation)))
        .run();
}

}  // namespace campaignd::store
