#pragma once
/// What makes a sheet; the table of them, and those that are short, are in sheets.cpp.
#include "connectors/reading/dates/time.hpp"
#include "daemon/report/sheets.hpp"
#include "daemon/store/seals.hpp"

namespace campaignd::report {

/// What a sheet is made from. `now` is the moment it speaks of: with --as-of one of the past, and then the database
/// answers of that moment (store::AsOf).
struct Scope {
  store::Database& db;
  const Campaign& campaign;
  const Edition& edition;
  Window window;
  sys_ms now;
  std::optional<store::SealTimes> sealing{};  ///< of a seal that is being made, and that the database has not got yet
  /// Why a seal that is due was not made, as the daemon found in its last hourly look. Nothing: the lint runs now, and
  /// reads everything.
  std::optional<std::string> objection{};
  bool is_published = false;  ///< not this machine alone reads it: pages and the API withhold small cells, as sheets do
};

/// The sheet of that name, made and finished; nothing when there is none.
std::optional<Sheet> make_sheet(std::string_view name, const Scope& scope);
/// With what every row ends with.
Sheet finished(Sheet sheet, const Scope& scope);

Sheet make_measures(const Scope& scope);
Sheet make_dictionary(const Scope& scope);

inline Cell cell(const std::optional<double>& value) {
  if (!value) return {};
  auto whole = static_cast<std::int64_t>(*value);
  return static_cast<double>(whole) == *value ? Cell(whole) : Cell(*value);
}
inline Cell cell(const std::optional<std::int64_t>& value) { return value ? Cell(*value) : Cell(); }
inline Cell cell(const std::optional<sys_ms>& time) { return time ? Cell(format_utc(*time)) : Cell(); }
inline Cell text_or_nothing(const std::string& text) { return text.empty() ? Cell() : Cell(text); }
inline Cell percent(const std::optional<double>& share) { return share ? Cell(*share * 100) : Cell(); }

/// What low and high are: a bound, certain; an interval of so many cases in a hundred; low alone, "at least".
inline Cell range_of(const Figure& figure) {
  if (!figure.low && !figure.high) return {};
  return figure.range.empty() ? Cell(std::string("at least")) : Cell(figure.range);
}

}  // namespace campaignd::report
