#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <regex>

#include "connectors/connector.hpp"
#include "connectors/reading/text.hpp"
#include "connectors/reading/url.hpp"
#include "daemon/config/codes.hpp"
#include "daemon/config/forms.hpp"

namespace campaignd {

namespace {

using Pair = std::pair<std::string_view, std::string_view>;

/// How an account is written on each platform; what has a connector that reads accounts is another question.
struct AccountForm {
  std::string_view platform, example, form;  ///< of what follows "platform:"
};
constexpr std::string_view at_a_server = "[\\w.-]+@[\\w.-]+\\.[\\w-]+(:\\d+)?", name = "[\\w.-]+";
constexpr std::array account_forms{AccountForm{"bluesky", "name.example", "[\\w.-]+\\.[\\w-]+|did:[a-z]+:[\\w.:-]+"},
                                   AccountForm{"facebook", "page", name},
                                   AccountForm{"flickr", "name", "[\\w.@-]+"},
                                   AccountForm{"instagram", "name", name},
                                   AccountForm{"lemmy", "name@host", at_a_server},
                                   AccountForm{"linkedin", "company/name", "(company|school|showcase)/[^/\\s]+"},
                                   AccountForm{"mastodon", "user@host", at_a_server},
                                   AccountForm{"misskey", "user@host", at_a_server},
                                   AccountForm{"peertube", "name@host", at_a_server},
                                   AccountForm{"reddit", "name", name},
                                   AccountForm{"telegram", "channel", name},
                                   AccountForm{"threads", "name", name},
                                   AccountForm{"tiktok", "name", name},
                                   AccountForm{"tumblr", "name", name},
                                   AccountForm{"x", "name", "\\w{1,15}"},
                                   AccountForm{"youtube", "@handle", "@[^\\s/@]+|UC[\\w-]{22}"}};

constexpr std::array renamed{Pair{"twitter", "x"},   Pair{"bsky", "bluesky"}, Pair{"fediverse", "mastodon"},
                             Pair{"fb", "facebook"}, Pair{"yt", "youtube"},   Pair{"insta", "instagram"}};

/// Where the address of an account's page begins, and how the account is written; the rest of the path is its name.
constexpr std::array pages{Pair{"bsky.app/profile/", "bluesky:"},
                           Pair{"facebook.com/", "facebook:"},
                           Pair{"flickr.com/photos/", "flickr:"},
                           Pair{"flickr.com/people/", "flickr:"},
                           Pair{"instagram.com/", "instagram:"},
                           Pair{"linkedin.com/company/", "linkedin:company/"},
                           Pair{"linkedin.com/school/", "linkedin:school/"},
                           Pair{"linkedin.com/showcase/", "linkedin:showcase/"},
                           Pair{"reddit.com/user/", "reddit:"},
                           Pair{"t.me/", "telegram:"},
                           Pair{"threads.com/@", "threads:"},
                           Pair{"threads.net/@", "threads:"},
                           Pair{"tiktok.com/@", "tiktok:"},
                           Pair{"tumblr.com/", "tumblr:"},
                           Pair{"twitter.com/", "x:"},
                           Pair{"x.com/", "x:"},
                           Pair{"youtube.com/@", "youtube:@"},
                           Pair{"youtube.com/channel/", "youtube:"}};

const AccountForm* form_of(std::string_view platform) {
  const auto* found = std::ranges::find(account_forms, platform, &AccountForm::platform);
  return found == account_forms.end() ? nullptr : found;
}

bool is_account(const std::string& text) {
  auto colon = text.find(':');
  const auto* form = colon == text.npos ? nullptr : form_of(text.substr(0, colon));
  return form != nullptr && std::regex_match(text.substr(colon + 1), std::regex(std::string(form->form)));
}

/// A platform's old or short name, or one a letter away, as it is called here.
std::string platform_meant(const std::string& word) {
  if (const auto* now = std::ranges::find(renamed, word, &Pair::first); now != renamed.end())
    return std::string(now->second);
  std::vector<std::string> names;
  for (const auto& each : account_forms) names.emplace_back(each.platform);
  return nearest(word, names);
}

/// What somebody meant by an account that is none; empty: who knows.
std::string account_meant(const std::string& text) {
  auto colon = text.find(':');
  if (colon == text.npos) return "mastodon:" + text.substr(text.starts_with('@') ? 1 : 0);
  auto platform = text.substr(0, colon), rest = text.substr(colon + 1);
  if (form_of(platform) == nullptr) platform = platform_meant(platform);
  auto bare = rest.substr(rest.starts_with('@') ? 1 : 0);
  for (const auto& each : {rest, bare, "@" + rest, "company/" + rest})
    if (is_account(platform + ":" + each)) return platform + ":" + each;
  return {};
}

}  // namespace

std::string account_at(const std::string& url) {
  auto path_at = url.find('/', url.find("://") + 3);
  if (path_at == url.npos) return {};
  auto host = without_www(host_of(url));
  if (host.starts_with("m.")) host.erase(0, 2);
  auto path = url.substr(path_at, url.find_first_of("?#") - path_at);
  for (const auto& [page, written] : pages) {
    if (!(host + path).starts_with(page)) continue;
    auto rest = (host + path).substr(page.size());
    return std::string(written) + rest.substr(0, rest.find('/'));
  }
  auto begin = path.starts_with("/@") ? 2 : path.starts_with("/users/") ? 7 : path.npos;
  if (begin == path.npos) return {};
  auto user = path.substr(begin, path.find('/', begin) - begin);
  return "mastodon:" + user + (user.find('@') == user.npos ? "@" + host : "");
}

std::string_view network_of(std::string_view platform) {
  const auto* known = find_platform(platform);
  return known == nullptr ? platform : known->contract.network;
}

bool has_accounts(std::string_view platform) { return form_of(platform) != nullptr; }

std::string account_of(const std::string& written) {
  return written.starts_with("youtube:UC") ? written : fold(written);
}

std::string account_problem(const std::string& account) {
  // std::regex descends once for each character.
  if (account.size() > 300) return fmt::format("'{}…' is too long for an account", account.substr(0, 30));
  if (is_account(account)) return {};
  if (!host_of(account).empty()) {
    auto meant = account_at(account);
    return is_account(meant) ? fmt::format("'{}' is the address of a page: write \"{}\"", account, meant)
                             : fmt::format(
                                   "'{}' is an address, not an account: write one such as "
                                   "\"mastodon:user@host\", or put the address into sites",
                                   account);
  }
  auto meant = account_meant(account);
  auto help = did_you_mean(is_account(meant) ? meant : "");
  auto colon = account.find(':');
  if (colon == account.npos)
    return fmt::format("account '{}' names no platform: write one such as \"mastodon:user@host\" or \"x:name\"{}",
                       account, help);
  auto platform = account.substr(0, colon);
  if (const auto* form = form_of(platform))
    return fmt::format("account '{}' is not of the form {}:{}{}", account, platform, form->example, help);
  std::vector<std::string_view> names;
  for (const auto& each : account_forms) names.push_back(each.platform);
  return fmt::format("there is no platform '{}'{}", platform,
                     help.empty() ? fmt::format(": write one of {}", fmt::join(names, ", ")) : help);
}

}  // namespace campaignd
