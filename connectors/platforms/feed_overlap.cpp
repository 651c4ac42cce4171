#include "connectors/platforms/feed_overlap.hpp"

#include <algorithm>
#include <span>

namespace campaignd {

bool overlaps(const std::vector<std::string>& remembered, const std::vector<std::string>& shown, bool whole) {
  if (remembered.empty() || shown.empty()) return false;
  auto [old, now] = std::ranges::mismatch(remembered, shown);
  if (old == remembered.end() || (now == shown.end() && whole)) return true;
  const std::span then(old, remembered.end()), rest(now, shown.end());
  auto nearest = rest.end();  // of those met so far, in the remembered order, the one that stands first
  std::size_t met = 0;
  for (const auto& each : then) {
    auto place = std::ranges::find(rest, each);
    if (place == rest.end()) continue;
    if (met++ > 0 && place > nearest) return true;
    nearest = met == 1 ? place : std::min(nearest, place);
  }
  if (met == 0) return false;
  return then.size() == 1 || (whole && rest.back() == then.front());
}

std::optional<sys_ms> reaches_back_to(const std::vector<Finding>& found, sys_ms now) {
  auto published = [&](const Finding& each) { return each.post.published <= now ? each.post.published : std::nullopt; };
  auto each = std::ranges::max_element(found, {}, published);
  std::optional<sys_ms> since;
  for (; each != found.end() && published(*each) && (!since || published(*each) <= since); ++each)
    since = published(*each);
  return since;
}

}  // namespace campaignd
