#pragma once
/// Figures of the methodology in plain loops, over the readings of naive.hpp.
#include "tests/unit/naive.hpp"

namespace campaignd::test::naive {

using Group = std::vector<const Reading*>;

inline bool is_mention(const Reading& r, std::string_view match_class) {
  return r.match_class == match_class && r.post.kind != "article";
}
inline bool is_article(const Reading& r, std::string_view relation) {
  return r.post.kind == "article" && r.relation == relation && r.match_class != "owned" &&
         r.match_class != "comparison";
}

/// Beyond the first of its cluster, which is the earliest of all, wherever it lies.
inline bool is_copy(const Reading& r, const std::vector<Reading>& all) {
  auto order = [](const Reading& each) {
    return std::tuple(each.post.at(), each.post.outlet.value_or(""), each.post.id);
  };
  return std::ranges::any_of(all, [&](const Reading& other) {
    return is_article(other, "pickup") && other.cluster == r.cluster && order(other) < order(r);
  });
}

/// Whether a metric counts a reading; nothing of a metric that is not known here.
inline std::optional<bool> counts(std::string_view metric, const Reading& r, const std::vector<Reading>& all) {
  for (auto id : {"M-01", "M-01-stories", "M-02", "M-04", "M-07"})
    if (metric == id) return is_mention(r, "hashtag");
  if (metric == "M-06") return is_mention(r, "hashtag") && r.counters.views;
  for (auto id : {"plain", "phrase", "link", "variant", "owned"})
    if (metric == fmt::format("M-01-{}", id)) return is_mention(r, id);
  if (metric == "M-13" || metric == "M-13-outlets") return is_article(r, "pickup");
  if (metric == "M-13-owned") return is_article(r, "owned");
  if (metric == "M-13-distribution") return is_article(r, "distribution");
  if (metric == "M-13-untagged") return r.post.kind == "article" && r.match_class == "owned";
  if (metric == "M-13-syndicated") return is_article(r, "pickup") && is_copy(r, all);
  return std::nullopt;
}

inline std::string key_of(const Reading& r, store::Breakdown breakdown) {
  using enum store::Breakdown;
  switch (breakdown) {
    case none: return "";
    case platform: return r.post.platform;
    case partner: return r.whose.value_or("");
    case outlet_country:
    case country: return r.post.country.value_or("unknown");  // the histories register no countries
    case language: return r.post.language.value_or("").empty() ? "und" : *r.post.language;
    case relation: return r.relation;
    case term: return r.term;
    case bot: return r.bot.value_or(false) ? "bot" : "other";
  }
  return "";
}

template <class Value>
double distinct(const Group& group, Value value) {
  std::set<std::decay_t<decltype(value(*group.front()))>> values;
  for (const auto* each : group) values.insert(value(*each));
  return static_cast<double>(values.size());
}

/// M-04: each author once; the largest single audience on each network; no upper bound where an audience is unknown.
inline void bound(store::MetricRow& row, const Group& group) {
  std::map<std::pair<std::string, std::int64_t>, std::optional<std::int64_t>> authors;
  for (const auto* each : group) {
    auto& most = authors[{each->post.network, each->post.author}];
    if (each->followers) most = std::max(most.value_or(0), *each->followers);
  }
  std::map<std::string, std::int64_t> largest;
  row.n = 0;
  for (const auto& [who, audience] : authors) {
    if (!audience) continue;
    ++*row.n;
    row.high_known = row.high_known.value_or(0) + static_cast<double>(*audience);
    auto& network = largest[who.first];
    network = std::max(network, *audience);
  }
  for (const auto& [network, audience] : largest) row.low = row.low.value_or(0) + static_cast<double>(audience);
  if (*row.n == std::ssize(authors)) row.high = row.high_known;
}

/// The sum of what is said, at least that where any of it is a lower bound.
inline void sum_actions(store::MetricRow& row, const Group& group) {
  bool at_least = false;
  row.n = 0;
  row.oldest.reset();
  for (const auto* each : group) {
    auto actions = each->actions();
    if (!actions) continue;
    ++*row.n;
    row.value = row.value.value_or(0) + static_cast<double>(*actions);
    row.oldest = std::min(row.oldest.value_or(each->post.confirmed), each->post.confirmed);
    at_least = at_least || each->lower_bound;
  }
  if (at_least) row.low = row.value;
}

inline store::MetricRow figure(std::string_view metric, const Group& group) {
  store::MetricRow row;
  row.n = std::ssize(group);
  for (const auto* each : group) row.oldest = std::min(row.oldest.value_or(each->post.confirmed), each->post.confirmed);
  if (metric == "M-07") {
    sum_actions(row, group);
  } else if (metric == "M-04") {
    bound(row, group);
  } else if (metric == "M-06") {
    row.value = 0;
    for (const auto* each : group) *row.value += static_cast<double>(*each->counters.views);
  } else if (metric == "M-02") {
    row.value = distinct(group, [](const Reading& r) { return r.post.author; });
  } else if (metric == "M-01-stories") {
    row.value = distinct(group, [](const Reading& r) { return r.story; });
  } else if (metric == "M-13-outlets") {
    std::set<std::string> domains;
    for (const auto* each : group)
      if (each->post.outlet) domains.insert(*each->post.outlet);
    row.value = static_cast<double>(domains.size());
  } else {
    row.value = static_cast<double>(group.size());
  }
  return row;
}

/// What the metric says of the buckets; nothing of a metric that is not known here.
inline std::optional<store::MetricRows> figures(std::string_view metric, const std::vector<Reading>& readings,
                                                const std::vector<store::Bucket>& buckets, store::Breakdown breakdown) {
  std::map<std::pair<std::string, std::string>, Group> groups;
  if (!counts(metric, Reading{}, readings)) return std::nullopt;
  for (const auto& each : readings) {
    if (!*counts(metric, each, readings)) continue;
    for (const auto& bucket : buckets)
      if (bucket.start <= each.post.at() && each.post.at() < bucket.end)
        groups[{bucket.label, key_of(each, breakdown)}].push_back(&each);
  }
  store::MetricRows out;
  for (const auto& [key, group] : groups) out[key] = figure(metric, group);
  return out;
}

inline std::string text_of(const store::MetricRow& row, bool with_age) {
  auto number = [](const std::optional<double>& n) { return n ? fmt::format("{}", *n) : std::string("-"); };
  return fmt::format("value {} low {} high {} known {} n {}{}", number(row.value), number(row.low), number(row.high),
                     number(row.high_known), row.n.value_or(0),
                     with_age && row.oldest ? fmt::format(" oldest {}", row.oldest->time_since_epoch().count()) : "");
}

}  // namespace campaignd::test::naive
