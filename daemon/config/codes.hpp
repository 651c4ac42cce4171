#pragma once
/// Countries, languages, time zones and accounts, checked against what exists. Each check gives a sentence saying what
/// is wrong and what to write, or nothing.
#include <string>
#include <string_view>

namespace campaignd {

std::string country_problem(const std::string& code);  ///< ISO 3166-1 alpha-2, capitals
std::string language_problem(const std::string& tag);  ///< BCP 47; the language must exist (ISO 639)
std::string zone_problem(const std::string& name);     ///< IANA, "Europe/Warsaw"
/// An account as it is compared: in lower case, but for ids that tell case apart (YouTube's UC…).
std::string account_of(const std::string& written);
std::string account_problem(const std::string& account);  ///< "mastodon:user@host", "bluesky:name.example", "x:name" …

/// An account is one on its whole network: any of the fediverse's servers may show it, under its user@host. The
/// platform's own name where no connector reads it.
std::string_view network_of(std::string_view platform);
/// Whether accounts of a platform can be written down at all.
bool has_accounts(std::string_view platform);

/// The zone a country's day is counted in (M-00): that of its capital. Empty where we have none for it.
std::string_view zone_of_country(std::string_view code);

}  // namespace campaignd
