#include "daemon/report/expired.hpp"

namespace campaignd::report {

std::int64_t settled_of(const Scope& scope, std::string_view metric) {
  store::Query query(scope.db,
                     "SELECT coalesce(sum(value), 0) FROM settled WHERE edition = ? AND metric = ? AND breakdown = "
                     "'platform' AND from_utc < ? AND until_utc > ?",
                     scope.edition.id, metric, scope.window.until, scope.window.from);
  return query.next() ? static_cast<std::int64_t>(query.maybe_real(0).value_or(0)) : 0;
}

std::int64_t expired_posts(const Scope& scope) {
  std::int64_t out = 0;
  for (const char* metric : {"M-01", "M-01-variant", "M-01-plain", "M-01-phrase", "M-01-link"})
    out += settled_of(scope, metric);
  return out;
}

bool have_partners_posts_expired(const Scope& scope) {
  return store::Query(scope.db,
                      "SELECT 1 FROM settled WHERE edition = ? AND metric IN ('M-11-set', 'M-01-variant', "
                      "'M-01-plain', 'M-01-phrase', 'M-01-link') AND breakdown = 'partner' AND key <> '' AND from_utc "
                      "< ? AND until_utc > ?",
                      scope.edition.id, scope.window.until, scope.window.from)
      .next();
}

}  // namespace campaignd::report
