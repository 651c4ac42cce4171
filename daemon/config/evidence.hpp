#pragma once
/// What ties an account to its organisation: that somebody wrote it down, and what can be checked besides.
#include "daemon/config/config.hpp"

namespace campaignd {

struct Evidence {
  std::string partner;
  std::string account;  ///< or site, as it is configured
  std::string why;  ///< configured, domain handle, own server, own domain; once its server has said so, verified link
  std::string detail;  ///< the domain, or the page that links back
  bool operator==(const Evidence&) const = default;
};
constexpr std::string_view verified_link = "verified link";

/// What follows from the configuration alone.
std::vector<Evidence> evidence_of(const Partner& partner);

/// Whether a page is the organisation's: it stands on one of its outlets, or below one of its sites.
bool is_own_page(const Partner& partner, const std::string& url);

/// Whether what was found once is still so under this configuration.
bool still_holds(const Campaign& campaign, const Evidence& evidence);

}  // namespace campaignd
