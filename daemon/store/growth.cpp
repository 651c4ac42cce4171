#include "daemon/store/growth.hpp"

#include <algorithm>
#include <boost/math/distributions/gamma.hpp>
#include <cmath>

namespace campaignd::store {

namespace {

/// Half-lives in hours. A prior, no more: published half-lives of posts for X (21 to 24 min), Facebook (30 to 50 min),
/// Instagram (19 h), LinkedIn (24 h) and YouTube (6 d), all from S. M. Graffius, "Lifespan (Half-Life) of Social Media
/// Posts", 2018-2022; later updates are longer, so we take somewhat more. Of the others nobody publishes one: a
/// timeline without an algorithm shows a post for hours, a forum for most of a day.
struct HalfLife {
  std::string_view platform;
  double hours;
};
constexpr HalfLife half_lives[] = {{"x", 0.7},        {"facebook", 1.3},   {"threads", 2.0},    {"bluesky", 3.0},
                                   {"mastodon", 4.0}, {"misskey", 4.0},    {"telegram", 6.0},   {"lemmy", 9.0},
                                   {"reddit", 9.0},   {"hackernews", 6.0}, {"instagram", 20.0}, {"tumblr", 24.0},
                                   {"flickr", 48.0},  {"peertube", 96.0},  {"youtube", 216.0}};
constexpr double half_life_elsewhere = 6.0;
constexpr double steepness = 0.9;  ///< of the log-logistic curve: its tail is long

// What is taken for true of a post before anything is known of it: a handful of reactions, or none, or thousands.
constexpr Level unread_unlearnt{1.0, 0.1};
constexpr double memory = 0.35;        ///< what the first half of a post's life counts, beside the second
constexpr double shape_spread = 0.5;   ///< a post's own curve against its platform's, as a share of its growth
constexpr double bias_unlearnt = 0.5;  ///< a prior may be that wrong
constexpr double bias_least = 0.15;    ///< and no day is quite like those learnt from: nights, news, weekends
constexpr double dispersion_unlearnt = 3;

constexpr double least_growth = 1;                          ///< reactions: what is worth a request at all
constexpr double least_share = 0.02;                        ///< of what the post has
constexpr milliseconds closest = std::chrono::minutes(10);  ///< of two readings

double hours_of(milliseconds age) { return std::chrono::duration<double, std::ratio<3600>>(age).count(); }

double log_logistic(double hours, double half_life) {
  auto grown = std::pow(hours / half_life, steepness);
  return grown / (1 + grown);
}

const std::array<double, curve_ages.size()>& log_ages() {
  static const auto logs = [] {
    std::array<double, curve_ages.size()> out{};
    std::ranges::transform(curve_ages, out.begin(), [](milliseconds age) { return std::log(hours_of(age)); });
    return out;
  }();
  return logs;
}

}  // namespace

double bias_after(std::int64_t posts) {
  auto unlearnt = bias_unlearnt * bias_unlearnt * posts_of_prior / (posts_of_prior + static_cast<double>(posts));
  return std::sqrt(bias_least * bias_least + unlearnt);
}

double Growth::share(milliseconds age) const {
  if (age <= milliseconds(0)) return 0;
  if (age >= curve_ages.back()) return 1;
  auto next = static_cast<std::size_t>(std::ranges::upper_bound(curve_ages, age) - curve_ages.begin());
  if (next == 0) return shares[0] * hours_of(age) / hours_of(curve_ages[0]);
  const auto& logs = log_ages();
  auto way = (std::log(hours_of(age)) - logs[next - 1]) / (logs[next] - logs[next - 1]);
  return shares[next - 1] + way * (shares[next] - shares[next - 1]);
}

Growth growth_before_learning(std::string_view platform) {
  auto known = std::ranges::find(half_lives, platform, &HalfLife::platform);
  auto half_life = known == std::end(half_lives) ? half_life_elsewhere : known->hours;
  Growth out;
  auto all = log_logistic(hours_of(closed_after), half_life);
  std::ranges::transform(curve_ages, out.shares.begin(),
                         [&](milliseconds age) { return log_logistic(hours_of(age), half_life) / all; });
  out.unread = unread_unlearnt;
  out.dispersion = dispersion_unlearnt;
  out.bias = bias_after(0);
  return out;
}

Told half_as_old(std::span<const Told> series) {
  Told out;
  for (const auto& each : series)
    if (each.age * 2 <= series.back().age) out = each;
  return out;
}

Level level_of(const Growth& growth, const Told& before, const Told& last) {
  auto share_before = growth.share(before.age), share_last = growth.share(last.age);
  auto gained = std::max(last.count - before.count, 0.0);
  return {growth.unread.counted + memory * before.count + gained,
          growth.unread.exposure + memory * share_before + std::max(share_last - share_before, 0.0)};
}

Expected expected_growth(const Growth& growth, const Level& level, milliseconds from, milliseconds until) {
  auto share = std::max(growth.share(until) - growth.share(from), 0.0);
  auto mean = level.mean() * share;
  auto own_shape = shape_spread * mean;
  return {mean, growth.dispersion * mean * (1 + share / level.exposure) + own_shape * own_shape};
}

double uncertainty(const Growth& growth, const Level& level, milliseconds from, milliseconds until) {
  auto [mean, variance] = expected_growth(growth, level, from, until);
  return std::sqrt(mean * mean + variance);
}

double urgency(const Growth& growth, const Level& level, milliseconds from, milliseconds until) {
  return uncertainty(growth, level, from, until) * std::sqrt(std::max(hours_of(until - from), 0.0));
}

Interval interval90(const Expected& growth) {
  if (growth.mean <= 0 || growth.variance <= 0) return {growth.mean, growth.mean};
  auto scale = growth.variance / growth.mean;
  boost::math::gamma_distribution<> gamma(growth.mean / scale, scale);
  return {quantile(gamma, 0.05), quantile(gamma, 0.95)};
}

std::optional<milliseconds> worth_reading_at(const Growth& growth, const Level& level, milliseconds from) {
  auto floor = std::max(least_growth, least_share * level.mean() * growth.share(from));
  auto is_worth = [&](milliseconds age) { return uncertainty(growth, level, from, age) >= floor; };
  if (from >= closed_after) return std::nullopt;
  auto early = std::min(from + closest, closed_after), late = closed_after;
  if (is_worth(early)) return early;
  if (!is_worth(late)) return late;
  while (late - early > std::chrono::minutes(1)) {
    auto middle = early + (late - early) / 2;
    (is_worth(middle) ? late : early) = middle;
  }
  return late;
}

}  // namespace campaignd::store
