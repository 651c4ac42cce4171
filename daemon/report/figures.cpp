#include "daemon/report/figures.hpp"

#include <date/tz.h>
#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "connectors/reading/dates/time.hpp"
#include "connectors/reading/json_out.hpp"
#include "daemon/report/wanted.hpp"
#include "daemon/store/as_of.hpp"

namespace campaignd::report {

namespace {

boost::json::value number_or_null(const std::optional<double>& number) {
  if (!number) return nullptr;
  auto whole = static_cast<std::int64_t>(*number);
  if (static_cast<double>(whole) == *number) return whole;
  return *number;
}

}  // namespace

boost::json::object to_json(const Figure& figure) {
  return {{"value", number_or_null(figure.value)},
          {"low", number_or_null(figure.low)},
          {"high", number_or_null(figure.high)},
          {"high_known", number_or_null(figure.high_known)},
          {"range", json_or_null(figure.range)},
          {"numerator", number_or_null(figure.numerator)},
          {"denominator", number_or_null(figure.denominator)},
          {"unit", figure.unit},
          {"n", json_or_null(figure.n)},
          {"coverage", number_or_null(figure.coverage)},
          {"refilled", number_or_null(figure.refilled)},
          {"longest_gap_s", json_or_null(figure.longest_gap_s)},
          {"oldest_reading_utc", json_or_null(figure.oldest_reading)},
          {"as_of_utc", format_utc(figure.as_of)},
          {"erased_since", json_or_null(figure.erased_since)},
          {"definition", figure.definition},
          {"status", figure.status},
          {"reason", json_or_null(figure.reason)}};
}

Window window_to_show(const Edition& edition, sys_ms now) {
  if (now >= edition.day_from && now < edition.day_until)
    return {edition.day_from, edition.day_until, fmt::format("Campaign day {}", edition.day)};
  bool over = now >= edition.until;
  return {edition.from, edition.until, fmt::format("Edition {}, {}", edition.id, over ? "complete" : "so far")};
}

std::string local_label(const std::string& zone, sys_ms time, const char* format) {
  return date::format(format,
                      date::zoned_time<std::chrono::seconds>(zone, std::chrono::floor<std::chrono::seconds>(time)));
}

std::string with_separators(std::int64_t number) {
  auto out = std::to_string(number);
  for (auto at = std::ssize(out) - 3; at > 0; at -= 3) out.insert(static_cast<std::size_t>(at), ",");
  return out;
}

std::vector<store::Bucket> days_of(const std::string& zone, Window window, sys_ms now) {
  std::vector<store::Bucket> out;
  const auto* tz = date::locate_zone(zone);
  auto local = date::floor<date::days>(tz->to_local(window.from));
  auto begin_of = [&](date::local_days day) {
    return std::chrono::time_point_cast<std::chrono::milliseconds>(tz->to_sys(day, date::choose::earliest));
  };
  for (auto last = std::min(window.until, now);; local += date::days(1)) {
    store::Bucket day{begin_of(local), begin_of(local + date::days(1)), date::format("%F", local)};
    if (day.start >= last) return out;
    day.start = std::max(day.start, window.from);
    day.end = std::min(day.end, window.until);
    out.push_back(std::move(day));
  }
}

std::vector<store::Bucket> hours_of(const std::string& zone, Window window, sys_ms now) {
  std::vector<store::Bucket> out;
  for (auto start = window.from; start < std::min(window.until, now); start += std::chrono::hours(1))
    out.push_back(
        {start, std::min(start + std::chrono::hours(1), window.until), local_label(zone, start, "%d %b %H:%M")});
  return out;
}

std::set<std::pair<std::string, std::string>> observers_of(const Campaign& campaign) {
  std::set<std::pair<std::string, std::string>> out;
  for (const auto& source : campaign.sources) {
    const auto* platform = find_platform(source.connector);
    bool of_fediverse = platform != nullptr && platform->contract.network == "fediverse";
    if (of_fediverse && source.partner.empty() && source.settings.account.empty()) out.emplace(source.id, source.host);
  }
  return out;
}

Figures::Figures(store::Database& db, const Campaign& campaign, const Edition& edition, Window window, sys_ms now)
    : db_(db), runner_(db), campaign_(campaign), edition_(edition), window_(std::move(window)), now_(now) {
  runner_.observe(observers_of(campaign_));
  runner_.at(now_);
  if (store::is_of_the_past(db)) erased_since_ = store::erased_since(db, edition_.id, now_);
}

/// Other figures on this connection may have chosen other buckets meanwhile.
const Figures::BySource& Figures::by_source(const store::Metric& metric) const {
  auto [known, is_new] = by_class_.try_emplace(metric.match_class);
  if (!is_new) return known->second;
  auto terms = wanted_terms(db_, campaign_, edition_, window_, metric.match_class);
  runner_.choose(edition_.id, {{window_.from, window_.until, ""}}, store::Breakdown::none);
  for (const auto& [key, each] : runner_.coverage(now_, terms)) known->second[key.second] = each;
  return known->second;
}

bool shows(std::string_view platform, const store::Metric& metric) {
  const auto* known = find_platform(platform);
  if (known == nullptr || metric.of == "both") return true;
  return (known->contract.network == "web") == (metric.of == "articles");
}

namespace {

bool all(const Source&) { return true; }

auto of_platform(std::string_view platform) {
  return [platform](const Source& source) { return platform.empty() || source.connector == platform; };
}

auto of_partner(std::string_view partner) {
  return [partner](const Source& source) { return source.partner == partner; };
}

}  // namespace

Figures::Share Figures::share(const store::Metric& metric, const Counts& counts) const {
  Share share;
  double covered = 0, planned = 0, refilled = 0;
  for (const auto& [id, each] : by_source(metric)) {
    auto source = std::ranges::find(campaign_.sources, id, &Source::id);
    bool configured = source != campaign_.sources.end();
    if (configured ? !counts(*source) || !shows(source->connector, metric) : !counts(Source{})) continue;
    auto of_this = static_cast<double>(each.covered.count());
    auto of_plan = static_cast<double>(each.planned.count());
    if (of_plan <= 0) continue;
    ++share.sources;
    if (of_this / of_plan < complete_from) ++share.lagging;
    covered += of_this;
    planned += of_plan;
    refilled += static_cast<double>(each.refilled.count());
    share.longest_gap_s = std::max<std::int64_t>(share.longest_gap_s.value_or(0), each.longest_gap.count() / 1000);
  }
  if (planned > 0) {
    share.covered = covered / planned;
    share.refilled = refilled / planned;
  }
  return share;
}

/// M-14: what rests on a source below 95 % is incomplete.
std::string Figures::Share::shortfall() const {
  return fmt::format("{} of {} sources cover less than 95 %; {:.1f} % of the planned time is covered", lagging, sources,
                     covered.value_or(0) * 100);
}

void Figures::note(Figure& figure, const Share& share) const {
  figure.as_of = now_;
  figure.coverage = share.covered;
  figure.refilled = share.refilled;
  figure.longest_gap_s = share.longest_gap_s;
}

namespace {

/// Of the past: what was known then is not all there any more.
void add_erased(Figure& figure, std::int64_t posts) {
  if (figure.status == "ok") figure.status = "incomplete";
  figure.reason +=
      fmt::format("{}{} erased or {} expired since", figure.reason.empty() ? "" : "; ",
                  posts == 1 ? "1 post was" : fmt::format("{} posts were", posts), posts == 1 ? "has" : "have");
}

}  // namespace

Figure Figures::make(const store::Metric& metric, const store::MetricRow* row, const Share& share) const {
  Figure figure;
  figure.unit = metric.unit;
  figure.definition = metric.id;
  note(figure, share);
  figure.erased_since = erased_since_;
  figure.range = metric.range;
  bool is_bound = metric.range == "bound";
  if (row != nullptr) {
    figure.value = row->value;
    figure.low = row->low;
    figure.high = row->high;
    figure.high_known = row->high_known;
    figure.numerator = row->numerator;
    figure.denominator = row->denominator;
    figure.n = row->n;
    figure.oldest_reading = row->oldest;
  }
  bool nothing = row == nullptr;
  bool unread = share.covered.value_or(0) <= 0;
  if (nothing && unread) {
    figure.status = "unknown";
    figure.reason = window_.from >= now_  ? std::string(not_yet)
                    : share.covered       ? "no source has been read in this time"
                    : metric.of == "both" ? "no source is planned for this time"
                                          : fmt::format("no source here shows {}", metric.of);
  } else if (nothing ? !metric.empty_is_zero : !(is_bound ? figure.low : figure.value)) {
    figure.status = "unknown";
    figure.reason = !nothing && row->expired ? std::string(expired)
                    : !metric.reason.empty() ? metric.reason
                    : nothing                ? "no posts to read it from"
                                             : "no post says such a number";
  } else {
    if (nothing) figure.value = 0, figure.n = 0;
    if (unread || share.lagging > 0) {
      figure.status = "incomplete";
      figure.reason = unread ? "found, but no planned time is covered" : share.shortfall();
    }
    if (row != nullptr && row->expired) {
      figure.status = figure.value || figure.low ? "incomplete" : "unknown";
      figure.reason = figure.value ? "rests in part on posts that had to go: their numbers are as they were then"
                                   : std::string(expired);
    }
    if (is_bound && !figure.high) {
      figure.status = "incomplete";
      figure.reason = "some accounts' follower figures are not known: no upper bound";
      if (figure.high_known && figure.numerator && figure.denominator)
        figure.reason = fmt::format("{} or more: of {} of {} accounts the followers are known",
                                    with_separators(static_cast<std::int64_t>(*figure.high_known)), *figure.numerator,
                                    *figure.denominator);
    }
  }
  bool has_come = figure.reason != not_yet;
  if (has_come && erased_since_.value_or(0) > 0 && store::is_of_posts(metric)) add_erased(figure, *erased_since_);
  return figure;
}

namespace {

/// Since its posts were read a figure has grown, nine times in ten by so much: the value stays what was counted. Where
/// that is a lower bound, as servers of others count it, no more is said.
void add_growth(Figure& figure, const store::MetricRow& growth) {
  if (!figure.value || figure.low || !growth.low || !growth.high) return;
  figure.range = "interval90";
  figure.low = *figure.value + *growth.low;
  figure.high = *figure.value + *growth.high;
}

}  // namespace

/// Of reactions: what is thought to have come since, for what is chosen.
store::MetricRows Figures::growth_of(const store::Metric& metric, const store::MetricRows& counted) {
  if (metric.id != "M-07") return {};
  auto out = runner_.run(store::metric("M-07-growth"));
  for (const auto& [place, row] : counted)  // of posts that are all closed nothing has come
    if (!row.expired) out.try_emplace(place, store::MetricRow{.value = 0, .low = 0, .high = 0});
  return out;
}

Figure Figures::of(std::string_view id) {
  const auto& metric = store::metric(id);
  runner_.choose(edition_.id, {{window_.from, window_.until, ""}}, store::Breakdown::none);
  auto rows = runner_.run(metric);
  auto figure = make(metric, rows.empty() ? nullptr : &rows.begin()->second, share(metric, all));
  for (const auto& [key, row] : growth_of(metric, rows)) add_growth(figure, row);
  return figure;
}

std::map<std::string, Figure> Figures::by(std::string_view id, store::Breakdown breakdown) {
  const auto& metric = store::metric(id);
  runner_.choose(edition_.id, {{window_.from, window_.until, ""}}, breakdown);
  std::map<std::string, Figure> out;
  auto share_of = [&](const std::string& key) {
    return breakdown == store::Breakdown::partner    ? share(metric, of_partner(key))
           : breakdown == store::Breakdown::platform ? share(metric, of_platform(key))
                                                     : share(metric, all);
  };
  auto rows = runner_.run(metric);
  auto growth = growth_of(metric, rows);  // before a share, which may choose other buckets
  for (const auto& [key, row] : rows) out[key.second] = make(metric, &row, share_of(key.second));
  for (const auto& [key, row] : growth)
    if (auto figure = out.find(key.second); figure != out.end()) add_growth(figure->second, row);
  return out;
}

Figure Figures::empty_of_partner(std::string_view id, std::string_view partner) const {
  const auto& metric = store::metric(id);
  return make(metric, nullptr, share(metric, of_partner(partner)));
}

Figure Figures::empty(std::string_view id, std::string_view platform) const {
  const auto& metric = store::metric(id);
  return make(metric, nullptr, share(metric, of_platform(platform)));
}

Figure Figures::coverage(std::string_view platform) const {
  Figure figure;
  auto share_of_it = share(store::metric("M-14"), of_platform(platform));
  note(figure, share_of_it);
  figure.value = figure.coverage;
  figure.unit = "share";
  figure.definition = "M-14";
  figure.n = share_of_it.sources;
  if (!figure.value) {
    figure.status = "unknown";
    figure.reason = "no source is planned for this time";
  } else if (share_of_it.lagging > 0) {
    figure.status = "incomplete";
    figure.reason = share_of_it.shortfall();
  }
  return figure;
}

std::optional<double> Figures::coverage_of_term(const std::string& term, Showing showing) const {
  const auto& mentions = store::metric("M-01");
  std::chrono::milliseconds covered{}, planned{};
  runner_.choose(edition_.id, {{window_.from, window_.until, ""}}, store::Breakdown::none);
  for (const auto& [key, each] : runner_.coverage(now_, {term})) {
    auto source = std::ranges::find(campaign_.sources, key.second, &Source::id);
    bool is_of_posts = source == campaign_.sources.end() || shows(source->connector, mentions);
    if (showing == Showing::posts && !is_of_posts) continue;
    covered += each.covered;
    planned += each.planned;
  }
  if (planned.count() == 0) return std::nullopt;
  return static_cast<double>(covered.count()) / static_cast<double>(planned.count());
}

}  // namespace campaignd::report
