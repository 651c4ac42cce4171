#include "daemon/config/outlets.hpp"

#include "connectors/reading/articles/domain.hpp"
#include "connectors/reading/text.hpp"
#include "connectors/reading/url.hpp"
#include "daemon/config/table.hpp"

namespace campaignd {

namespace {

void check_country(const Table& table, const std::string& country) {
  bool two_capitals = country.size() == 2 && std::ranges::all_of(country, [](char c) { return c >= 'A' && c <= 'Z'; });
  if (!two_capitals)
    table.complain_at("country",
                      fmt::format("country '{}' is no two-letter code in capitals: write PL, GR, SE", country));
  else if (country == "UK" || country == "EL" || country == "EU")
    table.complain_at("country",
                      fmt::format("{} is no country of ISO 3166: the United Kingdom is GB, Greece GR, and an "
                                  "outlet of no one country has none",
                                  country));
}

void read_outlet(Table& table, Outlets& outlets) {
  Outlet outlet;
  outlet.domain = fold(table.required("domain", "the domain its pages are on, such as \"lemonde.fr\""));
  outlet.name = table.required("name", "what it calls itself");
  outlet.country = table.text("country");
  auto role = table.text("role");
  outlet.distribution = role == "distribution";
  if (!role.empty() && !outlet.distribution)
    table.complain_at("role", fmt::format("role '{}' is not \"distribution\", the role of a press-release wire", role));
  if (!outlet.country.empty()) check_country(table, outlet.country);
  if (outlet.country.empty() && !outlet.distribution && table.get("country") != nullptr)
    table.complain_at("country", "country is empty: leave it out where there is none");
  if (outlet.domain.empty()) return;
  auto domain = registrable_domain(outlet.domain);
  if (host_of("https://" + outlet.domain) != outlet.domain || outlet.domain.find('.') == std::string::npos)
    table.complain_at("domain",
                      fmt::format("'{}' is no domain: write lemonde.fr, without https:// and path", outlet.domain));
  else if (domain != outlet.domain)
    table.complain_at("domain",
                      fmt::format("'{}' lies within {}: articles are told apart by {}", outlet.domain, domain, domain));
  if (!outlets.emplace(outlet.domain, outlet).second)
    table.complain_at("domain", fmt::format("outlet '{}' is there twice", outlet.domain));
}

}  // namespace

void read_outlets(Table& root, Outlets& outlets) {
  root.tables("outlet", [&](Table& table) { read_outlet(table, outlets); });
}

}  // namespace campaignd
