#include "daemon/report/withheld.hpp"

#include <algorithm>
#include <array>

#include "daemon/report/expired.hpp"
#include "daemon/report/small_cells.hpp"

namespace campaignd::report {

using store::Breakdown;
using Row = std::vector<Cell>;

namespace {

void add_note_column(Sheet& sheet) {
  if (std::ranges::find(sheet.columns, "note") != sheet.columns.end()) return;
  sheet.columns.emplace_back("note");
  for (auto& row : sheet.rows) row.emplace_back();
}

/// Posts of one class, and their columns of by_day.
struct OfClass {
  std::string_view match_class, metric;
  std::vector<std::string_view> sums;
};
const std::array<OfClass, 5>& classes_of_days() {
  static const std::array<OfClass, 5> all{
      OfClass{"hashtag", "M-01", {"mentions", "actions"}}, OfClass{"variant", "M-01-variant", {"variant"}},
      OfClass{"plain", "M-01-plain", {"plain"}}, OfClass{"phrase", "M-01-phrase", {"phrase"}},
      OfClass{"link", "M-01-link", {"link"}}};
  return all;
}

/// Every column but those: what else a sheet says of the posts of its first class.
std::vector<std::string_view> all_but(const Sheet& sheet, std::span<const std::string_view> these) {
  std::vector<std::string_view> out;
  for (const auto& column : sheet.columns)
    if (std::ranges::find(these, column) == these.end()) out.emplace_back(column);
  return out;
}

std::string text_at(const Row& row, std::size_t column) { return std::get<std::string>(row[column]); }

/// Under which name each platform's days are taken together: its own, or `withheld` where it is small as a whole.
std::map<std::string, std::string> groups_of(const Crowds& crowds) {
  std::map<std::string, Crowd> whole;
  for (const auto& [key, crowd] : crowds) {
    auto& sum = whole[key.second];
    sum.authors.insert(crowd.authors.begin(), crowd.authors.end());
    sum.has_gone = sum.has_gone || crowd.has_gone;
  }
  std::vector<Crowd> cells;
  for (const auto& [platform, crowd] : whole) cells.push_back(crowd);
  auto told = judge(cells);
  std::map<std::string, std::string> out;
  std::size_t i = 0;
  for (const auto& [platform, crowd] : whole) out[platform] = told[i++] == Told::shown ? platform : "withheld";
  return out;
}

/// Rows of a sheet that are taken together.
struct Group {
  std::vector<std::size_t> rows;
  std::vector<Crowd> crowds;
};

std::map<std::string, Group> grouped(const Sheet& sheet, const Crowds& crowds) {
  auto groups = groups_of(crowds);
  std::map<std::string, Group> out;
  for (std::size_t i = 0; i < sheet.rows.size(); ++i) {
    auto day = text_at(sheet.rows[i], 0), platform = text_at(sheet.rows[i], 1);
    auto found = groups.find(platform);
    auto& group = out[found == groups.end() ? platform : found->second];
    group.rows.push_back(i);
    group.crowds.push_back(crowd_at(crowds, day, platform));
  }
  return out;
}

}  // namespace

void withhold_platforms(const Scope& scope, Sheet& sheet) {
  add_note_column(sheet);
  store::MetricRunner runner(scope.db);
  runner.choose(scope.edition.id, {{scope.window.from, scope.window.until, ""}}, Breakdown::platform);
  auto crowds = crowds_of(scope.db, "hashtag", runner.run(store::metric("M-01")));
  constexpr std::array<std::string_view, 10> not_these{"platform",         "posts",   "authors", "views",
                                                       "n_with_views",     "actions", "parts",   "articles",
                                                       "completeness_pct", "note"};
  std::vector<Crowd> of_rows;
  for (const auto& row : sheet.rows) of_rows.push_back(crowd_at(crowds, "", text_at(row, 0)));
  // An author is of one platform, so authors add up here.
  withhold(sheet, of_rows, {{"posts", "authors", "views", "n_with_views", "actions"}, all_but(sheet, not_these)});
}

void withhold_days(const Scope& scope, Sheet& sheet) {
  add_note_column(sheet);
  constexpr std::array<std::string_view, 11> not_these{
      "campaign_day", "platform", "mentions", "actions",          "variant", "plain",
      "phrase",       "link",     "articles", "completeness_pct", "note"};
  store::MetricRunner runner(scope.db);
  runner.choose(scope.edition.id, days_of(scope.campaign.zone, scope.window, scope.now), Breakdown::platform);
  std::map<std::string, Row> together;
  for (const auto& of : classes_of_days()) {
    auto crowds = crowds_of(scope.db, of.match_class, runner.run(store::metric(of.metric)));
    Columns columns{of.sums};
    if (of.match_class == "hashtag") columns.others = all_but(sheet, not_these);
    for (const auto& [name, group] : grouped(sheet, crowds)) {
      Row row = together.contains(name) ? together[name] : Row(sheet.columns.size());
      if (withhold(sheet, group.rows, group.crowds, columns, row)) together[name] = std::move(row);
    }
  }
  for (auto& [name, row] : together) {
    row[0] = std::string("withheld");
    row[1] = name;
    row.back() = std::string(told_together);
    sheet.rows.push_back(std::move(row));
  }
}

std::set<std::pair<std::string, std::string>> withheld_cells(store::Database& db, const store::MetricRows& mentions) {
  auto crowds = crowds_of(db, "hashtag", mentions);
  auto groups = groups_of(crowds);
  std::map<std::string, std::vector<const Crowds::value_type*>> cells;
  for (const auto& cell : crowds) cells[groups[cell.first.second]].push_back(&cell);
  std::set<std::pair<std::string, std::string>> out;
  for (const auto& [group, all] : cells) {
    std::vector<Crowd> theirs;
    for (const auto* cell : all) theirs.push_back(cell->second);
    auto told = judge(theirs);
    for (std::size_t i = 0; i < all.size(); ++i)
      if (told[i] != Told::shown) out.insert(all[i]->first);
  }
  return out;
}

void withhold(Figure& figure) {
  figure.value = figure.low = figure.high = figure.high_known = figure.numerator = figure.denominator = std::nullopt;
  figure.n.reset();
  figure.status = "unknown";
  figure.reason = withheld_reason;
}

namespace {

std::int64_t private_bots(const Scope& scope) {
  store::Query query(scope.db,
                     "SELECT count(DISTINCT author) FROM reading WHERE edition = ? AND at_utc >= ? AND at_utc < ? AND "
                     "class = 'hashtag' AND kind <> 'article' AND bot = 1 AND partner IS NULL",
                     scope.edition.id, scope.window.from, scope.window.until);
  return query.next() ? query.integer(0) : 0;
}

}  // namespace

bool are_few_bots(const Scope& scope) {
  auto bots = private_bots(scope);
  return bots < 3 && (bots > 0 || settled_of(scope, "M-17") > 0);
}

void withhold_bots(const Scope& scope, Sheet& summary) {
  bool has_gone = settled_of(scope, "M-17") > 0;
  if (!are_few_bots(scope)) return;
  for (auto& row : summary.rows)
    for (std::size_t i = 0; row.front() == Cell("M-17") && i < row.size(); ++i) {
      const auto& column = summary.columns[i];
      if (column.starts_with("value") || column == "n") row[i] = Withheld(!has_gone);
    }
}

}  // namespace campaignd::report
