#include "daemon/report/concentration.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <span>
#include <tuple>

namespace campaignd::report {

namespace {

constexpr auto burst_within = std::chrono::hours(1);
constexpr std::size_t fewest_accounts = 3;

/// How many posts of one text, in order of time, lie in an hour with posts of three accounts.
std::int64_t in_bursts(std::span<const Said> posts) {
  std::map<std::int64_t, int> authors;  // of the posts from `first` to `behind`
  std::int64_t out = 0;
  std::size_t behind = 0, counted = 0;
  for (std::size_t first = 0; first < posts.size(); ++first) {
    for (; behind < posts.size() && posts[behind].at < posts[first].at + burst_within; ++behind)
      ++authors[posts[behind].author];
    if (authors.size() >= fewest_accounts) {
      out += static_cast<std::int64_t>(behind - std::max(first, counted));
      counted = behind;
    }
    if (auto left = authors.find(posts[first].author); --left->second == 0) authors.erase(left);
  }
  return out;
}

}  // namespace

std::vector<std::int64_t> posts_by_author(const std::vector<Said>& posts) {
  std::map<std::int64_t, std::int64_t> by_author;
  for (const auto& post : posts) ++by_author[post.author];
  std::vector<std::int64_t> out;
  for (const auto& [author, count] : by_author) out.push_back(count);
  std::ranges::sort(out, std::greater());
  return out;
}

std::int64_t of_the_top(const std::vector<std::int64_t>& counts, std::size_t accounts) {
  auto last = counts.begin() + static_cast<std::ptrdiff_t>(std::min(accounts, counts.size()));
  return std::accumulate(counts.begin(), last, std::int64_t{0});
}

std::optional<double> gini(const std::vector<std::int64_t>& counts) {
  auto n = static_cast<double>(counts.size());
  auto sum = static_cast<double>(of_the_top(counts, counts.size()));
  if (n < 2 || sum <= 0) return std::nullopt;
  double weighted = 0, place = n;  // the largest comes first
  for (auto count : counts) weighted += place-- * static_cast<double>(count);
  auto out = 2 * weighted / (n * sum) - (n + 1) / n;
  constexpr double noise = 1e-12;  // of the division; where all wrote as many it is nothing
  return out < noise ? 0 : out;
}

Bursts bursts_of(std::vector<Said> posts) {
  std::erase_if(posts, [](const Said& post) { return post.text.empty(); });
  std::ranges::stable_sort(posts, {}, [](const Said& post) { return std::tie(post.text, post.at); });
  Bursts out;
  for (std::size_t first = 0, behind = 0; first < posts.size(); first = behind) {
    while (behind < posts.size() && posts[behind].text == posts[first].text) ++behind;
    auto found = in_bursts(std::span(posts).subspan(first, behind - first));
    out.posts += found;
    out.texts += found > 0 ? 1 : 0;
  }
  return out;
}

Concentration concentration_of(const std::vector<Said>& posts) {
  auto counts = posts_by_author(posts);
  Concentration out;
  out.posts = std::ssize(posts);
  out.accounts = std::ssize(counts);
  out.by_top = of_the_top(counts, top_accounts);
  if (out.posts > 0) out.top_share = static_cast<double>(out.by_top) / static_cast<double>(out.posts);
  out.gini = gini(counts);
  out.bursts = bursts_of(posts);
  return out;
}

}  // namespace campaignd::report
