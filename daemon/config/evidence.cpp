#include "daemon/config/evidence.hpp"

#include <algorithm>

#include "connectors/reading/text.hpp"
#include "connectors/reading/url.hpp"
#include "daemon/config/forms.hpp"

namespace campaignd {

namespace {

/// "https://www.Gov.pl/web/MSWiA/?x" as "gov.pl/web/mswia": as outlets are written.
std::string place_of(const std::string& url) {
  auto path_at = url.find('/', url.find("://") + 3);
  auto path = path_at == url.npos ? std::string() : url.substr(path_at, url.find_first_of("?#", path_at) - path_at);
  while (path.ends_with('/')) path.pop_back();
  return without_www(host_of(url)) + fold(path);
}

/// "ngo.example" holds every page of its host and of those below; "gov.pl/web/mswia" that page and those below it.
bool holds(std::string_view outlet, std::string_view place) {
  auto host_of_place = [](std::string_view text) { return text.substr(0, text.find('/')); };
  auto host = host_of_place(place), domain = host_of_place(outlet);
  auto path = place.substr(host.size()), folder = outlet.substr(domain.size());
  while (folder.ends_with('/')) folder.remove_suffix(1);
  return host_within(host, domain) && path.starts_with(folder) &&
         (path.size() == folder.size() || path[folder.size()] == '/');
}

/// The outlet a page stands on; empty: none.
std::string outlet_of(const Partner& partner, const std::string& url) {
  auto found = std::ranges::find_if(partner.outlets, [&](const auto& outlet) { return holds(outlet, place_of(url)); });
  return found == partner.outlets.end() ? std::string() : *found;
}

/// The domain of the organisation's that a host is, or is below. A host it shares with others proves nothing.
std::string domain_of(const Partner& partner, std::string_view host) {
  auto is_own = [&](const std::string& outlet) { return outlet.find('/') == outlet.npos && host_within(host, outlet); };
  auto found = std::ranges::find_if(partner.outlets, is_own);
  return host.empty() || found == partner.outlets.end() ? std::string() : *found;
}

/// The host in an account's name, and what it proves where that is the organisation's own.
std::pair<std::string_view, std::string_view> host_in(std::string_view account) {
  auto colon = account.find(':');
  auto platform = account.substr(0, colon), name = account.substr(colon + 1);
  if (platform == "bluesky") return {"domain handle", name};  // no DID is a host
  const auto* known = find_platform(platform);
  auto at = name.find('@');
  if (known == nullptr || known->contract.network != "fediverse" || at == name.npos) return {};
  auto host = name.substr(at + 1);
  return {"own server", host.substr(0, host.find(':'))};
}

}  // namespace

std::vector<Evidence> evidence_of(const Partner& partner) {
  std::vector<Evidence> out;
  auto add = [&](const std::string& account, std::string_view why, std::string detail) {
    out.push_back({partner.id, account, std::string(why), std::move(detail)});
  };
  for (const auto& account : partner.accounts) {
    add(account, "configured", "");
    auto [why, host] = host_in(account);
    if (auto domain = domain_of(partner, host); !domain.empty()) add(account, why, std::move(domain));
  }
  for (const auto& site : partner.sites) {
    add(site, "configured", "");
    if (auto outlet = outlet_of(partner, site); !outlet.empty()) add(site, "own domain", std::move(outlet));
  }
  return out;
}

bool is_own_page(const Partner& partner, const std::string& url) {
  if (host_of(url).empty()) return false;
  auto below = [&](const std::string& site) { return holds(place_of(site), place_of(url)); };
  return !outlet_of(partner, url).empty() || std::ranges::any_of(partner.sites, below);
}

bool still_holds(const Campaign& campaign, const Evidence& evidence) {
  const auto* partner = campaign.partner_named(evidence.partner);
  if (partner == nullptr) return false;
  if (evidence.why == verified_link)
    return std::ranges::find(partner->accounts, evidence.account) != partner->accounts.end() &&
           is_own_page(*partner, evidence.detail);
  auto known = evidence_of(*partner);
  return std::ranges::find(known, evidence) != known.end();
}

}  // namespace campaignd
