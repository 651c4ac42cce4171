#include "daemon/store/derived.hpp"

#include "connectors/reading/hmac.hpp"
#include "daemon/store/embedded.hpp"
#include "daemon/store/metrics.hpp"

namespace campaignd::store {

std::map<std::string, std::string> derived_today() {
  std::map<std::string, std::string> out{{readings_text, sha256_hex(embedded(readings_text))}};
  for (const auto& each : metrics())
    if (is_sliced(each)) out[each.id] = sha256_hex(each.sql);
  return out;
}

std::map<std::string, std::string> derived_in(Database& db) {
  std::map<std::string, std::string> out;
  for (Query query(db, "SELECT metric, sha256 FROM sliced"); query.next();) out[query.text(0)] = query.text(1);
  return out;
}

}  // namespace campaignd::store
