#include "tests/unit/history_laws.hpp"

namespace campaignd::test {

namespace {

using store::Breakdown;
using store::Database;
using store::MetricRows;
using store::Query;

using Texts = std::map<std::string, std::string>;

/// The first in which they differ.
std::optional<std::string> difference(const std::string& what, const Texts& ours, const Texts& theirs) {
  for (const auto& [key, text] : theirs)
    if (auto found = ours.find(key); found == ours.end() || found->second != text)
      return fmt::format("{}, {}:\n  is        {}\n  should be {}", what, key,
                         found == ours.end() ? "not there" : found->second, text);
  for (const auto& [key, text] : ours)
    if (!theirs.contains(key)) return fmt::format("{}, {}:\n  is        {}\n  should not be there", what, key, text);
  return std::nullopt;
}

Texts texts_of(const MetricRows& rows, bool with_age) {
  Texts out;
  for (const auto& [key, row] : rows)
    out[fmt::format("bucket '{}' key '{}'", key.first, key.second)] = naive::text_of(row, with_age);
  return out;
}

Texts texts_of(const store::CoverageRows& rows) {
  Texts out;
  for (const auto& [key, row] : rows)
    out[key.first + " " + key.second] = fmt::format("covered {} planned {} longest gap {}", row.covered.count(),
                                                    row.planned.count(), row.longest_gap.count());
  return out;
}

std::string cells(const Query& query, int from, int until) {
  std::string out;
  for (int i = from; i < until; ++i) out += query.maybe_text(i).value_or("-") + " ";
  return out;
}

Texts table_reading(Database& db) {
  Texts out;
  for (Query q(db,
               "SELECT post, at_utc, platform, network, host, author, partner, bot, kind, class, term, language, "
               "followers, followers_late, likes, reposts, quotes, replies, views, lower_bound, read_utc, relation, "
               "outlet, outlet_country FROM reading WHERE edition = '2025'");
       q.next();) {
    naive::Reading r;
    r.post = {q.integer(0), q.integer(5), "2025", q.text(2), q.text(3), q.text(4), q.text(8)};
    r.post.first_seen = q.time(1);
    r.whose = q.maybe_text(6);
    if (!q.is_null(7)) r.bot = q.integer(7) != 0;
    r.match_class = q.text(9);
    r.term = q.text(10);
    r.post.language = q.maybe_text(11);
    r.followers = q.maybe(12);
    r.followers_late = q.integer(13) != 0;
    r.counters = {q.maybe(14), q.maybe(15), q.maybe(16), q.maybe(17), q.maybe(18)};
    r.lower_bound = q.integer(19) != 0;
    r.post.confirmed = q.time(20);
    r.relation = q.maybe_text(21).value_or("");
    r.post.outlet = q.maybe_text(22);
    r.post.country = q.maybe_text(23);
    out[fmt::format("post {}", q.integer(0))] = naive::text_of(r);
  }
  return out;
}

Texts whole_reading(Database& db) {
  Texts out;
  for (Query q(db, fmt::format("SELECT {} FROM reading ORDER BY post", store::reading_columns).c_str()); q.next();)
    out[q.text(0) + (out.contains(q.text(0)) ? " again" : "")] = cells(q, 1, q.columns());
  return out;
}

/// Posts known then: what answers of the past take as it is today, and their stories and clusters.
void note_posts(Database& db, Given& given) {
  for (Query q(db,
               "SELECT post.id, story, cluster, post.edition, post.platform, network, host, author, kind, "
               "published_utc, first_seen_utc, language, post.partner, outlet, outlet_country, relation, "
               "author.partner FROM post JOIN author ON author.id = post.author WHERE first_seen_utc <= ?",
               given.at);
       q.next();) {
    given.links[q.integer(0)] = cells(q, 1, 3);
    given.undated[q.integer(0)] = cells(q, 3, 17);
  }
  for (Query q(db,
               "SELECT id, published_utc, date_basis, language, uri, title FROM post WHERE kind = 'article' AND "
               "first_seen_utc <= ?",
               given.at);
       q.next();)
    given.articles[q.integer(0)] = cells(q, 1, 6);
}

constexpr auto hour = std::chrono::hours(1);

}  // namespace

Given ask(Database& db, const std::vector<store::Bucket>& buckets, const std::vector<Breakdown>& breakdowns, sys_ms at,
          Chance& chance) {
  store::Snapshot snapshot(db);
  Given out{at, buckets};
  store::MetricRunner runner(db);
  std::vector<const store::Metric*> asked;
  for (const auto& metric : store::metrics())
    if (metric.id != "M-14" && !chance.one_in(2)) asked.push_back(&metric);
  for (auto breakdown : breakdowns) {
    runner.choose("2025", buckets, breakdown);
    for (const auto* metric : asked) out.figures[{metric->id, breakdown}] = runner.run(*metric);
  }
  out.coverage = runner.coverage(at, {"tag"});
  note_posts(db, out);
  for (Query q(db,
               "SELECT post FROM reading WHERE class = 'hashtag' AND kind <> 'article' AND at_utc >= ? AND at_utc "
               "< ?",
               buckets.front().start, buckets.front().end);
       q.next();)
    out.mentions.insert(q.integer(0));
  return out;
}

std::optional<std::string> readings_law(Database& db) {
  store::Snapshot snapshot(db);
  Texts should;
  for (const auto& each : naive::readings_of(naive::facts_of(db)))
    should[fmt::format("post {}", each.post.id)] = naive::text_of(each);
  if (auto wrong = difference("the table reading", table_reading(db), should)) return wrong;
  auto live = whole_reading(db);
  sys_ms for_ever{std::chrono::milliseconds(store::for_ever)};
  store::AsOf all(db, "2025", store::Known::from_facts(for_ever));
  return difference("reading.sql of the edition", whole_reading(db), live);
}

std::optional<std::string> slices_law(Database& db) {
  store::Snapshot snapshot(db);
  auto readings = naive::readings_of(naive::facts_of(db));
  std::vector<store::Bucket> hours;
  for (const auto& each : readings) {
    auto start = std::chrono::floor<std::chrono::hours>(each.post.at());
    auto label = fmt::format("{}", sys_ms(start).time_since_epoch().count());
    if (std::ranges::find(hours, label, &store::Bucket::label) == hours.end())
      hours.push_back({start, start + hour, label});
  }
  std::map<std::string, Texts> slices;
  for (Query q(db, "SELECT metric, breakdown, hour_utc, key, value, low, n, oldest_utc FROM slice"); q.next();) {
    store::MetricRow row{q.maybe_real(4), q.maybe_real(5), {}, {}, q.maybe(6), q.maybe_time(7)};
    slices[q.text(0) + " by " + q.text(1)][fmt::format("bucket '{}' key '{}'", q.text(2), q.text(3))] =
        naive::text_of(row, true);
  }
  for (const auto& metric : store::metrics())
    for (auto breakdown : store::sliced_breakdowns) {
      if (!metric.additive) continue;
      auto should = naive::figures(metric.id, readings, hours, breakdown);
      if (!should) continue;
      auto what = metric.id + " by " + std::string(name_of(breakdown));
      if (auto wrong = difference("slices of " + what, slices[what], texts_of(*should, true))) return wrong;
    }
  return std::nullopt;
}

namespace {

/// Of an additive metric: value and n of a bucket are those of its keys together.
std::optional<std::string> parts_law(const std::string& what, const MetricRows& total, const MetricRows& parts) {
  MetricRows sums;
  for (const auto& [key, row] : parts) {
    auto& sum = sums[{key.first, ""}];
    if (row.value) sum.value = sum.value.value_or(0) + *row.value;
    sum.n = sum.n.value_or(0) + row.n.value_or(0);
  }
  MetricRows short_total;
  for (const auto& [key, row] : total) short_total[key] = {row.value, {}, {}, {}, row.n, {}};
  return difference("the parts of " + what, texts_of(sums, false), texts_of(short_total, false));
}

/// What a metric file says of one long time, as a whole or row by row of a breakdown, where nothing is sorted, is what
/// was said of it among others, be it from slices or from readings.
std::optional<std::string> whole_law(Database& db, const Given& given) {
  const auto& whole = given.buckets.front();
  store::MetricRunner runner(db);
  for (const auto& [asked, rows] : given.figures) {
    const auto& [metric, breakdown] = asked;
    runner.choose("2025", {whole}, breakdown);
    if (std::ranges::any_of(rows, [](const auto& each) { return each.second.expired; })) continue;
    MetricRows among_others;
    for (const auto& [place, row] : rows)
      if (place.first == whole.label) among_others[place] = row;
    auto alone = runner.compute(store::metric(metric));
    auto what = fmt::format("{} by {} as a whole", metric, name_of(breakdown));
    if (auto wrong = difference(what, texts_of(alone, true), texts_of(among_others, true))) return wrong;
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> figures_law(Database& db, const Given& given) {
  store::Snapshot snapshot(db);
  auto readings = naive::readings_of(naive::facts_of(db));
  for (const auto& [asked, rows] : given.figures) {
    const auto& [metric, breakdown] = asked;
    auto what = metric + " by " + std::string(name_of(breakdown));
    if (auto should = naive::figures(metric, readings, given.buckets, breakdown))
      if (auto wrong = difference(what, texts_of(rows, true), texts_of(*should, true))) return wrong;
    if (store::metric(metric).additive)
      if (auto wrong = parts_law(what, given.figures.at({metric, Breakdown::none}), rows)) return wrong;
  }
  if (auto wrong = whole_law(db, given)) return wrong;
  for (const auto& [key, row] : given.coverage)
    if (row.covered > row.planned || row.covered + row.longest_gap > row.planned)
      return "more is covered or missing than was planned: " + texts_of({{key, row}}).begin()->second;
  return std::nullopt;
}

namespace {

/// What has not changed since a moment is taken as it is today, and that is what facts alone say of the moment.
std::optional<std::string> shortcut_law(Database& db, const Given& given) {
  auto answer = [&](bool by_facts_alone) {
    store::AsOf then(db, "2025", {.posts = given.at, .readings = given.at, .by_facts_alone = by_facts_alone});
    std::map<std::string, Texts> out{{"readings", whole_reading(db)}};
    store::MetricRunner runner(db);
    for (const auto& [asked, rows] : given.figures) {
      if (!is_sliced(store::metric(asked.first))) continue;  // what is read from readings follows from these
      runner.choose("2025", given.buckets, asked.second);
      out[fmt::format("{} by {}", asked.first, name_of(asked.second))] =
          texts_of(runner.run(store::metric(asked.first)), true);
    }
    return out;
  };
  auto should = answer(true), is = answer(false);
  for (const auto& [what, texts] : should)
    if (auto wrong =
            difference(fmt::format("{} as of {}, by what has not changed", what, shown(given.at)), is[what], texts))
      return wrong;
  return std::nullopt;
}

}  // namespace

std::optional<std::string> once_law(Database& db) {
  store::Snapshot snapshot(db);
  std::vector<sys_ms> moments;
  for (Query q(db,
               "SELECT DISTINCT from_utc FROM match WHERE post IN (SELECT post FROM match GROUP BY post HAVING "
               "count(*) > 1)");
       q.next();)
    moments.push_back(q.time(0));
  for (auto at : moments) {
    Query twice(
        db,
        "SELECT post FROM match WHERE edition = '2025' AND from_utc <= ?1 AND (until_utc IS NULL OR until_utc > "
        "?1) GROUP BY post HAVING count(*) > 1",
        at);
    if (twice.next()) return fmt::format("as of {}: post {} is there twice", shown(at), twice.integer(0));
  }
  return std::nullopt;
}

std::optional<std::string> past_law(Database& db, const Given& given) {
  store::Snapshot snapshot(db);
  Given today{given.at};
  note_posts(db, today);
  std::int64_t erased = 0;
  for (auto post : given.mentions)
    if (!today.undated.contains(post) || today.undated.at(post) != given.undated.at(post)) ++erased;
  bool is_less = std::ranges::includes(given.undated, today.undated);
  bool is_linked =
      Query(db, "SELECT 1 FROM change WHERE at_utc > ? AND what IN ('merge', 'link', 'unlink')", given.at).next();
  auto tally = store::erased_since(db, "2025", given.at);
  if (auto wrong = shortcut_law(db, given)) return wrong;
  store::AsOf then(db, "2025", given.at);
  Given told_then{given.at};  // articles as they were
  note_posts(db, told_then);
  bool is_whole = told_then.undated == given.undated;
  for (const auto& [article, told] : given.articles)
    if (auto found = told_then.articles.find(article); found != told_then.articles.end() && !is_linked)
      if (found->second != told)
        return fmt::format("article {} as of {}: {} was told, and not {}", article, shown(given.at), told,
                           found->second);
  store::MetricRunner runner(db);
  runner.choose("2025", given.buckets, Breakdown::none);
  if (auto wrong = difference("coverage as of " + shown(given.at), texts_of(runner.coverage(given.at, {"tag"})),
                              texts_of(given.coverage)))
    return wrong;
  if (is_less && !is_linked) {
    auto value = [](const MetricRows& rows) {
      return rows.empty() ? 0 : static_cast<std::int64_t>(rows.begin()->second.value.value_or(0));
    };
    runner.choose("2025", {given.buckets.front()}, Breakdown::none);
    auto now = value(runner.run(store::metric("M-01")));
    if (now + erased != std::ssize(given.mentions) || erased > tally)
      return fmt::format("mentions as of {}: {} were given, {} are there, {} of them went, the tally says {}",
                         shown(given.at), given.mentions.size(), now, erased, tally);
  }
  if (!is_whole) return std::nullopt;
  for (const auto& [asked, rows] : given.figures) {
    bool by_links = asked.first == "M-01-stories" || asked.first == "M-13-syndicated";
    if (by_links && today.links != given.links) continue;
    // Of a post that did not change the latest confirmation alone is known: the one mutable column.
    if (asked.first == "M-07-gained" || asked.first == "M-07-growth") continue;
    runner.choose("2025", given.buckets, asked.second);
    auto what = fmt::format("{} by {} as of {}", asked.first, name_of(asked.second), shown(given.at));
    if (auto wrong = difference(what, texts_of(runner.run(store::metric(asked.first)), false), texts_of(rows, false)))
      return wrong;
  }
  return std::nullopt;
}

}  // namespace campaignd::test
