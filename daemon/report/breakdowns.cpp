// Sheets that cut the campaign by country, by language and by whose voice it is. The rows of each add up (T-22).
#include <array>
#include <set>

#include "daemon/report/kinds.hpp"
#include "daemon/report/small_cells.hpp"

namespace campaignd::report {

using store::Breakdown;
using ByKey = std::map<std::string, Figure>;

namespace {

/// Nothing of a metric under that key: a zero, where the whole is known.
Cell value_at(const ByKey& rows, const std::string& key, const Figure& none) {
  auto found = rows.find(key);
  return cell(found == rows.end() ? none.value : found->second.value);
}

/// Crowds of the posts with the tag, by key; one for each row, which begins with its key.
std::vector<Crowd> crowds_by(const Scope& scope, Breakdown breakdown, const Sheet& sheet) {
  store::MetricRunner runner(scope.db);
  runner.choose(scope.edition.id, {{scope.window.from, scope.window.until, ""}}, breakdown);
  auto crowds = crowds_of(scope.db, "hashtag", runner.run(store::metric("M-01")));
  std::vector<Crowd> out;
  for (const auto& row : sheet.rows) out.push_back(crowd_at(crowds, "", std::get<std::string>(row.front())));
  return out;
}

template <class... Maps>
std::set<std::string> keys_of(std::set<std::string> at_least, const Maps&... maps) {
  auto add = [&](const ByKey& rows) {
    for (const auto& [key, figure] : rows) at_least.insert(key);
  };
  (add(maps), ...);
  return at_least;
}

}  // namespace

/// M-18. Nobody but a registered organisation or an outlet has a country, so all other posts are `unknown`: their
/// number is that of the summary, and no small cell.
Sheet make_by_country(const Scope& scope) {
  Sheet sheet{"by_country", {"country", "partner_posts", "other_posts", "articles", "outlets"}, {}};
  Figures figures(scope.db, scope.campaign, scope.edition, scope.window, scope.now);
  auto articles = figures.by("M-13", Breakdown::country), outlets = figures.by("M-13-outlets", Breakdown::country);
  auto no_posts = figures.empty("M-01"), no_articles = figures.empty("M-13"),
       no_outlets = figures.empty("M-13-outlets");
  ByKey of_partners, of_others;
  for (auto& [id, figure] : figures.by("M-01", Breakdown::partner)) {
    const auto* partner = scope.campaign.partner_named(id);
    bool is_known = partner != nullptr && !partner->country.empty();
    auto& sum = (id.empty() ? of_others : of_partners)[is_known ? partner->country : "unknown"].value;
    if (figure.value) sum = sum.value_or(0) + *figure.value;
  }
  for (const auto& country : keys_of({"unknown"}, of_partners, articles, outlets))
    sheet.rows.push_back({country, value_at(of_partners, country, no_posts), value_at(of_others, country, no_posts),
                          value_at(articles, country, no_articles), value_at(outlets, country, no_outlets)});
  return sheet;
}

Sheet make_by_language(const Scope& scope) {
  Sheet sheet{"by_language", {"language", "posts", "articles", "note"}, {}};
  Figures figures(scope.db, scope.campaign, scope.edition, scope.window, scope.now);
  auto posts = figures.by("M-01", Breakdown::language), articles = figures.by("M-13", Breakdown::language);
  auto no_posts = figures.empty("M-01"), no_articles = figures.empty("M-13");
  for (const auto& language : keys_of({"und"}, posts, articles))
    sheet.rows.push_back(
        {language, value_at(posts, language, no_posts), value_at(articles, language, no_articles), Cell()});
  withhold(sheet, crowds_by(scope, Breakdown::language, sheet), {{"posts"}});
  return sheet;
}

/// Whose voice it is. What belongs to no organisation is said once more, beside those that add up (M-19).
Sheet make_attribution(const Scope& scope) {
  Sheet sheet{"attribution", {"relation", "posts", "authors", "actions", "sums_to_total", "note"}, {}};
  Figures figures(scope.db, scope.campaign, scope.edition, scope.window, scope.now);
  constexpr std::array metrics{"M-01", "M-02", "M-07"};
  std::map<std::string_view, ByKey> by_relation, by_partner;
  std::map<std::string_view, Figure> none;
  for (const char* id : metrics) {
    by_relation[id] = figures.by(id, Breakdown::relation);
    by_partner[id] = figures.by(id, Breakdown::partner);
    none[id] = figures.empty(id);
  }
  auto add = [&](const std::string& name, std::map<std::string_view, ByKey>& rows, const std::string& key, bool sums) {
    std::vector<Cell> row{name};
    for (const char* id : metrics) row.push_back(value_at(rows[id], key, none[id]));
    row.insert(row.end(), {std::string(sums ? "yes" : "no"), Cell()});
    sheet.rows.push_back(std::move(row));
  };
  for (const auto& relation :
       keys_of({"amplified", "earned", "owned"}, by_relation["M-01"], by_relation["M-02"], by_relation["M-07"]))
    add(relation, by_relation, relation, true);
  withhold(sheet, crowds_by(scope, Breakdown::relation, sheet), {{"posts", "actions"}, {"authors"}});
  add("unattributed", by_partner, "", false);
  return sheet;
}

}  // namespace campaignd::report
