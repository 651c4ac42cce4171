// What goes with the campaign: hashtags and sites beside it, and its languages; and tags that may be meant for its own.
#include <algorithm>

#include "connectors/reading/look_alike.hpp"
#include "connectors/reading/text.hpp"
#include "daemon/report/expired.hpp"
#include "daemon/report/kinds.hpp"
#include "daemon/report/small_cells.hpp"

namespace campaignd::report {

namespace {

/// The campaign's tags, folded.
std::vector<std::string> own_tags(const Campaign& campaign) {
  std::vector<std::string> out;
  for (const auto& term : campaign.terms)
    if (is_tag(term.match_class)) out.push_back(fold(term.text.starts_with('#') ? term.text.substr(1) : term.text));
  return out;
}

/// The campaign's hashtag that a tag may be meant for, where the tag is no term yet; empty: none.
std::string meant_for(const std::string& tag, const Campaign& campaign) {
  for (const auto& term : campaign.terms)
    if (term.match_class == MatchClass::hashtag && looks_like(tag, fold(term.text))) return term.text;
  return {};
}

/// Tags and sites, the most frequent first. What fewer than three authors have used is not named, nor what one or two
/// people have used beside organisations.
void add_names(const Scope& scope, Sheet& sheet) {
  constexpr std::int64_t fewest = 3;
  auto own = own_tags(scope.campaign);
  store::Query query(
      scope.db,
      "SELECT beside.kind, beside_name.text, count(*), count(DISTINCT author), count(DISTINCT iif(partner IS NULL, "
      "author, NULL)) FROM reading JOIN beside ON beside.post = reading.post JOIN beside_name ON beside_name.name = "
      "beside.name WHERE edition = ? AND at_utc >= ? AND at_utc < ? AND class NOT IN ('owned', 'comparison') GROUP BY "
      "1, 2 ORDER BY 1 DESC, 3 DESC, 2",
      scope.edition.id, scope.window.from, scope.window.until);
  while (query.next()) {
    auto kind = query.text(0), name = query.text(1);
    auto authors = query.integer(3), people = query.integer(4);
    bool is_tag = kind == "tag";
    bool is_ours = is_tag && std::ranges::find(own, name) != own.end();
    if (authors < fewest || (people > 0 && people < fewest) || is_ours) continue;
    sheet.rows.push_back({kind, name, query.integer(2), authors,
                          text_or_nothing(is_tag ? meant_for(name, scope.campaign) : std::string{})});
  }
}

/// Languages of the posts with the tag, those that by_language shows.
void add_languages(const Scope& scope, Sheet& sheet) {
  store::MetricRunner runner(scope.db);
  runner.choose(scope.edition.id, {{scope.window.from, scope.window.until, ""}}, store::Breakdown::language);
  auto posts = runner.run(store::metric("M-01")), authors = runner.run(store::metric("M-02"));
  auto crowds = crowds_of(scope.db, "hashtag", posts);
  std::vector<Crowd> cells;
  for (const auto& [key, row] : posts) cells.push_back(crowd_at(crowds, "", key.second));
  auto told = judge(cells);
  std::size_t i = 0;
  for (const auto& [key, row] : posts)
    if (told[i++] == Told::shown)
      sheet.rows.push_back({std::string("language"), key.second, cell(row.value), cell(authors[key].value), Cell()});
}

}  // namespace

/// A post may have several tags and sites, so rows add up to nothing.
Sheet make_companions(const Scope& scope) {
  Sheet sheet{"companions",
              {"kind", "name", "posts", "authors", "unseen_variant_of"},
              {},
              {{"kind", "kind"},
               {"name", "name"},
               {"posts", "posts"},
               {"authors", "accounts"},
               {"unseen_variant_of", "a form of", "-"}}};
  add_names(scope, sheet);
  add_languages(scope, sheet);
  if (auto gone = expired_posts(scope); gone > 0)
    sheet.rows.push_back({std::string("expired"),
                          std::string("posts that had to go: no tag and no site of theirs is known"), gone, Cell(),
                          Cell()});
  return sheet;
}

}  // namespace campaignd::report
