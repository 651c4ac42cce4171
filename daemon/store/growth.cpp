#include "daemon/store/growth.hpp"

#include <algorithm>
#include <boost/math/distributions/gamma.hpp>
#include <cmath>
#include <numeric>

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
constexpr HalfLife half_lives[] = {{"x", 0.7},        {"facebook", 1.3}, {"threads", 2.0},  {"bluesky", 3.0},
                                   {"mastodon", 4.0}, {"misskey", 4.0},  {"telegram", 6.0}, {"lemmy", 9.0},
                                   {"reddit", 9.0},   {"hackernews", 6.0}, {"instagram", 20.0}, {"tumblr", 24.0},
                                   {"flickr", 48.0},  {"peertube", 96.0}, {"youtube", 216.0}};
constexpr double half_life_elsewhere = 6.0;
constexpr double steepness = 0.9;  ///< of the log-logistic curve: its tail is long

// What is taken for true of a post before anything is known of it: a handful of reactions, or none, or thousands.
constexpr Level unread_unlearnt{1.0, 0.1};
constexpr double memory = 0.35;        ///< what the first half of a post's life counts, beside the second
constexpr double shape_spread = 0.5;   ///< a post's own curve against its platform's, as a share of its growth
constexpr double bias_unlearnt = 0.5;  ///< a prior may be that wrong
constexpr double bias_least = 0.15;    ///< and no day is quite like those learnt from: nights, news, weekends
constexpr double posts_of_prior = 100, reactions_of_prior = 1000;
constexpr double most_of_one_post = 200;  ///< reactions one post may weigh in a curve
constexpr double dispersion_unlearnt = 3;

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

double blended(double before, double weight_before, double learnt, double weight) {
  return (before * weight_before + learnt * weight) / (weight_before + weight);
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

namespace {

/// So many reactions came between two ages.
struct Gained {
  milliseconds from, until;
  double count;
};

std::vector<Gained> gained_of(const Series& series) {
  std::vector<Gained> out;
  Told before;
  for (const auto& each : series) {
    if (each.age <= before.age) continue;
    if (each.count > before.count) out.push_back({before.age, each.age, each.count - before.count});
    before = {each.age, std::max(before.count, each.count)};
  }
  return out;
}

double weight_of(const Series& series) { return std::min(1.0, most_of_one_post / std::max(series.back().count, 1.0)); }

/// One step of Turnbull's self-consistency (1976): what came between two readings is shared out as the curve says.
Shares shared_out(const Growth& growth, std::span<const Series> closed, double& weight) {
  Shares sums{};
  weight = 0;
  for (const auto& series : closed) {
    if (series.empty()) continue;
    auto of_post = weight_of(series);
    for (const auto& [from, until, count] : gained_of(series)) {
      weight += of_post * count;
      auto share_from = growth.share(from), all = growth.share(until) - share_from;
      for (std::size_t i = 0; i < sums.size(); ++i) {  // how much of it had come at that age
        if (curve_ages[i] <= from) continue;
        auto come = curve_ages[i] >= until || all <= 0 ? 1.0 : (growth.shares[i] - share_from) / all;
        sums[i] += of_post * count * come;
      }
    }
  }
  return sums;
}

/// From one reading to the next: how much of the curve lies between, what was known before, what came.
struct Step {
  Told before, last, next;
  double weight = 1;
};

std::vector<Step> steps_of(std::span<const Series> closed) {
  std::vector<Step> out;
  for (const auto& series : closed) {
    for (std::size_t i = 1; i < series.size(); ++i)
      out.push_back({half_as_old({series.data(), i}), series[i - 1], series[i], weight_of(series)});
  }
  return out;
}

/// What a post has before it is read: for each exposure there is a count with which all steps together come out right;
/// the pair under which each came most likely stands.
Level unread_of(Growth growth, std::span<const Step> steps) {
  Level best = growth.unread;
  double most = -std::numeric_limits<double>::infinity();
  for (double exposure : {0.02, 0.04, 0.07, 0.1, 0.15, 0.2, 0.3, 0.5, 0.8, 1.2}) {
    growth.unread = {0, exposure};
    double missing = 0, shares = 0, likely = 0;
    auto each_step = [&](auto&& use) {
      for (const auto& [before, last, next, weight] : steps) {
        auto level = level_of(growth, before, last);
        auto share = std::max(growth.share(next.age) - growth.share(last.age), 0.0) / level.exposure;
        if (share > 0) use(weight, next.count - last.count, level.counted, share);
      }
    };
    each_step([&](double weight, double came, double counted, double share) {
      missing += weight * (came - counted * share);
      shares += weight * share;
    });
    if (shares <= 0) continue;
    growth.unread.counted = std::max(missing / shares, 0.01);
    each_step([&](double weight, double came, double counted, double share) {  // of Poisson, as a quasi-likelihood
      likely += weight * (std::max(came, 0.0) * std::log(counted * share) - counted * share);
    });
    if (likely > most) most = likely, best = growth.unread;
  }
  return best;
}

/// How much wider steps spread than expected.
double dispersion_of(const Growth& growth, std::span<const Step> steps) {
  double squares = 0, expected = 0;
  for (const auto& [before, last, next, weight] : steps) {
    auto [mean, variance] = expected_growth(growth, level_of(growth, before, last), last.age, next.age);
    auto off = next.count - last.count - mean;
    squares += off * off;
    expected += variance;
  }
  return expected > 0 ? std::max(squares / expected, 1.0) : dispersion_unlearnt;
}

}  // namespace

Learnt learn(std::string_view platform, std::span<const Series> closed) {
  const auto prior = growth_before_learning(platform);
  Learnt out{prior, 0, std::ssize(closed)};
  constexpr int steps = 8;
  for (int step = 0; step < steps; ++step) {
    auto sums = shared_out(out.growth, closed, out.weight);
    for (std::size_t i = 0; i < sums.size(); ++i)
      out.growth.shares[i] =
          (prior.shares[i] * reactions_of_prior + sums[i]) / (reactions_of_prior + out.weight);
  }
  auto steps_made = steps_of(closed);
  auto posts = static_cast<double>(out.n);
  auto unread = unread_of(out.growth, steps_made);
  out.growth.unread = {blended(unread_unlearnt.counted, posts_of_prior, unread.counted, posts),
                       blended(unread_unlearnt.exposure, posts_of_prior, unread.exposure, posts)};
  auto plain = out.growth;
  plain.dispersion = 1;
  out.growth.dispersion = blended(dispersion_unlearnt, posts_of_prior, dispersion_of(plain, steps_made), posts);
  out.growth.bias = bias_after(out.n);
  return out;
}

namespace {

constexpr double least_growth = 1;        ///< reactions: what is worth a request at all
constexpr double least_share = 0.02;      ///< of what the post is thought to have
constexpr milliseconds closest = std::chrono::minutes(10);

}  // namespace

std::optional<milliseconds> worth_reading_at(const Growth& growth, const Level& level, milliseconds from) {
  auto floor = std::max(least_growth, least_share * level.mean() * growth.share(from));
  auto early = from + closest, late = closed_after;
  if (from >= closed_after) return std::nullopt;
  if (late <= early || uncertainty(growth, level, from, late) < floor) return late;
  while (late - early > std::chrono::minutes(1)) {
    auto middle = early + (late - early) / 2;
    (uncertainty(growth, level, from, middle) < floor ? early : late) = middle;
  }
  return late;
}

}  // namespace campaignd::store
