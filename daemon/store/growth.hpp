#pragma once
/// How reactions grow with a post's age, and so what is not known of a post until it is read again. Pure.
#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace campaignd::store {

using std::chrono::milliseconds;

/// Posts are measured until they are so old; "all reactions" are those they have then.
constexpr milliseconds closed_after = std::chrono::days(30);
/// What is known before anything is learnt weighs as much as so many closed posts.
constexpr double posts_of_prior = 100;

/// The ages at which a curve is known; between them it is read off by the logarithm of the age.
constexpr std::array<milliseconds, 14> curve_ages = {std::chrono::minutes(5),  std::chrono::minutes(15),
                                                     std::chrono::minutes(30), std::chrono::hours(1),
                                                     std::chrono::hours(2),    std::chrono::hours(4),
                                                     std::chrono::hours(8),    std::chrono::hours(16),
                                                     std::chrono::hours(24),   std::chrono::hours(48),
                                                     std::chrono::hours(96),   std::chrono::hours(168),
                                                     std::chrono::hours(336),  closed_after};
using Shares = std::array<double, curve_ages.size()>;

/// A post's count at an age.
struct Told {
  milliseconds age{};
  double count = 0;
};

/// What is known of all the reactions a post will have: a Gamma distribution of so many counted over so much of its
/// platform's curve.
struct Level {
  double counted = 0, exposure = 0;
  double mean() const { return counted / exposure; }
};

/// How posts of a platform grow.
struct Growth {
  Shares shares{};        ///< of its reactions a post has at each of the ages; rising, the last is 1
  Level unread;           ///< of a post before anything is known of it
  double dispersion = 1;  ///< how much wider posts spread than the model says
  double bias = 0;        ///< by how much, as a share, all its posts together may grow otherwise

  double share(milliseconds age) const;
};

/// What is taken for true of a platform of which nothing was learnt.
Growth growth_before_learning(std::string_view platform);

/// The readings of one post, by age.
using Series = std::vector<Told>;
/// The last of them that was made when the post was half as old as at the last one, or younger; 0 at 0 where none was.
Told half_as_old(std::span<const Told> series);

/// What two readings say: the last one, and one of when the post was about half as old. What came since counts more
/// than what came before, so that a post has the pace of today.
Level level_of(const Growth& growth, const Told& before, const Told& last);

/// The growth of a post, or of many, between two moments.
struct Expected {
  double mean = 0, variance = 0;
};
Expected expected_growth(const Growth& growth, const Level& level, milliseconds from, milliseconds until);

/// What a reading at `until` would take away, in reactions: how much is expected to have come and how uncertain that
/// is, both.
double uncertainty(const Growth& growth, const Level& level, milliseconds from, milliseconds until);

/// Which post is read first, where not all can be: what a reading takes away, and what has waited long. So a short
/// budget makes figures older evenly.
double urgency(const Growth& growth, const Level& level, milliseconds from, milliseconds until);

/// The age at which a post that was read at `from` is worth another request: at the latest for its last reading, when
/// it is closed; nothing behind that.
std::optional<milliseconds> worth_reading_at(const Growth& growth, const Level& level, milliseconds from);

/// Nine times in ten the growth lies between.
struct Interval {
  double low = 0, high = 0;
};
Interval interval90(const Expected& growth);

struct Learnt {
  Growth growth;
  double weight = 0;   ///< reactions the curve rests on
  std::int64_t n = 0;  ///< posts
};
/// A platform's growth from its closed posts, blended with what was taken for true before: few posts change little.
Learnt learn(std::string_view platform, std::span<const Series> closed);
/// How far all posts of a platform may grow otherwise than was learnt on so many.
double bias_after(std::int64_t posts);

}  // namespace campaignd::store
