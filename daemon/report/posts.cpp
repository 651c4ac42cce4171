// Post by post, for whoever leads the campaign: no text, no name, no link of a private person.
#include <fmt/format.h>

#include <random>

#include "connectors/reading/hmac.hpp"
#include "daemon/report/expired.hpp"
#include "daemon/report/kinds.hpp"

namespace campaignd::report {

namespace {

/// Made for one sheet and forgotten with it: the ids of two sheets, and of the database, have nothing in common.
std::string passing_key() {
  constexpr int words = 8;
  std::random_device chance;
  std::string out;
  for (int i = 0; i < words; ++i) out += fmt::format("{:08x}", chance());
  return out;
}

std::string flags_of(const store::Query& query, const Edition& edition, int published, int first_seen,
                     int lower_bound) {
  std::string out;
  auto add = [&](bool is, std::string_view flag) {
    if (is) out += (out.empty() ? "" : " ") + std::string(flag);
  };
  auto claimed = query.maybe_time(published);
  auto seen = query.time(first_seen);
  add(claimed && *claimed > seen + std::chrono::minutes(10), "future_dated");
  add(claimed && *claimed < edition.from && seen >= edition.from, "backdated");
  add(query.integer(lower_bound) != 0, "lower_bound");
  return out;
}

constexpr auto all_posts =
    "SELECT reading.post, reading.relation, reading.partner, reading.platform, "
    "iif(reading.partner IS NOT NULL OR reading.kind = 'article', post.url, NULL), "
    "reading.at_utc, reading.kind, reading.class, reading.likes, reading.reposts, reading.quotes, reading.replies, "
    "reading.views, post.published_utc, post.first_seen_utc, reading.lower_bound "
    "FROM reading JOIN post ON post.id = reading.post WHERE reading.edition = ? AND reading.at_utc >= ? AND "
    "reading.at_utc < ? AND reading.class NOT IN ('owned', 'comparison') ORDER BY reading.at_utc, reading.post";

}  // namespace

Sheet make_posts(const Scope& scope) {
  Sheet sheet{"posts",
              {"export_id", "relation", "partner_id", "platform", "url", "created_utc", "kind", "match_class", "likes",
               "reposts", "quotes", "replies", "views", "flags"},
              {},
              {{"created_utc", "when", "-"},
               {"platform", "platform", "-"},
               {"relation", "relation"},
               {"partner_id", "partner", "-"},
               {"kind", "kind", "-"},
               {"match_class", "class", "-"},
               {"flags", "flags", "-"},
               {"url", "url", "-"}}};
  auto key = passing_key();
  store::Query query(scope.db, all_posts, scope.edition.id, scope.window.from, scope.window.until);
  while (query.next()) {
    std::vector<Cell> row{hmac_sha256_hex(key, std::to_string(query.integer(0))).substr(0, 32), query.text(1),
                          text_or_nothing(query.text(2)), query.text(3), text_or_nothing(query.text(4))};
    // X lets nobody pass on more of a post than its id (developer policy).
    if (query.text(3) == "x") {
      row.resize(sheet.columns.size());
      sheet.rows.push_back(std::move(row));
      continue;
    }
    row.insert(row.end(), {format_utc(query.time(5)), query.text(6), query.text(7)});
    for (int counter = 8; counter <= 12; ++counter) row.push_back(cell(query.maybe(counter)));
    row.push_back(text_or_nothing(flags_of(query, scope.edition, 13, 14, 15)));
    sheet.rows.push_back(std::move(row));
  }
  if (auto gone = expired_posts(scope); gone > 0) {
    std::vector<Cell> row(sheet.columns.size());
    row[1] = std::string("expired");
    row.back() = fmt::format("{} posts of this time had to go and have no row", gone);
    sheet.rows.push_back(std::move(row));
  }
  return sheet;
}

}  // namespace campaignd::report
