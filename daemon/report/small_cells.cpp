#include "daemon/report/small_cells.hpp"

#include <algorithm>
#include <numeric>

namespace campaignd::report {

namespace {

constexpr std::size_t fewest_authors = 3, fewest_cells = 2;

bool is_small(const Crowd& crowd) {
  return crowd.authors.size() < fewest_authors && (crowd.has_gone || !crowd.authors.empty());
}

std::size_t place_of(const Sheet& sheet, std::string_view column) {
  return static_cast<std::size_t>(std::ranges::find(sheet.columns, column) - sheet.columns.begin());
}

/// An unknown part is no part; of unknown parts alone the sum is unknown.
void add(Cell& sum, const Cell& part) {
  if (std::holds_alternative<std::monostate>(part)) return;
  if (std::holds_alternative<std::monostate>(sum)) {
    sum = part;
    return;
  }
  const auto *a = std::get_if<std::int64_t>(&sum), *b = std::get_if<std::int64_t>(&part);
  auto number = [](const Cell& cell) {
    const auto* whole = std::get_if<std::int64_t>(&cell);
    return whole != nullptr ? static_cast<double>(*whole) : std::get<double>(cell);
  };
  sum = a != nullptr && b != nullptr ? Cell(*a + *b) : Cell(number(sum) + number(part));
}

}  // namespace

std::vector<Told> judge(std::span<const Crowd> cells) {
  std::vector<Told> out(cells.size(), Told::shown);
  std::set<std::int64_t> authors;
  std::size_t taken = 0;
  auto take = [&](std::size_t cell, Told told) {
    out[cell] = told;
    authors.insert(cells[cell].authors.begin(), cells[cell].authors.end());
    ++taken;
  };
  std::vector<std::size_t> further;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (is_small(cells[i]))
      take(i, Told::small);
    else if (!cells[i].authors.empty())
      further.push_back(i);
  }
  std::ranges::stable_sort(further, {}, [&](std::size_t cell) { return cells[cell].authors.size(); });
  for (auto cell : further) {
    if (taken == 0 || (taken >= fewest_cells && authors.size() >= fewest_authors)) break;
    take(cell, Told::beside);
  }
  return out;
}

bool withhold(Sheet& sheet, std::span<const std::size_t> rows, std::span<const Crowd> crowds, const Columns& columns,
              std::vector<Cell>& together) {
  auto told = judge(crowds);
  bool any = false;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (told[i] == Told::shown) continue;
    any = true;
    auto& row = sheet.rows[rows[i]];
    const Withheld instead{told[i] == Told::small && !crowds[i].has_gone};
    for (auto column : columns.sums) {
      auto at = place_of(sheet, column);
      add(together[at], row[at]);
      row[at] = instead;
    }
    for (auto column : columns.others) row[place_of(sheet, column)] = instead;
  }
  return any;
}

void withhold(Sheet& sheet, std::span<const Crowd> crowds, const Columns& columns) {
  std::vector<std::size_t> rows(sheet.rows.size());
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  std::vector<Cell> together(sheet.columns.size());
  if (!withhold(sheet, rows, crowds, columns, together)) return;
  together.front() = std::string("withheld");
  together[place_of(sheet, "note")] = std::string(told_together);
  sheet.rows.push_back(std::move(together));
}

Crowds crowds_of(store::Database& db, std::string_view match_class, const store::MetricRows& counted) {
  Crowds out;
  for (const auto& [key, row] : counted) out[key].has_gone = row.expired;
  store::Query query(
      db,
      "SELECT DISTINCT bucket, key, author FROM chosen WHERE class = ? AND kind <> 'article' AND partner "
      "IS NULL",
      match_class);
  while (query.next()) out[{query.text(0), query.text(1)}].authors.insert(query.integer(2));
  return out;
}

const Crowd& crowd_at(const Crowds& crowds, const std::string& label, const std::string& key) {
  static const Crowd nobody;
  auto found = crowds.find({label, key});
  return found == crowds.end() ? nobody : found->second;
}

}  // namespace campaignd::report
