#pragma once
/// Sheets: the tables a report is made of, as CSV, JSON or text. Screen and sheet run the same metric files.
#include <variant>

#include "daemon/report/figures.hpp"

namespace campaignd::report {

/// A cell that is known and not told, for few people stand behind it (small_cells.hpp). Empty where programs read.
struct Withheld {
  explicit Withheld(bool is_small = false) : small(is_small) {}
  bool small;  ///< fewer than three; else it goes along with such cells
  bool operator==(const Withheld&) const = default;
};

using Cell = std::variant<std::monostate, std::int64_t, double, std::string, Withheld>;  ///< nothing: unknown, never 0

/// A column as a table for people shows it.
struct Shown {
  std::string_view column, title;
  std::string_view nothing = "unknown";  ///< how an empty cell reads; "-" where there is nothing to know
};

struct Sheet {
  std::string name;
  std::vector<std::string> columns;
  std::vector<std::vector<Cell>> rows;
  std::vector<Shown> brief{};  ///< what a table shows of it; empty: everything
  std::string standing{};      ///< "preliminary, figures still rise; final on 4 July 2027": a table says it once
};

/// Those of everybody may be published, packed and sealed. Whoever leads the campaign may have `posts` as well, which
/// goes post by post: on the command line alone.
enum class Readers : std::uint8_t { everybody, lead };
/// In the order of the table in sheets.cpp: summary, partners, by_day …
std::vector<std::string_view> sheet_names(Readers readers = Readers::everybody);
/// Nothing when there is no such sheet. The caller holds a snapshot. Every row ends with from_utc,
/// until_utc, as_of_utc, edition, definition_version, standing and profile.
std::optional<Sheet> make_sheet(std::string_view name, store::Database& db, const Campaign& campaign,
                                const Edition& edition, Window window, sys_ms now);

/// RFC 4180 with a BOM and CRLF. Text is always quoted and guarded: a cell that a spreadsheet would take for a formula
/// gets an apostrophe (OWASP CSV injection); numbers are our own.
/// What spreadsheets of many EU countries open by themselves has semicolons and decimal commas.
enum class Dialect : std::uint8_t { rfc4180, excel_eu };
std::optional<Dialect> dialect_named(std::string_view name);  ///< "rfc4180", "excel-eu"; empty is the first
std::string to_csv(const Sheet& sheet, Dialect dialect = Dialect::rfc4180);
std::string to_json_text(const Sheet& sheet);
/// Aligned columns for people: the brief ones, shares as percent, and what is the same in every row once at the end. A
/// terminal's cells are cut to 60 characters, but for the last column's: a file gets them whole.
enum class Cells : std::uint8_t { cut, whole };
std::string to_table(const Sheet& sheet, Cells cells);

/// 0.97 as "97 %", rounded down: only the whole is "100 %", only nothing "0 %".
std::string percent_text(double share);

/// One guarded, quoted text cell.
std::string csv_text(std::string_view text);

}  // namespace campaignd::report
