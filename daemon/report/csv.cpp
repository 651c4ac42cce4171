#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <cmath>

#include "connectors/reading/text.hpp"
#include "daemon/report/sheets.hpp"

namespace campaignd::report {

namespace {

/// With six decimals; what is less and not nothing, as "1.7e-09".
std::string number(double value) {
  if (value > 0 && value < 0.0000005) return fmt::format("{:.3g}", value);
  auto text = fmt::format("{:.6f}", value);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text == "-0" ? "0" : text;
}

/// What a spreadsheet skips before it looks for a formula: spaces, no-break space, BOM, zero-width characters.
std::size_t skipped(std::string_view text) {
  constexpr std::array<std::string_view, 6> invisible{" ", "\u00A0", "\uFEFF", "\u200B", "\u200C", "\u200D"};
  std::size_t at = 0;
  for (bool again = true; again;) {
    again = false;
    for (auto each : invisible)
      if (text.substr(at).starts_with(each)) at += each.size(), again = true;
  }
  return at;
}

bool starts_formula(std::string_view text) {
  constexpr std::array<std::string_view, 11> triggers{"=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"};
  auto starts = [&](std::string_view rest) {
    return std::ranges::any_of(triggers, [&](std::string_view each) { return rest.starts_with(each); });
  };
  return starts(text) || starts(text.substr(skipped(text)));
}

std::size_t width(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

struct AsCsv {
  char decimal = '.';
  std::string operator()(std::monostate) const { return {}; }
  std::string operator()(std::int64_t value) const { return std::to_string(value); }
  std::string operator()(double value) const {
    auto text = number(value);
    std::ranges::replace(text, '.', decimal);
    return text;
  }
  std::string operator()(const std::string& text) const { return csv_text(text); }
  std::string operator()(Withheld) const { return {}; }
};

struct AsJson {
  boost::json::value operator()(std::monostate) const { return nullptr; }
  boost::json::value operator()(std::int64_t value) const { return value; }
  /// A whole number is written as one: as a double it would read "0E0".
  boost::json::value operator()(double value) const {
    constexpr double exact_below = 9e15;
    if (std::trunc(value) == value && std::abs(value) < exact_below) return static_cast<std::int64_t>(value);
    return value;
  }
  boost::json::value operator()(const std::string& text) const { return boost::json::value(text); }
  boost::json::value operator()(Withheld) const { return nullptr; }
};

struct AsText {
  double share_of = 0;  ///< what a share of one is written as; 0: it is no share
  std::string operator()(std::monostate) const { return "unknown"; }
  std::string operator()(std::int64_t value) const {
    return share_of > 0 ? percent_text(static_cast<double>(value) / share_of) : std::to_string(value);
  }
  std::string operator()(double value) const { return share_of > 0 ? percent_text(value / share_of) : number(value); }
  std::string operator()(const std::string& text) const {
    auto line = clean_utf8(text);
    std::ranges::replace_if(
        line, [](char c) { return c == '\n' || c == '\t'; }, ' ');
    return line;
  }
  std::string operator()(Withheld cell) const { return cell.small ? "<3" : "withheld"; }
};

/// A percentage is written as a hundredth; the value of a row whose unit is a share, as one.
AsText as_text(const Sheet& sheet, const std::vector<Cell>& row, std::size_t column) {
  const auto& name = sheet.columns[column];
  if (name.ends_with("_pct")) return {100};
  auto unit = std::ranges::find(sheet.columns, "unit") - sheet.columns.begin();
  bool share = name == "value" && unit < std::ssize(row) && row[static_cast<std::size_t>(unit)] == Cell("share");
  return {share ? 1.0 : 0.0};
}

/// What every row of a sheet ends with: a table says it once.
constexpr std::array said_once{"from_utc",           "until_utc", "as_of_utc", "edition",
                               "definition_version", "standing",  "profile"};

bool is_said_once(const std::string& column) { return std::ranges::find(said_once, column) != said_once.end(); }

/// The columns a table shows.
std::vector<Shown> shown_columns(const Sheet& sheet) {
  if (!sheet.brief.empty()) return sheet.brief;
  std::vector<Shown> out;
  for (const auto& column : sheet.columns)
    if (!is_said_once(column)) out.push_back({column, column, column == "note" ? "-" : "unknown"});
  return out;
}

/// "Edition 2027 from 2027-06-19T22:00:00Z until 2027-06-20T22:00:00Z, as of …, definitions of 2026-11-22, privacy
/// profile standard. Standing: preliminary, …. 14 more columns with --format csv."
std::string told_once(const Sheet& sheet, std::size_t shown) {
  auto own = sheet.columns.size() - static_cast<std::size_t>(std::ranges::count_if(sheet.columns, is_said_once));
  std::string out;
  if (own + said_once.size() == sheet.columns.size() && !sheet.rows.empty()) {
    auto told = [&](std::size_t i) { return std::visit(AsText{}, sheet.rows.front()[own + i]); };
    out = fmt::format("\nEdition {} from {} until {}, as of {}, definitions of {}, privacy profile {}.", told(3),
                      told(0), told(1), told(2), told(4), told(6));
  }
  if (!sheet.standing.empty()) out += fmt::format("{}Standing: {}.", out.empty() ? "\n" : " ", sheet.standing);
  if (shown < own)
    out += fmt::format("{}{} more column{} with --format csv.", out.empty() ? "\n" : " ", own - shown,
                       own - shown == 1 ? "" : "s");
  return out.empty() ? out : out + "\n";
}

/// At most 60 characters, the last of them "…" where more were there.
std::string shortened(const std::string& text) {
  constexpr std::size_t most = 60;
  return width(text) > most ? cut(text, most - 1) + "…" : text;
}

}  // namespace

std::string csv_text(std::string_view text) {
  std::string spaced(text);
  std::ranges::replace(spaced, '\r', ' ');
  auto clean = clean_utf8(spaced);
  bool guarded = starts_formula(text) || starts_formula(clean);  // before, and as the reader will see it
  std::string out = guarded ? "\"'" : "\"";
  for (char c : clean) {
    if (c == '\t' || c == '\n' || c == '\r') c = ' ';
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

std::optional<Dialect> dialect_named(std::string_view name) {
  if (name.empty() || name == "rfc4180") return Dialect::rfc4180;
  if (name == "excel-eu") return Dialect::excel_eu;
  return std::nullopt;
}

std::string to_csv(const Sheet& sheet, Dialect dialect) {
  bool european = dialect == Dialect::excel_eu;
  std::string out = "\xEF\xBB\xBF";
  auto line = [&](const auto& cells, auto write) {
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (i > 0) out += european ? ';' : ',';
      out += write(cells[i]);
    }
    out += "\r\n";
  };
  line(sheet.columns, [](const std::string& name) { return name; });
  for (const auto& row : sheet.rows)
    line(row, [&](const Cell& cell) { return std::visit(AsCsv{european ? ',' : '.'}, cell); });
  return out;
}

std::string to_json_text(const Sheet& sheet) {
  boost::json::array rows;
  for (const auto& row : sheet.rows) {
    boost::json::object object;
    for (std::size_t i = 0; i < row.size(); ++i) object[sheet.columns[i]] = std::visit(AsJson{}, row[i]);
    rows.push_back(std::move(object));
  }
  return boost::json::serialize(boost::json::object{{"sheet", sheet.name}, {"rows", std::move(rows)}});
}

std::string percent_text(double share) {
  if (share > 0 && share < 0.001) return "under 0.1 %";
  auto tenths = std::floor(share * 1000 + 1e-9) / 10;
  return number(tenths >= 10 && tenths < 99 ? std::floor(tenths) : tenths) + " %";
}

std::string to_table(const Sheet& sheet, Cells cells_as) {
  auto shown = shown_columns(sheet);
  std::vector<std::size_t> widths;
  std::vector<std::vector<std::string>> lines(1);
  for (const auto& each : shown) {
    lines.front().emplace_back(each.title);
    widths.push_back(width(each.title));
  }
  for (const auto& row : sheet.rows) {
    auto& line = lines.emplace_back();
    for (std::size_t i = 0; i < shown.size(); ++i) {
      auto column = static_cast<std::size_t>(std::ranges::find(sheet.columns, shown[i].column) - sheet.columns.begin());
      bool nothing = std::holds_alternative<std::monostate>(row[column]);
      auto text = nothing ? std::string(shown[i].nothing) : std::visit(as_text(sheet, row, column), row[column]);
      line.push_back(cells_as == Cells::cut && i + 1 < shown.size() ? shortened(text) : text);
      widths[i] = std::max(widths[i], width(line.back()));
    }
  }
  std::string out;
  for (const auto& line : lines) {
    for (std::size_t i = 0; i < line.size(); ++i) {
      out += line[i];
      if (i + 1 < line.size()) out += std::string(widths[i] - width(line[i]) + 2, ' ');
    }
    out += '\n';
  }
  return out + told_once(sheet, shown.size());
}

}  // namespace campaignd::report
