#include "daemon/serve/respond.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <cmath>

#include "connectors/connector.hpp"
#include "connectors/reading/dates/time.hpp"
#include "connectors/reading/json_out.hpp"
#include "connectors/reading/url.hpp"
#include "daemon/report/comparison.hpp"
#include "daemon/report/evidence.hpp"
#include "daemon/report/moment.hpp"
#include "daemon/report/overview.hpp"
#include "daemon/report/partners.hpp"
#include "daemon/report/scores.hpp"
#include "daemon/report/sheets.hpp"
#include "daemon/report/standing.hpp"
#include "daemon/report/withheld.hpp"
#include "daemon/serve/coverage.hpp"
#include "daemon/serve/files.hpp"
#include "daemon/serve/method.hpp"
#include "daemon/serve/metrics_page.hpp"
#include "daemon/serve/sealed.hpp"
#include "daemon/serve/timeline.hpp"
#include "daemon/store/as_of.hpp"

namespace campaignd::serve {

namespace json = boost::json;
using report::Figures;
using store::Breakdown;

namespace {

/// A whole number is written as one: as a double it would read "0E0".
void make_whole(json::value& value) {
  if (auto* list = value.if_array())
    std::ranges::for_each(*list, make_whole);
  else if (auto* object = value.if_object())
    for (auto& pair : *object) make_whole(pair.value());
  else if (const auto* number = value.if_double(); number != nullptr && *number == std::trunc(*number))
    value = static_cast<std::int64_t>(*number);
}

Response as_json(json::value value) {
  make_whole(value);
  Response response;
  response.body = json::serialize(value);
  return response;
}

/// The edition and span asked for; the ones to show where nothing is.
struct Asked {
  const Edition* edition = nullptr;
  report::Window window;
};

Asked asked_for(const Query& query, const Facts& facts) {
  const auto& campaign = facts.config->campaign;
  auto name = query_value(query.target, "edition");
  Asked asked;
  asked.edition = name.empty() ? campaign.edition_to_show(facts.now) : campaign.edition_named(name);
  if (asked.edition == nullptr) return asked;
  asked.window = report::window_to_show(*asked.edition, facts.now);
  auto scope = query_value(query.target, "scope");
  if (scope == "campaign_day")
    asked.window = {asked.edition->day_from, asked.edition->day_until, "Campaign day " + asked.edition->day};
  if (scope == "edition") asked.window = {asked.edition->from, asked.edition->until, "Edition " + asked.edition->id};
  return asked;
}

/// What objects to a seal is the daemon's to find out, every hour: no answer waits for that.
report::Scope scope_of(store::Database& db, const Facts& facts, const Edition& edition, const report::Window& window) {
  report::Scope out{db, facts.config->campaign, edition, window, facts.now};
  auto known = facts.objections.find(edition.id);
  out.objection = known == facts.objections.end() ? std::string() : known->second;
  out.is_published = !facts.local;
  return out;
}

Response no_edition(const Query& query) {
  return problem(404, "No such edition", "There is no edition '" + query_value(query.target, "edition") + "'.");
}

/// What others than this machine read tells no platform's figures behind which one or two people stand.
void withhold_small(store::Database& db, const Edition& edition, const report::Window& window,
                    std::initializer_list<std::map<std::string, report::Figure>*> figures) {
  store::MetricRunner runner(db);
  runner.choose(edition.id, {{window.from, window.until, ""}}, Breakdown::platform);
  for (const auto& [bucket, platform] : report::withheld_cells(db, runner.run(store::metric("M-01"))))
    for (auto* all : figures)
      if (auto found = all->find(platform); found != all->end()) report::withhold(found->second);
}

Response summary(const Query& query, store::Database& db, const Facts& facts) {
  auto [edition, window] = asked_for(query, facts);
  if (edition == nullptr) return no_edition(query);
  const auto& campaign = facts.config->campaign;
  Figures figures(db, facts.config->campaign, *edition, window, facts.now);
  json::object named;
  struct Named {
    const char* name;
    const char* metric;
  };
  for (auto [name, metric] :
       {Named{"mentions", "M-01"}, Named{"authors", "M-02"}, Named{"audience", "M-04"}, Named{"actions", "M-07"},
        Named{"articles", "M-13"}, Named{"outlets", "M-13-outlets"}, Named{"syndicated", "M-13-syndicated"},
        Named{"articles_owned", "M-13-owned"}, Named{"articles_distributed", "M-13-distribution"},
        Named{"plain", "M-01-plain"}, Named{"variant", "M-01-variant"}, Named{"phrase", "M-01-phrase"},
        Named{"link", "M-01-link"}, Named{"views", "M-06"}})
    named[name] = report::to_json(figures.of(metric));
  named["coverage"] = report::to_json(figures.coverage());
  auto opted_out = report::opted_out(db, campaign, window, facts.now, figures.coverage());
  named["opted_out"] = report::to_json(opted_out);

  json::array platforms;
  auto mentions = figures.by("M-01", Breakdown::platform);
  auto authors = figures.by("M-02", Breakdown::platform);
  auto actions = figures.by("M-07", Breakdown::platform);
  auto articles = figures.by("M-13", Breakdown::platform);
  if (!facts.local) withhold_small(db, *edition, window, {&mentions, &authors, &actions});
  for (const auto& platform : report::platforms_of(db, campaign, *edition)) {
    auto pick = [&](auto& all, const char* id) {
      auto found = all.find(platform);
      return report::to_json(found == all.end() ? figures.empty(id, platform) : found->second);
    };
    platforms.push_back({{"platform", platform},
                         {"mentions", pick(mentions, "M-01")},
                         {"authors", pick(authors, "M-02")},
                         {"actions", pick(actions, "M-07")},
                         {"articles", pick(articles, "M-13")}});
  }
  auto standing = report::standing_in(scope_of(db, facts, *edition, window));
  bool day = window.from == edition->day_from && window.until == edition->day_until;
  return as_json(
      {{"campaign", {{"id", campaign.id}, {"name", campaign.name}}},
       {"edition",
        {{"id", edition->id},
         {"day", edition->day},
         {"from_utc", format_utc(edition->from)},
         {"until_utc", format_utc(edition->until)},
         {"zone", campaign.zone}}},
       {"scope", day ? "campaign_day" : "edition"},
       {"window",
        {{"from_utc", format_utc(window.from)},
         {"to_utc", facts.now < window.until ? json::value(nullptr) : json::value(format_utc(window.until))},
         {"label", window.label}}},
       {"now_utc", format_utc(facts.now)},
       {"as_of_utc", store::is_of_the_past(db) ? json::value(format_utc(facts.now)) : json::value(nullptr)},
       {"standing", {{"word", standing.word}, {"sentence", standing.sentence}}},
       {"sentence", report::sentence(db, campaign, *edition, window, facts.now)},
       {"profile", name_of(facts.config->profile)},
       {"clock", json_or_null(facts.clock)},
       {"clock_rate", facts.config->clock ? facts.config->clock->rate : 1.0},
       {"store", facts.store},
       {"configuration",
        {{"loaded_utc", format_utc(facts.configuration.at)}, {"problem", json_or_null(facts.configuration.problem)}}},
       {"figures", std::move(named)},
       {"platforms", std::move(platforms)}});
}

/// What is answered of an edition's window, in a file of its own.
using OfWindow = json::object (*)(const report::Scope&);

template <OfWindow make>
Response of_window(const Query& query, store::Database& db, const Facts& facts) {
  auto [edition, window] = asked_for(query, facts);
  if (edition == nullptr) return no_edition(query);
  return as_json(make(scope_of(db, facts, *edition, window)));
}

json::array as_array(const std::vector<report::Proof>& evidence) {
  json::array out;
  for (const auto& [account, why, detail, since] : evidence)
    out.push_back(
        {{"account", account}, {"why", why}, {"detail", json_or_null(detail)}, {"since_utc", format_utc(since)}});
  return out;
}

Response partners(const Query& query, store::Database& db, const Facts& facts) {
  auto [edition, window] = asked_for(query, facts);
  if (edition == nullptr) return no_edition(query);
  auto evidence = report::evidence_by_partner(db, facts.now);
  auto scores = report::partner_scores(db, *edition, window, facts.now);
  json::array rows;
  for (const auto& row : report::partner_rows(db, facts.config->campaign, *edition, window, facts.now))
    rows.push_back({{"id", row.partner->id},
                    {"name", row.partner->name},
                    {"country", json_or_null(row.partner->country)},
                    {"type", json_or_null(row.partner->type)},
                    {"state", report::name_of(row.state)},
                    {"channels", row.channels},
                    {"watched", row.watched},
                    {"mentions", report::to_json(row.mentions)},
                    {"without_tag", report::to_json(row.without_tag)},
                    {"actions", report::to_json(row.actions)},
                    {"articles", report::to_json(row.articles)},
                    {"articles_without_tag", report::to_json(row.articles_without_tag)},
                    {"trouble", json_or_null(row.trouble)},
                    {"on_campaign_day", report::to_json(row.on_campaign_day)},
                    {"on_local_day", report::to_json(row.on_local_day)},
                    {"zone", row.partner->zone},
                    {"evidence", as_array(evidence[row.partner->id])},
                    {"performance", report::to_json(scores[row.partner->id])},
                    {"last_post_utc", json_or_null(row.last_post)}});
  return as_json({{"partners", std::move(rows)}});
}

json::value share_or_null(const std::optional<double>& share) {
  return share ? json::value(static_cast<double>(static_cast<std::int64_t>(*share * 10000)) / 10000)
               : json::value(nullptr);
}

Response sources(const Query& query, store::Database& db, const Facts& facts) {
  auto [edition, window] = asked_for(query, facts);
  if (edition == nullptr) return no_edition(query);
  json::array rows;
  for (const auto& row : report::source_rows(db, facts.config->campaign, *edition, window, facts.now))
    rows.push_back({{"id", row.id},
                    {"connector", row.connector},
                    {"partner", json_or_null(row.partner)},
                    {"host", row.host},
                    {"state", facts.store == "ok" ? row.state : "paused"},
                    {"last_poll_utc", json_or_null(row.last_poll)},
                    {"last_success_utc", json_or_null(row.last_success)},
                    {"next_poll_utc", json_or_null(row.next_poll)},
                    {"message", json_or_null(row.message)},
                    {"polls", row.polls},
                    {"polls_ok", row.polls_ok},
                    {"found", json_or_null(row.found)},
                    {"matched", json_or_null(row.matched)},
                    {"coverage", share_or_null(row.coverage)},
                    {"longest_gap_s", json_or_null(row.longest_gap_s)},
                    {"software", json_or_null(row.software)}});
  return as_json({{"sources", std::move(rows)}});
}

/// The newest matched posts. Private people's are for this machine alone.
Response posts(const Query& query, store::Database& db, const Facts& facts) {
  auto [edition, window] = asked_for(query, facts);
  if (edition == nullptr) return no_edition(query);
  auto limit = std::clamp(std::atoi(query_value(query.target, "limit").c_str()), 0, 200);
  json::array rows;
  store::Query found(
      db,
      "SELECT reading.platform, reading.host, reading.kind, class, post.url, title, at_utc, "
      "reading.partner, likes, reposts, quotes, replies, views, read_utc, lower_bound, author.name, "
      "reading.relation, reading.relation = 'pickup' AND EXISTS (SELECT 1 FROM reading AS earlier WHERE "
      "earlier.cluster = reading.cluster AND earlier.relation = 'pickup' AND earlier.class NOT IN ('owned', "
      "'comparison') "
      "AND (earlier.at_utc, coalesce(earlier.outlet, ''), earlier.post) < (reading.at_utc, "
      "coalesce(reading.outlet, ''), reading.post)) "
      "FROM reading JOIN post ON post.id = reading.post JOIN author ON author.id = reading.author "
      "WHERE reading.edition = ? AND at_utc >= ? AND at_utc < ? AND class NOT IN ('owned', 'comparison') "
      "AND (? OR author.name IS NOT NULL) ORDER BY at_utc DESC, reading.post DESC LIMIT ?",
      edition->id, window.from, window.until, facts.local, limit == 0 ? 20 : limit);
  while (found.next()) {
    rows.push_back({{"platform", found.text(0)},
                    {"host", json_or_null(found.text(1))},
                    {"kind", found.text(2)},
                    {"class", found.text(3)},
                    {"relation", json_or_null(found.text(16))},
                    {"copy", found.integer(17) != 0},
                    {"url", json_or_null(found.text(4))},
                    {"title", json_or_null(found.text(5))},
                    {"published_utc", format_utc(found.time(6))},
                    {"partner", json_or_null(found.text(7))},
                    {"likes", json_or_null(found.maybe(8))},
                    {"reposts", json_or_null(found.maybe(9))},
                    {"quotes", json_or_null(found.maybe(10))},
                    {"replies", json_or_null(found.maybe(11))},
                    {"views", json_or_null(found.maybe(12))},
                    {"read_utc", format_utc(found.time(13))},
                    {"lower_bound", found.integer(14) != 0}});
  }
  return as_json({{"posts", std::move(rows)}});
}

Response definitions(const Query&, store::Database&, const Facts&) {
  json::array rows;
  for (const auto& each : store::definitions())
    rows.push_back({{"id", each.id},
                    {"name", each.name},
                    {"formula", each.formula},
                    {"unit", each.unit},
                    {"caveat", each.caveat},
                    {"valid_from", each.valid_from},
                    {"version", each.version}});
  return as_json({{"definitions", std::move(rows)}});
}

Response health(const Query&, store::Database&, const Facts& facts) {
  Response response = as_json({{"store", facts.store}, {"clock", json_or_null(facts.clock)}});
  if (facts.store != "ok") response.status = 503;
  return response;
}

Response ready(const Query&, store::Database&, const Facts& facts) {
  Response response = as_json({{"ready", facts.ready}});
  if (!facts.ready) response.status = 503;
  return response;
}

Response prometheus(const Query&, store::Database& db, const Facts& facts) {
  Response response;
  response.type = "text/plain; version=0.0.4; charset=utf-8";
  response.body = metrics_page(db, facts);
  return response;
}

Response report_file(const Query& query, store::Database& db, const Facts& facts) {
  auto [edition, window] = asked_for(query, facts);
  if (edition == nullptr) return no_edition(query);
  auto name = query.path.substr(std::string_view("/report/").size());
  if (name == "seal.json" || !query_value(query.target, "sealed").empty())
    return sealed_file(db, facts.config->campaign.id, *edition, name);
  auto dialect = report::dialect_named(query_value(query.target, "dialect"));
  if (!dialect) return problem(400, "No such dialect", "Dialects are rfc4180 and excel-eu.");
  auto open = report::sheet_names();
  bool is_open = name.ends_with(".csv") && std::ranges::find(open, name.substr(0, name.size() - 4)) != open.end();
  auto scope = scope_of(db, facts, *edition, window);
  auto sheet = is_open ? report::make_sheet(name.substr(0, name.size() - 4), scope) : std::nullopt;
  if (!sheet) return problem(404, "No such sheet", fmt::format("Sheets are {}, each as .csv.", fmt::join(open, ", ")));
  Response response;
  response.type = "text/csv; charset=utf-8; header=present";
  response.file_name = fmt::format("{}-{}-{}.csv", facts.config->campaign.id, edition->id, sheet->name);
  response.body = report::to_csv(*sheet, *dialect);
  return response;
}

// The whole surface. A path that ends in '/' and is not "/" stands for all below it.
constexpr std::array table{
    Route{"/", "the dashboard", page},
    Route{"/web/", "its files", web_file},
    Route{"/api/v1/summary", "headline figures of the campaign day or the edition", summary},
    Route{"/api/v1/timeline", "mentions by hour or day and platform", of_window<timeline>},
    Route{"/api/v1/posts", "the newest matched posts", posts},
    Route{"/api/v1/partners", "each partner's state and figures", partners},
    Route{"/api/v1/sources", "each source's health", sources},
    Route{"/api/v1/coverage", "covered and planned time of each source, hour by hour", of_window<coverage>},
    Route{"/api/v1/method", "what the figures are worth", of_window<method>},
    Route{"/api/v1/definitions", "the data dictionary", definitions},
    Route{"/report/", "sheets as CSV", report_file},
    Route{"/metrics", "for Prometheus", prometheus},
    Route{"/healthz", "200 while the store accepts writes", health},
    Route{"/readyz", "200 once collecting has begun", ready},
    Route{"/openapi.yaml", "this list, for programs", openapi},
};

/// Stable while nothing but the time of asking changed.
std::string etag_of(const Response& response, sys_ms now) {
  auto text = response.body;
  auto stamp = format_utc(now);
  for (auto at = text.find(stamp); at != text.npos; at = text.find(stamp, at)) text.erase(at, stamp.size());
  std::uint64_t hash = 14695981039346656037ULL;
  for (char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  return fmt::format("W/\"{:016x}\"", hash);
}

}  // namespace

std::span<const Route> routes() { return table; }

Response problem(int status, std::string_view title, std::string_view detail) {
  Response response = as_json({{"type", "about:blank"}, {"title", title}, {"status", status}, {"detail", detail}});
  response.status = status;
  response.type = "application/problem+json";
  return response;
}

namespace {

/// Now, or as of a moment of the past where one is asked for.
Response answered(const Route& route, const Query& query, store::Database& db, const Facts& facts) {
  bool has_figures = route.path.starts_with("/api/") || route.path.starts_with("/report/");
  auto text = query_value(query.target, "as_of");
  if (text.empty() || !has_figures) return route.answer(query, db, facts);
  auto moment = report::moment_named(facts.config->campaign.zone, text);
  if (!moment)
    return problem(400, "No such moment", "as_of is a date (2027-06-21) or an instant (2027-06-21T10:00:00Z).");
  if (*moment > facts.now) return problem(400, "Not yet", "as_of lies in the future: nothing is known of it.");
  auto then = facts;
  then.now = *moment;
  auto [edition, window] = asked_for(query, then);
  if (edition == nullptr) return no_edition(query);
  store::Known known{*moment, *moment};
  if (query.path == "/report/comparison.csv") known.beside = report::compared_with(facts.config->campaign, *edition);
  store::AsOf past(db, edition->id, known);
  return route.answer(query, db, then);
}

}  // namespace

Response respond(const Query& query, store::Database& db, const Facts& facts) {
  const auto* route = std::ranges::find_if(table, [&](const Route& each) {
    bool tree = each.path.size() > 1 && each.path.ends_with('/');
    return tree ? query.path.starts_with(each.path) : query.path == each.path;
  });
  if (route == table.end())
    return problem(404, "Not found", "The paths are listed in /openapi.yaml; the dashboard is at /.");
  store::Snapshot snapshot(db);
  auto response = answered(*route, query, db, facts);
  if (response.status == 200) {
    response.etag = etag_of(response, facts.now);
    if (query.if_none_match == response.etag) {
      response.status = 304;
      response.body.clear();
    }
  }
  return response;
}

}  // namespace campaignd::serve
