#include <fmt/format.h>

#include <cstdio>

#include "connectors/reading/dates/time.hpp"
#include "daemon/commands/held.hpp"
#include "daemon/fetch/clock.hpp"
#include "daemon/report/sheets.hpp"
#include "daemon/run/state_directory.hpp"

namespace campaignd::commands {

namespace {

using report::Cell;

Cell text_or_nothing(const std::string& text) { return text.empty() ? Cell() : Cell(text); }

std::string counters_of(const store::Query& query, int first) {
  std::string out;
  for (const char* name : {"likes", "reposts", "quotes", "replies", "views"}) {
    if (auto number = query.maybe(first++)) out += fmt::format("{}{} {}", out.empty() ? "" : ", ", name, *number);
  }
  return out.empty() ? "no number" : out;
}

/// A row for every fact that hangs on one author.
void add_rows(store::Database& db, std::int64_t author, report::Sheet& sheet) {
  auto add = [&](const char* what, const store::Query& query, std::string said, std::string link = {}) {
    sheet.rows.push_back({std::string(what), query.text(0), query.text(1), query.integer(2),
                          query.is_null(3) ? Cell() : Cell(format_utc(query.time(3))), std::move(said),
                          text_or_nothing(link)});
  };
  for (store::Query post(db,
                         "SELECT edition, platform, id, first_seen_utc, kind, published_utc, coalesce(language, ''), "
                         "media_count, host, coalesce(nullif(url, ''), uri, ''), text_key IS NOT NULL, title, text, "
                         "confirmed_utc FROM post WHERE author = ? ORDER BY id",
                         author);
       post.next();) {
    auto said = fmt::format("{} on {}", post.text(4), post.text(8));
    if (auto at = post.maybe_time(5)) said += ", published " + format_utc(*at);
    if (!post.text(6).empty()) said += ", language " + post.text(6);
    said += fmt::format(", {} media, last seen {}", post.integer(7), format_utc(post.time(13)));
    if (post.integer(10) != 0) said += ", a keyed hash of its text";
    for (int column : {11, 12})
      if (auto words = post.maybe_text(column)) said += ", \"" + *words + "\"";
    add("post", post, said, post.text(9));
  }
  for (store::Query row(
           db,
           "SELECT edition, platform, post.id, until_utc, coalesce(former.title, ''), former.url FROM former "
           "JOIN post ON post.id = former.post WHERE author = ? ORDER BY post.id, until_utc",
           author);
       row.next();)
    add("told before", row, "until then, \"" + row.text(4) + "\"", row.text(5));
  for (store::Query row(db,
                        "SELECT post.edition, platform, post.id, from_utc, class, term, until_utc FROM match JOIN post "
                        "ON post.id = match.post WHERE author = ? ORDER BY post.id, from_utc",
                        author);
       row.next();)
    add("match", row,
        row.text(4) + (row.text(5).empty() ? "" : ", term " + row.text(5)) +
            (row.is_null(6) ? "" : ", until " + format_utc(row.time(6))));
  for (store::Query row(db,
                        "SELECT post.edition, platform, post.id, NULL, beside.kind, coalesce(beside_name.text, 'few "
                        "others have it: a keyed hash') FROM beside JOIN post ON post.id = beside.post LEFT JOIN "
                        "beside_name ON beside_name.name = beside.name WHERE author = ? ORDER BY post.id",
                        author);
       row.next();)
    add("stands beside", row, row.text(4) + ": " + row.text(5));
  for (store::Query row(db,
                        "SELECT post.edition, post.platform, post.id, at_utc, observer.host, likes, reposts, quotes, "
                        "replies, views FROM observation JOIN post ON post.id = observation.post JOIN observer ON "
                        "observer.id = observer WHERE author = ? ORDER BY post.id, at_utc",
                        author);
       row.next();)
    add("reading", row, counters_of(row, 5) + ", said by " + row.text(4));
  for (store::Query row(db,
                        "SELECT edition, platform, post.id, first_utc, source, local_id, last_utc FROM sighting JOIN "
                        "post ON post.id = sighting.post WHERE author = ? ORDER BY post.id, source",
                        author);
       row.next();)
    add("seen", row, fmt::format("by {} as {}, last {}", row.text(4), row.text(5), format_utc(row.time(6))));
  for (store::Query row(db,
                        "SELECT post.edition, post.platform, post.id, due_utc, observer.host FROM recheck JOIN post ON "
                        "post.id = recheck.post JOIN observer ON observer.id = recheck.observer WHERE author = ? ORDER "
                        "BY post.id",
                        author);
       row.next();)
    add("to be read again", row, "at " + row.text(4));
}

void add_account(store::Database& db, std::int64_t author, report::Sheet& sheet) {
  auto add = [&](const char* what, const store::Query& query, std::string said) {
    sheet.rows.push_back({std::string(what), query.text(0), query.text(1), Cell(),
                          query.is_null(2) ? Cell() : Cell(format_utc(query.time(2))), std::move(said), Cell()});
  };
  for (store::Query row(db, "SELECT edition, platform, NULL, handle, name, partner FROM author WHERE id = ?", author);
       row.next();) {
    std::string said = "a pseudonym";
    if (!row.is_null(3)) said += ", a keyed hash of its handle";
    if (auto name = row.maybe_text(4)) said += ", the name " + *name;
    if (auto partner = row.maybe_text(5)) said += ", as an account of " + *partner;
    add("account", row, said);
  }
  for (store::Query row(db,
                        "SELECT edition, platform, at_utc, followers FROM audience JOIN author ON author.id = author "
                        "WHERE author.id = ? ORDER BY at_utc",
                        author);
       row.next();)
    add("followers", row, fmt::format("{} followers", row.integer(3)));
  for (store::Query row(db,
                        "SELECT edition, platform, at_utc, bot FROM declared JOIN author ON author.id = author WHERE "
                        "author.id = ? ORDER BY at_utc",
                        author);
       row.next();)
    add("declared", row, row.integer(3) != 0 ? "that it is a bot" : "that it is no bot");
}

std::set<std::int64_t> authors_of(store::Database& db, const store::Account& account) {
  std::set<std::int64_t> out;
  for (const auto& [edition, platform, name] : account.names)
    for (store::Query query(db,
                            "SELECT id FROM author WHERE edition = ?1 AND platform = ?2 AND (pseudonym = ?3 OR handle "
                            "= ?3)",
                            edition, platform, name);
         query.next();)
      out.insert(query.integer(0));
  return out;
}

void add_evidence(store::Database& db, const store::Account& account, report::Sheet& sheet) {
  for (const auto& written : account.written)
    for (store::Query row(db, "SELECT partner, why, detail, at_utc FROM evidence WHERE account = ?", written);
         row.next();)
      sheet.rows.push_back(
          {std::string("evidence"), Cell(), written.substr(0, written.find(':')), Cell(), format_utc(row.time(3)),
           fmt::format("{}, that it is an account of {}", row.text(1), row.text(0)), text_or_nothing(row.text(2))});
}

bool is_suppressed(store::Database& db, const store::Account& account) {
  for (const auto& hash : account.hashes)
    if (store::Query(db, "SELECT 1 FROM suppressed WHERE hash = ?", hash).next()) return true;
  return false;
}

}  // namespace

int show(const Common& common, const AccountOptions& options) {
  auto config = load_or_complain(common);
  if (!config) return config_error;
  if (!has_database(common)) return unavailable;
  auto keys = run::open_keys(common.state, *config, fetch::WorldClock(config->clock).now());
  auto held = held_as(options, *config, keys);
  if (!held) return usage;
  auto opened = open_or_complain(common);
  if (!opened) return unavailable;
  auto& db = *opened;
  store::Snapshot snapshot(db);
  report::Sheet sheet{"show", {"what", "edition", "platform", "post", "at_utc", "said", "link"}, {}};
  for (const char* column : {"what", "edition", "platform", "post", "at_utc", "said", "link"})
    sheet.brief.push_back({column, column, "-"});
  for (auto author : authors_of(db, held->account)) {
    add_account(db, author, sheet);
    add_rows(db, author, sheet);
  }
  add_evidence(db, held->account, sheet);
  auto done = complain_of_unreadable(common, keys) ? try_again : ok;
  if (common.json) {
    fmt::print("{}\n", report::to_json_text(sheet));
    return done;
  }
  if (sheet.rows.empty())
    fmt::print("nothing is held of this account{}{}\n", done == ok ? "" : " under the keys that are there",
               is_suppressed(db, held->account) ? "; it is among those that asked to be forgotten" : "");
  else
    fmt::print("{}", report::to_table(sheet, report::Cells::whole));
  return done;
}

}  // namespace campaignd::commands
