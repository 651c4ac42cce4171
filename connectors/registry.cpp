#include <algorithm>
#include <array>

#include "connectors/platforms/bluesky.hpp"
#include "connectors/platforms/facebook.hpp"
#include "connectors/platforms/feed.hpp"
#include "connectors/platforms/flickr.hpp"
#include "connectors/platforms/gdelt.hpp"
#include "connectors/platforms/hackernews.hpp"
#include "connectors/platforms/instagram.hpp"
#include "connectors/platforms/lemmy.hpp"
#include "connectors/platforms/mastodon.hpp"
#include "connectors/platforms/mediacloud.hpp"
#include "connectors/platforms/misskey.hpp"
#include "connectors/platforms/news.hpp"
#include "connectors/platforms/page.hpp"
#include "connectors/platforms/peertube.hpp"
#include "connectors/platforms/reddit.hpp"
#include "connectors/platforms/telegram.hpp"
#include "connectors/platforms/threads.hpp"
#include "connectors/platforms/tumblr.hpp"
#include "connectors/platforms/x.hpp"
#include "connectors/platforms/youtube.hpp"

namespace campaignd {

namespace {
const std::array table{
    Platform{"bluesky", bluesky_contract, make_bluesky, parse_bluesky},
    Platform{"facebook", facebook_contract, make_facebook, parse_facebook},
    Platform{"feed", feed_contract, make_feed, parse_feed},
    Platform{"flickr", flickr_contract, make_flickr, parse_flickr},
    Platform{"gdelt", gdelt_contract, make_gdelt, parse_gdelt},
    Platform{"hackernews", hackernews_contract, make_hackernews, parse_hackernews},
    Platform{"instagram", instagram_contract, make_instagram, parse_instagram},
    Platform{"lemmy", lemmy_contract, make_lemmy, parse_lemmy},
    Platform{"mastodon", mastodon_contract, make_mastodon, parse_mastodon},
    Platform{"mediacloud", mediacloud_contract, make_mediacloud, parse_mediacloud},
    Platform{"misskey", misskey_contract, make_misskey, parse_misskey},
    Platform{"news", news_contract, make_news, parse_news},
    Platform{"page", page_contract, make_page, parse_page},
    Platform{"peertube", peertube_contract, make_peertube, parse_peertube},
    Platform{"reddit", reddit_contract, make_reddit, parse_reddit},
    Platform{"telegram", telegram_contract, make_telegram, parse_telegram},
    Platform{"threads", threads_contract, make_threads, parse_threads},
    Platform{"tumblr", tumblr_contract, make_tumblr, parse_tumblr},
    Platform{"x", x_contract, make_x, parse_x},
    Platform{"youtube", youtube_contract, make_youtube, parse_youtube},
};
}  // namespace

std::span<const Platform> platforms() { return table; }

const Platform* find_platform(std::string_view name) {
  const auto* found = std::ranges::find(table, name, &Platform::name);
  return found == table.end() ? nullptr : found;
}

}  // namespace campaignd
