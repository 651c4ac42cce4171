#include <fmt/format.h>

#include <algorithm>

#include "connectors/reading/text.hpp"
#include "connectors/reading/url.hpp"
#include "daemon/config/codes.hpp"
#include "daemon/config/forms.hpp"
#include "daemon/config/read.hpp"

namespace campaignd {

namespace {

/// "https://www.gov.pl/web/mswia/" as "gov.pl/web/mswia": what a source is called, and how two addresses of one place
/// are told to be the same.
std::string short_address(const std::string& url) {
  auto begin = url.find("://") + 3;
  auto end = std::min(url.find_first_of("/?#", begin), url.size());
  auto out = without_www(fold(url.substr(begin, end - begin))) + url.substr(end);
  while (out.ends_with('/')) out.pop_back();
  return out;
}

void read_country(Table& table, const Campaign& campaign, Partner& partner) {
  partner.country = table.text("country");
  if (!partner.country.empty())
    if (auto wrong = country_problem(partner.country); !wrong.empty()) table.complain_at("country", std::move(wrong));
  partner.zone = table.text("zone", std::string(zone_of_country(partner.country)));
  if (partner.zone.empty()) partner.zone = campaign.zone;
  if (auto wrong = zone_problem(partner.zone); !wrong.empty()) {
    table.complain_at("zone", std::move(wrong));
    partner.zone = campaign.zone;
  }
}

/// An account is one on its whole network: "mastodon:a@b" and "misskey:a@b" are the same.
std::string on_network(const std::string& account) {
  auto colon = account.find(':');
  return std::string(network_of(account.substr(0, colon))) + account.substr(colon);
}

void read_accounts(Table& table, const Campaign& campaign, Partner& partner) {
  for (auto& [account, place] : table.placed_texts("accounts")) {
    if (auto wrong = account_problem(account); !wrong.empty()) {
      table.complain(place, std::move(wrong));
      continue;
    }
    auto folded = account_of(account);
    auto same = [&](const std::string& other) { return on_network(other) == on_network(folded); };
    auto owner = std::ranges::find_if(campaign.partners,
                                      [&](const Partner& other) { return std::ranges::any_of(other.accounts, same); });
    if (owner != campaign.partners.end())
      table.complain(place, fmt::format("account '{}' belongs to partner '{}' already: one account has one owner",
                                        account, owner->id));
    partner.accounts.push_back(folded);
  }
}

/// One page has one owner: hosts that are shared are told apart by their paths.
void claim(Table& table, const Campaign& campaign, const Place& place, const std::string& outlet, Partner& partner) {
  auto owner = std::ranges::find_if(campaign.partners, [&](const Partner& other) {
    return std::ranges::find(other.outlets, outlet) != other.outlets.end();
  });
  if (owner != campaign.partners.end())
    table.complain(place, fmt::format("what stands on {} is partner '{}' already: write outlets with a path that tells "
                                      "them apart, such as gov.pl/web/mswia",
                                      outlet, owner->id));
  partner.outlets.push_back(outlet);
}

void read_sites(Table& table, const Campaign& campaign, const FetchSettings& fetch, Partner& partner) {
  for (auto& [site, place] : table.placed_texts("sites")) {
    check_url(table, place, site, fetch);
    if (host_of(site).empty()) continue;
    auto same = [&](const std::string& other) { return short_address(other) == short_address(site); };
    auto owner = std::ranges::find_if(campaign.partners,
                                      [&](const Partner& other) { return std::ranges::any_of(other.sites, same); });
    if (owner != campaign.partners.end())
      table.complain(place,
                     fmt::format("{} is read for partner '{}' already: one site has one owner", site, owner->id));
    partner.sites.push_back(site);
  }
  for (auto& [outlet, place] : table.placed_texts("outlets")) {
    if (auto wrong = domain_problem(outlet); !wrong.empty()) table.complain(place, std::move(wrong));
    claim(table, campaign, place, without_www(fold(outlet)), partner);
  }
  if (table.has("outlets")) return;
  for (const auto& site : partner.sites)
    claim(table, campaign, table.place_of("sites"), without_www(host_of(site)), partner);
}

void read_partner(Table& table, Campaign& campaign, const FetchSettings& fetch) {
  Partner partner;
  partner.id = table.required("id", "a short name such as \"ipa\"");
  if (auto wrong = id_problem(partner.id); !wrong.empty()) table.complain_at("id", std::move(wrong));
  partner.name = table.required("name", "the organisation's name");
  partner.aliases = table.texts("aliases");
  partner.type = table.text("type");
  partner.role = table.text("role");
  read_country(table, campaign, partner);
  read_accounts(table, campaign, partner);
  read_sites(table, campaign, fetch, partner);
  campaign.partners.push_back(std::move(partner));
}

/// An account a connector can read, as a source of its own.
std::optional<Source> watch_account(const Partner& partner, const std::string& account) {
  auto colon = account.find(':');
  const auto* platform = find_platform(account.substr(0, colon));
  if (platform == nullptr || !platform->contract.accounts) return std::nullopt;
  Source source{account, std::string(platform->name), {}, partner.id, {}, {}, platform->contract.every};
  source.settings.account = account.substr(colon + 1);
  auto at = source.settings.account.find('@');
  if (at != std::string::npos && platform->contract.home.empty())
    source.host = source.settings.host = source.settings.account.substr(at + 1);
  else
    source.host = platform->contract.home;
  return source;
}

Source watch_site(const Partner& partner, const std::string& site) {
  Source source{short_address(site), "feed", host_of(site), partner.id, {}, {}, find_platform("feed")->contract.every};
  source.settings.url = site;
  return source;
}

/// A source that is written out, with selectors or a slower pace, stands in for the one made here.
Source* written_out(Campaign& campaign, const Source& source) {
  auto same_place = [&](const Source& each) {
    if (each.id == source.id) return true;
    if (each.settings.url.empty() || source.settings.url.empty()) return false;
    return short_address(each.settings.url) == short_address(source.settings.url);
  };
  auto found = std::ranges::find_if(campaign.sources, same_place);
  return found == campaign.sources.end() ? nullptr : &*found;
}

void watch(Campaign& campaign, Source source) {
  if (auto* known = written_out(campaign, source); known == nullptr)
    campaign.sources.push_back(std::move(source));
  else if (known->partner.empty())
    known->partner = source.partner;
}

}  // namespace

void read_partners(Table& root, Campaign& campaign, const FetchSettings& fetch) {
  root.tables("partner", [&](Table& table) { read_partner(table, campaign, fetch); });
}

void watch_partners(Campaign& campaign) {
  for (const auto& partner : campaign.partners) {
    for (const auto& account : partner.accounts)
      if (auto source = watch_account(partner, account)) watch(campaign, std::move(*source));
    for (const auto& site : partner.sites) watch(campaign, watch_site(partner, site));
  }
}

void share_purses(Campaign& campaign) {
  for (auto& source : campaign.sources)
    if (!source.settings.spend_monthly) source.settings.spend_monthly = campaign.least_spend(source.connector);
}

}  // namespace campaignd
