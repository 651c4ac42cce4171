// What goes with the campaign: hashtags and sites beside it, and its languages; and tags that may be meant for its own.
#include <algorithm>

#include "connectors/reading/look_alike.hpp"
#include "connectors/reading/text.hpp"
#include "daemon/report/kinds.hpp"

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

}  // namespace

/// A post may have several tags and sites, so rows add up to nothing. What fewer than three authors have used is not
/// named, nor what one or two people have used beside organisations.
Sheet make_companions(const Scope& scope) {
  Sheet sheet{"companions",
              {"kind", "name", "posts", "authors", "unseen_variant_of"},
              {},
              {{"kind", "kind"},
               {"name", "name"},
               {"posts", "posts"},
               {"authors", "accounts"},
               {"unseen_variant_of", "a form of", "-"}}};
  auto own = own_tags(scope.campaign);
  store::Query query(
      scope.db,
      "SELECT kind, name, count(*), count(DISTINCT author), count(DISTINCT iif(partner IS NULL, author, NULL)) FROM ("
      "SELECT beside.kind AS kind, beside_name.text AS name, reading.author AS author, reading.partner AS partner FROM "
      "reading JOIN beside ON beside.post = reading.post JOIN beside_name ON beside_name.name = beside.name WHERE "
      "reading.edition = ?1 AND reading.at_utc >= ?2 AND reading.at_utc < ?3 AND reading.class NOT IN ('owned', "
      "'comparison') "
      "UNION ALL SELECT 'language', coalesce(nullif(language, ''), 'und'), author, partner FROM reading WHERE edition "
      "= ?1 AND at_utc >= ?2 AND at_utc < ?3 AND class NOT IN ('owned', 'comparison')) GROUP BY kind, name ORDER BY "
      "CASE kind WHEN 'tag' THEN 0 WHEN 'link' THEN 1 ELSE 2 END, count(*) DESC, name",
      scope.edition.id, scope.window.from, scope.window.until);
  while (query.next()) {
    constexpr std::int64_t fewest = 3;
    auto authors = query.integer(3), people = query.integer(4);
    auto kind = query.text(0), name = query.text(1);
    bool is_ours = kind == "tag" && std::ranges::find(own, name) != own.end();
    if (authors < fewest || (people > 0 && people < fewest) || is_ours) continue;
    sheet.rows.push_back({kind, name, query.integer(2), authors,
                          text_or_nothing(kind == "tag" ? meant_for(name, scope.campaign) : std::string{})});
  }
  return sheet;
}

}  // namespace campaignd::report
