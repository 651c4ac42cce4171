// Which posts to read again, under a budget: a campaign day of 10,000 posts in a world that is not our model, read in
// four ways, and what each then says of the reactions. Every run is the same.
//   measuring [EDITIONS]
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include "daemon/store/growth.hpp"

using namespace campaignd::store;
using namespace std::chrono_literals;

namespace {

// --- the world: hours since the campaign day began (26 of them, from its first midnight in Europe to its last)
// ---------

constexpr double day_begins = -24, horizon_of_edition = 168;
constexpr int posts_of_edition = 10'000, partners = 25, batch = 20;

struct Post {
  std::string platform;
  int host = 0, partner = 0;  // partner 0: nobody's
  double published = 0, discovered = 0;
  std::vector<double> given, taken_back;  // hours

  double count(double at) const {
    auto until = [at](const auto& times) {
      return static_cast<double>(std::ranges::upper_bound(times, at) - times.begin());
    };
    return until(given) - until(taken_back);
  }
};

/// The true half-lives are not the planner's, and other ones every year.
struct Place {
  const char* platform;
  double share, half_life;
  int first_host, hosts;
};
constexpr Place places[] = {{"mastodon", 0.45, 6.0, 0, 12}, {"bluesky", 0.35, 2.0, 12, 1}, {"x", 0.20, 1.4, 13, 1}};
constexpr int hosts = 14;

class World {
 public:
  World(std::uint64_t seed, int number_of_posts) : random_(seed) {
    typical_ = 4 * std::exp(normal(0, 0.3));
    for (auto& each : half_lives_) each = std::exp(normal(0, 0.3));
    for (int i = 0; i < number_of_posts; ++i) posts.push_back(make_post());
  }
  std::vector<Post> posts;

 private:
  double uniform(double from, double until) { return std::uniform_real_distribution<>(from, until)(random_); }
  double normal(double mean, double sd) { return std::normal_distribution<>(mean, sd)(random_); }
  double exponential(double mean) { return std::exponential_distribution<>(1 / mean)(random_); }
  double log_uniform(double from, double until) { return std::exp(uniform(std::log(from), std::log(until))); }
  bool chance(double share) { return uniform(0, 1) < share; }

  /// A tail before, the day with its morning and its evening, a longer tail after.
  double arrival() {
    if (chance(0.05)) return uniform(day_begins, 0);
    if (chance(0.15)) return std::min(26 + exponential(30), 160.0);
    if (chance(0.2)) return uniform(0, 26);
    return std::clamp(chance(0.6) ? normal(12, 2.5) : normal(20, 2), 0.0, 26.0);
  }

  /// Most posts get a few reactions, some very many.
  double size() {
    if (chance(0.85)) return std::exp(normal(std::log(typical_), 1.3));
    return std::min(2.5 * typical_ * std::pow(uniform(0, 1), -1 / 1.25), 20'000.0);
  }

  double delay_of(double half_life, double form) {
    if (chance(0.1)) return log_uniform(1, 480);  // found by a search, weeks later
    return half_life * std::pow(-std::log2(1 - uniform(0, 1)), 1 / form);
  }

  /// People sleep: most of what would come between midnight and six comes in the morning.
  double awake(double at) {
    auto hour = std::fmod(at + 240, 24);
    return hour < 6 && chance(0.7) ? at + (6 - hour) + exponential(1.5) : at;
  }

  void burst(Post& post, double mean) {
    auto begins = log_uniform(0.5, 120), lasts = std::exp(normal(std::log(1.5), 0.7));
    auto n = std::poisson_distribution<>(mean)(random_);
    for (int i = 0; i < n; ++i) post.given.push_back(awake(post.published + begins + exponential(lasts)));
  }

  Post make_post() {
    Post post;
    auto dice = uniform(0, 1);
    const auto* place = places;
    while (dice > place->share && place + 1 != std::end(places)) dice -= (place++)->share;
    post.platform = place->platform;
    post.host = place->first_host + static_cast<int>(place->hosts * std::pow(uniform(0, 0.999), 2));
    if (chance(0.06)) post.partner = 1 + static_cast<int>(partners * std::pow(uniform(0, 0.999), 2));
    post.published = arrival();
    post.discovered = post.published + (chance(0.9)   ? uniform(0.03, 0.6)
                                        : chance(0.8) ? uniform(1, 8)
                                                      : uniform(8, 48));
    auto all = size();
    auto half_life = place->half_life * half_lives_[place - places] * std::exp(normal(0, 0.8));
    auto form = uniform(0.5, 1.1);
    bool is_boosted = chance(std::min(0.06 + 0.05 * std::log10(1 + all), 0.3));
    auto later = is_boosted ? uniform(0.2, 0.65) : 0.0;
    auto n = std::poisson_distribution<>(all * (1 - later))(random_);
    for (int i = 0; i < n; ++i) post.given.push_back(awake(post.published + delay_of(half_life, form)));
    for (int i = is_boosted ? std::uniform_int_distribution<>(1, 3)(random_) : 0, of = i; i > 0; --i)
      burst(post, all * later / of);
    for (auto at : post.given)
      if (chance(0.01)) post.taken_back.push_back(at + exponential(48));
    std::ranges::sort(post.given);
    std::ranges::sort(post.taken_back);
    return post;
  }

  std::mt19937_64 random_;
  double typical_ = 0, half_lives_[std::size(places)] = {};
};

// --- reading it
// --------------------------------------------------------------------------------------------------------

milliseconds age_of(double hours) { return milliseconds(static_cast<std::int64_t>(std::max(hours, 0.0) * 3'600'000)); }

constexpr double rungs[] = {0.25, 1, 3, 8, 24, 72, 168, 336, 720};

double next_step(const Post& post, double now) {
  for (auto step : rungs)
    if (post.published + step > now) return post.published + step;
  return INFINITY;
}

enum class Way { once, ladder, planned };
using Platforms = std::map<std::string, Growth>;

struct Known {
  Series series;
  double due = INFINITY;
  Level level;
};

class Reader {
 public:
  Reader(const World& world, Way way, const Platforms& growth, double share)
      : world_(world), way_(way), growth_(growth), known_(world.posts.size()), of_host_(hosts) {
    for (std::size_t i = 0; i < world.posts.size(); ++i)
      of_host_[static_cast<std::size_t>(world.posts[i].host)].push_back(i);
    for (const auto& posts : of_host_) {
      double needed = 0;
      for (auto i : posts)
        for (auto step : rungs)
          if (world.posts[i].published + step < horizon_of_edition) ++needed;
      auto rate = share * needed / (horizon_of_edition - day_begins);  // readings an hour
      wait_.push_back(batch / rate);
    }
  }

  /// To a moment, and no further.
  void read_until(double moment) {
    if (next_.empty()) next_.assign(hosts, day_begins);
    for (std::size_t host = 0; host < next_.size(); ++host)
      for (; next_[host] <= moment; next_[host] += wait_[host]) {
        discover(host, next_[host]);
        if (way_ != Way::once) read_batch(host, next_[host]);
      }
    for (std::size_t host = 0; host < next_.size(); ++host) discover(host, moment);
  }

  const Known& known(std::size_t post) const { return known_[post]; }
  double readings() const { return readings_; }
  double measured(std::size_t post) const { return known_[post].series.empty() ? 0 : known_[post].series.back().count; }
  Expected growth(std::size_t post, double moment) const {
    const auto& each = known_[post];
    if (way_ != Way::planned || each.series.empty()) return {};
    return expected_growth(of(post), each.level, each.series.back().age, age_of(moment - world_.posts[post].published));
  }
  const Growth& of(std::size_t post) const { return growth_.at(world_.posts[post].platform); }

 private:
  void discover(std::size_t host, double now) {
    for (auto i : of_host_[host])
      if (known_[i].series.empty() && world_.posts[i].discovered <= now) read(i, world_.posts[i].discovered);
  }

  void read(std::size_t i, double now) {
    const auto& post = world_.posts[i];
    auto& each = known_[i];
    each.series.push_back({age_of(now - post.published), post.count(now)});
    if (way_ == Way::ladder) each.due = next_step(post, now);
    if (way_ != Way::planned) return;
    const auto& last = each.series.back();
    each.level = level_of(of(i), half_as_old(each.series), last);
    auto next = worth_reading_at(of(i), each.level, last.age);
    each.due = next ? post.published + std::chrono::duration<double, std::ratio<3600>>(*next).count() : INFINITY;
  }

  void read_batch(std::size_t host, double now) {
    std::vector<std::pair<double, std::size_t>> due;
    for (auto i : of_host_[host])
      if (known_[i].due <= now) due.emplace_back(rank(i, now), i);
    auto most = std::min<std::size_t>(due.size(), batch);
    std::ranges::partial_sort(due, due.begin() + static_cast<std::ptrdiff_t>(most));
    for (std::size_t k = 0; k < most; ++k) read(due[k].second, now);
    readings_ += static_cast<double>(most);
  }

  double rank(std::size_t i, double now) const {
    if (way_ == Way::ladder) return known_[i].due;
    return -urgency(of(i), known_[i].level, known_[i].series.back().age, age_of(now - world_.posts[i].published));
  }

  const World& world_;
  const Way way_;
  const Platforms& growth_;
  std::vector<Known> known_;
  std::vector<std::vector<std::size_t>> of_host_;
  std::vector<double> wait_, next_;
  double readings_ = 0;
};

// --- what is said of it
// ------------------------------------------------------------------------------------------------

struct Errors {
  double total = 0, estimate = 0, of_post = 0, of_post_estimate = 0;  // total: percent
  std::pair<int, int> intervals[3];                                   // held, stated: of the total, platforms, partners
  int n = 0;
  double readings = 0;
};

/// One interval for a set of posts: what is uncertain of each adds up as variances do; what is wrong with the curves is
/// wrong for all of them.
struct Sum {
  double truth = 0, measured = 0, biased = 0;
  Expected own;

  void add(double true_count, double count, const Expected& growth, double bias) {
    truth += true_count;
    measured += count;
    own.mean += growth.mean;
    own.variance += growth.variance;
    biased += bias * growth.mean;
  }
  Expected growth() const { return {own.mean, own.variance + biased * biased}; }
};

void judge(const World& world, const Reader& reader, double moment, Errors& errors) {
  std::map<std::string, Sum> sums;
  double posts = 0, off = 0, off_estimate = 0;
  for (std::size_t i = 0; i < world.posts.size(); ++i) {
    const auto& post = world.posts[i];
    if (post.discovered > moment) continue;
    auto truth = post.count(moment), measured = reader.measured(i);
    auto growth = reader.growth(i, moment);
    ++posts;
    off += std::abs(truth - measured);
    off_estimate += std::abs(truth - measured - growth.mean);
    std::vector<std::string> of{"all", post.platform};
    if (post.partner > 0) of.push_back("partner " + std::to_string(post.partner));
    for (const auto& name : of) sums[name].add(truth, measured, growth, reader.of(i).bias);
  }
  const auto& total = sums["all"];
  errors.total += 100 * std::abs(total.truth - total.measured) / total.truth;
  errors.estimate += 100 * std::abs(total.truth - total.measured - total.growth().mean) / total.truth;
  errors.of_post += off / posts;
  errors.of_post_estimate += off_estimate / posts;
  for (const auto& [name, sum] : sums) {
    auto [low, high] = interval90(sum.growth());
    auto grown = sum.truth - sum.measured;
    auto& [held, stated] = errors.intervals[name == "all" ? 0 : name.starts_with("partner") ? 2 : 1];
    ++stated;
    if (grown >= std::floor(low) && grown <= std::ceil(high)) ++held;
  }
  errors.readings += reader.readings();
  ++errors.n;
}

Platforms before_learning() {
  Platforms out;
  for (const auto& place : places) out[place.platform] = growth_before_learning(place.platform);
  return out;
}

/// From the edition of the year before, read as this one is until its last post is closed.
Platforms learnt(std::uint64_t year, double share) {
  const World world(year, posts_of_edition / 3);
  auto prior = before_learning();
  Reader reader(world, Way::planned, prior, share);
  reader.read_until(920);
  std::map<std::string, std::vector<Series>> closed;
  for (std::size_t i = 0; i < world.posts.size(); ++i)
    closed[world.posts[i].platform].push_back(reader.known(i).series);
  Platforms out;
  for (const auto& [platform, series] : closed) out[platform] = learn(platform, series).growth;
  return out;
}

std::string held(const std::pair<int, int>& intervals) {
  return std::to_string((100 * intervals.first + intervals.second / 2) / std::max(intervals.second, 1)) + " %";
}

void row(const char* way, bool states_growth, const Errors& e) {
  auto n = static_cast<double>(e.n);
  std::printf("| %s | %.0f | %.1f %% | %.1f |", way, e.readings / n, e.total / n, e.of_post / n);
  if (!states_growth) return static_cast<void>(std::printf(" | | | | |\n"));
  std::printf(" %.1f %% | %.1f | %s | %s | %s |\n", e.estimate / n, e.of_post_estimate / n,
              held(e.intervals[0]).c_str(), held(e.intervals[1]).c_str(), held(e.intervals[2]).c_str());
}

}  // namespace

int main(int argc, char** argv) {
  const auto editions = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 40;
  constexpr double moments[] = {24, 168};
  const auto prior = before_learning();
  for (double share : {0.10, 0.25, 0.50}) {
    struct {
      const char* name;
      Way way;
      bool learns;
      Errors errors[2];
    } ways[] = {{"once, when found", Way::once, false, {}},
                {"a ladder of ages", Way::ladder, false, {}},
                {"planned, nothing learnt", Way::planned, false, {}},
                {"planned, learnt", Way::planned, true, {}}};
    for (std::uint64_t edition = 0; edition < editions; ++edition) {
      const World world(1000 + edition, posts_of_edition);
      const auto from_last_year = learnt(2000 + edition, share);
      for (auto& each : ways) {
        Reader reader(world, each.way, each.learns ? from_last_year : prior, share);
        for (int k = 0; k < 2; ++k) {
          reader.read_until(moments[k]);
          judge(world, reader, moments[k], each.errors[k]);
        }
      }
    }
    for (int k = 0; k < 2; ++k) {
      std::printf("\n%.0f %% of the requests, %.0f h after the day began\n\n", share * 100, moments[k]);
      std::printf(
          "| read | requests | total off | a post off | total and growth | a post | holds: total | platforms | "
          "partners |\n");
      std::printf("|---|---|---|---|---|---|---|---|---|\n");
      for (const auto& each : ways) row(each.name, each.way == Way::planned, each.errors[k]);
    }
  }
}
