#include "daemon/report/moment.hpp"

#include <cstdio>

#include "connectors/reading/dates/time.hpp"
#include "daemon/config/config.hpp"

namespace campaignd::report {

std::optional<sys_ms> moment_named(const std::string& zone, const std::string& text) {
  int year = 0, length = 0;
  unsigned month = 0, day = 0;
  bool is_date = std::sscanf(text.c_str(), "%4d-%2u-%2u%n", &year, &month, &day, &length) == 3;
  if (is_date && length == std::ssize(text)) return day_start(zone, year, month, day);
  return read_rfc3339(text);
}

}  // namespace campaignd::report
