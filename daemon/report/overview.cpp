#include "daemon/report/overview.hpp"

#include <date/tz.h>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "daemon/store/as_of.hpp"

namespace campaignd::report {

using store::Query;

namespace {

std::string counted(std::int64_t n, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", with_separators(n), n == 1 ? one : many);
}

}  // namespace

std::vector<std::string> platforms_of(store::Database& db, const Campaign& campaign, const Edition& edition) {
  std::set<std::string> out;
  for (const auto& source : campaign.sources) out.insert(source.connector);
  for (Query query(db, "SELECT DISTINCT platform FROM author WHERE edition = ?", edition.id); query.next();)
    out.insert(query.text(0));
  return {out.begin(), out.end()};
}

Shares shares_of(const store::CoverageRows& rows, const Campaign& campaign) {
  std::map<std::pair<std::string, std::string>, std::pair<double, double>> sums;
  for (const auto& [key, each] : rows) {
    auto source = std::ranges::find(campaign.sources, key.second, &Source::id);
    std::vector<std::string> groups{""};
    if (source != campaign.sources.end()) groups.push_back(source->connector);
    for (const auto& group : groups) {
      auto& [covered, planned] = sums[{key.first, group}];
      covered += static_cast<double>(each.covered.count());
      planned += static_cast<double>(each.planned.count());
    }
  }
  Shares out;
  for (const auto& [key, sum] : sums)
    if (sum.second > 0) out[key] = sum.first / sum.second;
  return out;
}

std::optional<double> share_of(const Shares& shares, const std::string& label, const std::string& platform) {
  auto found = shares.find({label, platform});
  if (found == shares.end()) return std::nullopt;
  return found->second;
}

namespace {

/// Every poll shows a list's items again, so they are never added up. "Not modified" shows none: then those of the poll
/// before stand.
void note_last_items(store::Database& db, Window window, sys_ms now, SourceRow& row) {
  Query query(db,
              "SELECT found, matched FROM poll WHERE source = ? AND end_utc >= ? AND end_utc < ? AND end_utc <= ? AND "
              "outcome = 'ok' "
              "AND found > 0 ORDER BY end_utc DESC LIMIT 1",
              row.id, window.from, window.until, now);
  bool any = query.next();
  row.found = any ? query.integer(0) : 0;
  row.matched = any ? query.integer(1) : 0;
}

}  // namespace

std::vector<SourceRow> source_rows(store::Database& db, const Campaign& campaign, const Edition& edition, Window window,
                                   sys_ms now) {
  Figures figures(db, campaign, edition, window, now);
  const auto& coverage = figures.coverage_by_source();
  std::vector<SourceRow> out;
  Query query(db,
              "SELECT source.id, connector, source.host, software, failures, last_poll_utc, last_success_utc, "
              "next_poll_utc, message, count(poll.id), sum(poll.outcome = 'ok') "
              "FROM source LEFT JOIN poll ON poll.source = source.id AND poll.end_utc >= ? AND poll.end_utc < ? AND "
              "poll.end_utc <= ? GROUP BY source.id",
              window.from, window.until, now);
  bool is_past = store::is_of_the_past(db);  // how a source fares is known of today alone
  while (query.next()) {
    SourceRow row;
    row.id = query.text(0);
    row.connector = query.text(1);
    row.host = query.text(2);
    if (auto known = std::ranges::find(campaign.sources, row.id, &Source::id); known != campaign.sources.end())
      row.partner = known->partner;
    row.software = query.text(3);
    if (!is_past) {
      row.last_poll = query.maybe_time(5);
      row.last_success = query.maybe_time(6);
      if (query.integer(7) > 0) row.next_poll = query.time(7);
      row.message = query.text(8);
    }
    row.polls = query.integer(9);
    row.polls_ok = query.integer(10);
    row.state = is_past ? "" : query.integer(4) > 0 ? "failing" : row.last_poll ? "ok" : "waiting";
    if (row.polls_ok > 0) note_last_items(db, window, now, row);
    if (auto found = coverage.find(row.id); found != coverage.end() && found->second.planned.count() > 0) {
      row.coverage =
          static_cast<double>(found->second.covered.count()) / static_cast<double>(found->second.planned.count());
      row.longest_gap_s = found->second.longest_gap.count() / 1000;
    }
    out.push_back(std::move(row));
  }
  std::ranges::stable_sort(out, {}, [](const SourceRow& row) { return row.state != "failing"; });
  return out;
}

namespace {

/// A source that is configured no more is a network of its own.
std::string network_of(const Campaign& campaign, const std::string& id) {
  auto source = std::ranges::find(campaign.sources, id, &Source::id);
  const auto* platform = source == campaign.sources.end() ? nullptr : find_platform(source->connector);
  return platform == nullptr ? id : std::string(platform->contract.network);
}

}  // namespace

Figure opted_out(store::Database& db, const Campaign& campaign, Window window, sys_ms now, const Figure& coverage) {
  Figure figure = coverage;
  figure.value.reset();
  figure.definition = "M-01-opted-out";
  figure.unit = store::metric(figure.definition).unit;
  Query query(
      db,
      "SELECT source, end_utc / 3600000 AS hour, sum(opted_out) FROM poll WHERE opted_out > 0 AND end_utc >= ? AND "
      "end_utc < ? AND end_utc <= ? GROUP BY source, hour",
      window.from, window.until, now);
  if (coverage.value.value_or(0) <= 0) {
    figure.status = "unknown";
    figure.reason = "no source has been read in this time";
    return figure;
  }
  // Sources of one network show the same posts, those of two do not.
  std::map<std::pair<std::string, std::int64_t>, double> most;
  while (query.next()) {
    auto& of_hour = most[{network_of(campaign, query.text(0)), query.integer(1)}];
    of_hour = std::max(of_hour, query.real(2));
  }
  figure.value = 0;
  for (const auto& [hour, n] : most) *figure.value += n;
  return figure;
}

namespace {

/// "31 of 34 sources read without trouble, the last 2 minutes ago"
std::string told_of_reading(store::Database& db, const Campaign& campaign, sys_ms now) {
  Query query(db,
              "SELECT count(*), max(last_success_utc) FROM source WHERE failures = 0 AND last_success_utc IS NOT NULL");
  query.next();
  auto out = fmt::format("{} of {} read without trouble", query.integer(0),
                         counted(std::ssize(campaign.sources), "source", "sources"));
  auto last = query.maybe_time(1);
  if (!last) return out;
  auto minutes = std::chrono::floor<std::chrono::minutes>(now - *last).count();
  return out + (minutes < 1 ? std::string(", the last less than a minute ago")
                            : fmt::format(", the last {} ago", counted(minutes, "minute", "minutes")));
}

/// "8 articles in 7 outlets, 5 of them copies of a text"; empty where there is none.
std::string told_of_articles(Figures& figures) {
  auto whole = [&](const char* metric) { return static_cast<std::int64_t>(figures.of(metric).value.value_or(0)); };
  auto articles = whole("M-13");
  if (articles == 0) return {};
  auto outlets = whole("M-13-outlets"), copies = whole("M-13-syndicated");
  auto out = counted(articles, "article", "articles");
  if (outlets > 0) out += " in " + counted(outlets, "outlet", "outlets");
  if (copies > 0)
    out += fmt::format(", {} of them {} of a text", with_separators(copies), copies == 1 ? "a copy" : "copies");
  return out;
}

std::string told_of_finds(store::Database& db, Figures& figures) {
  auto posts = figures.of("M-01");
  auto articles = told_of_articles(figures);
  if (posts.value.value_or(0) == 0 && articles.empty() && !Query(db, "SELECT 1 FROM covered LIMIT 1").next())
    return "nothing is known yet, for no source has been read";
  auto number = static_cast<std::int64_t>(posts.value.value_or(posts.low.value_or(0)));
  auto out = number > 0 ? counted(number, "post", "posts") + " with the tag" : std::string("no post with the tag");
  if (!posts.value)  // and that is not none
    out = number > 0 ? "at least " + out : fmt::format("how many posts have the tag is not known ({})", posts.reason);
  return articles.empty() ? out : out + "; " + articles;
}

/// "; next campaign day in 211 days": from local date to local date of the campaign's zone.
std::string told_of_next_day(const Campaign& campaign, sys_ms now) {
  const auto* zone = date::locate_zone(campaign.zone);
  auto date_of = [&](sys_ms time) { return date::floor<date::days>(zone->to_local(time)); };
  for (const auto& each : campaign.editions) {
    if (now >= each.day_until) continue;
    auto days = (date_of(each.day_from) - date_of(now)).count();
    if (days <= 0) return "; the campaign day is today.";
    return fmt::format("; next campaign day in {}.", counted(days, "day", "days"));
  }
  return ".";
}

}  // namespace

std::string sentence(store::Database& db, const Campaign& campaign, const Edition& edition, Window window, sys_ms now) {
  Figures figures(db, campaign, edition, window, now);
  // How sources fare is known of today alone.
  auto reading = store::is_of_the_past(db) ? std::string() : told_of_reading(db, campaign, now) + ". ";
  return fmt::format("{}{}: {}{}", reading, window.label, told_of_finds(db, figures), told_of_next_day(campaign, now));
}

}  // namespace campaignd::report
