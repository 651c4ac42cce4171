#include "daemon/serve/metrics_page.hpp"

#include <fmt/format.h>

namespace campaignd::serve {

namespace {

std::string label(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (c == '\\' || c == '"') out += '\\';
    if (c == '\n')
      out += "\\n";
    else
      out += c;
  }
  return out;
}

/// What a gauge begins with.
std::string head(std::string_view name, std::string_view help) {
  return fmt::format("# HELP campaignd_{0} {1}\n# TYPE campaignd_{0} gauge\n", name, help);
}

/// How many posts there are, which for few posts tells of people: for this machine alone.
std::string posts_gauges(store::Database& db) {
  std::string out;
  out += head("posts", "matched posts by edition, platform and class");
  for (store::Query query(db, "SELECT edition, platform, class, count(*) FROM reading GROUP BY 1, 2, 3"); query.next();)
    out += fmt::format("campaignd_posts{{edition=\"{}\",platform=\"{}\",class=\"{}\"}} {}\n", label(query.text(0)),
                       label(query.text(1)), query.text(2), query.integer(3));
  out +=
      head("posts_missing", "posts a server does not show, and that may be gone; many of one server: it is in trouble");
  for (store::Query query(db,
                          "SELECT platform, host, count(*) FROM recheck JOIN observer ON observer.id = observer WHERE "
                          "missing_utc IS NOT NULL GROUP BY observer");
       query.next();)
    out += fmt::format("campaignd_posts_missing{{platform=\"{}\",host=\"{}\"}} {}\n", label(query.text(0)),
                       label(query.text(1)), query.integer(2));
  return out;
}

}  // namespace

std::string metrics_page(store::Database& db, const Facts& facts) {
  std::string out;
  out += head("store_writable", "1 while the database accepts writes");
  out += fmt::format("campaignd_store_writable {}\n", facts.store == "ok" ? 1 : 0);
  out += head("config_last_reload_successful", "1, or 0 when the last reload was refused");
  out += fmt::format("campaignd_config_last_reload_successful {}\n", facts.configuration.problem.empty() ? 1 : 0);
  out += head("config_last_reload_success_timestamp_seconds", "when the configuration was last read, Unix time");
  out += fmt::format("campaignd_config_last_reload_success_timestamp_seconds {}\n",
                     facts.configuration.at.time_since_epoch() / std::chrono::seconds(1));
  out += head("source_failures", "failures in a row of a source; 0 is healthy");
  for (store::Query query(db, "SELECT id, failures FROM source"); query.next();)
    out += fmt::format("campaignd_source_failures{{source=\"{}\"}} {}\n", label(query.text(0)), query.integer(1));
  out += head("source_last_success_seconds", "when a source was last read, Unix time; absent: never");
  for (store::Query query(db, "SELECT id, last_success_utc FROM source WHERE last_success_utc IS NOT NULL");
       query.next();)
    out += fmt::format("campaignd_source_last_success_seconds{{source=\"{}\"}} {}\n", label(query.text(0)),
                       query.integer(1) / 1000);
  if (facts.local) out += posts_gauges(db);
  out += head("dirty_hours", "hours whose slices are to be made again");
  if (store::Query query(db, "SELECT count(*) FROM dirty"); query.next())
    out += fmt::format("campaignd_dirty_hours {}\n", query.integer(0));
  return out;
}

}  // namespace campaignd::serve
