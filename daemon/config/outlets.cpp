#include <fmt/format.h>

#include "connectors/reading/articles/domain.hpp"
#include "connectors/reading/text.hpp"
#include "connectors/reading/url.hpp"
#include "daemon/config/codes.hpp"
#include "daemon/config/read.hpp"

namespace campaignd {

namespace {

void read_outlet(Table& table, Outlets& outlets) {
  Outlet outlet;
  outlet.domain = fold(table.required("domain", "the domain its pages are on, such as \"lemonde.fr\""));
  outlet.name = table.required("name", "what it calls itself");
  outlet.country = table.text("country");
  auto role = table.text("role");
  outlet.distribution = role == "distribution";
  if (!role.empty() && !outlet.distribution)
    table.complain_at("role", fmt::format("there is no role '{}': write \"distribution\" for a press-release wire, or "
                                          "leave it out",
                                          role));
  if (table.has("country") && outlet.country.empty())
    table.complain_at("country", "country is empty: leave it out where there is none");
  else if (!outlet.country.empty())
    if (auto wrong = country_problem(outlet.country); !wrong.empty()) table.complain_at("country", std::move(wrong));
  if (outlet.domain.empty()) return;
  auto domain = registrable_domain(outlet.domain);
  if (host_of("https://" + outlet.domain) != outlet.domain || outlet.domain.find('.') == std::string::npos)
    table.complain_at(
        "domain", fmt::format("'{}' is no domain: write it like lemonde.fr, without https:// and path", outlet.domain));
  else if (domain != outlet.domain)
    table.complain_at("domain", fmt::format("'{0}' lies within {1}: write {1}, by which articles are told apart",
                                            outlet.domain, domain));
  outlets.emplace(outlet.domain, outlet);
}

}  // namespace

void read_outlets(Table& root, Outlets& outlets) {
  root.tables("outlet", [&](Table& table) { read_outlet(table, outlets); });
}

}  // namespace campaignd
