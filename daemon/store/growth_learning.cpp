// What closed posts teach: the curve they grew by, what a post has before it is read, how widely they spread.
#include <algorithm>
#include <cmath>
#include <limits>

#include "daemon/store/growth.hpp"

namespace campaignd::store {

namespace {

constexpr double reactions_of_prior = 1000;  ///< what the prior of a share weighs
constexpr double most_of_one_post = 200;     ///< reactions one post may weigh in a curve

double blended(double before, double weight_before, double learnt, double weight) {
  return (before * weight_before + learnt * weight) / (weight_before + weight);
}

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
  return expected > 0 ? std::max(squares / expected, 1.0) : 1;
}

}  // namespace

Learnt learn(std::string_view platform, std::span<const Series> closed) {
  const auto prior = growth_before_learning(platform);
  Learnt out{prior, 0, std::ssize(closed)};
  constexpr int steps = 8;
  for (int step = 0; step < steps; ++step) {
    auto sums = shared_out(out.growth, closed, out.weight);
    for (std::size_t i = 0; i < sums.size(); ++i)
      out.growth.shares[i] = (prior.shares[i] * reactions_of_prior + sums[i]) / (reactions_of_prior + out.weight);
  }
  auto steps_made = steps_of(closed);
  auto posts = static_cast<double>(out.n);
  auto unread = unread_of(out.growth, steps_made);
  out.growth.unread = {blended(prior.unread.counted, posts_of_prior, unread.counted, posts),
                       blended(prior.unread.exposure, posts_of_prior, unread.exposure, posts)};
  auto plain = out.growth;
  plain.dispersion = 1;
  out.growth.dispersion = blended(prior.dispersion, posts_of_prior, dispersion_of(plain, steps_made), posts);
  out.growth.bias = bias_after(out.n);
  return out;
}

}  // namespace campaignd::store
