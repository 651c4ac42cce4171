#include "daemon/report/sheets.hpp"

#include <algorithm>
#include <array>

#include "daemon/report/coverage_sheets.hpp"
#include "daemon/report/expired.hpp"
#include "daemon/report/kinds.hpp"
#include "daemon/report/overview.hpp"
#include "daemon/report/parts.hpp"
#include "daemon/report/standing.hpp"
#include "daemon/report/voice.hpp"
#include "daemon/report/wanted.hpp"
#include "daemon/report/withheld.hpp"

namespace campaignd::report {

namespace {

using store::Breakdown;
using Row = std::vector<Cell>;

constexpr std::array media_metrics{"M-13", "M-13-outlets", "M-13-syndicated", "M-13-owned", "M-13-distribution"};
constexpr std::array headline{"M-01", "M-01-variant", "M-01-plain", "M-01-phrase", "M-01-link",
                              "M-02", "M-04",         "M-06",       "M-07",        "M-13"};
/// Behind the headline: rates, YouTube as it reports itself, what is gone, what was not seen.
constexpr std::array further{"M-01-stories",
                             "M-01-owned",
                             "M-13-untagged",
                             "M-17",
                             "M-05",
                             "M-07-gained",
                             "M-08",
                             "M-08-followers",
                             "M-08-median",
                             "M-08-views",
                             "M-09-amplification",
                             "M-09-applause",
                             "M-09-conversation",
                             "M-10",
                             "M-06-youtube",
                             "M-07-youtube-likes",
                             "M-07-youtube-comments",
                             "M-15",
                             "M-16"};

/// A header and prose give a day, never an hour.
std::string date_of(sys_ms time, const std::string& basis) {
  auto text = format_utc(time);
  return basis == name_of(DateBasis::header) || basis == name_of(DateBasis::prose) ? text.substr(0, 10) : text;
}

struct Maker : Scope {
  /// By term; with what was settled of those that had to go.
  std::map<std::string, store::MetricRow> posts_by_term() const {
    store::MetricRunner runner(db);
    runner.choose(edition.id, {{window.from, window.until, ""}}, Breakdown::term);
    std::map<std::string, store::MetricRow> out;
    for (const char* id : {"M-11-set", "M-01-variant", "M-01-plain", "M-01-phrase", "M-01-link"})
      for (const auto& [key, row] : runner.run(store::metric(id))) {
        auto [sum, is_first] = out.try_emplace(key.second, row);
        if (is_first) continue;
        bool known = sum->second.value && row.value;
        sum->second.value = known ? std::optional(*sum->second.value + *row.value) : std::nullopt;
        sum->second.expired = sum->second.expired || row.expired;
      }
    return out;
  }

  struct OfTerm {
    std::int64_t articles = 0, partners_posts = 0;
  };
  std::map<std::string, OfTerm> found_by_term() const {
    std::map<std::string, OfTerm> out;
    store::Query query(db,
                       "SELECT term, sum(kind = 'article'), sum(kind <> 'article' AND partner IS NOT NULL) FROM "
                       "reading WHERE edition = ? AND at_utc >= ? AND at_utc < ? AND class <> 'owned' GROUP BY term",
                       edition.id, window.from, window.until);
    while (query.next()) out[query.text(0)] = {query.integer(1), query.integer(2)};
    return out;
  }

  Sheet summary() const {
    Sheet sheet{"summary",
                {"metric_id", "name", "value", "value_low", "value_high", "range", "unit", "numerator", "denominator",
                 "n", "completeness_pct", "refilled_pct", "longest_gap_s", "oldest_reading_utc", "status", "note"},
                {},
                {{"metric_id", "metric"},
                 {"name", "name"},
                 {"value", "value"},
                 {"value_low", "low", "-"},
                 {"value_high", "high", "-"},
                 {"range", "range", "-"},
                 {"unit", "unit"},
                 {"completeness_pct", "covered"},
                 {"status", "status"},
                 {"note", "note", "-"}}};
    Figures figures(db, campaign, edition, window, now);
    auto add = [&](const Figure& f, const std::string& name) {
      sheet.rows.push_back({f.definition, name, cell(f.value), cell(f.low), cell(f.high), range_of(f), f.unit,
                            cell(f.numerator), cell(f.denominator), cell(f.n), percent(f.coverage), percent(f.refilled),
                            cell(f.longest_gap_s), cell(f.oldest_reading), f.status, text_or_nothing(f.reason)});
    };
    for (const char* id : headline) add(figures.of(id), store::metric(id).name);
    for (const char* id : media_metrics)
      if (std::string_view(id) != "M-13") add(figures.of(id), store::metric(id).name);
    for (const char* id : further) add(figures.of(id), store::metric(id).name);
    auto covered = [&](const std::string& term) { return figures.coverage_of_term(term); };
    add(share_of_voice(figures, campaign, covered), store::metric("M-11").name);
    add(figures.coverage(), store::metric("M-14").name);
    withhold_bots(*this, sheet);
    return sheet;
  }

  Sheet by_platform() const {
    Sheet sheet{"by_platform",
                {"platform", "posts", "authors", "audience_lower", "audience_upper", "views", "n_with_views", "actions",
                 "actions_low", "actions_high", "parts", "articles", "completeness_pct"},
                {}};
    Figures figures(db, campaign, edition, window, now);
    std::map<std::string, std::map<std::string, Figure>> all;
    for (const char* id : headline) all[id] = figures.by(id, Breakdown::platform);
    auto parts = parts_by_platform(db, edition, window);
    for (const auto& platform : platforms_of(db, campaign, edition)) {
      auto of = [&](const char* id) {
        auto found = all[id].find(platform);
        return found == all[id].end() ? figures.empty(id, platform) : found->second;
      };
      auto audience = of("M-04");
      auto views = of("M-06"), actions = of("M-07");
      sheet.rows.push_back({platform, cell(of("M-01").value), cell(of("M-02").value), cell(audience.low),
                            cell(audience.high), cell(views.value), cell(views.n), cell(actions.value),
                            cell(actions.low), cell(actions.high), text_or_nothing(parts[platform]),
                            cell(of("M-13").value), percent(figures.coverage(platform).value)});
    }
    withhold_platforms(*this, sheet);
    return sheet;
  }

  /// A row for each local day and platform; a day nobody watched is unknown, not zero.
  Sheet by_day() const {
    Sheet sheet{"by_day",
                {"campaign_day", "platform", "mentions", "authors", "variant", "plain", "phrase", "link", "actions",
                 "articles", "completeness_pct"},
                {}};
    constexpr std::array columns{"M-01",        "M-02",      "M-01-variant", "M-01-plain",
                                 "M-01-phrase", "M-01-link", "M-07",         "M-13"};
    auto days = days_of(campaign.zone, window, now);
    store::MetricRunner runner(db);
    runner.choose(edition.id, days, Breakdown::platform);
    auto terms = wanted_terms(db, campaign, edition, window, store::metric("M-14").match_class);
    auto shares = shares_of(runner.coverage(now, terms), campaign);
    std::map<std::string, store::MetricRows> all;
    for (const char* id : columns) all[id] = runner.run(store::metric(id));
    for (const auto& day : days)
      for (const auto& platform : platforms_of(db, campaign, edition)) {
        auto share = share_of(shares, day.label, platform);
        Row row{day.label, platform};
        for (const char* id : columns) {
          auto found = all[id].find({day.label, platform});
          bool known = found != all[id].end() || (share.value_or(0) > 0 && shows(platform, store::metric(id)));
          row.push_back(!known ? Cell() : found == all[id].end() ? Cell(std::int64_t{0}) : cell(found->second.value));
        }
        row.push_back(percent(share));
        sheet.rows.push_back(std::move(row));
      }
    withhold_days(*this, sheet);
    return sheet;
  }

  /// Each form of the tag, the word, the slogan and the links apart, and the tags it is compared with; a post counts
  /// under the strongest it has.
  Sheet terms() const {
    Sheet sheet{
        "terms", {"term_id", "class", "text", "posts", "articles", "partners_posts", "completeness_pct", "note"}, {}};
    Figures figures(db, campaign, edition, window, now);
    bool saw_posts = figures.empty("M-01").value.has_value(), saw_articles = figures.empty("M-13").value.has_value();
    auto posts = posts_by_term();
    auto found = found_by_term();
    bool partners_expired = have_partners_posts_expired(*this);
    auto number = [](std::int64_t n, bool seen) { return seen || n > 0 ? Cell(n) : Cell(); };
    for (const auto& term : campaign.terms) {
      auto [articles, partners_posts] = found[term.id];
      auto of_all = posts.find(term.id);
      bool none = of_all == posts.end(), has_gone = !none && of_all->second.expired;
      bool is_unknown = !none && !of_all->second.value, theirs_unknown = has_gone && partners_expired;
      sheet.rows.push_back({term.id, std::string(name_of(term.match_class)), term.text,
                            none ? number(0, saw_posts) : cell(of_all->second.value), number(articles, saw_articles),
                            theirs_unknown ? Cell() : number(partners_posts, saw_posts),
                            percent(figures.coverage_of_term(term.id, Figures::Showing::anything)),
                            is_unknown || theirs_unknown ? Cell(std::string(expired)) : Cell()});
    }
    return sheet;
  }

  /// What was configured, merged and corrected, and when.
  Sheet changes() const {
    Sheet sheet{"changes",
                {"at_utc", "what", "old", "new", "reason"},
                {},
                {{"at_utc", "when"}, {"what", "what"}, {"old", "was", "-"}, {"new", "is", "-"}, {"reason", "why"}}};
    store::Query query(db, "SELECT at_utc, what, old, new, reason FROM change WHERE at_utc <= ? ORDER BY at_utc, id",
                       now);
    while (query.next())
      sheet.rows.push_back({format_utc(query.time(0)), query.text(1), text_or_nothing(query.text(2)),
                            text_or_nothing(query.text(3)), query.text(4)});
    return sheet;
  }

  /// What servers count of a tag's uses in a day beside what we saw of those on the same server: no figure, a check.
  Sheet cross_check() const {
    Sheet sheet{
        "cross_check", {"day", "source", "tag", "server_uses", "server_accounts", "seen_there", "read_utc"}, {}};
    store::Query query(
        db,
        "SELECT day_utc, stated.source, tag, uses, accounts, (SELECT count(*) FROM sighting JOIN reading ON "
        "reading.post "
        "= sighting.post WHERE sighting.source = stated.source AND reading.edition = ?1 AND reading.class IN "
        "('hashtag', "
        "'variant') AND reading.at_utc >= day_utc AND reading.at_utc < day_utc + 86400000), stated.at_utc FROM stated "
        "WHERE day_utc >= ?2 AND day_utc < ?3 AND stated.at_utc <= ?4 ORDER BY day_utc, stated.source, tag",
        edition.id, window.from, window.until, now);
    while (query.next())
      sheet.rows.push_back({format_utc(query.time(0)).substr(0, 10), query.text(1), query.text(2), query.integer(3),
                            cell(query.maybe(4)), query.integer(5), format_utc(query.time(6))});
    return sheet;
  }

  /// One row an article: media pickup, partners' pages and wires, told apart by `relation`.
  Sheet media() const {
    Sheet sheet{"media",
                {"date", "date_basis", "date_conflict", "place", "outlet", "outlet_name", "outlet_country", "title",
                 "url", "language", "class", "relation", "syndication_group", "partner_id"},
                {}};
    sheet.brief = {{"date", "date"},
                   {"date_basis", "basis"},
                   {"date_conflict", "conflict"},
                   {"place", "place", "-"},
                   {"outlet", "outlet"},
                   {"outlet_name", "outlet's name", "-"},
                   {"outlet_country", "country"},
                   {"title", "title"},
                   {"language", "language"},
                   {"class", "class"},
                   {"relation", "relation"},
                   {"syndication_group", "copies", "-"},
                   {"partner_id", "partner", "-"},
                   {"url", "url"}};
    store::Query query(
        db,
        "SELECT reading.at_utc, date_basis, date_conflict, place, post.outlet, coalesce(post.outlet_country, "
        "'unknown'), title, url, post.language, class, post.relation, CASE WHEN EXISTS (SELECT 1 FROM reading AS copy "
        "WHERE copy.cluster "
        "= reading.cluster AND copy.post <> reading.post AND copy.class NOT IN ('owned', 'comparison')) THEN "
        "reading.cluster END, "
        "reading.partner FROM reading JOIN post ON post.id = reading.post WHERE reading.edition = ? AND reading.at_utc "
        ">= ? AND reading.at_utc < ? AND reading.kind = 'article' AND class NOT IN ('owned', 'comparison') "
        "ORDER BY reading.at_utc, reading.post",
        edition.id, window.from, window.until);
    while (query.next()) {
      auto basis = query.text(1), outlet = query.text(4);
      Row row{date_of(query.time(0), basis), basis, std::string(query.integer(2) != 0 ? "yes" : "no"),
              text_or_nothing(query.text(3)), text_or_nothing(outlet)};
      auto known = campaign.outlets.find(outlet);
      row.push_back(known == campaign.outlets.end() ? Cell() : Cell(known->second.name));
      for (int column = 5; column <= 10; ++column) row.push_back(text_or_nothing(query.text(column)));
      row.push_back(cell(query.maybe(11)));
      row.push_back(text_or_nothing(query.text(12)));
      sheet.rows.push_back(std::move(row));
    }
    return sheet;
  }

  /// By the outlets' country; the rows, `unknown` among them, add up to the summary's figures (T-22).
  Sheet media_countries() const {
    Sheet sheet{
        "media_countries", {"outlet_country", "articles", "outlets", "syndicated", "owned", "distribution"}, {}};
    Figures figures(db, campaign, edition, window, now);
    std::map<std::string, Row> rows;
    for (std::size_t column = 0; column < media_metrics.size(); ++column)
      for (const auto& [country, figure] : figures.by(media_metrics[column], Breakdown::outlet_country)) {
        auto& row = rows.try_emplace(country, Row{country}).first->second;
        row.resize(media_metrics.size() + 1, std::int64_t{0});
        row[column + 1] = cell(figure.value);
      }
    for (auto& [country, row] : rows) sheet.rows.push_back(std::move(row));
    return sheet;
  }

  Sheet sources() const {
    Sheet sheet{
        "sources",
        {"source", "kind", "host", "partner_id", "state", "polls", "polls_ok", "completeness_pct", "longest_gap_s",
         "last_found", "last_matched", "last_success_utc", "next_poll_utc", "last_error", "blind_spot"},
        {}};
    sheet.brief = {{"source", "source"},
                   {"partner_id", "partner", "-"},
                   {"state", "state"},
                   {"last_success_utc", "last success", "-"},
                   {"last_found", "last found"},
                   {"last_matched", "about the campaign"},
                   {"completeness_pct", "covered"},
                   {"last_error", "what is wrong", "-"}};
    for (const auto& each : source_rows(db, campaign, edition, window, now)) {
      const auto* platform = find_platform(each.connector);
      sheet.rows.push_back({each.id, each.connector, each.host, text_or_nothing(each.partner), each.state, each.polls,
                            each.polls_ok, percent(each.coverage), cell(each.longest_gap_s), cell(each.found),
                            cell(each.matched), cell(each.last_success), cell(each.next_poll),
                            text_or_nothing(each.message),
                            platform == nullptr ? Cell() : Cell(std::string(platform->contract.blind))});
    }
    for (const auto& [source, why] : campaign.off)
      sheet.rows.push_back({source.id, source.connector, source.host, text_or_nothing(source.partner),
                            std::string("off"), Cell(), Cell(), Cell(), Cell(), Cell(), Cell(), Cell(), Cell(), why,
                            std::string(find_platform(source.connector)->contract.blind)});
    return sheet;
  }
};

template <Sheet (Maker::*method)() const>
Sheet of_maker(const Scope& scope) {
  return (Maker{scope}.*method)();
}

struct Kind {
  std::string_view name;
  Sheet (*make)(const Scope& scope);
  Readers readers = Readers::everybody;
};
constexpr std::array kinds{Kind{"summary", of_maker<&Maker::summary>},
                           Kind{"partners", make_partners},
                           Kind{"by_day", of_maker<&Maker::by_day>},
                           Kind{"by_platform", of_maker<&Maker::by_platform>},
                           Kind{"by_hour", make_by_hour},
                           Kind{"by_country", make_by_country},
                           Kind{"by_language", make_by_language},
                           Kind{"attribution", make_attribution},
                           Kind{"comparison", make_comparison},
                           Kind{"companions", make_companions},
                           Kind{"method", make_method},
                           Kind{"posts", make_posts, Readers::lead},
                           Kind{"media", of_maker<&Maker::media>},
                           Kind{"media_countries", of_maker<&Maker::media_countries>},
                           Kind{"terms", of_maker<&Maker::terms>},
                           Kind{"sources", of_maker<&Maker::sources>},
                           Kind{"coverage", make_coverage},
                           Kind{"hours", make_hours},
                           Kind{"cross_check", of_maker<&Maker::cross_check>},
                           Kind{"changes", of_maker<&Maker::changes>},
                           Kind{"measures", make_measures},
                           Kind{"dictionary", make_dictionary}};

}  // namespace

std::vector<std::string_view> sheet_names(Readers readers) {
  std::vector<std::string_view> out;
  for (const auto& kind : kinds)
    if (kind.readers == Readers::everybody || readers == Readers::lead) out.push_back(kind.name);
  return out;
}

std::optional<Sheet> make_sheet(std::string_view name, store::Database& db, const Campaign& campaign,
                                const Edition& edition, Window window, sys_ms now) {
  return make_sheet(name, Scope{db, campaign, edition, std::move(window), now});
}

std::optional<Sheet> make_sheet(std::string_view name, const Scope& scope) {
  const auto* kind = std::ranges::find(kinds, name, &Kind::name);
  if (kind == kinds.end()) return std::nullopt;
  return finished(kind->make(scope), scope);
}

namespace {

/// Under which the daemon has collected last, as it noted its configuration.
std::string profile_of(store::Database& db) {
  store::Query query(db, "SELECT value FROM setting WHERE entry = 'privacy' AND key = 'profile'");
  bool is_strict = query.next() && query.text(0).find(name_of(Profile::strict)) != std::string::npos;
  return std::string(name_of(is_strict ? Profile::strict : Profile::standard));
}

}  // namespace

Sheet finished(Sheet sheet, const Scope& scope) {
  for (const char* column :
       {"from_utc", "until_utc", "as_of_utc", "edition", "definition_version", "standing", "profile"})
    sheet.columns.emplace_back(column);
  auto standing = standing_in(scope);
  auto profile = profile_of(scope.db);
  std::string version;
  for (const auto& metric : store::metrics()) version = std::max(version, metric.valid_from);
  for (auto& row : sheet.rows) {
    row.emplace_back(format_utc(scope.window.from));
    row.emplace_back(format_utc(scope.window.until));
    row.emplace_back(format_utc(scope.now));
    row.emplace_back(scope.edition.id);
    row.emplace_back(version);
    row.emplace_back(std::string(standing.word));
    row.emplace_back(profile);
  }
  sheet.standing = standing.sentence;
  return sheet;
}

}  // namespace campaignd::report
