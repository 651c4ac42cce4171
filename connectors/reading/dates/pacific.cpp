#include "connectors/reading/dates/pacific.hpp"

#include <date/date.h>

namespace campaignd {

namespace {

constexpr std::chrono::hours winter(8), summer(7);  ///< behind UTC

/// The midnight a local day begins with. Clocks are changed at two in the morning, so the second Sunday of March still
/// begins in winter and the first of November in summer.
sys_ms midnight_of(date::sys_days day) {
  auto year = date::year_month_day(day).year();
  auto spring = date::sys_days(year / date::March / date::Sunday[2]);
  auto autumn = date::sys_days(year / date::November / date::Sunday[1]);
  return day + (spring < day && day <= autumn ? summer : winter);
}

}  // namespace

sys_ms next_pacific_midnight(sys_ms now) {
  auto day = date::floor<date::days>(now - winter) + date::days(1);
  while (midnight_of(day) <= now) day += date::days(1);
  return midnight_of(day);
}

}  // namespace campaignd
