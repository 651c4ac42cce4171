#include <algorithm>
#include <array>

#include "connectors/platforms/feed.hpp"
#include "connectors/platforms/mastodon.hpp"
#include "connectors/platforms/page.hpp"

namespace campaignd {

namespace {
const std::array table{
    Platform{"feed", feed_contract, make_feed, parse_feed},
    Platform{"mastodon", mastodon_contract, make_mastodon, parse_mastodon},
    Platform{"page", page_contract, make_page, parse_page},
};
}  // namespace

std::span<const Platform> platforms() { return table; }

const Platform* find_platform(std::string_view name) {
  const auto* found = std::ranges::find(table, name, &Platform::name);
  return found == table.end() ? nullptr : found;
}

}  // namespace campaignd
